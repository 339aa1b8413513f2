"""The store off the GUI thread: one thread for all that reads and writes it, and a second one for its upkeep."""

import errno
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.errors import AppError, StorageError
from app.services.background import Background
from app.storage.values import Backup, BackupKind, Repair, StoreSize

if TYPE_CHECKING:
    from app.storage.conversation_store import ConversationStore

T = TypeVar("T")
Failed = Callable[[AppError], None]

__all__ = ["Backup", "BackupKind", "Repair", "StoreService", "StoreSize"]

_POLL_MS = 1000
_UPKEEP_MS = 3_600_000
"""A window that stays open for days has a backup of each."""

_RETRY_SECONDS = 5.0
_CLOSE_SECONDS = 10.0
_UPKEEP_CLOSE_SECONDS = 2.0


class _Keeper:
    """The open store, on its thread: opened when it is first used, and again after it could not be used.

    `on_opened` is told the repair, or None, and why nothing can be written, or None.
    """

    def __init__(
        self,
        file: Path,
        backups: Path,
        now: Callable[[], float],
        on_opened: Callable[[Repair | None, AppError | None], None],
    ) -> None:
        self._file = file
        self._backups = backups
        self._now = now
        self._on_opened = on_opened
        self._store: ConversationStore | None = None
        self._version = 0
        self._error: AppError | None = None
        self._tried = 0.0
        self._was_open = False

    def use(self, work: Callable[["ConversationStore"], T]) -> tuple[T, bool]:
        """What `work` returns, and whether it wrote. A damaged file is closed, so that the next use mends it."""
        store = self._opened()
        before = store.changes
        try:
            result = work(store)
        except StorageError as error:
            if error.code == "store_damaged":
                self._give_up(error)
            raise
        return result, store.changes != before

    def look(self) -> bool:
        """Whether another process has written since the last look, or put another file in the store's place."""
        was_open = self._store is not None
        if self._store is not None and not self._store.is_in_place():
            self.close()
        store = self._opened()
        version, self._version = self._version, store.data_version()
        return was_open and version != self._version

    def close(self) -> None:
        """Closes the store."""
        if self._store is not None:
            self._store.close()
            self._store = None

    def _opened(self) -> "ConversationStore":
        if self._store is not None:
            return self._store
        if self._error is not None and time.monotonic() - self._tried < _RETRY_SECONDS:
            raise self._error
        # SQLite is loaded here, on this thread: the first window does not wait for it.
        from app.storage.database import open_store

        try:
            if self._was_open and not self._file.parent.is_dir():
                # Its disk was taken out: a new folder in its place would be hidden as soon as it comes back.
                raise StorageError("store_unreadable", reason=os.strerror(errno.ENOENT))
            opened = open_store(self._file, self._backups, now=self._now)
        except AppError as error:
            self._error, self._tried = error, time.monotonic()
            raise
        self._error = None
        self._was_open = True
        self._store = opened.store
        self._version = opened.store.data_version()
        self._on_opened(opened.repair, opened.why_read_only)
        return opened.store

    def _give_up(self, error: StorageError) -> None:
        self.close()
        self._error, self._tried = error, time.monotonic()


class StoreService(QObject):
    """The store for everyone who has no time to wait for a disk; every callback comes on this object's thread.

    `read_only` says whether what is there can be read and nothing be written.

    Signals: `opened` when the store can be used, also for the second time; `failed` with an AppError once for each code
    until something could be written again; `repaired` with what became of a damaged file; `changed_elsewhere` when
    another process wrote, or a backup took the store's place, and what was read before is no longer so.
    """

    opened = Signal()
    failed = Signal(object)
    repaired = Signal(object)
    changed_elsewhere = Signal()
    _opened_there = Signal(object, object)

    def __init__(
        self,
        file: Path,
        backups: Path,
        parent: QObject | None = None,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(parent)
        self._file = file
        self._backups = backups
        self._now = now
        self._told: set[str] = set()
        self.read_only = False
        self._looking = False
        self._settled = False
        self._keeper = _Keeper(file, backups, now, self._opened_there.emit)
        self._thread = Background("store", self)
        self._upkeep = Background("store upkeep", self)
        self._poll = QTimer(self, interval=_POLL_MS)
        self._poll.timeout.connect(self._on_poll)
        self._day = QTimer(self, interval=_UPKEEP_MS)
        self._day.timeout.connect(self._back_up_daily)
        self._opened_there.connect(self._on_opened, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Opens the store, and looks every second whether another process has written."""
        self.run(lambda _store: None)
        self._poll.start()

    def settle(self) -> None:
        """The first window is painted: now there is time for the full check and the day's backup."""
        if not self._settled:
            self._settled = True
            self._day.start()
            # Behind the opening, which may have to make or mend the file.
            self.run(lambda _store: None, lambda _nothing: self._check(), lambda _error: None)

    def run(
        self,
        work: Callable[["ConversationStore"], T],
        done: Callable[[T], None] | None = None,
        failed: Failed | None = None,
    ) -> None:
        """Runs `work` on the store's thread, after all that was asked for before; `done` gets what it returns."""

        def on_done(outcome: tuple[T, bool]) -> None:
            result, wrote = outcome
            if wrote:
                self._told.clear()
            if done is not None:
                done(result)

        self._thread.run(
            lambda: self._keeper.use(work), on_done, lambda error: self._on_failed(error, failed)
        )

    def size(self, done: Callable[[StoreSize], None], failed: Failed | None = None) -> None:
        """How much is stored."""
        self.run(lambda store: store.size(), done, failed)

    def purge(
        self,
        before: float,
        *,
        secure: bool = False,
        done: Callable[[int], None] | None = None,
        failed: Failed | None = None,
    ) -> None:
        """Really removes what was deleted at that time or earlier; `secure` overwrites it, in the backups too."""
        if not secure:
            self.run(lambda store: store.purge(before), done, failed)
            return

        def on_erased(_nothing: None) -> None:
            # What a backup made meanwhile is looked through once more.
            self.run(lambda store: store.purge(before, secure_in=self._backups), done, failed)

        # The long part goes first and elsewhere, so that a growing reply is not kept waiting.
        self._do_upkeep(self._erase(before), on_erased, failed)

    def list_backups(self, done: Callable[[tuple[Backup, ...]], None], failed: Failed | None = None) -> None:
        """The backups there are, the newest first."""

        def work() -> tuple[Backup, ...]:
            from app.storage.backup import backups

            return backups(self._backups)

        self._do_upkeep(work, done, failed)

    def back_up_now(self, done: Callable[[Backup], None] | None = None, failed: Failed | None = None) -> None:
        """Makes a backup because the person asks for one."""

        def work() -> Backup:
            from app.storage.backup import back_up

            return back_up(self._file, self._backups, "asked", self._now)

        self._do_upkeep(work, done, failed)

    def restore(
        self, backup: Path, done: Callable[[], None] | None = None, failed: Failed | None = None
    ) -> None:
        """Makes the store what it was at a backup; what there is now is backed up first."""

        def on_done(_nothing: None) -> None:
            self.changed_elsewhere.emit()
            if done is not None:
                done()

        self.run(lambda store: store.replace_from(backup, self._backups, self._now), on_done, failed)

    def close(self, seconds: float = _CLOSE_SECONDS) -> bool:
        """Finishes what was asked for and closes the store; False when that took longer than `seconds`."""
        self._poll.stop()
        self._day.stop()
        self._thread.run(self._keeper.close)
        finished = self._thread.close(seconds)
        # A backup that is cut off here is made at the next start.
        self._upkeep.close(_UPKEEP_CLOSE_SECONDS)
        return finished

    def _do_upkeep(
        self, work: Callable[[], T], done: Callable[[T], None] | None, failed: Failed | None = None
    ) -> None:
        self._upkeep.run(work, done, lambda error: self._on_failed(error, failed))

    def _erase(self, before: float) -> Callable[[], None]:
        def work() -> None:
            from app.storage.database import erase_deleted

            erase_deleted(self._file, self._backups, before)

        return work

    def _check(self) -> None:
        """A store that is not sound is mended at its next opening, and makes no backup that pushes out a good one."""

        def work() -> bool:
            from app.storage.database import full_check

            return full_check(self._file)

        def on_checked(sound: bool) -> None:
            if sound:
                self._back_up_daily()
            else:
                self._on_failed(StorageError("store_damaged"), None)

        self._do_upkeep(work, on_checked)

    def _back_up_daily(self) -> None:
        def work() -> Backup | None:
            from app.storage.backup import daily

            return daily(self._file, self._backups, self._now)

        self._do_upkeep(work, None)

    def _on_poll(self) -> None:
        if not self._looking:
            self._looking = True
            self._thread.run(self._keeper.look, self._on_looked, self._on_not_looked)

    def _on_looked(self, changed: bool) -> None:
        self._looking = False
        if changed:
            self.changed_elsewhere.emit()

    def _on_not_looked(self, error: AppError) -> None:
        self._looking = False
        self._on_failed(error, None)

    def _on_opened(self, repair: Any, why_read_only: Any) -> None:
        self._told.clear()
        self.read_only = why_read_only is not None
        if repair is not None:
            self.repaired.emit(repair)
        self.opened.emit()
        if why_read_only is not None:
            self._on_failed(why_read_only, None)

    def _on_failed(self, error: AppError, failed: Failed | None) -> None:
        if failed is not None:
            failed(error)
        told_elsewhere = error.code in {"conversation_missing", "backup_unusable"}
        if not told_elsewhere and error.code not in self._told:
            self._told.add(error.code)
            self.failed.emit(error)
