"""The tools of messages: what they do, when they are seen, and how the keyboard reaches them."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollBar, QWidget

from app.chat.conversation import FinishReason, ReplyState
from app.ui.transcript.buttons import ToolButton
from app.ui.transcript.items import PartKind
from app.ui.transcript.spots import ControlKind, Key
from app.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import Press
from tests.ui.transcript.messages import ANSWER, THINKING, long_conversation, question, reply
from tests.waiting import wait_until


def _copied() -> str:
    return QGuiApplication.clipboard().text()


def _tab() -> QWidget:
    """Presses Tab; what has the focus then."""
    QTest.keyClick(_focused(), Qt.Key.Key_Tab)
    return _focused()


def _focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def _tool(
    view: TranscriptView, message: int, kind: ControlKind, section: int = -1, block: int = -1
) -> ToolButton:
    button = view.stage.tools.widget(Key(message, kind, section, block))
    assert isinstance(button, ToolButton)
    return button


@pytest.fixture
def answered(view: TranscriptView) -> TranscriptView:
    """A view of two questions and their answers."""
    view.set_messages(
        (
            question("q1"),
            reply("r1", "Why?", "Because."),
            question("q2", "And?"),
            reply("r2", THINKING, ANSWER),
        )
    )
    return view


def test_each_copy_takes_what_it_says(answered: TranscriptView, press: Press) -> None:
    press(2, ControlKind.COPY)
    assert _copied() == "And?"
    press(3, ControlKind.COPY_ANSWER)
    assert _copied() == ANSWER
    press(3, ControlKind.COPY_WHOLE)
    assert _copied() == f"{THINKING}\n\n{ANSWER}"
    press(3, ControlKind.COPY_CODE, 1, 1)
    assert _copied() == "print(5)"
    press(3, ControlKind.THINKING, 0)
    press(3, ControlKind.COPY_THINKING, 0)
    assert _copied() == THINKING


def test_a_copy_shows_that_it_is_done(answered: TranscriptView) -> None:
    button = _tool(answered, 3, ControlKind.COPY_ANSWER)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.done
    assert button.accessibleDescription() == "Copied"
    wait_until(lambda: not button.done, "the check mark to go")
    assert button.accessibleDescription() == ""


def test_names_are_those_that_assistive_technology_looks_for(answered: TranscriptView) -> None:
    names = [widget.accessibleName() for widget in answered.stage.tools.of_message(3)]
    assert names == ["Thinking", "Copy code", "Copy answer", "Copy", "Regenerate", "Details"]
    assert [widget.accessibleName() for widget in answered.stage.tools.of_message(0)] == ["Copy", "Edit"]


def test_every_reply_can_be_answered_anew(answered: TranscriptView, press: Press) -> None:
    asked: list[str] = []
    answered.regenerate_requested.connect(asked.append)
    press(3, ControlKind.REGENERATE)
    press(1, ControlKind.REGENERATE)
    assert asked == ["r2", "r1"]


def test_every_question_can_be_written_anew_and_no_reply(answered: TranscriptView, press: Press) -> None:
    asked: list[str] = []
    answered.edit_requested.connect(asked.append)
    press(2, ControlKind.EDIT)
    press(0, ControlKind.EDIT)
    assert asked == ["q2", "q1"]
    assert answered.stage.tools.widget(Key(1, ControlKind.EDIT)) is None


def test_tools_rest_until_their_message_is_looked_at(answered: TranscriptView) -> None:
    resting, last = _tool(answered, 1, ControlKind.COPY_ANSWER), _tool(answered, 3, ControlKind.COPY_ANSWER)
    assert not resting.shown
    assert last.shown
    at = QPoint(resting.x() + 300, resting.y())
    QTest.mouseMove(answered.viewport(), at)
    wait_until(lambda: resting.shown, "the tools of the message under the pointer")
    QTest.mouseMove(answered.viewport(), QPoint(at.x(), last.y()))
    wait_until(lambda: not resting.shown, "the tools to rest again")
    resting.setFocus(Qt.FocusReason.TabFocusReason)
    assert resting.shown


def test_tools_appear_when_their_message_is_scrolled_below_the_pointer(view: TranscriptView) -> None:
    view.set_messages(long_conversation(40))
    view.verticalScrollBar().setValue(0)
    at = QPoint(600, 300)
    QTest.mouseMove(view.viewport(), at)
    for value in (500, 900):
        view.verticalScrollBar().setValue(value)
        message = view.stage.document.at(value + at.y())
        buttons = [
            widget for widget in view.stage.tools.of_message(message) if isinstance(widget, ToolButton)
        ]
        assert buttons
        assert all(button.shown for button in buttons)


def test_a_growing_reply_has_no_tools_yet(answered: TranscriptView) -> None:
    answered.add_message(reply("r3", answer="It", state="streaming"))
    assert answered.stage.tools.of_message(4) == []
    answered.update_message(reply("r3", answer="It is."))
    names = [widget.accessibleName() for widget in answered.stage.tools.of_message(4)]
    assert names == ["Copy answer", "Regenerate", "Details"]


@pytest.mark.parametrize("reason", ["stopped", "limit", "interrupted", "context_full"])
def test_a_reply_that_ended_early_can_go_on(view: TranscriptView, press: Press, reason: FinishReason) -> None:
    asked: list[str] = []
    view.continue_requested.connect(asked.append)
    state: ReplyState = "interrupted" if reason == "interrupted" else "finished"
    view.set_messages((question("q"), reply("r", answer="Half an", state=state, reason=reason)))
    press(1, ControlKind.CONTINUE)
    assert asked == ["r"]


def test_a_reply_that_failed_before_its_first_word_says_so_and_can_be_tried_again(
    view: TranscriptView,
) -> None:
    view.set_messages((question("q"), reply("r", state="interrupted", reason="interrupted")))
    kinds = [part.kind for part in view.stage.document.items[1].parts]
    assert kinds == [PartKind.ENDED, PartKind.TOOLS]
    names = [widget.accessibleName() for widget in view.stage.tools.of_message(1)]
    assert "Regenerate" in names


def test_tab_brings_continue_into_sight_and_what_goes_on_is_followed(view: TranscriptView) -> None:
    half = reply("r", THINKING, "Half.\n\n" * 60, reason="stopped")
    view.set_messages((question("q"), half))
    view.verticalScrollBar().setValue(0)
    header = view.stage.tools.widget(Key(1, ControlKind.THINKING, 0))
    assert header is not None
    header.setFocus(Qt.FocusReason.TabFocusReason)
    button = view.stage.tools.widget(Key(1, ControlKind.CONTINUE))
    assert button is not None
    assert _tab() is button
    assert view.viewport().rect().contains(button.geometry())
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert view.stage.flow.ending.follows


def test_only_the_last_message_can_go_on(view: TranscriptView) -> None:
    view.set_messages((question("q"), reply("r", answer="Half", reason="stopped"), question("q2")))
    assert view.stage.tools.widget(Key(1, ControlKind.CONTINUE)) is None


def test_tab_visits_the_view_and_then_the_tools_in_the_order_of_reading(answered: TranscriptView) -> None:
    answered.setFocus(Qt.FocusReason.TabFocusReason)
    names = [_tab().accessibleName() for _ in range(12)]
    assert names == [
        "Copy",
        "Edit",
        "Thinking",
        "Copy answer",
        "Copy",
        "Regenerate",
        "Details",
        "Copy",
        "Edit",
        "Thinking",
        "Copy code",
        "Copy answer",
    ]


def test_tab_brings_what_it_comes_to_into_sight(view: TranscriptView) -> None:
    view.set_messages(long_conversation(40))
    view.verticalScrollBar().setValue(0)
    view.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(60):
        widget = _tab()
        assert view.viewport().isAncestorOf(widget)
        assert view.viewport().rect().contains(widget.geometry())
    assert view.verticalScrollBar().value() > 1000


def test_controls_are_used_again_for_other_messages(view: TranscriptView) -> None:
    view.set_messages(long_conversation(200))
    bar = view.verticalScrollBar()
    for value in range(0, bar.maximum(), 400):
        bar.setValue(value)
    assert len(view.viewport().findChildren(ToolButton)) < 60


def test_wide_code_gets_a_bar_of_its_own(view: TranscriptView) -> None:
    view.set_messages((question("q"), reply("r", answer="```\n" + "x" * 300 + "\n```")))
    bar = view.stage.tools.widget(Key(1, ControlKind.CODE_BAR, 0, 0))
    assert isinstance(bar, QScrollBar)
    bar.setValue(200)
    assert view.stage.document.items[1].sections[0].passage.column.scrolled(0) == 200


def test_a_tool_that_is_used_again_keeps_no_word_of_what_it_was(answered: TranscriptView) -> None:
    QTest.mouseClick(_tool(answered, 3, ControlKind.COPY_ANSWER), Qt.MouseButton.LeftButton)
    answered.set_versions({"q2": (2, 2)})
    told = [tool.accessibleDescription() for tool in answered.stage.tools.of_message(3)]
    assert "Copied" in told
    answered.set_messages((question("q5"), reply("r5", "Why?", "So.")))
    answered.set_versions({})
    tools = [tool for n in (0, 1) for tool in answered.stage.tools.of_message(n)]
    assert {tool.accessibleDescription() for tool in tools} & {"Copied"} == set()
    names = [tool.accessibleName() for tool in tools]
    assert names == ["Copy", "Edit", "Thinking", "Copy answer", "Copy", "Regenerate", "Details"]
    assert all(tool.isEnabled() for tool in tools)
