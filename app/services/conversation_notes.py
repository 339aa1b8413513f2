"""Drafts and reading places: noted at once, stored when a person pauses."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, QTimer

from app.chat.conversation import Conversation

if TYPE_CHECKING:
    from app.services.conversation_writing import ConversationWriting, Work

NoteKind = Literal["draft", "place"]

_PAUSE_MS = 400
"""As long as this nothing is typed before a draft is stored."""


class ConversationNotes(QObject):
    """Stores what `live` says of a conversation's draft and place, a little after it changed last."""

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
        for kind in ("draft", "place"):
            self._changed.pop((conversation_id, kind), None)

    def flush(self) -> None:
        """Stores now what waits."""
        self._pause.stop()
        changed, self._changed = self._changed, {}
        for conversation_id, kind in changed:
            conversation = self._live.get(conversation_id)
            if conversation is not None and not conversation.temporary:
                name, work = _stored(conversation, kind)
                self._writing.write(conversation_id, name, work)


def _stored(conversation: Conversation, kind: NoteKind) -> tuple[str, "Work"]:
    """What writes it, and under which name the next may take its place."""
    key = conversation.id
    if not conversation.messages:
        # Nothing of it may be in the store yet.
        return "row", lambda store: store.save_row(conversation)
    if kind == "draft":
        return "draft", lambda store: store.save_draft(key, conversation.draft)
    return "place", lambda store: store.save_place(key, conversation.place)
