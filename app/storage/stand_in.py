"""The first page of a file tells SQLite how to read all others; where it is damaged, that of a relative stands in."""

import contextlib
import shutil
import sqlite3
from pathlib import Path

from app.storage import connection as db
from app.storage import migration
from app.storage.failures import SQLITE_ERRORS

_MAGIC = b"SQLite format 3\0"


def is_ours(file: Path) -> bool:
    """Whether the file begins as one that this program made; an empty one does. Opens it: nobody else here may."""
    with file.open("rb") as stream:
        head = stream.read(100)
    if not head:
        return True
    return (
        len(head) == 100
        and head[:16] == _MAGIC
        and int.from_bytes(head[16:18]) == db.PAGE_BYTES
        and set(head[18:20]) <= {1, 2}
        and head[20:24] == bytes((0, 64, 32, 32))
        and int.from_bytes(head[44:48]) <= 4
        and int.from_bytes(head[56:60]) <= 1
    )


def version_of(file: Path, latest: int) -> int:
    """The version that a damaged file says it has, `latest` where it says nothing that can be so."""
    with contextlib.suppress(*SQLITE_ERRORS), contextlib.closing(db.connect(file)) as connection:
        version = db.pragma(connection, "user_version")
        return version if 1 <= version <= latest else latest
    return latest


def readable(damaged: Path, work: Path, sources: list[Path], fresh: sqlite3.Connection) -> Path | None:
    """The damaged file, or a copy with another first page, in which the tables can be found; None without one."""
    shape = migration.shape(fresh)
    if _has(damaged, shape):
        return damaged
    pages = [_first_page(path) for path in sources]
    pages.append(_page_of(fresh, work))
    for number, page in enumerate(pages):
        copied = work / f"stand-in-{number}.db"
        _graft(damaged, copied, page)
        if _has(copied, shape):
            return copied
    return None


def _has(file: Path, shape: dict[str, tuple[str, ...]]) -> bool:
    try:
        with contextlib.closing(db.connect(file)) as connection:
            return migration.shape(connection) == shape
    except SQLITE_ERRORS:
        return False


def _first_page(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(db.PAGE_BYTES)
    except OSError:
        return b""


def _page_of(fresh: sqlite3.Connection, work: Path) -> bytes:
    """The first page of a store without conversations: where nothing moved the tables, they lie where its own do."""
    copied = work / "empty.db"
    db.create(copied)
    with contextlib.closing(db.connect(copied)) as connection:
        for (statement,) in fresh.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"
        ):
            connection.execute(statement)
    return _first_page(copied)


def _graft(damaged: Path, copied: Path, page: bytes) -> None:
    for suffix in ("", "-wal"):
        original = damaged.with_name(damaged.name + suffix)
        if original.exists():
            shutil.copyfile(original, copied.with_name(copied.name + suffix))
    head = bytearray(page.ljust(db.PAGE_BYTES, b"\0"))
    # With a log beside it; of what size, and without unused pages.
    head[18:20] = b"\2\2"
    head[28:40] = (copied.stat().st_size // db.PAGE_BYTES).to_bytes(4) + bytes(8)
    head[92:96] = head[24:28]
    with copied.open("r+b") as stream:
        stream.write(head)
