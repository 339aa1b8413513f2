"""What a reply says of itself before it begins and when it ended before its time."""

import pytest
from PySide6.QtGui import QAccessible

from app.chat.conversation import FinishReason, Message, ReplyState
from app.ui.transcript import words
from app.ui.transcript.items import PartKind
from app.ui.transcript.spots import ControlKind, Key
from app.ui.transcript.view import TranscriptView
from tests.ui.transcript.messages import THINKING, question, reply

WAITS = "Waits for the reply in another conversation"


def _kinds(view: TranscriptView, message: int = 1) -> list[PartKind]:
    return [part.kind for part in view.stage.document.items[message].parts]


def _description(view: TranscriptView, message: int = 1) -> str:
    access = QAccessible.queryAccessibleInterface(view)
    return access.child(message).text(QAccessible.Text.Description)


def test_a_queued_reply_says_what_it_waits_for_until_it_begins(view: TranscriptView) -> None:
    view.set_messages((question("q"),))
    view.add_message(reply("r", state="queued"))
    assert _kinds(view) == [PartKind.WAITING, PartKind.TOOLS]
    assert _description(view) == WAITS
    assert view.stage.tools.of_message(1) == []
    height = view.stage.document.height
    view.update_message(reply("r", state="streaming"))
    assert _kinds(view) == [PartKind.READING, PartKind.TOOLS]
    assert view.stage.document.height == height
    view.update_message(reply("r", answer="Now.", state="streaming"))
    assert _description(view) == "Answering"


def test_a_reply_that_waits_to_go_on_keeps_its_text_and_says_so_below(view: TranscriptView) -> None:
    view.set_messages((question("q"), reply("r", "Hm.", "Half an", state="queued", reason="stopped")))
    assert _kinds(view) == [
        PartKind.HEADER,
        PartKind.GAP,
        PartKind.ANSWER,
        PartKind.WAITING,
        PartKind.TOOLS,
    ]
    assert view.stage.tools.widget(Key(1, ControlKind.CONTINUE)) is None


def test_a_queued_trace_is_not_called_stopped(view: TranscriptView) -> None:
    view.set_messages((question("q"), reply("r", THINKING, state="queued", reason="stopped")))
    header = view.stage.tools.widget(Key(1, ControlKind.THINKING, 0))
    assert header is not None
    assert header.accessibleDescription().startswith("Thought for 0:57")
    assert _description(view) == WAITS


def test_a_question_that_waits_comes_near_the_top(view: TranscriptView) -> None:
    view.set_messages(tuple(reply(f"r{number}", answer="Line.\n\n" * 20) for number in range(5)))
    view.add_message(question("q"))
    view.add_message(reply("r", state="queued"))
    assert view.stage.document.top(5) - view.stage.flow.value == 16


@pytest.mark.parametrize(
    ("state", "reason", "said"),
    [
        ("finished", "stopped", "Stopped"),
        ("interrupted", "stopped", "Stopped when the model was switched"),
        ("interrupted", "interrupted", "The engine stopped"),
        ("interrupted", "end", "The engine stopped"),
        ("finished", "end", ""),
        ("finished", "limit", "The limit was reached"),
        ("finished", "context_full", "The context was full"),
    ],
)
def test_the_end_of_a_reply_is_told_by_what_ended_it(
    view: TranscriptView, state: ReplyState, reason: FinishReason, said: str
) -> None:
    view.set_messages((question("q"), reply("r", answer="Half an", state=state, reason=reason)))
    assert view.stage.document.items[1].ending == said


@pytest.mark.parametrize(
    ("state", "reason", "said"),
    [
        ("finished", "stopped", "Stopped while thinking"),
        ("interrupted", "stopped", "Stopped while thinking, when the model was switched"),
        ("finished", "limit", "The limit was reached while it was thinking"),
        ("finished", "context_full", "The context was full while it was thinking"),
        ("interrupted", "interrupted", "The engine stopped while it was thinking"),
        ("finished", "end", "Ended while thinking"),
    ],
)
def test_a_reply_that_ended_inside_its_thinking_says_why_and_can_go_on(
    view: TranscriptView, state: ReplyState, reason: FinishReason, said: str
) -> None:
    view.set_messages((question("q"), reply("r", THINKING, state=state, reason=reason, tokens=330)))
    header = view.stage.tools.widget(Key(1, ControlKind.THINKING, 0))
    assert header is not None
    assert header.accessibleDescription() == f"{said} · 330 tokens"
    assert _description(view) == said
    assert view.stage.tools.widget(Key(1, ControlKind.CONTINUE)) is not None
    assert PartKind.ENDED not in _kinds(view)


def test_a_reply_without_a_word_blames_no_engine(view: TranscriptView) -> None:
    view.set_messages((question("q"), reply("r", state="interrupted", reason="interrupted")))
    assert view.stage.document.items[1].ending == "Interrupted before the first word"


def test_an_end_inside_the_thinking_is_announced(
    view: TranscriptView, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr("app.ui.transcript.view.announce", lambda _widget, text: said.append(text))
    view.set_messages((question("q"), reply("r", "Hm", state="streaming")))
    view.update_message(reply("r", "Hm, so", reason="limit"))
    assert said == ["Qwen3 8B has ended: The limit was reached while it was thinking"]


@pytest.mark.parametrize("state", ["queued", "interrupted", "finished", "streaming"])
def test_a_reply_without_a_word_is_drawn_in_every_state(view: TranscriptView, state: ReplyState) -> None:
    view.set_messages((question("q"), Message("r", "assistant", state=state)))
    assert not view.grab().isNull()
    assert view.stage.document.items[1].height > 0


def test_the_end_of_a_reply_is_announced_once(view: TranscriptView, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr("app.ui.transcript.view.announce", lambda _widget, text: said.append(text))
    view.set_messages((question("q"), reply("r", state="queued")))
    view.update_message(reply("r", answer="It", state="streaming"))
    assert said == []
    view.update_message(reply("r", answer="It is."))
    view.update_message(reply("r", answer="It is."))
    assert said == ["Qwen3 8B has answered"]
    view.update_message(reply("r", answer="It is. And", state="streaming"))
    view.update_message(reply("r", answer="It is. And", reason="stopped"))
    assert said[1:] == ["Qwen3 8B has ended: Stopped"]


def test_the_time_of_a_thought_is_never_nothing() -> None:
    assert words.thought(0.0) == "Thought for under a second"
    assert words.thought(0.99) == "Thought for under a second"
    assert words.thought(1.0) == "Thought for 0:01"
