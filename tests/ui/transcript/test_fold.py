"""A trace opens and folds by itself, and never against the person's own click."""

from app.ui.transcript.fold import Fold


def test_it_is_open_while_it_thinks_and_folds_when_the_answer_begins() -> None:
    fold = Fold()
    seen = [(fold.open, fold.tall)]
    fold.on_thinking()
    seen.append((fold.open, fold.tall))
    fold.on_answering()
    assert seen == [(False, False), (True, True)]
    assert not fold.open


def test_what_the_person_folded_while_it_thought_stays_folded() -> None:
    fold = Fold()
    fold.on_thinking()
    fold.on_clicked(live=True)
    fold.on_thinking()
    assert not fold.open
    fold.on_answering()
    assert not fold.open


def test_what_the_person_opened_again_stays_open_when_the_answer_begins() -> None:
    fold = Fold()
    fold.on_thinking()
    fold.on_clicked(live=True)
    fold.on_clicked(live=True)
    assert fold.tall
    fold.on_answering()
    assert fold.open


def test_a_trace_that_is_opened_afterwards_is_compact() -> None:
    fold = Fold()
    fold.on_thinking()
    fold.on_answering()
    fold.on_clicked(live=False)
    assert fold.open
    assert not fold.tall
