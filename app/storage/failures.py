"""The one boundary where SQLite's and the system's errors become the app's."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.errors import StorageError

_LITTLE = 256 * 1024
"""Bytes: with less than this left, a failed write means a full disk."""

_PRIMARY = 0xFF
"""SQLite's extended codes carry the plain one in their lowest byte."""

_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NOT_ALLOWED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})

_CODES = {
    sqlite3.SQLITE_FULL: "disk_full",
    sqlite3.SQLITE_READONLY: "store_read_only",
    sqlite3.SQLITE_PERM: "store_read_only",
    sqlite3.SQLITE_BUSY: "store_locked",
    sqlite3.SQLITE_LOCKED: "store_locked",
    sqlite3.SQLITE_PROTOCOL: "store_locked",
    sqlite3.SQLITE_CORRUPT: "store_damaged",
    sqlite3.SQLITE_NOTADB: "store_damaged",
}


@contextmanager
def translated(file: Path) -> Iterator[None]:
    """Raises StorageError in place of an error of SQLite or the system about `file`."""
    try:
        yield
    except sqlite3.Error as error:
        raise _from_sqlite(error, file) from error
    except OSError as error:
        raise _from_system(error) from error


def is_damage(error: sqlite3.Error) -> bool:
    """Whether SQLite means that the file's content is wrong."""
    return _code(error) in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def _code(error: sqlite3.Error) -> int:
    """SQLite's plain code; 0 for errors of the Python module itself."""
    return int(getattr(error, "sqlite_errorcode", 0)) & _PRIMARY


def _from_sqlite(error: sqlite3.Error, file: Path) -> StorageError:
    code = _CODES.get(_code(error))
    if code is None and _code(error) in {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}:
        code = _why_no_access(file)
    if code is None:
        return StorageError("store_unreadable", reason=str(error))
    return StorageError(code)


def _why_no_access(file: Path) -> str | None:
    """SQLite does not tell why the system refused it: a full disk and a closed folder are worth telling apart."""
    folder = file.parent
    if folder.is_dir() and not os.access(folder, os.W_OK | os.X_OK):
        return "store_read_only"
    if file.exists() and not os.access(file, os.R_OK | os.W_OK):
        return "store_read_only"
    try:
        return "disk_full" if shutil.disk_usage(folder).free < _LITTLE else None
    except OSError:
        return None


def _from_system(error: OSError) -> StorageError:
    if error.errno in _NO_SPACE:
        return StorageError("disk_full")
    if error.errno in _NOT_ALLOWED:
        return StorageError("store_read_only")
    return StorageError("store_unreadable", reason=error.strerror or str(error))
