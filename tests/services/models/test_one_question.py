"""One question ends once, whatever becomes of its engine, and says how."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.chat.options import Choices, ChosenSampling, LoadOptions, Sampling
from app.services.exchange.recording import Recording
from app.services.models.one_question import OneQuestion, Question
from app.services.words.messages import explain
from app.storage.database import open_store
from tests.conftest import Noise
from tests.services.conftest import MakeEngine
from tests.waiting import wait_until

MODEL = Path("/models/scripted.gguf")
SUM = Question("12 + 3")


class Asking:
    """A question that is being asked, and what was heard of it."""

    def __init__(
        self, make: MakeEngine, script: str, question: Question = SUM, recording: Recording | None = None
    ) -> None:
        self.question = OneQuestion(make(script), question, recording=recording)
        self.text = ""
        self.notices: list[str] = []
        self.ends = 0
        self.question.text.connect(self._on_text)
        self.question.notice.connect(self.notices.append)
        self.question.over.connect(self._on_over)

    def _on_text(self, _channel: str, text: str) -> None:
        self.text += text

    def _on_over(self) -> None:
        self.ends += 1

    def start(self) -> None:
        """Loads and asks."""
        self.question.start(MODEL, LoadOptions())

    def run(self) -> None:
        """Asks and waits for the end."""
        self.start()
        wait_until(lambda: self.ends > 0, "the end")


@pytest.fixture
def asking(engine: MakeEngine) -> Callable[[str], Asking]:
    """Makes a question to an engine that plays the script."""
    return lambda script: Asking(engine, script)


def test_a_reply_is_gathered(asking: Callable[[str], Asking]) -> None:
    made = asking("plain")
    made.run()
    assert made.text == "12 + 3 = 15It is 15."
    assert made.question.finished is not None
    assert made.question.error is None
    assert made.ends == 1


def test_a_device_that_fails_before_the_first_word_is_done_without(
    asking: Callable[[str], Asking], noise: Noise
) -> None:
    noise.allow("the engine ended")
    made = asking("gpu_silent")
    made.run()
    assert made.text == "12 + 3 = 15It is 15."
    assert made.question.error is None
    assert made.notices == ["device_failed"]
    assert made.ends == 1


def test_a_device_that_fails_after_the_first_word_ends_it_with_an_error(
    asking: Callable[[str], Asking], noise: Noise
) -> None:
    noise.allow("the engine ended")
    made = asking("gpu_crashes")
    made.run()
    assert made.text == "12 + 3 "
    assert made.question.error is not None
    assert made.question.error.code == "device_failed"
    assert made.ends == 1


def test_an_engine_that_dies_ends_it_with_an_error(asking: Callable[[str], Asking], noise: Noise) -> None:
    noise.allow("the engine ended")
    made = asking("killed")
    made.run()
    assert made.question.error is not None
    assert made.question.error.code == "engine_killed"
    assert made.ends == 1


def test_stop_before_the_start_asks_nothing(asking: Callable[[str], Asking]) -> None:
    made = asking("plain")
    made.question.stop()
    made.run()
    assert made.text == ""
    assert made.question.stopped


def test_stop_while_it_loads_ends_it_at_once(asking: Callable[[str], Asking]) -> None:
    made = asking("never_loads")
    made.start()
    made.question.stop()
    assert made.ends == 1
    assert made.question.stopped


def test_stop_while_it_answers_keeps_the_words(asking: Callable[[str], Asking]) -> None:
    made = asking("waits")
    made.start()
    wait_until(lambda: bool(made.text), "the first words")
    made.question.stop()
    wait_until(lambda: made.ends > 0, "the end")
    assert made.text == "12 + 3 "
    assert made.question.finished is not None
    assert made.question.finished.reason == "stopped"


def test_a_second_stop_does_not_wait_for_an_engine_that_does_not_listen(
    asking: Callable[[str], Asking],
) -> None:
    made = asking("deaf")
    made.start()
    wait_until(lambda: bool(made.text), "the first words")
    made.question.stop()
    assert made.ends == 0
    made.question.stop()
    assert made.ends == 1


@pytest.mark.parametrize(
    ("script", "question", "title"),
    [
        ("plain", Question("hi", thinking="high"), "This model has no thinking choice “high”."),
        ("thoughtless", Question("hi", thinking="off"), "This model does not think."),
        ("thoughtless", Question("hi", think_in="Finnish"), "This model does not think."),
        ("thoughtful", Question("hi", thinking="off"), "This model always thinks."),
    ],
)
def test_what_a_model_cannot_is_refused_before_it_is_asked(
    engine: MakeEngine, script: str, question: Question, title: str
) -> None:
    made = Asking(engine, script, question)
    made.run()
    assert made.question.error is not None
    assert explain(made.question.error).title == title
    assert made.text == ""


def test_what_was_asked_for_goes_over_the_model_s_own_and_is_said(engine: MakeEngine) -> None:
    made = Asking(engine, "plain", Question("hi", temperature=0.25, think_in="Finnish"))
    made.run()
    assert made.question.error is None
    assert made.question.sampling is not None
    assert made.question.sampling.values == Sampling(0.25)
    assert made.question.sampling.sources["temperature"] == "conversation"
    assert made.question.sampling.sources["top_k"] == "guess"


@pytest.mark.parametrize(("system", "told"), [("Be brief.", ["system_folded"]), ("", [])])
def test_that_a_system_prompt_is_folded_is_told_where_there_is_one(
    engine: MakeEngine, system: str, told: list[str]
) -> None:
    made = Asking(engine, "folds", Question("hi", system))
    made.run()
    assert made.notices == told


def test_what_is_kept_tells_how_it_was_asked(engine: MakeEngine, tmp_path: Path) -> None:
    """The reply with its numbers, whoever decided on them; the conversation with what was decided."""
    recording = Recording(lambda: open_store(tmp_path / "c.db", tmp_path / "backups").store)
    asked = Question("12 + 3", thinking="off", temperature=0.5, seed=7)
    made = Asking(engine, "plain", asked, recording)
    made.run()
    recording.close()
    kept = open_store(tmp_path / "c.db", tmp_path / "backups").store
    conversation = kept.load(recording.conversation_id)
    kept.close()
    assert conversation.choices == Choices("off", False, ChosenSampling(temperature=0.5, seed=7))
    options = conversation.messages[1].options
    assert made.question.sampling is not None
    assert options is not None
    assert options.sampling == made.question.sampling.values
    assert (options.sampling.temperature, options.sampling.seed) == (0.5, 7)


def test_numbers_that_nobody_decided_on_are_kept_too(engine: MakeEngine, tmp_path: Path) -> None:
    recording = Recording(lambda: open_store(tmp_path / "c.db", tmp_path / "backups").store)
    made = Asking(engine, "plain", SUM, recording)
    made.run()
    recording.close()
    kept = open_store(tmp_path / "c.db", tmp_path / "backups").store
    conversation = kept.load(recording.conversation_id)
    kept.close()
    assert conversation.choices == Choices()
    options = conversation.messages[1].options
    assert options is not None
    assert options.sampling is not None
