"""What is found to be lost and to be wrong after a kill."""

from pathlib import Path

import pytest

from app.chat.conversation import Channel, Conversation, Message, ReplyState, Segment, Text
from tests.benchmarks.data_folder import in_store, store_in
from tests.benchmarks.left_behind import QUESTION, SECOND, Killed, Moment, is_beginning, look, lost_seconds
from tests.benchmarks.paced_engine import Note
from tests.benchmarks.stored_conversations import conversation

SAID = (
    Note(1.0, "r", "asked"),
    Note(2.0, "r", "thinking", "one "),
    Note(2.5, "r", "thinking", "two "),
    Note(3.0, "r", "answer", "three "),
)
TEXTS = SAID[1:]
OTHER = conversation(1, messages=2)


def reply(*texts: str, state: ReplyState = "interrupted") -> Message:
    """A reply with these texts in thinking and answer."""
    channels: tuple[Channel, Channel] = ("thinking", "answer")
    segments = tuple(
        Segment(channel, "model", text) for channel, text in zip(channels, texts, strict=False) if text
    )
    return Message("r", "assistant", "q", segments=segments, state=state)


def asked(*texts: str, state: ReplyState = "interrupted", question: str = QUESTION) -> Conversation:
    """The conversation that was open, with that reply."""
    messages = (Message("q", "user", parts=(Text(question),)), reply(*texts, state=state))
    return Conversation("own", messages=messages, leaf="r", created=1.0, updated=1.0)


def found(folder: Path, moment: Moment, *kept: Conversation) -> Killed:
    """What is found in a store of these conversations."""
    store_in(folder, kept)
    killed = Killed(moment, "own", OTHER, SAID)
    in_store(folder, lambda store: look(store, killed))
    return killed


@pytest.mark.parametrize(("kept", "lost"), [(14, 0.0), (13, 0.5), (8, 0.5), (7, 1.0), (4, 1.0), (0, 1.0)])
def test_what_is_lost_is_measured_from_the_last_whole_delta(kept: int, lost: float) -> None:
    assert lost_seconds(kept, TEXTS) == pytest.approx(lost)


def test_nothing_said_is_nothing_lost() -> None:
    assert lost_seconds(0, ()) == 0.0


@pytest.mark.parametrize(
    ("texts", "good"),
    [
        ((), True),
        (("one tw",), True),
        (("one two ", "three "), True),
        (("one two three ",), False),
        (("one ", "three "), False),
        (("two ",), False),
        (("one two ", "three four"), False),
    ],
)
def test_a_reply_is_kept_from_its_beginning_without_a_gap(texts: tuple[str, ...], good: bool) -> None:
    assert is_beginning(reply(*texts), TEXTS) is good


def test_a_store_that_is_whole_has_nothing_wrong(tmp_path: Path) -> None:
    killed = found(tmp_path, "thinking", asked("one two "), OTHER)
    assert killed.wrong == []
    assert killed.lost == pytest.approx(0.5)


def test_a_missing_conversation_is_wrong_once_the_engine_was_asked(tmp_path: Path) -> None:
    assert found(tmp_path, "answer", OTHER).wrong == ["the conversation is gone"]
    assert found(tmp_path, "delete own").wrong == []


def test_another_conversation_may_go_only_when_it_is_deleted(tmp_path: Path) -> None:
    assert found(tmp_path, "delete", asked("one ")).wrong == []
    assert found(tmp_path, "rename").wrong == ["another conversation is gone"]


def test_another_text_and_an_early_end_are_wrong(tmp_path: Path) -> None:
    killed = found(tmp_path, "end", asked("eleven ", state="finished", question="Who?"), OTHER)
    assert killed.wrong == [
        "a reply is finished that was not",
        "a reply is not what was said",
        "the questions are not as they were asked",
    ]


def test_a_queued_question_without_its_reply_is_wrong(tmp_path: Path) -> None:
    lonely = Conversation("second", messages=(Message("q", "user", parts=(Text(SECOND),)),), leaf="q")
    assert found(tmp_path, "queued", asked("one "), OTHER, lonely).wrong == [
        "the queued question is not whole"
    ]
