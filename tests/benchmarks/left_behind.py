"""What a killed window left in its store, held against what the engine had said until then."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from app.chat.conversation import Conversation, Message
from app.storage.conversation_store import ConversationStore
from tests.benchmarks.paced_engine import Note

Moment = Literal[
    "sending", "prefill", "thinking", "answer", "end", "queued", "delete", "delete own", "rename"
]

QUESTION = "What is known about it, and how sure is that?"
SECOND = "And something else, for later?"
NEW_TITLE = "A name of its own"


class Told(msgspec.Struct, frozen=True):
    """What a window has open at its moment."""

    conversation: str


@dataclass
class Killed:
    """One kill: its moment, the open conversation, another one, and what the engine had noted until then.

    `lost` in seconds of text, and what is `wrong` with the store, are found by `look`.
    """

    moment: Moment
    own: str
    other: Conversation
    said: Sequence[Note]
    lost: float = 0.0
    wrong: list[str] = field(default_factory=list)

    @property
    def wrote(self) -> bool:
        """Whether there was text to lose."""
        return any(note.text for note in self.said)


def look(store: ConversationStore, killed: Killed) -> None:
    """Reads the store and notes in `killed` what is lost and what is wrong."""
    own = _loaded(store, killed.own)
    if own is not None:
        for reply in (message for message in own.messages if message.role == "assistant"):
            killed.lost = max(killed.lost, _look_at_reply(reply, killed))
    killed.wrong += _missing(own, killed)
    other = _loaded(store, killed.other.id)
    if other is None and killed.moment != "delete":
        killed.wrong.append("another conversation is gone")
    if other is not None and other.messages != killed.other.messages:
        killed.wrong.append("another conversation is another")
    if killed.moment == "queued":
        killed.wrong += _wrong_second(store, killed)


def _loaded(store: ConversationStore, name: str) -> Conversation | None:
    """The conversation, None when it is not there or was deleted."""
    if all(summary.id != name for summary in store.summaries()):
        return None
    return store.load(name)


def _missing(own: Conversation | None, killed: Killed) -> list[str]:
    """What the engine had been asked must be there, question and all."""
    asked = any(note.channel == "asked" for note in killed.said)
    if own is None:
        return ["the conversation is gone"] if asked and killed.moment != "delete own" else []
    questions = [message.text for message in own.messages if message.role == "user"]
    wrong = [] if questions == [QUESTION] else ["the questions are not as they were asked"]
    if len(own.messages) != 2:
        wrong.append(f"{len(own.messages)} messages are there")
    if own.named != (own.title == NEW_TITLE):
        wrong.append("the title is half changed")
    return wrong


def _wrong_second(store: ConversationStore, killed: Killed) -> list[str]:
    """A question that waits is there whole, or was not asked yet."""
    wrong = []
    known = {killed.own, killed.other.id}
    for summary in store.summaries():
        if summary.id in known:
            continue
        messages = store.load(summary.id).messages
        if any(message.text == SECOND for message in messages) and not _waits_no_more(messages):
            wrong.append("the queued question is not whole")
    return wrong


def _waits_no_more(messages: Sequence[Message]) -> bool:
    """A question and its reply, which nobody is going to write any more."""
    return [(message.role, message.state) for message in messages] == [
        ("user", "finished"),
        ("assistant", "interrupted"),
    ]


def _look_at_reply(reply: Message, killed: Killed) -> float:
    """Seconds of a reply's text that are lost."""
    said = [note for note in killed.said if note.reply == reply.id and note.channel in ("thinking", "answer")]
    if reply.state not in ("finished", "interrupted"):
        killed.wrong.append(f"a reply is {reply.state}")
    # Deleting its conversation ends a reply as stopped, before the engine has said so.
    ended = killed.moment == "delete own" or any(note.channel == "ended" for note in killed.said)
    if reply.state == "finished" and not ended:
        killed.wrong.append("a reply is finished that was not")
    if not is_beginning(reply, said):
        killed.wrong.append("a reply is not what was said")
    return lost_seconds(len(reply.thinking) + len(reply.answer), said)


def is_beginning(reply: Message, said: Sequence[Note]) -> bool:
    """Whether a reply's text, channel by channel, is the beginning of what was said."""
    whole = [(note.channel, character) for note in said for character in note.text]
    kept = [(segment.channel, character) for segment in reply.segments for character in segment.text]
    return whole[: len(kept)] == kept


def lost_seconds(kept: int, said: Sequence[Note]) -> float:
    """From the last delta of which all is among the `kept` first characters to the last one that was said."""
    if not said:
        return 0.0
    last, characters = said[0].at, 0
    for note in said:
        characters += len(note.text)
        if characters > kept:
            break
        last = note.at
    return said[-1].at - last
