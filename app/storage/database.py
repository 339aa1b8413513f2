"""Opening the file of conversations: made, checked, mended, brought up to date, and told what died meanwhile."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.errors import StorageError
from app.storage import connection as db
from app.storage import journal, migration
from app.storage.conversation_store import ConversationStore
from app.storage.failures import translated
from app.storage.ownership import Ownership, gate
from app.storage.values import Repair


@dataclass(frozen=True)
class OpenedStore:
    """A store that can be used; `repair` says what was done where the file was damaged."""

    store: ConversationStore
    repair: Repair | None


def open_store(
    file: Path, backups: Path, *, now: Callable[[], float] = time.time, schema: Path = migration.FOLDER
) -> OpenedStore:
    """Opens the file, or makes it; `now` gives seconds since 1970.

    StorageError: `store_newer`, `store_locked`, `store_read_only`, `disk_full`, `store_unreadable`, and
    `store_damaged` while another process has the damaged file open.
    """
    with translated(file):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with gate(processes(file)):
            ownership = Ownership(processes(file))
            try:
                return _opened(file, ownership, schema)
            except BaseException:
                ownership.release()
                raise


def processes(file: Path) -> Path:
    """The folder of locks beside a store."""
    return file.with_name(f"{file.name}.processes")


def _opened(file: Path, ownership: Ownership, schema: Path) -> OpenedStore:
    db.close_to_others(file)
    connection = db.connect(file)
    try:
        if db.pragma(connection, "user_version") > migration.latest(schema):
            raise StorageError("store_newer")
        if not db.is_sound(connection, "quick_check"):
            raise StorageError("store_damaged")
        db.configure(connection)
        migration.migrate(connection, lambda version: None, schema)
        with db.writing(connection):
            journal.recover(connection, ownership.is_alive)
    except BaseException:
        connection.close()
        raise
    return OpenedStore(ConversationStore(connection, file, ownership), None)
