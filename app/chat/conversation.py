"""A conversation as frozen values: a tree of messages, each a list of parts (a person's) or segments (a reply's)."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Literal

import msgspec

from app.chat.options import Choices, GenerateOptions

Role = Literal["system", "user", "assistant"]
Channel = Literal["thinking", "answer"]
Author = Literal["model", "person", "app"]
ReplyState = Literal["queued", "streaming", "finished", "interrupted"]
FinishReason = Literal["end", "limit", "stopped", "context_full", "interrupted"]


class Text(msgspec.Struct, frozen=True, tag="text"):
    """A part of a message that is text."""

    text: str


class File(msgspec.Struct, frozen=True, tag="file"):
    """A part of a message that is a file on this machine; `kind` is a MIME type."""

    path: str
    sha256: str
    kind: str


Part = Text | File


class Segment(msgspec.Struct, frozen=True):
    """A run of a reply's text in one channel by one author; `tokens` of the model's, `seconds` of wall time."""

    channel: Channel
    author: Author
    text: str
    tokens: int = 0
    seconds: float = 0.0


class Statistics(msgspec.Struct, frozen=True):
    """What a reply cost: counts in tokens, times in seconds, `tokens_per_second` of decode alone."""

    prompt_tokens: int = 0
    cached_tokens: int = 0
    thinking_tokens: int = 0
    answer_tokens: int = 0
    thinking_seconds: float = 0.0
    answer_seconds: float = 0.0
    tokens_per_second: float = 0.0
    time_to_first_token: float = 0.0


class Message(msgspec.Struct, frozen=True):
    """One node of a conversation's tree.

    `parts` is what a person (or the system prompt) said; `segments` is what a reply consists of, in order.
    `model` and `options` are what a reply was asked of and how.
    `parent` is the message before it, `derived_from` the version that it was made from by editing or regenerating.
    """

    id: str
    role: Role
    parent: str | None = None
    derived_from: str | None = None
    parts: tuple[Part, ...] = ()
    segments: tuple[Segment, ...] = ()
    state: ReplyState = "finished"
    reason: FinishReason | None = None
    model: str | None = None
    options: GenerateOptions | None = None
    statistics: Statistics | None = None
    created: float = 0.0

    @property
    def text(self) -> str:
        """What the person typed, or the reply's answer."""
        if self.role == "assistant":
            return self.answer
        return "\n\n".join(part.text for part in self.parts if isinstance(part, Text))

    @property
    def thinking(self) -> str:
        """The reply's thinking, every author's, in order."""
        return channel_text(self.segments, "thinking")

    @property
    def answer(self) -> str:
        """The reply's answer."""
        return channel_text(self.segments, "answer")

    def settled(self) -> "Message":
        """The message as one that nobody writes at any more."""
        if self.state not in ("streaming", "queued"):
            return self
        return msgspec.structs.replace(self, state="interrupted", reason="interrupted")

    @property
    def stopped_while_thinking(self) -> bool:
        """Whether a reply ended before it began to answer."""
        return (
            self.state not in ("streaming", "queued")
            and bool(self.segments)
            and self.segments[-1].channel == "thinking"
        )


class Turn(msgspec.Struct, frozen=True):
    """What a prompt needs of a message: the engine never sees the tree.

    `segments` is what a reply consists of, where it thought again after it had begun to answer; else empty.
    """

    id: str
    role: Role
    parts: tuple[Part, ...]
    thinking: str = ""
    segments: tuple[Segment, ...] = ()

    @property
    def text(self) -> str:
        """All text parts as one."""
        return "\n\n".join(part.text for part in self.parts if isinstance(part, Text))


class Place(msgspec.Struct, frozen=True):
    """Where a person was reading: the view's upper edge lies `offset` pixels below that of the message."""

    message: str
    offset: int


class Conversation(msgspec.Struct, frozen=True):
    """A tree of messages and the leaf that the person looks at; `system` is the system prompt, or empty.

    `named` says that a person wrote the title. `draft` is what stands unsent in the composer, `place` where the person
    was reading (None: at the end), `choices` how its replies are asked for. A `temporary` one is never written to
    disk. Times are seconds since 1970, UTC.
    """

    id: str
    title: str = ""
    system: str = ""
    messages: tuple[Message, ...] = ()
    leaf: str | None = None
    created: float = 0.0
    updated: float = 0.0
    named: bool = False
    draft: str = ""
    place: Place | None = None
    temporary: bool = False
    choices: Choices = Choices()

    def branch(self) -> tuple[Message, ...]:
        """The active branch, from the first message to the leaf."""
        by_id = {message.id: message for message in self.messages}
        path: list[Message] = []
        at = self.leaf
        while at is not None:
            message = by_id[at]
            path.append(message)
            at = message.parent
        return tuple(reversed(path))

    def message(self, message_id: str) -> Message:
        """The message of that id; KeyError when there is none."""
        for message in reversed(self.messages):
            if message.id == message_id:
                return message
        raise KeyError(message_id)

    def adding(self, message: Message) -> "Conversation":
        """This conversation with one more message as its leaf."""
        return msgspec.structs.replace(self, messages=(*self.messages, message), leaf=message.id)

    def versions(self, message_id: str) -> tuple[str, ...]:
        """The ids of the messages that stand at this one's place in the tree, oldest first, this one among them."""
        own = self.message(message_id)
        return tuple(m.id for m in self.messages if m.parent == own.parent and m.role == own.role)

    def numbered(self) -> dict[str, tuple[int, int]]:
        """By id, which version of its place in the tree each message is, from 1, and of how many."""
        places: dict[tuple[str | None, Role], list[str]] = {}
        for message in self.messages:
            places.setdefault((message.parent, message.role), []).append(message.id)
        return {
            message_id: (number, len(versions))
            for versions in places.values()
            for number, message_id in enumerate(versions, 1)
        }

    def newest_leaf(self, message_id: str) -> str:
        """The leaf that was written last below a message; the message itself when nothing follows it."""
        below = {message_id}
        leaf = message_id
        # Parents come before their children.
        for message in self.messages:
            if message.parent in below:
                below.add(message.id)
                leaf = message.id
        return leaf

    def replacing(self, message: Message) -> "Conversation":
        """This conversation with the message of the same id replaced."""
        messages = tuple(message if old.id == message.id else old for old in self.messages)
        return msgspec.structs.replace(self, messages=messages)

    def without(self, message_id: str) -> "Conversation":
        """This conversation without a message that nothing follows.

        Where it was the leaf, the version that it was made from is active again, or else the message before it.
        """
        gone = self.message(message_id)
        messages = tuple(message for message in self.messages if message.id != message_id)
        smaller = msgspec.structs.replace(self, messages=messages)
        if self.leaf != message_id:
            return smaller
        ids = {message.id for message in messages}
        leaf = gone.parent
        if gone.derived_from in ids and gone.derived_from is not None:
            leaf = smaller.newest_leaf(gone.derived_from)
        return msgspec.structs.replace(smaller, leaf=leaf)

    def time(self, now: float) -> float:
        """`now` in seconds since 1970, or the newest time there is in it, where the clock was set back since."""
        return max(now, self.updated, *(message.created for message in self.messages))

    def summary(self, *, unread: bool = False) -> "Summary":
        """What a list shows of it."""
        parents = {message.parent for message in self.messages}
        leaves = sum(message.id not in parents for message in self.messages)
        return Summary(
            self.id,
            self.title,
            self.created,
            self.updated,
            leaves,
            len(self.messages),
            unread=unread,
            temporary=self.temporary,
        )


class Summary(msgspec.Struct, frozen=True):
    """A conversation as a list shows it: `messages` counts the whole tree, `branches` its leaves."""

    id: str
    title: str = ""
    created: float = 0.0
    updated: float = 0.0
    branches: int = 0
    messages: int = 0
    unread: bool = False
    temporary: bool = False


def channel_text(segments: Iterable[Segment], channel: Channel) -> str:
    """The text of one channel, segments joined in order."""
    return "".join(segment.text for segment in segments if segment.channel == channel)


def turns(system: str, messages: Iterable[Message]) -> tuple[Turn, ...]:
    """The messages of a branch as the engine reads them, led by the system prompt if there is one."""
    result = [Turn("system", "system", (Text(system),))] if system.strip() else []
    for message in messages:
        if message.role == "assistant":
            again = _thought_again(message.segments)
            result.append(
                Turn(
                    message.id,
                    "assistant",
                    (Text(message.answer),),
                    message.thinking,
                    message.segments if again else (),
                )
            )
        else:
            result.append(Turn(message.id, message.role, message.parts))
    return tuple(result)


def _thought_again(segments: Iterable[Segment]) -> bool:
    """Whether thinking follows an answer."""
    return any(one.channel == "answer" and other.channel == "thinking" for one, other in pairwise(segments))
