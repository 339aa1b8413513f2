"""A store that can be read and not written: its folder is read-only, or its disk has no room for a log."""

import contextlib
import os
import shutil
import sqlite3
import time
from pathlib import Path
from typing import NoReturn

import msgspec

from app.chat.conversation import Conversation, Message
from app.errors import StorageError
from app.storage import connection as db
from app.storage import migration
from app.storage.conversation_store import ConversationStore
from app.storage.failures import LITTLE, SQLITE_ERRORS, translated
from app.storage.ownership import Nobody

REASONS = frozenset({"store_read_only", "disk_full"})
"""Why a store may be readable all the same."""

_LOOK_AGAIN_SECONDS = 5.0


class ReadOnlyStore(ConversationStore):
    """The conversations of a file that cannot be written; every change raises the error that says why."""

    def __init__(self, connection: sqlite3.Connection, file: Path, why: StorageError) -> None:
        super().__init__(connection, file, Nobody())
        self.why = why
        self._opened = time.monotonic()
        self._seen = _seen(file)
        self._is_open_to_us = _may_be_written(file)

    def load(self, conversation_id: str) -> Conversation:
        """As in any store; a reply that nobody ended is interrupted, since that cannot be written down."""
        found = super().load(conversation_id)
        return msgspec.structs.replace(found, messages=tuple(map(Message.settled, found.messages)))

    def is_in_place(self) -> bool:
        """Whether there is nothing to open anew: no other file or content, and no better chance to write."""
        return _seen(self.file) == self._seen and not self._might_be_written()

    def _might_be_written(self) -> bool:
        if self.why.code == "store_read_only":
            return not self._is_open_to_us and _may_be_written(self.file)
        if time.monotonic() - self._opened < _LOOK_AGAIN_SECONDS:
            return False
        with contextlib.suppress(OSError):
            return shutil.disk_usage(self.file.parent).free >= LITTLE
        return False

    def _writing(self) -> NoReturn:
        raise self.why


def open_to_read(file: Path, why: StorageError) -> ReadOnlyStore:
    """Opens a store to be read. Raises `why` where not even that is possible, or `store_newer`."""
    # Without a log the file alone holds everything; a reader that made one would leave it behind.
    log = file.with_name(f"{file.name}-wal")
    for immutable in (False, True) if log.exists() else (True,):
        try:
            connection = db.connect(file, "ro", immutable=immutable)
        except SQLITE_ERRORS:
            continue
        try:
            _check(connection, file, why)
            connection = _up_to_date(connection, file)
        except StorageError as error:
            connection.close()
            if error.code == "store_newer":
                raise
            # A log that cannot be shared: without it, all but what was written last can be read.
            continue
        return ReadOnlyStore(connection, file, why)
    raise why


def _check(connection: sqlite3.Connection, file: Path, why: StorageError) -> None:
    with translated(file):
        version = db.pragma(connection, "user_version")
        if version > migration.latest():
            raise StorageError("store_newer")
        # One that is damaged waits until it can be written.
        if not version or not db.is_sound(connection, "quick_check"):
            raise why


def _up_to_date(connection: sqlite3.Connection, file: Path) -> sqlite3.Connection:
    """An older file as this version has it: a copy in memory, while the file itself stays as it is."""
    with translated(file):
        if db.pragma(connection, "user_version") == migration.latest():
            return connection
        copied = db.in_memory()
        try:
            connection.backup(copied)
            migration.migrate(copied, lambda _version: None)
        except SQLITE_ERRORS:
            copied.close()
            raise
    connection.close()
    return copied


def _may_be_written(file: Path) -> bool:
    return os.access(file.parent, os.W_OK | os.X_OK) and os.access(file, os.R_OK | os.W_OK)


def _seen(file: Path) -> tuple[int, ...]:
    """What tells a file from another one, and its content from a later one; without a log, nothing else does."""
    found: list[int] = []
    for path in (file, file.with_name(f"{file.name}-wal")):
        with contextlib.suppress(OSError):
            status = path.stat()
            found += (status.st_dev, status.st_ino, status.st_mtime_ns, status.st_size)
    return tuple(found)
