"""The rows of the conversation list: what the store told, and what is known here since."""

from collections.abc import Callable, Iterable
from operator import attrgetter

import msgspec

from app.chat.conversation import Conversation, Summary


class ConversationList:
    """Summaries by id, sorted when somebody looks. Conversations without messages are kept apart, as unsent."""

    def __init__(self) -> None:
        self._rows: dict[str, Summary] = {}
        self._unsent: dict[str, Summary] = {}
        self._sorted: tuple[Summary, ...] | None = None

    @property
    def rows(self) -> tuple[Summary, ...]:
        """Newest first."""
        if self._sorted is None:
            by_age = sorted(self._rows.values(), key=attrgetter("updated", "created", "id"), reverse=True)
            self._sorted = tuple(by_age)
        return self._sorted

    @property
    def unsent(self) -> str:
        """The id of the newest conversation that holds nothing but a draft; empty when there is none."""
        newest = max(self._unsent.values(), key=attrgetter("updated", "created", "id"), default=None)
        return newest.id if newest is not None else ""

    def get(self, conversation_id: str) -> Summary | None:
        """The row of that id."""
        return self._rows.get(conversation_id)

    def read(self, summaries: Iterable[Summary], unsaved: Callable[[str], bool]) -> None:
        """Takes the store's word for everything that it knows all about: what is `unsaved` or temporary is not."""
        told = tuple(summaries)
        kept = {row.id: row for row in self._rows.values() if row.temporary or unsaved(row.id)}
        self._rows = {summary.id: summary for summary in told if summary.messages} | kept
        self._unsent = {summary.id: summary for summary in told if not summary.messages}
        self._sorted = None

    def show(self, conversation: Conversation) -> bool:
        """Follows a conversation; whether the list looks different now."""
        row = self._rows.get(conversation.id)
        summary = conversation.summary(unread=row is not None and row.unread)
        if not conversation.messages:
            if not conversation.temporary:
                self._unsent[conversation.id] = summary
            return False
        self._unsent.pop(conversation.id, None)
        return self.put(summary)

    def put(self, summary: Summary) -> bool:
        """Takes a row as it is; whether the list looks different now."""
        if self._rows.get(summary.id) == summary:
            return False
        self._rows[summary.id] = summary
        self._sorted = None
        return True

    def mark(self, conversation_id: str, *, unread: bool) -> bool:
        """Marks a row as unread or read; whether it was not."""
        row = self._rows.get(conversation_id)
        return row is not None and self.put(msgspec.structs.replace(row, unread=unread))

    def take(self, conversation_id: str) -> Summary | None:
        """Removes a row and returns it."""
        self._unsent.pop(conversation_id, None)
        self._sorted = None
        return self._rows.pop(conversation_id, None)
