"""The schema's history: numbered SQL files, each carried out whole or not at all."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from app.storage import connection as db

FOLDER = Path(__file__).resolve().parent / "migrations"


def migrations(folder: Path = FOLDER) -> dict[int, Path]:
    """The files by the version that they lead to."""
    return {int(file.name.split("_", 1)[0]): file for file in sorted(folder.glob("[0-9]*_*.sql"))}


def latest(folder: Path = FOLDER) -> int:
    """The version that this program writes."""
    return max(migrations(folder))


def migrate(
    connection: sqlite3.Connection,
    before: Callable[[int], None],
    folder: Path = FOLDER,
    newest: int | None = None,
) -> None:
    """Brings the file to the latest version, or to `newest`; `before` is told each version that is left.

    Of a file that is only being made nothing is worth telling.
    """
    is_new = not db.pragma(connection, "user_version")
    for version, file in migrations(folder).items():
        at = db.pragma(connection, "user_version")
        if version <= at or (newest is not None and version > newest):
            continue
        if not is_new:
            before(at)
        _step(connection, version, file.read_text(encoding="utf-8"))


def _step(connection: sqlite3.Connection, version: int, script: str) -> None:
    # A table that is rebuilt would take its children along.
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        with db.writing(connection):
            for statement in _statements(script):
                connection.execute(statement)
            if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
                raise sqlite3.IntegrityError(f"migration {version} leaves rows without their owners")
            connection.execute(f"PRAGMA user_version = {version}")
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


def _statements(script: str) -> Iterator[str]:
    """The statements of a script one by one, as a transaction around them needs.

    Without comments and line breaks, since SQLite keeps the words: short ones fit on the file's first page.
    """
    statement = ""
    for line in script.splitlines():
        words = line.split("--", 1)[0].strip()
        statement = f"{statement} {words}".strip()
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement:
        yield statement


def shape(connection: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """The tables of a file with their columns, owners before what they own, and the indexes with theirs."""
    names = connection.execute(
        "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'index') ORDER BY type DESC, rowid"
    ).fetchall()
    return {
        name: tuple(
            str(row[1 if kind == "table" else 2])
            for row in connection.execute(f"PRAGMA {kind}_info('{name}')")
        )
        for name, kind in names
        if "'" not in name
    }


def expected_shape(version: int, folder: Path = FOLDER) -> dict[str, tuple[str, ...]]:
    """The shape of a file of that version."""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, lambda _version: None, folder, version)
        return shape(connection)
