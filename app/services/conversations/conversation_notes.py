"""Drafts, reading places and choices: noted at once, stored when a person pauses."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal, get_args

from PySide6.QtCore import QObject, QTimer

from app.chat.conversation import Conversation

if TYPE_CHECKING:
    from app.services.conversations.conversation_writing import ConversationWriting, Work

NoteKind = Literal["draft", "place", "choices"]

_PAUSE_MS = 400
"""As long as this nothing is typed before a draft is stored."""


class ConversationNotes(QObject):
    """Stores what `live` says of a conversation's draft, place and choices, a little after it changed last."""

    def __init__(
        self, writing: "ConversationWriting", live: Mapping[str, Conversation], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._writing = writing
        self._live = live
        self._changed: dict[tuple[str, NoteKind], None] = {}
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self.flush)

    def later(self, conversation_id: str, kind: NoteKind) -> None:
        """It has changed; it is stored after a pause."""
        self._changed[conversation_id, kind] = None
        self._pause.start()

    def forget(self, conversation_id: str) -> None:
        """All of the conversation is being stored, or nothing of it may be."""
        for kind in get_args(NoteKind):
            self._changed.pop((conversation_id, kind), None)

    def flush(self) -> None:
        """Stores now what waits."""
        self._pause.stop()
        changed, self._changed = self._changed, {}
        for conversation_id, kind in changed:
            conversation = self._live.get(conversation_id)
            if conversation is not None and not conversation.temporary:
                self._writing.write_now(conversation_id, kind, _WRITERS[kind])


def row(conversation: Conversation) -> "Work":
    """Stores all of it but its messages."""
    return lambda store: store.save_row(conversation)


def _draft(conversation: Conversation) -> "Work":
    if not conversation.messages:
        # Nothing of it may be in the store yet.
        return row(conversation)
    return lambda store: store.save_draft(conversation.id, conversation.draft)


def _place(conversation: Conversation) -> "Work":
    return lambda store: store.save_place(conversation.id, conversation.place)


def _choices(conversation: Conversation) -> "Work":
    if not conversation.messages:
        return row(conversation)
    return lambda store: store.save_choices(conversation.id, conversation.choices)


_WRITERS: dict[NoteKind, Callable[[Conversation], "Work"]] = {
    "draft": _draft,
    "place": _place,
    "choices": _choices,
}
