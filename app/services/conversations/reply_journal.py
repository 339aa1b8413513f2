"""Stores a growing reply: what is new of it, every quarter of a second, and never a word twice."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer

from app.chat.growing_reply import GrowingReply
from app.services.conversations.conversation_writing import ConversationWriting

if TYPE_CHECKING:
    from app.services.conversations.store_service import StoreService

_EVERY_SECONDS = 0.25
"""Text that is older than this is with the store's thread. A killed window may lose half a second of it: the rest is
for the wire and the disk."""


class ReplyJournal:
    """Hands the new text of one reply after the other to the store.

    A timer does it while the model pauses, and each delta that finds older text waiting, however busy the thread was
    meanwhile. Conversations of which something is not on disk are not journalled: they are saved whole, with the reply
    as it is by then, as soon as the disk takes them.
    """

    def __init__(
        self,
        store: "StoreService",
        writing: ConversationWriting,
        parent: QObject,
        *,
        clock: Callable[[], float],
    ) -> None:
        self._store = store
        self._writing = writing
        self._clock = clock
        self._conversation_id = ""
        self._growing: GrowingReply | None = None
        self._since = 0.0
        self._timer = QTimer(parent, singleShot=True, interval=int(1000 * _EVERY_SECONDS))
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.flush)

    def note(self, conversation_id: str, growing: GrowingReply) -> None:
        """A reply has grown."""
        self._conversation_id = conversation_id
        self._growing = growing
        if not self._timer.isActive():
            self._since = self._clock()
            self._timer.start()
        elif self._clock() - self._since >= _EVERY_SECONDS:
            self.flush()

    def end(self, growing: GrowingReply) -> None:
        """The reply is stored whole now."""
        if growing is self._growing:
            self._timer.stop()
            self._growing = None

    def flush(self) -> None:
        """Hands over what is new."""
        self._timer.stop()
        key = self._conversation_id
        if self._growing is None:
            return
        if self._writing.is_unsaved(key):
            self._timer.start()
            return
        reply_id, deltas = self._growing.id, self._growing.taken()
        if deltas:
            self._store.run(
                lambda store: store.append(reply_id, deltas),
                None,
                lambda error: self._writing.not_saved(key, error),
            )
