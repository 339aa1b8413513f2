"""The file that conversations are stored in, as a whole: its size, its backups, what is really removed from it."""

import contextlib
import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from app.errors import StorageError
from app.storage import backup as backups
from app.storage import connection as db
from app.storage import journal, migration
from app.storage.failures import suspect, translated
from app.storage.ownership import Nobody, Ownership
from app.storage.values import StoreSize

log = logging.getLogger(__name__)


class StoreFile:
    """An open file of conversations, over a connection of one thread. Every method raises StorageError."""

    def __init__(self, connection: sqlite3.Connection, file: Path, ownership: Ownership | Nobody) -> None:
        self.file = file
        self._connection = connection
        self._ownership = ownership
        self._identity = _identity(file)
        self._unswept = False

    @property
    def changes(self) -> int:
        """How many rows were written by this store."""
        return self._connection.total_changes

    def is_in_place(self) -> bool:
        """Whether the file that is open is still the one of that name, with something in it."""
        return _identity(self.file) == self._identity

    def data_version(self) -> int:
        """A number that changes when another connection has written."""
        with translated(self.file):
            return db.pragma(self._connection, "data_version")

    def size(self) -> StoreSize:
        """How much is stored."""
        with self._reading() as connection:
            (count,) = connection.execute(
                "SELECT count(*) FROM conversations WHERE deleted IS NULL"
            ).fetchone()
        files = (self.file, self.file.with_name(f"{self.file.name}-wal"))
        with translated(self.file):
            return StoreSize(count, sum(file.stat().st_size for file in files if file.exists()))

    def settle_deletions(self, now: float) -> None:
        """What was deleted later than `now`, by a clock that was set back since, counts as deleted now."""
        with self._reading() as connection:
            later = connection.execute("SELECT 1 FROM conversations WHERE deleted > ?", (now,)).fetchone()
        if later is not None:
            with self._writing() as connection:
                connection.execute("UPDATE conversations SET deleted = ?1 WHERE deleted > ?1", (now,))

    def purge(self, before: float, *, secure_in: Path | None = None) -> int:
        """Really removes what was deleted at that time or earlier; how many conversations.

        With a folder of backups as `secure_in` they are removed from these too, and overwritten wherever they stood.
        """
        with self._reading() as connection:
            rows = connection.execute("SELECT id FROM conversations WHERE deleted <= ?", (before,)).fetchall()
        ids = [row[0] for row in rows]
        if secure_in is not None:
            backups.erase(secure_in, ids)
            self._unswept = self._unswept or bool(ids)
        if not ids and not self._unswept:
            return 0
        with translated(self.file):
            self._connection.execute(f"PRAGMA secure_delete = {'OFF' if secure_in is None else 'ON'}")
        with self._writing() as connection:
            removed = sum(
                # Taken back meanwhile by another process? Then it stays.
                connection.execute(
                    "DELETE FROM conversations WHERE id = ? AND deleted <= ?", (one, before)
                ).rowcount
                for one in ids
            )
        if self._unswept:
            self._overwrite()
        return removed

    def backup(self, target: Path) -> None:
        """Copies the store into a new file. `store_damaged` when it is not sound."""
        with translated(self.file):
            backups.copy(self._connection, target)

    def replace_from(self, backup: Path, folder: Path, now: Callable[[], float] = time.time) -> None:
        """Makes the store what it was at a backup; other processes may have it open.

        What there is now is backed up into `folder` first. `backup_unusable`, `store_newer`.
        """
        with self._watched():
            backups.check(backup, migration.latest())
            backups.make(self._connection, folder, "restore", now)
            with contextlib.closing(db.connect(backup, "ro")) as source:
                backups.transfer(source, self._connection)
            migration.migrate(self._connection, lambda _version: None)
            # Whoever wrote a reply then does not write that one now.
            journal.recover(self._connection, lambda _owner: False)

    def close(self) -> None:
        """Ends the connection; replies that were still growing are nobody's from now on."""
        with contextlib.suppress(sqlite3.Error):
            self._connection.close()
        self._ownership.release()

    def _overwrite(self) -> None:
        """Leaves nothing of what was removed: earlier versions of it lie in unused pages and in the log.

        What a full disk or another process prevents is done at the next purge.
        """
        with translated(self.file):
            self._connection.execute("VACUUM")
            busy, *_pages = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        self._unswept = bool(busy)
        if busy:
            log.warning("another process keeps the log of the store from being emptied now")

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._watched(), db.writing(self._connection) as connection:
            yield connection

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._watched(), db.reading(self._connection) as connection:
            yield connection

    @contextlib.contextmanager
    def _watched(self) -> Iterator[None]:
        """Translates errors; damage that shows itself is looked for at the next opening."""
        try:
            with translated(self.file):
                yield
        except StorageError as error:
            if error.code == "store_damaged":
                suspect(self.file)
            raise


def _identity(file: Path) -> tuple[int, int] | None:
    """Device and number of a file; None when there is none, or nothing in it."""
    try:
        status = file.stat()
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if status.st_size else None
