"""The conversations whose values are held in memory, and who holds them there."""

from collections import Counter
from collections.abc import Callable

import msgspec

from app.chat.conversation import Conversation, Summary
from app.chat.growing_reply import GrowingReply


class Deleted(msgspec.Struct):
    """A conversation that was deleted and can be brought back: its row, and its value where it was live."""

    id: str
    at: float
    row: Summary | None
    value: Conversation | None

    @property
    def temporary(self) -> bool:
        """Whether it was never in the store."""
        return any(one is not None and one.temporary for one in (self.row, self.value))


def _nothing_grows(_conversation_id: str) -> GrowingReply | None:
    return None


class LiveConversations:
    """Values by id. One stays while somebody keeps it, while the disk did not take it, and while it is temporary.

    `growing` gives the reply of a conversation that grows or waits, or None.
    """

    def __init__(self) -> None:
        self.values: dict[str, Conversation] = {}
        self.deleted: list[Deleted] = []
        self.growing: Callable[[str], GrowingReply | None] = _nothing_grows
        self._kept: Counter[str] = Counter()

    def keep(self, conversation: Conversation) -> None:
        """Keeps it until as many calls of `release`."""
        self.values.setdefault(conversation.id, conversation)
        self._kept[conversation.id] += 1

    def release(self, conversation_id: str) -> bool:
        """Undoes one `keep`; whether that was the last one."""
        self._kept[conversation_id] -= 1
        if self._kept[conversation_id] > 0:
            return False
        del self._kept[conversation_id]
        return True

    def drop(self, conversation_id: str, *, unsaved: bool) -> None:
        """Forgets it, where nobody keeps it and it is elsewhere too."""
        value = self.values.get(conversation_id)
        if value is None or unsaved or conversation_id in self._kept or self.is_deleted(conversation_id):
            return
        if not (value.temporary and value.messages):
            del self.values[conversation_id]

    def is_deleted(self, conversation_id: str) -> bool:
        """Whether it was deleted here."""
        return any(deleted.id == conversation_id for deleted in self.deleted)

    def now(self, conversation_id: str) -> Conversation | None:
        """A live one, the text of its growing reply in it."""
        value, reply = self.values.get(conversation_id), self.growing(conversation_id)
        return value if value is None or reply is None else value.replacing(reply.message())

    def value(self, conversation_id: str) -> Conversation | None:
        """The value of one that is live, or was when it was deleted; without the text of a growing reply."""
        deleted = (one.value for one in self.deleted if one.id == conversation_id)
        return self.values.get(conversation_id) or next(deleted, None)

    def whole(self, conversation_id: str) -> Conversation | None:
        """As `value`, to be stored whole: its growing reply is in it, and counts as stored up to here."""
        value, reply = self.value(conversation_id), self.growing(conversation_id)
        if value is None or reply is None:
            return value
        reply.taken()
        return value.replacing(reply.message())
