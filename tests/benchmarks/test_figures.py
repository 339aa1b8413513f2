"""What is made of measurements, and how it is printed."""

import pytest

from tests.benchmarks.figures import Figure, Pairs, Sense, in_turn, median_of, table
from tests.benchmarks.questions import filler, of_length


@pytest.mark.parametrize(
    ("value", "bar", "sense", "verdict"),
    [
        (0.97, 0.97, "at least", "ok"),
        (0.969, 0.97, "at least", "miss"),
        (2.0, 2.0, "at most", "ok"),
        (2.01, 2.0, "at most", "miss"),
        (None, 2.0, "at most", "skipped"),
        (5.0, None, "at most", ""),
    ],
)
def test_a_figure_is_judged_by_its_bar(
    value: float | None, bar: float | None, sense: Sense, verdict: str
) -> None:
    assert Figure("speed", value, bar, sense).verdict == verdict


def test_a_slow_moment_that_hits_both_sides_of_a_pair_does_not_change_the_ratio() -> None:
    calm = Pairs((9.0, 9.0, 9.0), (10.0, 10.0, 10.0))
    disturbed = Pairs((9.0, 3.0, 9.0), (10.0, 10.0 / 3, 10.0))
    assert calm.ratio == pytest.approx(disturbed.ratio)


def test_sides_are_measured_one_after_the_other() -> None:
    order: list[str] = []

    def side(name: str, value: float) -> float:
        order.append(name)
        return value

    pairs = in_turn(3, lambda index: side("ours", index + 1.0), lambda index: side("other", 2.0))
    assert order == ["ours", "other"] * 3
    assert pairs.ours == (1.0, 2.0, 3.0)


def test_an_absolute_bar_is_met_by_the_median_run() -> None:
    figure = median_of("stop", [0.4, 0.1, 0.12], 150.0)
    assert figure.value == pytest.approx(120.0)
    assert figure.verdict == "ok"
    assert figure.note == "runs: 400, 100, 120"


def test_the_table_shows_value_bar_verdict_and_both_sides() -> None:
    figures = [
        Pairs((99.0,), (100.0,)).figure("decode", 0.97, "at least", "tok/s"),
        Figure("server", None, 0.97, note="no server"),
    ]
    lines = table(figures).splitlines()
    assert lines[1].split() == ["decode", "0.990", ">=", "0.97", "ok", "99.0", "tok/s", "100.0", "tok/s"]
    assert lines[2].split() == ["server", ">=", "0.97", "skipped", "no", "server"]


def test_a_question_is_made_as_long_as_wanted() -> None:
    made = of_length(100, 3, lambda turns: sum(len(turn.text.split()) for turn in turns))
    assert sum(len(turn.text.split()) for turn in made) == 100


def test_questions_differ_from_the_first_word_on() -> None:
    assert len({filler(1, seed) for seed in range(7)}) == 7
