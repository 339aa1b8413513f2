"""The choices of the open conversation on bar and composer: shown as they are, changed where they are shown."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.chat.options import Choices, ChosenSampling, Sampling, SamplingAdvice, Thinking
from app.services.conversations.chat_service import ChatService
from app.services.models.engine_service import EngineState
from app.ui.controls.segment import Segment
from app.ui.main_window import MainWindow
from app.ui.models.sampling_card import SamplingCard
from tests.doubles.services import EFFORTS, PlayedEngine, Services, capabilities

PUBLISHED = SamplingAdvice(
    Sampling(0.6, 20, 0.95, 0.0, 1.0, 1.5),
    {"temperature": "file", "top_k": "published", "top_p": "published"},
    "https://models.example/card",
)


@pytest.fixture
def ready(window: MainWindow, engine: PlayedEngine) -> MainWindow:
    """A window with a model that says how it wants to be sampled."""
    engine.be_ready(msgspec.structs.replace(capabilities(thinking=EFFORTS), advice=PUBLISHED))
    return window


def _segment(window: MainWindow) -> Segment:
    segment = window.choices.sampling
    assert segment is not None
    return segment


def _card(window: MainWindow) -> SamplingCard:
    _segment(window).opened.emit()
    card = window.choices.card
    assert card is not None
    return card


def _focused() -> QWidget:
    focused = QApplication.focusWidget()
    assert focused is not None
    return focused


def _item(window: MainWindow, text: str) -> None:
    window.model_bar.thinking.opened.emit()
    menu = window.model_bar.menu
    assert menu is not None
    menu.hide()
    next(action for action in menu.actions() if action.text().startswith(text)).trigger()


def test_sampling_is_seen_with_its_source_once_a_model_is_there(
    window: MainWindow, engine: PlayedEngine
) -> None:
    assert window.choices.sampling is None
    engine.be_ready(msgspec.structs.replace(capabilities(), advice=PUBLISHED))
    assert _segment(window).accessibleName() == "Sampling"
    assert _segment(window).words == "Sampling temperature 0.6 · from the file"
    assert _segment(window).isVisible()
    engine.become(EngineState())
    assert not _segment(window).isVisible()


def test_thinking_is_chosen_for_the_open_conversation_alone(ready: MainWindow, services: Services) -> None:
    chat = services.chat
    chat.send("One")
    first = chat.conversation.id
    _item(ready, "High")
    chat.new_conversation()
    _item(ready, "Low")
    assert ready.model_bar.thinking.words == "Thinking Low"
    chat.open(first)
    assert ready.model_bar.thinking.words == "Thinking High"
    assert chat.choosing.choices.thinking == "high"


def test_the_persons_language_is_asked_for_where_it_was_switched_on(
    ready: MainWindow, chat: ChatService, engine: PlayedEngine
) -> None:
    _item(ready, "Think in my language")
    assert chat.choosing.choices == Choices(own_language=True)
    _item(ready, "Think in my language")
    assert chat.choosing.choices == Choices()


def test_a_choice_that_another_model_lacks_waits(
    ready: MainWindow, chat: ChatService, engine: PlayedEngine
) -> None:
    _item(ready, "Max")
    engine.be_ready(capabilities())
    assert ready.model_bar.thinking.toolTip().startswith("“Max” was chosen here.")
    engine.be_ready(capabilities(thinking=Thinking("none")))
    assert not ready.model_bar.thinking.isVisible()
    engine.be_ready(capabilities(thinking=EFFORTS))
    assert ready.model_bar.thinking.words == "Thinking Max"
    assert ready.model_bar.thinking.toolTip() == ""


@pytest.mark.parametrize("thinking", [Thinking("always"), Thinking("efforts", ("low", "high"), "low")])
def test_who_wants_it_to_think_waits_for_nothing_where_it_does(
    ready: MainWindow, chat: ChatService, engine: PlayedEngine, thinking: Thinking
) -> None:
    chat.choosing.choose(Choices("on"))
    engine.be_ready(capabilities(thinking=thinking))
    shown = [ready.model_bar.thinking.toolTip()]
    chat.choosing.choose(Choices("off"))
    shown.append(ready.model_bar.thinking.toolTip())
    assert shown == ["", "“Off” was chosen here. It waits for a model that has it."]


def test_the_card_shows_every_number_and_who_says_so(ready: MainWindow) -> None:
    card = _card(ready)
    shown = {name: (row.field.text(), row.source.text()) for name, row in card.rows.items()}
    assert shown == {
        "temperature": ("0.6", "from the file"),
        "top_k": ("20", "published by the makers"),
        "top_p": ("0.95", "published by the makers"),
        "min_p": ("0.0", "a guess"),
        "repeat_penalty": ("1.0", "a guess"),
        "presence_penalty": ("1.5", "a guess"),
        "seed": ("", "a new one each time"),
    }
    assert card.reference == "Published at https://models.example/card"
    assert card.note == "For this conversation, from the next reply on."
    assert not card.reset_button.isVisible()


def test_what_is_typed_counts_from_the_next_reply_on(ready: MainWindow, engine: PlayedEngine) -> None:
    card = _card(ready)
    for name, text in (("temperature", "0.25"), ("top_k", "5"), ("seed", "42")):
        field = card.rows[name].field
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
    assert [card.rows[name].source.text() for name in ("temperature", "top_k", "top_p", "seed")] == [
        "this conversation",
        "this conversation",
        "published by the makers",
        "this conversation",
    ]
    assert _segment(ready).words == "Sampling temperature 0.25 · changed here"
    ready._services.chat.send("Hi")
    assert engine.requests[-1].options.sampling == Sampling(0.25, 5, 0.95, 0.0, 1.0, 1.5, 42)


def test_one_number_goes_back_alone_and_all_of_them_together(ready: MainWindow, chat: ChatService) -> None:
    chat.choosing.choose(Choices("low", sampling=ChosenSampling(temperature=0.2, top_k=3, seed=9)))
    card = _card(ready)
    row = card.rows["temperature"]
    assert row.reset_button.accessibleName() == "Reset: Temperature"
    assert [row.reset_button.isVisible() for row in card.rows.values()] == [
        *(True, True, False, False, False, False, True)
    ]
    row.reset_button.click()
    assert (row.field.text(), row.told) == ("0.6", "Temperature: 0.6, from the file")
    assert row.field.hasFocus()
    assert chat.choosing.choices.sampling == ChosenSampling(top_k=3, seed=9)
    card.reset_button.setFocus()
    QTest.keyClick(card.reset_button, Qt.Key.Key_Return)
    assert chat.choosing.choices == Choices("low")
    assert row.field.hasFocus()
    assert not card.reset_button.isVisible()


def test_an_empty_seed_is_none_at_all(ready: MainWindow, chat: ChatService) -> None:
    chat.choosing.choose(Choices(sampling=ChosenSampling(seed=9)))
    field = _card(ready).rows["seed"].field
    assert field.text() == "9"
    field.setFocus()
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    assert chat.choosing.choices == Choices()
    assert field.placeholderText() == "None"


def test_what_cannot_be_is_said_with_its_name_and_changes_nothing(
    ready: MainWindow, chat: ChatService
) -> None:
    card = _card(ready)
    field = card.rows["top_p"].field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "7")
    assert card.note == "Top P: The most is 1.0."
    assert chat.choosing.choices == Choices()
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert card.note == "For this conversation, from the next reply on."


def test_the_keyboard_opens_it_goes_through_it_and_leaves_it(ready: MainWindow) -> None:
    segment = _segment(ready)
    segment.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(segment, Qt.Key.Key_Return)
    seen = []
    for _ in range(9):
        seen.append(_focused().accessibleName())
        QTest.keyClick(_focused(), Qt.Key.Key_Tab)
    names = ["Temperature", "Top K", "Top P", "Min P", "Repeat penalty", "Presence penalty", "Seed"]
    assert seen == [*names, "Published at https://models.example/card", "Temperature"]
    for _ in range(2):
        QTest.keyClick(_focused(), Qt.Key.Key_Backtab)
    assert _focused().accessibleName().startswith("Published")
    QTest.keyClick(_focused(), Qt.Key.Key_Escape)
    assert segment.hasFocus()
    assert ready.choices.card is None


def test_the_card_follows_the_conversation_that_is_open(ready: MainWindow, services: Services) -> None:
    services.chat.send("One")
    services.chat.choosing.choose(Choices(sampling=ChosenSampling(temperature=0.2)))
    card = _card(ready)
    services.chat.new_conversation()
    assert card.rows["temperature"].field.text() == "0.6"


def test_each_field_is_told_with_its_source(ready: MainWindow) -> None:
    told = _card(ready).rows["temperature"].field.accessibleDescription()
    assert told == "from the file. Low values keep to the likeliest words; high ones take more risks."
