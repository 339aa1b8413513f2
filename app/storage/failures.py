"""The one boundary where SQLite's and the system's errors become the app's."""

import contextlib
import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from app.errors import StorageError

LITTLE = 256 * 1024
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
}


SQLITE_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite's module raises: UnicodeDecodeError where the message itself quotes damaged bytes."""


@contextlib.contextmanager
def translated(file: Path) -> Iterator[None]:
    """Raises StorageError in place of an error of SQLite or the system about `file`."""
    try:
        yield
    except SQLITE_ERRORS as error:
        raise _from_sqlite(error, file) from error
    except OSError as error:
        raise _from_system(error) from error


def suspect(file: Path) -> None:
    """Has the next opening check the whole file, since something was wrong with it."""
    with contextlib.suppress(OSError):
        suspicion(file).touch(0o600)


def suspicion(file: Path) -> Path:
    """The mark beside a file that is to be checked."""
    return file.with_name(f"{file.name}.suspect")


def is_damage(error: Exception) -> bool:
    """Whether SQLite means that the file's content is wrong."""
    return isinstance(error, UnicodeDecodeError) or _code(error) in {
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
    }


def _code(error: Exception) -> int:
    """SQLite's plain code; 0 for errors of the Python module itself."""
    return int(getattr(error, "sqlite_errorcode", 0)) & _PRIMARY


def _from_sqlite(error: Exception, file: Path) -> StorageError:
    code = "store_damaged" if is_damage(error) else _CODES.get(_code(error))
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
        return "disk_full" if shutil.disk_usage(folder).free < LITTLE else None
    except OSError:
        return None


def _from_system(error: OSError) -> StorageError:
    if error.errno in _NO_SPACE:
        return StorageError("disk_full")
    if error.errno in _NOT_ALLOWED:
        return StorageError("store_read_only")
    return StorageError("store_unreadable", reason=error.strerror or str(error))
