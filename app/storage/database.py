"""Opening the file of conversations: made, checked, mended, brought up to date, and told what died meanwhile."""

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.errors import StorageError
from app.storage import backup, journal, migration, stand_in
from app.storage import connection as db
from app.storage.conversation_store import ConversationStore
from app.storage.failures import SQLITE_ERRORS, is_damage, suspect, suspicion, translated
from app.storage.ownership import Ownership, gate
from app.storage.read_only import REASONS, open_to_read
from app.storage.repair import finish, repair
from app.storage.values import Repair


@dataclass(frozen=True)
class OpenedStore:
    """A store that can be used; `repair` says what was done where the file was damaged.

    `why_read_only` says why nothing can be written, where what is there can be read all the same.
    """

    store: ConversationStore
    repair: Repair | None
    why_read_only: StorageError | None = None


def open_store(
    file: Path, backups: Path, *, now: Callable[[], float] = time.time, schema: Path = migration.FOLDER
) -> OpenedStore:
    """Opens the file, or makes it; `now` gives seconds since 1970. One that cannot be written is opened to be read.

    StorageError: `store_newer`, `store_locked`, `store_unreadable`, `store_read_only` and `disk_full` where there is
    nothing to read either, and `store_damaged` while another process has the damaged file open.
    """
    try:
        return _open_to_write(file, backups, now, schema)
    except StorageError as error:
        if error.code not in REASONS or not os.access(file, os.R_OK):
            raise
        return OpenedStore(open_to_read(file, error), None, error)


def _open_to_write(file: Path, backups: Path, now: Callable[[], float], schema: Path) -> OpenedStore:

    def before(connection: sqlite3.Connection) -> None:
        if not ownership.alone():
            raise StorageError("store_locked")
        backup.make(connection, backups, "update", now)

    with translated(file):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with gate(processes(file)):
            finish(file)
            ownership = Ownership(processes(file))
            with contextlib.ExitStack() as if_refused:
                if_refused.callback(ownership.release)
                ownership.tidy()
                opened = _opened_or_mended(file, backups, ownership, before, schema)
                if_refused.pop_all()
            return opened


def _opened_or_mended(
    file: Path,
    backups: Path,
    ownership: Ownership,
    before: Callable[[sqlite3.Connection], None],
    schema: Path,
) -> OpenedStore:
    if not _is_emptied(file, backups):
        try:
            return OpenedStore(_opened(file, ownership, before, schema), None)
        except (*SQLITE_ERRORS, StorageError) as error:
            if not _means_damage(error, file):
                raise
    return _mended(file, backups, ownership, before, schema)


def _mended(
    file: Path,
    backups: Path,
    ownership: Ownership,
    before: Callable[[sqlite3.Connection], None],
    schema: Path,
) -> OpenedStore:
    if not ownership.alone():
        raise StorageError("store_damaged")
    mended = repair(file, backups, schema)
    suspicion(file).unlink(missing_ok=True)
    return OpenedStore(_opened(file, ownership, before, schema), mended)


def processes(file: Path) -> Path:
    """The folder of locks beside a store."""
    return file.with_name(f"{file.name}.processes")


def _opened(
    file: Path, ownership: Ownership, before: Callable[[sqlite3.Connection], None], schema: Path
) -> ConversationStore:
    """The store, if its file is sound. sqlite3.DatabaseError or `store_damaged` if it is not."""
    db.close_to_others(file)
    if not os.access(file, os.W_OK):
        # SQLite would open it, and never find out that it may be written later.
        raise StorageError("store_read_only")
    connection = db.connect(file)
    with contextlib.ExitStack() as if_refused:
        if_refused.callback(connection.close)
        version = db.pragma(connection, "user_version")
        if version > migration.latest(schema):
            raise StorageError("store_newer")
        thorough = suspicion(file).exists()
        if not _is_sound(connection, version, schema, thorough=thorough):
            raise StorageError("store_damaged")
        db.configure(connection)
        migration.migrate(connection, lambda _version: before(connection), schema)
        journal.recover(connection, ownership.is_alive)
        if thorough:
            suspicion(file).unlink(missing_ok=True)
        if_refused.pop_all()
    return ConversationStore(connection, file, ownership)


def _is_sound(connection: sqlite3.Connection, version: int, schema: Path, *, thorough: bool) -> bool:
    if not db.is_sound(connection, "integrity_check" if thorough else "quick_check"):
        return False
    # SQLite takes the words of a damaged schema for what was meant. A file without a version would pass for a new one.
    return migration.shape(connection) == (migration.expected_shape(version, schema) if version else {})


def _is_emptied(file: Path, backups: Path) -> bool:
    """Whether nothing is left of a file that once held something."""
    return file.exists() and not file.stat().st_size and bool(backup.backups(backups))


def _means_damage(error: Exception, file: Path) -> bool:
    if isinstance(error, StorageError):
        return error.code == "store_damaged"
    # A flipped bit in the header can look like a file that is read-only or of another make.
    return is_damage(error) or not stand_in.is_ours(file)


def full_check(file: Path) -> bool:
    """Whether the whole file is sound, by a connection of its own; if it is not, the next opening mends it."""
    with translated(file), contextlib.closing(db.connect(file)) as connection:
        try:
            sound = db.is_sound(connection, "integrity_check")
        except SQLITE_ERRORS as error:
            if not is_damage(error):
                raise
            sound = False
    if not sound:
        suspect(file)
    return sound


def erase_deleted(file: Path, backups: Path, before: float) -> None:
    """Removes what was deleted at that time or earlier from the backups, overwriting it; the store keeps it."""
    with translated(file), contextlib.closing(db.connect(file)) as connection:
        rows = connection.execute("SELECT id FROM conversations WHERE deleted <= ?", (before,)).fetchall()
    if rows:
        backup.erase(backups, [row[0] for row in rows])
