"""Rows of a damaged file made fit for a new one: values put right, gaps filled from backups, orphans taken in."""

import sqlite3
import uuid
from typing import get_args

from app.chat.conversation import Author, Channel, FinishReason, ReplyState, Role
from app.storage.losses import MISSING_MESSAGES, beside_holes, incomplete_replies
from app.storage.message_table import COUNT
from app.storage.rows import Row
from app.storage.salvage import Table

_ALLOWED: dict[str, tuple[tuple[str, ...], str | None]] = {
    "role": (get_args(Role), "user"),
    "state": (get_args(ReplyState), "interrupted"),
    "reason": (get_args(FinishReason), None),
    "channel": (get_args(Channel), "answer"),
    "author": (get_args(Author), "model"),
}
"""What a column may hold, and what stands for anything else."""

_NUMBERS = {
    "key",
    "conversation",
    "message",
    "sequence",
    "ordinal",
    "named",
    "created",
    "updated",
    "tokens",
    "seconds",
}
_IDENTITY = {"id": str, "conversation": int, "message": int, "ordinal": int}
_TEXTS = {"title", "system", "draft", "parts", "text"}


def insert(target: sqlite3.Connection, table: Table, row: Row) -> None:
    """Writes a row, put right where it cannot stand as it is; one that cannot stand at all counts as broken."""
    if _inserted(target, table, row):
        return
    key = row[0]
    table.broken.append(key if isinstance(key, int) else 0)
    if _is_a_row(table, row):
        _inserted(target, table, _mended(table, row))


def fill(target: sqlite3.Connection, backup: sqlite3.Connection, tables: dict[str, Table]) -> None:
    """Takes what lay in the gaps from a backup, and the messages of conversations that had more of them."""
    for table in tables.values():
        for first, last in table.gaps:
            _take(target, backup, table, "rowid BETWEEN ? AND ?", first, last)
    _bring_owners_back(target, backup, tables)
    for (key,) in target.execute(MISSING_MESSAGES).fetchall():
        _take(target, backup, tables["messages"], "conversation = ?", key)
    _complete(target, backup, tables["segments"])
    for key in incomplete_replies(target, tables["segments"]) | beside_holes(target):
        _take(target, backup, tables["segments"], "message = ?", key)


def _bring_owners_back(
    target: sqlite3.Connection, backup: sqlite3.Connection, tables: dict[str, Table]
) -> None:
    """Takes from a backup whatever has rows of its own here; one that is here under a wrong key gets the right one."""
    for owner, owned in (("conversations", "messages"), ("messages", "segments")):
        link = owner.removesuffix("s")
        strays = target.execute(
            f"SELECT DISTINCT {link} FROM {owned} WHERE {link} NOT IN (SELECT key FROM {owner})"
        ).fetchall()
        for (key,) in strays:
            row = backup.execute(f"SELECT id FROM {owner} WHERE key = ?", (key,)).fetchone()
            if row is not None:
                target.execute(f"UPDATE OR IGNORE {owner} SET key = ? WHERE id = ?", (key, row[0]))
                _take(target, backup, tables[owner], "key = ?", key)


def _complete(target: sqlite3.Connection, backup: sqlite3.Connection, segments: Table) -> None:
    """Replaces texts that break off by those of the backup that begin alike."""
    query = "SELECT message, ordinal, text FROM segments WHERE key = ?"
    for key in tuple(segments.broken):
        here, there = (connection.execute(query, (key,)).fetchone() for connection in (target, backup))
        if here and there and here[:2] == there[:2] and there[2].startswith(here[2]):
            target.execute("UPDATE segments SET text = ? WHERE key = ?", (there[2], key))
            segments.broken.remove(key)


def adopt_orphans(target: sqlite3.Connection) -> None:
    """Gives conversations to messages that lost theirs, and messages to segments; then counts everything anew."""
    mark = uuid.uuid4().hex[:8]
    stray = target.execute(
        "SELECT DISTINCT message FROM segments WHERE message NOT IN (SELECT key FROM messages)"
        " UNION SELECT DISTINCT message FROM journal WHERE message NOT IN (SELECT key FROM messages)"
    ).fetchall()
    if stray:
        (free,) = target.execute("SELECT coalesce(max(key), 0) + 1 FROM conversations").fetchone()
        _adopt_segments(target, int(free), [key for (key,) in stray], mark)
    target.execute(
        "INSERT INTO conversations (key, id, title, named, created, updated, system, draft)"
        " SELECT conversation, ? || '-' || conversation, '', 0, min(created), max(created), '', '' FROM messages"
        " WHERE conversation NOT IN (SELECT key FROM conversations) GROUP BY conversation",
        (f"recovered-{mark}",),
    )
    for (key,) in target.execute("SELECT key FROM conversations").fetchall():
        target.execute(COUNT, (key,))


def _adopt_segments(target: sqlite3.Connection, conversation: int, keys: list[int], mark: str) -> None:
    parent: str | None = None
    for sequence, key in enumerate(keys):
        own = f"recovered-{mark}-{key}"
        target.execute(
            "INSERT INTO messages (key, conversation, id, sequence, role, parent, state, created, parts)"
            " VALUES (?, ?, ?, ?, 'assistant', ?, 'interrupted', 0, '[]')",
            (key, conversation, own, sequence, parent),
        )
        parent = own


def _take(
    target: sqlite3.Connection, backup: sqlite3.Connection, table: Table, where: str, *values: int
) -> None:
    columns = ", ".join(table.columns)
    for row in backup.execute(f"SELECT {columns} FROM {table.name} WHERE {where}", values):
        _inserted(target, table, tuple(row))


def _inserted(target: sqlite3.Connection, table: Table, row: Row) -> bool:
    marks = ", ".join("?" * len(table.columns))
    statement = f"INSERT OR IGNORE INTO {table.name} ({', '.join(table.columns)}) VALUES ({marks})"
    try:
        return target.execute(statement, row).rowcount > 0
    except (sqlite3.IntegrityError, sqlite3.InterfaceError):
        return False


def _mended(table: Table, row: Row) -> Row:
    return tuple(_fit(column, value) for column, value in zip(table.columns, row, strict=True))


def _is_a_row(table: Table, row: Row) -> bool:
    """Whether the values that say whose row it is are there; without them it is no row but noise."""
    values = dict(zip(table.columns, row, strict=True))
    return all(isinstance(values[name], kind) for name, kind in _IDENTITY.items() if name in values)


def _fit(column: str, value: object) -> object:
    """The value, or what can stand in its column."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if column in _ALLOWED:
        allowed, otherwise = _ALLOWED[column]
        return value if value in allowed else otherwise
    if column in _TEXTS:
        return value if isinstance(value, str) else ""
    if column in _NUMBERS:
        return value if isinstance(value, int | float) else 0
    return None
