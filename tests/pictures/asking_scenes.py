"""The states around how a reply is asked for and what is told of it, by name, and how each is brought about."""

from typing import Final

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.chat.conversation import FinishReason, Statistics
from app.chat.options import Capabilities, Choices, ChosenSampling, Sampling, SamplingAdvice, Thinking
from app.errors import PromptError
from app.protocol.engine import Finished
from app.ui.models.sampling_card import SamplingCard
from app.ui.transcript.spots import ControlKind, Key
from tests.doubles import sample_conversations as sample
from tests.doubles.services import EFFORTS, capabilities
from tests.pictures.studio import Scene, Studio

_PUBLISHED: Final = SamplingAdvice(
    Sampling(0.6, 20, 0.95, 0.0, 1.0, 1.5),
    {
        "temperature": "file",
        "top_k": "published",
        "top_p": "published",
        "min_p": "published",
        "presence_penalty": "published",
    },
    "https://models.example/an-organisation/a-rather-long-name-of-a-model-8b-instruct-2509#best-practices",
)


def _advised(studio: Studio, thinking: Thinking = EFFORTS) -> Capabilities:
    model = msgspec.structs.replace(capabilities(thinking=thinking), advice=_PUBLISHED)
    studio.engine.be_ready(model)
    return model


def _open(studio: Studio, choices: Choices | None = None) -> None:
    studio.open()
    _advised(studio)
    if choices is not None:
        studio.services.chat.choosing.choose(choices)


def _card(studio: Studio) -> SamplingCard:
    studio.window.choices.open_sampling()
    card = studio.window.choices.card
    assert card is not None
    studio.settle()
    return card


def _thinking_menu(studio: Studio) -> QWidget | None:
    studio.window.model_bar.thinking.opened.emit()
    return studio.window.model_bar.menu


def _own_language(studio: Studio) -> QWidget | None:
    _open(studio, Choices("high", own_language=True))
    return _thinking_menu(studio)


def _always(studio: Studio) -> QWidget | None:
    studio.open()
    _advised(studio, Thinking("always", (), ""))
    return _thinking_menu(studio)


def _waits(studio: Studio) -> QWidget | None:
    _open(studio, Choices("max"))
    studio.engine.be_ready(capabilities())
    return _thinking_menu(studio)


def _sampling(studio: Studio) -> None:
    _open(studio)
    _card(studio)


def _sampling_focused(studio: Studio) -> None:
    _open(studio)
    segment = studio.window.choices.sampling
    assert segment is not None
    segment.setFocus(Qt.FocusReason.TabFocusReason)
    card = _card(studio)
    QTest.keyClick(card.rows["temperature"].field, Qt.Key.Key_Up)
    QTest.keyClick(card.rows["temperature"].field, Qt.Key.Key_Backtab)


def _sampling_guess(studio: Studio) -> None:
    studio.open()
    _card(studio)


def _sampling_changed(studio: Studio) -> None:
    _open(studio, Choices(sampling=ChosenSampling(temperature=0.9, seed=1234567)))
    card = _card(studio)
    card.rows["top_p"].field.setText("7")


def _details(studio: Studio) -> None:
    _open(studio, Choices("high", sampling=ChosenSampling(temperature=0.9, seed=7)))
    reply = studio.ask(sample.OPEN, "And with a third espresso at 17:00?")
    studio.write(reply, sample.THINKING, thinking=True)
    studio.write(reply, sample.ANSWER)
    studio.engine.finished.emit(
        Finished(reply, "end", Statistics(3106, 2904, 1842, 212, 57.04, 6.7, 32.2, 0.42))
    )
    studio.settle()
    tools = studio.window.page.transcript.stage.tools
    key = next(key for key in reversed(tools.keys) if key.kind is ControlKind.DETAILS)
    tools.clicked.emit(Key(key.message, ControlKind.DETAILS))


def _ended(reason: FinishReason, *, answered: bool = False) -> Scene:
    def show(studio: Studio) -> None:
        _open(studio)
        reply = studio.ask(sample.OPEN, "And with a third espresso at 17:00?")
        studio.write(reply, sample.THINKING, thinking=True)
        if answered:
            studio.write(reply, "With a third one at 17:00,")
        studio.engine.finished.emit(Finished(reply, reason, Statistics(40, 0, 2048, 0, 66.0, 0.0, 31.0, 0.4)))

    return show


def _distrusted(studio: Studio) -> None:
    studio.open()
    studio.engine.notice.emit("template_distrusted")


def _folded(studio: Studio) -> None:
    studio.open()
    studio.engine.be_ready(msgspec.structs.replace(capabilities(), folds_system=True))
    studio.services.chat.choosing.choose(Choices(own_language=True))
    studio.ask(sample.OPEN, "And with a third espresso at 17:00?")
    studio.settle()


def _template_error(studio: Studio) -> None:
    studio.open()
    error = PromptError("template_refused", reason="Conversation roles must alternate user/assistant")
    studio.services.chat.failed.emit(error)


ASKING: Final[dict[str, Scene]] = {
    "own-language": _own_language,
    "always": _always,
    "waits": _waits,
    "sampling": _sampling,
    "sampling-guess": _sampling_guess,
    "sampling-focus": _sampling_focused,
    "sampling-changed": _sampling_changed,
    "details": _details,
    "distrusted": _distrusted,
    "folded": _folded,
    "template-error": _template_error,
    "ended-limit": _ended("limit"),
    "ended-stopped": _ended("stopped"),
    "ended-answer": _ended("context_full", answered=True),
}
