"""Backups: copies of the store that SQLite makes while it is used, numbered in the order in which they were made."""

import contextlib
import logging
import re
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from app.errors import StorageError
from app.storage import connection as db
from app.storage.failures import SQLITE_ERRORS, translated
from app.storage.values import Backup, BackupKind

log = logging.getLogger(__name__)

KEPT = 7
"""Of each kind, so that what is made before an update or a restore never displaces a day's."""

_NAME = re.compile(r"(\d{6,})-(daily|asked|update|restore)-(\d{8}T\d{6}Z)\.db")
_TIME = "%Y%m%dT%H%M%SZ"
_UNFINISHED = ".unfinished-"
_UNFINISHED_SECONDS = 24 * 3600.0
_FIRST_TIME, _LAST_TIME = 0.0, 253_402_300_799.0


def backups(folder: Path) -> tuple[Backup, ...]:
    """The backups there are, the newest first; by number, since a clock may have gone back."""
    with translated(folder):
        names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
        matches = [match for name in names if (match := _NAME.fullmatch(name))]
        matches.sort(key=lambda match: int(match[1]), reverse=True)
        return tuple(_backup(folder / match[0], match) for match in matches)


def daily(file: Path, folder: Path, now: Callable[[], float] = time.time) -> Backup | None:
    """The day's backup, unless it was made before or there is nothing to keep. A damaged store makes none."""
    today = _stamp(now())[:8]
    if any(_stamp(backup.made)[:8] == today for backup in backups(folder) if backup.kind == "daily"):
        return None
    with translated(file), contextlib.closing(db.connect(file)) as connection:
        if connection.execute("SELECT 1 FROM conversations LIMIT 1").fetchone() is None:
            return None
        return make(connection, folder, "daily", now)


def back_up(file: Path, folder: Path, kind: BackupKind, now: Callable[[], float] = time.time) -> Backup:
    """A backup now, by a connection of its own."""
    with translated(file), contextlib.closing(db.connect(file)) as connection:
        return make(connection, folder, kind, now)


def make(
    connection: sqlite3.Connection, folder: Path, kind: BackupKind, now: Callable[[], float] = time.time
) -> Backup:
    """Makes a backup of what `connection` sees, and removes the oldest of its kind where there are too many.

    StorageError: `store_damaged` when what was copied is not sound; then all older ones stay.
    """
    with translated(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _tidy(folder)
        unfinished = folder / f"{_UNFINISHED}{uuid.uuid4().hex}"
        try:
            copy(connection, unfinished)
            number = max((_number(backup.path) for backup in backups(folder)), default=0) + 1
            path = folder / f"{number:06d}-{kind}-{_stamp(now())}.db"
            unfinished.rename(path)
            db.flush_names(folder)
        finally:
            unfinished.unlink(missing_ok=True)
        _keep_the_last(folder, kind)
        return next(backup for backup in backups(folder) if backup.path == path)


def copy(connection: sqlite3.Connection, target: Path) -> None:
    """Copies the store into one new file, on the disk when this returns. `store_damaged` when it is not sound."""
    db.close_to_others(target)
    with translated(target), contextlib.closing(db.connect(target)) as copied:
        transfer(connection, copied)
        # One file that stands for itself, without a log beside it.
        copied.execute("PRAGMA journal_mode = DELETE")
        if not db.is_sound(copied, "quick_check"):
            raise StorageError("store_damaged")
    db.flush(target)


def transfer(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Makes `target` what `source` is, in one transaction. `store_locked` when another process writes too long."""
    end = time.monotonic() + db.LOCK_SECONDS

    def on_step(status: int, _remaining: int, _total: int) -> None:
        # Without this, Python would wait for ever.
        if status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED} and time.monotonic() > end:
            raise StorageError("store_locked")

    source.backup(target, progress=on_step, sleep=0.05)


def check(path: Path, newest: int) -> None:
    """Raises StorageError `backup_unusable`, or `store_newer`, unless the file can take the store's place."""
    try:
        with contextlib.closing(db.connect(path, "ro")) as connection:
            version = db.pragma(connection, "user_version")
            sound = version and db.is_sound(connection, "quick_check")
            connection.execute("SELECT count(*) FROM conversations").fetchone()
    except (*SQLITE_ERRORS, OSError) as error:
        raise StorageError("backup_unusable", path=str(path)) from error
    if version > newest:
        raise StorageError("store_newer")
    if not sound:
        raise StorageError("backup_unusable", path=str(path))


def erase(folder: Path, ids: Iterable[str]) -> None:
    """Removes conversations from all backups, overwriting them. A backup that is too damaged for that is removed."""
    doomed = tuple(ids)
    for backup in backups(folder) if doomed else ():
        try:
            with translated(backup.path), contextlib.closing(db.connect(backup.path)) as connection:
                _erase(connection, doomed)
        except StorageError as error:
            if error.code != "store_damaged":
                raise
            log.warning("a damaged backup from which nothing can be erased is removed: %s", backup.path.name)
            backup.path.unlink(missing_ok=True)


def _erase(connection: sqlite3.Connection, ids: tuple[str, ...]) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")
    with db.writing(connection):
        removed = sum(
            connection.execute("DELETE FROM conversations WHERE id = ?", (one,)).rowcount for one in ids
        )
    if removed:
        # Earlier versions of what was erased lie in pages that nothing uses any more.
        connection.execute("VACUUM")


def _keep_the_last(folder: Path, kind: BackupKind) -> None:
    of_this_kind = [backup for backup in backups(folder) if backup.kind == kind]
    for backup in of_this_kind[KEPT:]:
        backup.path.unlink(missing_ok=True)


def _tidy(folder: Path) -> None:
    """Removes what a killed process left unfinished; a day later, since another may be at it now."""
    for path in folder.glob(f"{_UNFINISHED}*"):
        with contextlib.suppress(OSError):
            if abs(time.time() - path.stat().st_mtime) > _UNFINISHED_SECONDS:
                path.unlink()


def _backup(path: Path, match: re.Match[str]) -> Backup:
    try:
        made = datetime.strptime(match[3], _TIME).replace(tzinfo=UTC).timestamp()
    except ValueError:
        made = 0.0
    return Backup(path, made, path.stat().st_size, cast(BackupKind, match[2]))


def _number(path: Path) -> int:
    return int(path.name.split("-", 1)[0])


def _stamp(seconds: float) -> str:
    """A time in UTC as it stands in a name; a clock that is far off gives the nearest that a calendar has."""
    within = min(max(seconds, _FIRST_TIME), _LAST_TIME)
    return datetime.fromtimestamp(within, UTC).strftime(_TIME)
