"""The thinking block: its header, its fold, its own scroll."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.chat.conversation import Segment
from app.ui.icons import Icons
from app.ui.theme import Theme
from app.ui.transcript.buttons import ThinkingHeader
from app.ui.transcript.sections import ThinkingSection
from app.ui.transcript.spots import ControlKind, Key
from app.ui.transcript.styles import trace_style
from app.ui.transcript.view import TranscriptView
from tests.ui.conftest import Show
from tests.ui.transcript.conftest import Press
from tests.ui.transcript.messages import ANSWER, THINKING, long_conversation, question, reply
from tests.waiting import wait_until


def _header(view: TranscriptView, message: int, section: int = 0) -> ThinkingHeader:
    header = view.stage.tools.widget(Key(message, ControlKind.THINKING, section))
    assert isinstance(header, ThinkingHeader)
    return header


def _section(view: TranscriptView, message: int, number: int = 0) -> ThinkingSection:
    return view.stage.document.items[message].thinking[number]


@pytest.fixture
def thinking(view: TranscriptView) -> TranscriptView:
    """A view in which a model thinks."""
    view.set_messages((question("q"),))
    view.add_message(reply("r", state="streaming"))
    view.update_message(reply("r", THINKING, state="streaming", tokens=1310, seconds=42.3))
    return view


def test_the_header_tells_time_tokens_and_speed_while_it_thinks(thinking: TranscriptView) -> None:
    header = _header(thinking, 1)
    assert header.accessibleName() == "Thinking"
    assert header.accessibleDescription() == "Thinking 0:42 · 1,310 tokens · 31 tok/s"
    assert header.isCheckable()
    assert header.isChecked()


def test_the_clock_goes_on_when_nothing_arrives(theme: Theme) -> None:
    now = [100.0]
    section = ThinkingSection(trace_style(theme), clock=lambda: now[0])
    section.tell(tokens=10, seconds=3.0)
    section.set_live(True, answered=False)
    now[0] = 105.0
    assert section.word == "Thinking 0:08"
    section.set_live(False, answered=True)
    assert section.word == "Thought for 0:03"


def test_it_folds_when_the_answer_begins_and_says_how_long_it_thought(thinking: TranscriptView) -> None:
    thinking.update_message(reply("r", THINKING, "A", state="streaming"))
    header = _header(thinking, 1)
    assert not header.isChecked()
    assert header.accessibleDescription() == "Thought for 0:57 · 1,842 tokens · 32 tok/s"
    assert not _section(thinking, 1).shown


def test_the_persons_click_wins(thinking: TranscriptView) -> None:
    QTest.mouseClick(_header(thinking, 1), Qt.MouseButton.LeftButton)
    assert not _header(thinking, 1).isChecked()
    thinking.update_message(reply("r", THINKING + " more", state="streaming"))
    assert not _header(thinking, 1).isChecked()
    QTest.mouseClick(_header(thinking, 1), Qt.MouseButton.LeftButton)
    thinking.update_message(reply("r", THINKING + " more", ANSWER, state="streaming"))
    assert _header(thinking, 1).isChecked()
    thinking.update_message(reply("r", THINKING + " more", ANSWER))
    assert _section(thinking, 1).shown


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_the_keyboard_opens_and_folds_it(view: TranscriptView, key: Qt.Key) -> None:
    view.set_messages((question("q"), reply("r", THINKING, ANSWER)))
    header = _header(view, 1)
    header.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(header, key)
    assert header.isChecked()
    assert header.hasFocus()
    QTest.keyClick(header, key)
    assert not header.isChecked()


def test_the_header_stays_under_the_pointer_when_it_is_folded(view: TranscriptView, press: Press) -> None:
    view.set_messages((*long_conversation(10), reply("r", THINKING, ANSWER)))
    press(20, ControlKind.THINKING, 0)
    before = _header(view, 20).y()
    press(20, ControlKind.THINKING, 0)
    assert _header(view, 20).y() == before


def test_a_trace_is_tall_while_it_grows_and_compact_when_opened_again(
    thinking: TranscriptView, press: Press
) -> None:
    assert _section(thinking, 1).frame == 14 * 21 + 16
    thinking.update_message(reply("r", THINKING, ANSWER))
    press(1, ControlKind.THINKING, 0)
    assert _section(thinking, 1).frame == 7 * 21 + 16
    assert _section(thinking, 1).offset == 0


def test_in_a_low_window_a_growing_trace_leaves_room_for_its_header(thinking: TranscriptView) -> None:
    thinking.resize(640, 340)
    QApplication.processEvents()
    assert _section(thinking, 1).frame == 7 * 21 + 16
    assert _header(thinking, 1).y() >= 0


def test_a_short_trace_takes_only_its_own_room(view: TranscriptView) -> None:
    view.set_messages((question("q"),))
    view.add_message(reply("r", "Short.", state="streaming"))
    section = _section(view, 1)
    assert section.frame == 21 + 16
    assert section.maximum == 0


def test_a_trace_follows_its_end_until_the_person_scrolls_up_in_it(thinking: TranscriptView) -> None:
    section = _section(thinking, 1)
    assert section.offset == section.maximum > 0
    bar = Key(1, ControlKind.TRACE_BAR, 0)
    thinking.stage.tools.scrolled.emit(bar, section.maximum - 200)
    before = section.offset
    thinking.update_message(reply("r", THINKING + "\n\nMore." * 20, state="streaming"))
    assert section.offset == before
    thinking.stage.tools.scrolled.emit(bar, section.maximum)
    thinking.update_message(reply("r", THINKING + "\n\nMore." * 40, state="streaming"))
    assert section.offset == section.maximum


def test_a_stopped_trace_stays_open_and_offers_to_go_on(thinking: TranscriptView, press: Press) -> None:
    asked: list[str] = []
    thinking.continue_requested.connect(asked.append)
    thinking.update_message(reply("r", THINKING, state="interrupted", reason="stopped", tokens=2048))
    assert _header(thinking, 1).accessibleDescription() == (
        "Stopped while thinking, when the model was switched · 2,048 tokens"
    )
    assert _section(thinking, 1).shown
    press(1, ControlKind.CONTINUE)
    assert asked == ["r"]
    thinking.update_message(reply("r", THINKING + " And on.", state="streaming", tokens=2050))
    assert _section(thinking, 1).live
    assert thinking.stage.tools.widget(Key(1, ControlKind.CONTINUE)) is None


def test_a_model_that_thinks_answers_and_thinks_again_keeps_its_order(view: TranscriptView) -> None:
    message = reply("r", "First thought.", "First answer.", state="streaming")
    more = (
        Segment("thinking", "model", "Second thought.", 10, 2.0),
        Segment("answer", "model", "Second answer.", 10, 2.0),
    )
    view.set_messages((question("q"),))
    view.add_message(message)
    view.update_message(replace(message, segments=(*message.segments, more[0])))
    assert _section(view, 1, 1).live
    assert not _section(view, 1, 0).shown
    view.update_message(replace(message, segments=(*message.segments, *more), state="finished", reason="end"))
    item = view.stage.document.items[1]
    assert [section.kind for section in item.sections] == ["thinking", "answer", "thinking", "answer"]
    assert [section.passage.text for section in item.sections] == [
        "First thought.",
        "First answer.",
        "Second thought.",
        "Second answer.",
    ]


def test_folding_takes_a_moment_unless_motion_is_reduced(theme: Theme, icons: Icons, show: Show) -> None:
    theme.set_reduced_motion(False)
    view = TranscriptView(theme, icons)
    view.resize(1016, 640)
    show(view)
    view.set_messages((question("q"), reply("r", "One.\n\nTwo.\n\nThree.", ANSWER)))
    view.stage.tools.clicked.emit(Key(1, ControlKind.THINKING, 0))
    section = _section(view, 1)
    assert section.openness < 1
    wait_until(lambda: section.openness == 1, "the trace to open")
    theme.set_reduced_motion(True)
    view.stage.tools.clicked.emit(Key(1, ControlKind.THINKING, 0))
    assert section.openness == 0


def test_the_arrows_scroll_the_trace_whose_header_has_the_focus(view: TranscriptView, press: Press) -> None:
    view.set_messages((*long_conversation(20), reply("r", THINKING, ANSWER)))
    press(40, ControlKind.THINKING, 0)
    header, section = _header(view, 40), _section(view, 40)
    header.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(header, Qt.Key.Key_Down)
    assert section.offset == 21
    QTest.keyClick(header, Qt.Key.Key_Up)
    before = view.verticalScrollBar().value()
    QTest.keyClick(header, Qt.Key.Key_Up)
    assert section.offset == 0
    assert view.verticalScrollBar().value() < before
