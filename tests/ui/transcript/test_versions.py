"""Versions of messages: how they are told, how one goes from one to another, and what stays in place meanwhile."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.chat.conversation import Message
from app.ui.transcript.buttons import ToolButton, VersionLabel
from app.ui.transcript.items import PartKind
from app.ui.transcript.spots import ControlKind, Key
from app.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import Press
from tests.ui.transcript.messages import THINKING, long_conversation, question, reply

Step = Callable[[int, int], None]


def _branch(number: int) -> tuple[Message, ...]:
    """Six turns, of which the fourth reply is the version of that number, longer the later; other turns follow it."""
    turns = long_conversation(6)
    long = f"Version {number}.\n\n" + "A line of this version.\n\n" * 4 * number
    return (
        *turns[:7],
        reply(f"v{number}", THINKING, long),
        question(f"after{number}"),
        reply(f"end{number}", answer="Short."),
    )


@pytest.fixture
def stepping(view: TranscriptView) -> TranscriptView:
    """A view of the second of three branches, which goes to the others when it is asked to."""
    shown = [2]

    def show(number: int) -> None:
        shown[0] = number
        view.set_messages(_branch(number))
        view.set_versions({f"v{number}": (number, 3), "q0": (1, 2)})

    view.version_requested.connect(lambda _message, step: show(shown[0] + step))
    show(2)
    return view


def _row(view: TranscriptView, message: int, kind: PartKind) -> int:
    """Where a part of a message stands in the viewport."""
    part = next(part for part in view.stage.document.items[message].parts if part.kind is kind)
    return view.stage.document.top(message) + part.top - view.stage.flow.value


def _widget(view: TranscriptView, message: int, kind: ControlKind) -> QWidget:
    widget = view.stage.tools.widget(Key(message, kind))
    assert widget is not None
    return widget


def _bring_into_the_middle(view: TranscriptView, message: int) -> None:
    bar = view.verticalScrollBar()
    for _ in range(3):
        bar.setValue(bar.value() + _row(view, message, PartKind.TOOLS) - 300)


def test_a_message_of_several_versions_tells_which_it_is(stepping: TranscriptView) -> None:
    _bring_into_the_middle(stepping, 7)
    names = [widget.accessibleName() for widget in stepping.stage.tools.of_message(7)]
    assert names[-4:] == ["Previous version", "Version 2 of 3", "Next version", "Details"]
    label = _widget(stepping, 7, ControlKind.VERSION)
    assert isinstance(label, VersionLabel)
    assert label.text() == "2/3"
    access = QAccessible.queryAccessibleInterface(stepping)
    assert access.child(7).text(QAccessible.Text.Description) == "Version 2 of 3"
    assert stepping.stage.tools.widget(Key(9, ControlKind.VERSION)) is None


def test_at_the_ends_there_is_no_further_version_and_the_button_says_so(stepping: TranscriptView) -> None:
    stepping.verticalScrollBar().setValue(0)
    before, after = (
        _widget(stepping, 0, kind) for kind in (ControlKind.PREVIOUS_VERSION, ControlKind.NEXT_VERSION)
    )
    assert (before.isEnabled(), after.isEnabled()) == (False, True)
    assert before.toolTip() == "This is the first version."
    stepping.set_versions({"q0": (2, 2)})
    assert (before.isEnabled(), after.isEnabled()) == (True, False)
    assert after.toolTip() == "This is the last version."
    stepping.set_versions({})
    assert stepping.stage.tools.widget(Key(0, ControlKind.PREVIOUS_VERSION)) is None


def test_the_buttons_ask_for_the_version_before_and_after(view: TranscriptView, press: Press) -> None:
    asked: list[tuple[str, int]] = []
    view.version_requested.connect(lambda message, step: asked.append((message, step)))
    view.set_versions({"q": (2, 3), "r": (1, 2)})
    view.set_messages((question("q"), reply("r", answer="Yes.")))
    press(0, ControlKind.PREVIOUS_VERSION)
    press(1, ControlKind.NEXT_VERSION)
    assert asked == [("q", -1), ("r", 1)]


@pytest.mark.parametrize("kind", [ControlKind.NEXT_VERSION, ControlKind.PREVIOUS_VERSION])
def test_the_row_stays_below_the_pointer(stepping: TranscriptView, press: Press, kind: ControlKind) -> None:
    _bring_into_the_middle(stepping, 7)
    before = _row(stepping, 7, PartKind.TOOLS)
    at = _widget(stepping, 7, kind).pos()
    press(7, kind)
    assert stepping.stage.document.items[7].message.id != "v2"
    assert _row(stepping, 7, PartKind.TOOLS) == before
    assert _widget(stepping, 7, kind).pos() == at


def test_the_row_stays_even_where_the_other_branch_is_shorter_than_the_view(
    view: TranscriptView, press: Press
) -> None:
    start = long_conversation(6)[:11]
    view.set_messages((*start, reply("v1", answer="One."), *long_conversation(40)[12:]))
    view.set_versions({"v1": (1, 2)})
    view.version_requested.connect(lambda *_: view.set_messages((*start, reply("v2", answer="Two."))))
    _bring_into_the_middle(view, 11)
    before = _row(view, 11, PartKind.TOOLS)
    press(11, ControlKind.NEXT_VERSION)
    assert _row(view, 11, PartKind.TOOLS) == before


def test_a_question_stays_where_it_is_although_nothing_else_does(view: TranscriptView, press: Press) -> None:
    view.set_messages((question("a"), *long_conversation(5)))
    view.set_versions({"a": (1, 2)})
    view.version_requested.connect(lambda *_: view.set_messages((question("b"), *long_conversation(9)[1:])))
    view.verticalScrollBar().setValue(11)
    before = _row(view, 0, PartKind.QUESTION)
    press(0, ControlKind.NEXT_VERSION)
    assert view.stage.document.items[0].message.id == "b"
    assert _row(view, 0, PartKind.QUESTION) == before


def test_what_both_branches_share_keeps_its_folds(stepping: TranscriptView, press: Press) -> None:
    stepping.stage.click_fold(1, stepping.stage.document.items[1].thinking[0])
    _bring_into_the_middle(stepping, 7)
    press(7, ControlKind.NEXT_VERSION)
    assert stepping.stage.document.items[1].thinking[0].fold.open
    assert stepping.selected_text() == ""


def test_the_keyboard_goes_on_from_version_to_version(stepping: TranscriptView) -> None:
    _bring_into_the_middle(stepping, 7)
    button = _widget(stepping, 7, ControlKind.NEXT_VERSION)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(button, Qt.Key.Key_Return)
    # It is the last version now: the focus waits at the way back.
    back = _widget(stepping, 7, ControlKind.PREVIOUS_VERSION)
    assert QApplication.focusWidget() is back
    QTest.keyClick(back, Qt.Key.Key_Space)
    assert stepping.stage.document.items[7].message.id == "v2"
    assert QApplication.focusWidget() is _widget(stepping, 7, ControlKind.PREVIOUS_VERSION)


def test_alt_and_an_arrow_go_from_any_tool_of_the_message(stepping: TranscriptView) -> None:
    _bring_into_the_middle(stepping, 7)
    for key, shown in ((Qt.Key.Key_Right, "v3"), (Qt.Key.Key_Right, "v3"), (Qt.Key.Key_Left, "v2")):
        copy = _widget(stepping, 7, ControlKind.COPY_ANSWER)
        copy.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(copy, key, Qt.KeyboardModifier.AltModifier)
        assert stepping.stage.document.items[7].message.id == shown
        assert QApplication.focusWidget() is _widget(stepping, 7, ControlKind.COPY_ANSWER)


def test_a_new_version_is_shown_below_its_question_near_the_top(view: TranscriptView) -> None:
    turns = long_conversation(10)
    view.set_messages(turns)
    view.verticalScrollBar().setValue(0)
    view.set_messages((*turns[:7], reply("again", state="streaming")))
    assert _row(view, 6, PartKind.QUESTION) == 16
    assert view.stage.flow.ending.follows


def test_another_branch_that_nobody_clicked_leaves_what_is_seen_in_place(view: TranscriptView) -> None:
    turns = long_conversation(10)
    view.set_messages(turns)
    view.verticalScrollBar().setValue(200)
    before = _row(view, 2, PartKind.QUESTION)
    view.set_messages((*turns[:7], reply("other", answer="Other.")))
    assert _row(view, 2, PartKind.QUESTION) == before
    view.set_messages(turns)
    view.jump_to_end()
    view.set_messages((*turns[:7], reply("other", answer="Other.")))
    assert _row(view, 7, PartKind.ANSWER) == 16


def test_while_a_version_is_written_the_others_can_be_reached(view: TranscriptView) -> None:
    view.set_messages((question("q"), reply("r", state="streaming")))
    view.set_versions({"r": (2, 2)})
    names = [widget.accessibleName() for widget in view.stage.tools.of_message(1)]
    assert names == ["Previous version", "Version 2 of 2", "Next version"]
    at = _widget(view, 1, ControlKind.PREVIOUS_VERSION).x()
    view.update_message(reply("r", answer="Done."))
    assert _widget(view, 1, ControlKind.PREVIOUS_VERSION).x() == at


def test_the_arrows_turn_round_for_languages_read_from_the_right(
    stepping: TranscriptView, qt_app: QApplication
) -> None:
    _bring_into_the_middle(stepping, 7)
    stepping.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    qt_app.processEvents()
    before, after = (
        _widget(stepping, 7, kind) for kind in (ControlKind.PREVIOUS_VERSION, ControlKind.NEXT_VERSION)
    )
    assert after.x() < _widget(stepping, 7, ControlKind.VERSION).x() < before.x()


@pytest.mark.parametrize("width", [640, 700, 770, 860, 1016])
def test_the_tools_of_a_question_never_leave_the_view_nor_cover_its_text(
    view: TranscriptView, width: int
) -> None:
    view.resize(width, 640)
    view.set_messages((question("q", "A question of some length. " * 4), reply("r", answer="Yes.")))
    view.set_versions({"q": (10, 12)})
    QApplication.processEvents()
    surface = view.stage.document.page.surface
    for widget in view.stage.tools.of_message(0):
        area = widget.geometry()
        assert area.right() < width - 12
        assert area.left() >= sum(surface) or area.bottom() <= _row(view, 0, PartKind.QUESTION) + 12
        assert isinstance(widget, ToolButton | VersionLabel)
