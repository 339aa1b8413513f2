"""What assistive technology is told of the transcript."""

import pytest
from PySide6.QtGui import QAccessible, QAccessibleInterface

from app.ui.transcript.spots import ControlKind
from app.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import Press
from tests.ui.transcript.messages import ANSWER, long_conversation, question, reply

_Text = QAccessible.Text
_Role = QAccessible.Role


def _told(view: TranscriptView) -> QAccessibleInterface:
    access = QAccessible.queryAccessibleInterface(view)
    assert isinstance(access, QAccessibleInterface)
    return access


def _children(access: QAccessibleInterface) -> list[tuple[str, str]]:
    children = [access.child(index) for index in range(access.childCount())]
    return [(child.role().name, child.text(_Text.Name)) for child in children]


@pytest.fixture
def talk(view: TranscriptView) -> TranscriptView:
    """A question and an answer with code."""
    view.set_messages((question("q", "How long?"), reply("r", "I think.", ANSWER)))
    return view


def test_the_transcript_is_a_list_of_messages_with_their_speakers(talk: TranscriptView) -> None:
    access = _told(talk)
    assert (access.role(), access.text(_Text.Name)) == (_Role.List, "Transcript")
    assert _children(access) == [("ListItem", "You"), ("ListItem", "Qwen3 8B")]
    assert access.child(0).text(_Text.Value) == "How long?"
    assert access.child(1).text(_Text.Value) == ANSWER


def test_blocks_and_buttons_are_read_in_order(talk: TranscriptView, press: Press) -> None:
    answer = _told(talk).child(1)
    assert _children(answer)[:4] == [
        ("CheckBox", "Thinking"),
        ("Paragraph", "About five hours."),
        ("StaticText", "print(5)"),
        ("Paragraph", "It differs from person to person."),
    ]
    assert answer.child(2).text(_Text.Description) == "Python code"
    press(1, ControlKind.THINKING, 0)
    assert ("Paragraph", "I think.") in _children(answer)


def test_a_child_knows_its_parent_and_its_place(talk: TranscriptView) -> None:
    access = _told(talk)
    message = access.child(1)
    assert message.parent() is access
    assert access.indexOfChild(message) == 1
    for index in range(message.childCount()):
        assert message.indexOfChild(message.child(index)) == index
    assert message.child(1).parent() is message
    assert access.child(7) is None


def test_messages_far_from_the_viewport_are_told_too(view: TranscriptView) -> None:
    view.set_messages(long_conversation(100))
    access = _told(view)
    assert access.childCount() == 200
    first = access.child(0)
    assert first.child(0).text(_Text.Name) == "Question number 0?"
    assert first.state().offscreen
    assert not access.child(199).state().offscreen


def test_what_is_at_a_point_of_the_screen_is_found(talk: TranscriptView) -> None:
    access = _told(talk)
    paragraph = access.child(1).child(1)
    center = paragraph.rect().center()
    message = access.childAt(center.x(), center.y())
    assert message is access.child(1)
    assert message.childAt(center.x(), center.y()) is paragraph
    assert access.childAt(-500, -500) is None


def test_the_state_of_a_reply_is_told_in_words(talk: TranscriptView) -> None:
    talk.add_message(reply("new", answer="It", state="streaming"))
    access = _told(talk).child(2)
    assert access.text(_Text.Description) == "Answering"
    assert access.state().busy
    talk.update_message(reply("new", answer="It is", state="finished", reason="stopped"))
    assert access.text(_Text.Description) == "Stopped"
    assert not access.state().busy
    talk.set_left_out(["q"])
    assert _told(talk).child(0).text(_Text.Description) == "Left out of the next prompt"


def test_a_message_that_is_gone_is_not_valid(talk: TranscriptView) -> None:
    message = _told(talk).child(1)
    block = message.child(1)
    talk.set_messages(())
    assert not message.isValid()
    assert not block.isValid()
    assert message.childCount() == 0
    assert _told(talk).childCount() == 0


def test_assistive_technology_opens_and_folds_the_thinking(talk: TranscriptView) -> None:
    header = _told(talk).child(1).child(0)
    actions = header.actionInterface()
    for is_open in (True, False):
        actions.doAction(actions.toggleAction())
        assert talk.stage.document.items[1].thinking[0].fold.open is is_open
        assert bool(header.state().checked) is is_open
