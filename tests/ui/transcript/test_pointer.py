"""Selecting with the mouse, across blocks and messages."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.ui.controls.menu import Menu
from app.ui.transcript.pointer import word_around
from app.ui.transcript.selection import Spot
from app.ui.transcript.spots import ControlKind
from app.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import Press
from tests.ui.transcript.messages import THINKING, long_conversation, question, reply
from tests.waiting import wait_until

_LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def talk(view: TranscriptView) -> TranscriptView:
    """A question and an answer of two paragraphs."""
    view.set_messages(
        (question("q", "Ask me something"), reply("r", "Thought.", "First words.\n\nSecond words."))
    )
    return view


def _at(view: TranscriptView, message: int, section: int, block: int, offset: int) -> QPoint:
    """Where a character is in the viewport."""
    document = view.stage.document
    part = next(part for part in document.items[message].text_parts() if part.section == section)
    origin = document.origin(message, part)
    rect = document.items[message].sections[section].passage.column.rect_of(Spot(block, offset))
    return QPoint(round(origin.x() + rect.x()), round(origin.y() + rect.center().y() - view.stage.flow.value))


def _drag(view: TranscriptView, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(view.viewport(), _LEFT, pos=start)
    QTest.mouseMove(view.viewport(), end)
    QTest.mouseRelease(view.viewport(), _LEFT, pos=end)


def test_dragging_selects_across_messages(talk: TranscriptView) -> None:
    _drag(talk, _at(talk, 0, 0, 0, 7), _at(talk, 1, 1, 1, 6))
    assert talk.selected_text() == "something\n\nFirst words.\n\nSecond"


def test_dragging_backwards_selects_the_same(talk: TranscriptView) -> None:
    _drag(talk, _at(talk, 1, 1, 1, 6), _at(talk, 0, 0, 0, 7))
    assert talk.selected_text() == "something\n\nFirst words.\n\nSecond"


def test_a_double_click_selects_a_word_and_a_third_one_the_block(talk: TranscriptView) -> None:
    at = _at(talk, 1, 1, 0, 2)
    QTest.mouseDClick(talk.viewport(), _LEFT, pos=at)
    assert talk.selected_text() == "First"
    QTest.mouseClick(talk.viewport(), _LEFT, pos=at)
    assert talk.selected_text() == "First words."


def test_shift_extends_what_is_selected(talk: TranscriptView) -> None:
    QTest.mouseClick(talk.viewport(), _LEFT, pos=_at(talk, 0, 0, 0, 4))
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.mouseClick(talk.viewport(), _LEFT, shift, _at(talk, 0, 0, 0, 6))
    assert talk.selected_text() == "me"


def test_a_click_selects_nothing(talk: TranscriptView) -> None:
    talk.select_all()
    QTest.mouseClick(talk.viewport(), _LEFT, pos=_at(talk, 0, 0, 0, 4))
    assert talk.selected_text() == ""


def test_folded_thinking_is_not_copied_and_open_thinking_is(talk: TranscriptView, press: Press) -> None:
    QTest.keyClick(talk, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert talk.selected_text() == "Ask me something\n\nFirst words.\n\nSecond words."
    press(1, ControlKind.THINKING, 0)
    QTest.keyClick(talk, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    clipboard = QGuiApplication.clipboard()
    assert clipboard.text() == "Ask me something\n\nThought.\n\nFirst words.\n\nSecond words."


def test_selecting_all_reaches_what_is_not_laid_out(view: TranscriptView) -> None:
    view.set_messages(long_conversation(300))
    view.select_all()
    text = view.selected_text()
    assert all(f"Question number {number}?" in text for number in range(300))


def test_text_can_be_selected_inside_a_trace(view: TranscriptView, press: Press) -> None:
    view.set_messages((question("q"), reply("r", THINKING, "Answer.")))
    press(1, ControlKind.THINKING, 0)
    _drag(view, _at(view, 1, 0, 0, 0), _at(view, 1, 0, 1, 6))
    assert view.selected_text() == "Step 0: this follows from the one before it, and so on.\n\nStep 1"


def test_dragging_beyond_the_edge_scrolls_and_selects_on(view: TranscriptView) -> None:
    view.set_messages(long_conversation(60))
    view.verticalScrollBar().setValue(0)
    QTest.mousePress(view.viewport(), _LEFT, pos=_at(view, 0, 0, 0, 0))
    QTest.mouseMove(view.viewport(), QPoint(400, view.height() + 40))
    wait_until(lambda: view.verticalScrollBar().value() > 700, "the view to scroll")
    QTest.mouseRelease(view.viewport(), _LEFT, pos=QPoint(400, view.height() + 40))
    at = view.verticalScrollBar().value()
    assert len(view.selected_text()) > 500
    QTest.qWait(150)
    assert view.verticalScrollBar().value() == at


def test_what_is_selected_stays_selected_while_a_reply_grows(talk: TranscriptView) -> None:
    _drag(talk, _at(talk, 0, 0, 0, 0), _at(talk, 0, 0, 0, 6))
    talk.add_message(reply("new", answer="Grows", state="streaming"))
    talk.update_message(reply("new", answer="Grows and grows.", state="streaming"))
    assert talk.selected_text() == "Ask me"


@pytest.mark.parametrize(
    ("text", "offset", "word"),
    [("one two", 1, "one"), ("one two", 7, "two"), ("it's", 1, "it's"), ("😀 über", 3, "über"), ("", 0, "")],
)
def test_words_are_found_around_an_offset(text: str, offset: int, word: str) -> None:
    start, end = word_around(text, offset)
    assert text[start:end] == word


def test_the_context_menu_offers_to_copy_what_is_selected(talk: TranscriptView) -> None:
    at = QPoint(300, 100)
    QApplication.sendEvent(
        talk.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, talk.mapToGlobal(at))
    )
    menu = talk.findChild(Menu)
    assert menu is not None
    copy, select_all = menu.actions()
    assert not copy.isEnabled()
    select_all.trigger()
    menu.close()
    assert talk.selected_text().startswith("Ask me something")
