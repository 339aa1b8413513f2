"""Connections to a file of conversations, and the transactions on them."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal
from urllib.parse import quote

LOCK_SECONDS = 5.0
"""How long one process waits for another that is writing."""

PAGE_BYTES = 4096
_WAL_BYTES = 4 * 1024 * 1024

Mode = Literal["rw", "rwc", "ro"]


def connect(
    file: Path, mode: Mode = "rw", *, wait: float = LOCK_SECONDS, immutable: bool = False
) -> sqlite3.Connection:
    """A connection that nothing was asked of yet; text that is not UTF-8 is read as far as it goes.

    One to an `immutable` file needs no log and no lock beside it; whoever asks for it sees to changes of the file.
    """
    uri = f"file:{quote(str(file.absolute()))}?mode={mode}{'&immutable=1' if immutable else ''}"
    return _lenient(sqlite3.connect(uri, timeout=wait, isolation_level=None, uri=True))


def in_memory() -> sqlite3.Connection:
    """A connection to an empty store that goes with it."""
    return _lenient(sqlite3.connect(":memory:", isolation_level=None))


def _lenient(connection: sqlite3.Connection) -> sqlite3.Connection:
    # A flipped bit in a text must not hide the rest of it.
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    return connection


def configure(connection: sqlite3.Connection) -> None:
    """Sets what a living store needs: write-ahead log, every commit on the disk, foreign keys."""
    # Counts for a new file alone, whatever this build of SQLite would choose.
    connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA journal_size_limit = {_WAL_BYTES}")
    # The schema may be a hostile file's: no function of it runs, and no view or trigger of its own.
    connection.execute("PRAGMA trusted_schema = OFF")


def close_to_others(file: Path) -> None:
    """Makes the file if need be, readable by its owner alone; SQLite gives its neighbours the same mode.

    One that exists is not opened: closing it would give up the locks that SQLite holds on it in this process.
    """
    try:
        create(file)
    except FileExistsError:
        mode = file.stat().st_mode & 0o777
        # That its owner may not write it is somebody's wish.
        if os.name == "posix" and mode & ~0o600:
            file.chmod(mode & 0o600)


def create(file: Path) -> None:
    """Makes an empty file, readable by its owner alone. FileExistsError where there is one."""
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def flush(file: Path) -> None:
    """Returns when the file is on the disk."""
    with file.open("r+b") as stream:
        os.fsync(stream.fileno())


def flush_names(folder: Path) -> None:
    """Makes new names in a folder last through a power cut, where a folder can be opened (not on Windows)."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One transaction that may write: whole, or not at all."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    finally:
        # It is over where it was committed, and a full disk may have ended it already.
        if connection.in_transaction:
            connection.execute("ROLLBACK")


@contextmanager
def reading(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One view of the file, whatever others write meanwhile."""
    connection.execute("BEGIN")
    try:
        yield connection
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def pragma(connection: sqlite3.Connection, name: str) -> int:
    """A pragma's number."""
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def is_sound(connection: sqlite3.Connection, check: Literal["quick_check", "integrity_check"]) -> bool:
    """SQLite's own check. Raises sqlite3.Error where it cannot even begin."""
    return bool(connection.execute(f"PRAGMA {check}(1)").fetchone()[0] == "ok")
