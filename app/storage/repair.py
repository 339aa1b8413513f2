"""A damaged file is set aside, never deleted, and all that can be read of it is copied to a new one.

What cannot be read is filled from the backups, the newest first, as far as the keys say that it belonged there. The
new file is complete before the old one is touched; should the process die between, the next opening finishes the move.
"""

import contextlib
import logging
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from app.storage import connection as db
from app.storage import migration, stand_in
from app.storage.backup import backups
from app.storage.failures import SQLITE_ERRORS
from app.storage.losses import lost
from app.storage.mending import adopt_orphans, fill, insert
from app.storage.salvage import LAST_KEY, Table, rows
from app.storage.values import Repair

log = logging.getLogger(__name__)

_NEIGHBOURS = ("-wal", "-shm", "")
"""The log goes first: beside another file it would be taken for that one's."""


def repair(file: Path, backup_folder: Path, schema: Path) -> Repair:
    """Mends the file, which nobody may have open. Whatever it raises, the damaged file is where it was."""
    number = 1
    while _aside(file, number).exists():
        number += 1
    work = file.with_name(f"{file.name}.repair")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    try:
        fresh = work / "fresh.db"
        sources = [backup.path for backup in backups(backup_folder)]
        result = _rebuilt(file, fresh, work, sources, schema)
        fresh.rename(_waiting(file, number))
        db.flush_names(file.parent)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    finish(file)
    log.warning("the store was damaged: %d conversations copied, %d of them not in full", *result)
    return Repair(_aside(file, number), *result)


def finish(file: Path) -> None:
    """Puts a new file that is complete in the damaged one's place."""
    for fresh in file.parent.glob(f"{file.name}.repaired-*"):
        aside = _aside(file, int(fresh.name.rsplit("-", 1)[1]))
        for suffix in _NEIGHBOURS:
            old = file.with_name(file.name + suffix)
            if old.exists():
                old.rename(aside.with_name(aside.name + suffix))
        # Without its own log beside it, but never with another's.
        db.flush_names(file.parent)
        fresh.rename(file)
        db.flush_names(file.parent)


def _aside(file: Path, number: int) -> Path:
    return file.with_name(f"{file.name}.damaged-{number}")


def _waiting(file: Path, number: int) -> Path:
    return file.with_name(f"{file.name}.repaired-{number}")


def _rebuilt(file: Path, fresh: Path, work: Path, sources: list[Path], schema: Path) -> tuple[int, int]:
    """Writes the new file; how many conversations it has, and in how many something is missing."""
    damaged = work / "damaged.db"
    _copy(file, damaged)
    db.create(fresh)
    version = stand_in.version_of(damaged, migration.latest(schema))
    with contextlib.closing(db.connect(fresh)) as target:
        migration.migrate(target, lambda _version: None, schema, version)
        # Rows come before what they belong to; in the end every one has an owner.
        target.execute("PRAGMA foreign_keys = OFF")
        with db.writing(target):
            tables = _salvaged(damaged, target, sources, work)
            for source in _usable(sources, work, schema, version):
                fill(target, source, tables)
            missing = lost(target, tables)
            adopt_orphans(target)
        (count,) = target.execute("SELECT count(*) FROM conversations WHERE deleted IS NULL").fetchone()
    db.flush(fresh)
    return count, missing


def _salvaged(damaged: Path, target: sqlite3.Connection, sources: list[Path], work: Path) -> dict[str, Table]:
    """Copies every table as far as it can be read."""
    names = [
        row[0] for row in target.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid")
    ]
    shape = migration.shape(target)
    tables = {name: Table(name, shape[name]) for name in names}
    readable = stand_in.readable(damaged, work, sources, target)
    if readable is None:
        for table in tables.values():
            table.gaps.append((1, LAST_KEY))
        return tables
    with contextlib.closing(db.connect(readable)) as source:
        # Noise must not pass for rows.
        source.execute("PRAGMA cell_size_check = ON")
        for table in tables.values():
            for row in rows(source, table):
                insert(target, table, row)
    return tables


def _usable(sources: list[Path], work: Path, schema: Path, version: int) -> Iterator[sqlite3.Connection]:
    """The backups that can be read, as that version writes them; the originals stay as they are."""
    for number, path in enumerate(sources):
        copied = work / f"backup-{number}.db"
        try:
            shutil.copyfile(path, copied)
            with contextlib.closing(db.connect(copied)) as connection:
                migration.migrate(connection, lambda _version: None, schema, version)
                if db.pragma(connection, "user_version") == version and db.is_sound(
                    connection, "quick_check"
                ):
                    yield connection
        except (*SQLITE_ERRORS, OSError) as error:
            log.warning("a backup cannot help with the repair: %s: %s", path.name, error)
        finally:
            copied.unlink(missing_ok=True)


def _copy(file: Path, target: Path) -> None:
    """The file with its log, which may hold what was written last."""
    for suffix in ("", "-wal"):
        original = file.with_name(file.name + suffix)
        if original.exists():
            shutil.copyfile(original, target.with_name(target.name + suffix))
