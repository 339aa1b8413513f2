"""Really removes what was deleted, once nobody is going to take it back any more."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.services.conversations.conversation_service import ConversationService

if TYPE_CHECKING:
    from app.services.conversations.store_service import StoreService

_UNDO_SECONDS = 600
"""As long as this a deletion can be undone, while the window is open."""

_EVERY_MS = 60_000


class Purge(QObject):
    """Removes deleted conversations from the store ten minutes after, and at the start those of earlier runs.

    `secure` says whether they are overwritten, in the backups too: that can take seconds, in which nothing else is
    stored, so it waits while the store is `busy` with a growing reply.
    """

    def __init__(
        self,
        store: "StoreService",
        conversations: ConversationService,
        secure: Callable[[], bool],
        parent: QObject | None = None,
        *,
        busy: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._conversations = conversations
        self._secure = secure
        self._busy = busy
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.purge)

    def start(self) -> None:
        """Removes what was deleted before now, and from now on what was deleted long enough ago."""
        now = self._conversations.now()
        # If it fails, so does what follows, which tells of it.
        self._store.run(lambda store: store.settle_deletions(now), None, lambda _error: None)
        self._remove(now)
        self._timer.start()

    def purge(self) -> None:
        """Removes what was deleted too long ago to be taken back."""
        if self._secure() and self._busy():
            return
        before = self._conversations.now() - _UNDO_SECONDS
        deleted = self._conversations.memory.deleted
        old = [one for one in deleted if one.at <= before]
        for one in old:
            deleted.remove(one)
            self._conversations.writing.forget(one.id)
        if any(not one.temporary for one in old):
            self._remove(before)

    def _remove(self, before: float) -> None:
        self._store.purge(before, secure=self._secure())
