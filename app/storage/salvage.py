"""Reading what can be read of a damaged table: around bad pages, column by column, and long text up to its break."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.storage.failures import SQLITE_ERRORS, is_damage
from app.storage.rows import Row

LAST_KEY = 2**63 - 1
_CHUNK = 2048


@dataclass
class Table:
    """What became of a table: the spans of keys that could not be read, and the keys of rows that are not whole."""

    name: str
    columns: tuple[str, ...]
    gaps: list[tuple[int, int]] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)


def rows(connection: sqlite3.Connection, table: Table) -> Iterator[Row]:
    """The rows that can be read, in the order of their keys, with None for a value that cannot."""
    at = 1
    # From end to end first: looking for a key trusts what the inner pages say about keys.
    condition = "? = 1"
    while True:
        try:
            for key, *row in connection.execute(f"{_select(table)} WHERE {condition}", (at,)):
                # Keys that do not ascend are damaged themselves; what they lead to is not.
                at = key + 1
                yield tuple(row)
        except SQLITE_ERRORS as error:
            if not is_damage(error):
                raise
        else:
            return
        condition = "rowid >= ?"
        found = _next_key(connection, table, at)
        if found is None:
            table.gaps.append((at, LAST_KEY))
            return
        if found > at:
            table.gaps.append((at, found - 1))
        yield _row(connection, table, found)
        at = found + 1


def _row(connection: sqlite3.Connection, table: Table, key: int) -> Row:
    """The row of a key, whole if it can be."""
    row = _whole_row(connection, table, key)
    if row is None:
        table.broken.append(key)
        return tuple(_value(connection, table.name, column, key) for column in table.columns)
    return row


def _select(table: Table) -> str:
    columns = ", ".join(table.columns)
    return f"SELECT rowid, {columns} FROM {table.name}"


def _next_key(connection: sqlite3.Connection, table: Table, at: int) -> int | None:
    """The first key from `at` on that can be reached; None when there is none.

    Looks further and further ahead until something is readable, then back to where that begins.
    """
    bad, good, step = at - 1, at, 1
    while (key := _key_from(connection, table, good)) is None:
        bad, good, step = good, good + step, step * 2
        if good >= LAST_KEY:
            return None
    while good - bad > 1:
        middle = (good + bad) // 2
        nearer = _key_from(connection, table, middle)
        if nearer is None:
            bad = middle
        else:
            good, key = middle, nearer
    return key


def _key_from(connection: sqlite3.Connection, table: Table, start: int) -> int | None:
    """The first key from `start` on; None when the way there is broken, or leads to nothing."""
    try:
        found = connection.execute(
            f"SELECT rowid FROM {table.name} WHERE rowid >= ? ORDER BY rowid LIMIT 1", (start,)
        ).fetchone()
    except SQLITE_ERRORS:
        return None
    return None if found is None or found[0] < start else int(found[0])


def _whole_row(connection: sqlite3.Connection, table: Table, key: int) -> Row | None:
    columns = ", ".join(table.columns)
    try:
        found: Row | None = connection.execute(
            f"SELECT {columns} FROM {table.name} WHERE rowid = ?", (key,)
        ).fetchone()
    except SQLITE_ERRORS:
        return None
    return found


def _value(connection: sqlite3.Connection, table: str, column: str, key: int) -> object:
    try:
        row = connection.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", (key,)).fetchone()
    except SQLITE_ERRORS:
        return _beginning(connection, table, column, key)
    return row[0] if row else None


def _beginning(connection: sqlite3.Connection, table: str, column: str, key: int) -> str | None:
    """A long text up to the page that cannot be read."""
    read = bytearray()
    try:
        with connection.blobopen(table, column, key, readonly=True) as blob:
            while chunk := blob.read(_CHUNK):
                read += chunk
    except (*SQLITE_ERRORS, ValueError):
        pass
    return read.decode("utf-8", "ignore") if read else None
