"""Rows of a damaged file made fit for a new one: values put right, gaps filled from backups, orphans taken in."""

import sqlite3
import uuid
from typing import get_args

from app.chat.conversation import Author, Channel, FinishReason, ReplyState, Role
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
_TEXTS = {"id", "title", "system", "draft", "parts", "text"}

_MISSING_MESSAGES = """
SELECT key FROM conversations
WHERE messages <> (SELECT count(*) FROM messages AS m WHERE m.conversation = conversations.key)
"""

_EMPTY_REPLIES = """
SELECT key FROM messages WHERE role = 'assistant' AND state = 'finished' AND key NOT IN (SELECT message FROM segments)
"""
_OF_BROKEN_MESSAGES = (
    "SELECT conversation FROM messages WHERE key IN (SELECT message FROM segments WHERE key IN ({}))"
)


def insert(target: sqlite3.Connection, table: Table, row: Row) -> None:
    """Writes a row, put right where it cannot stand as it is; one that cannot stand at all counts as broken."""
    if not _inserted(target, table, row) and not _inserted(target, table, _mended(table, row)):
        key = row[0]
        table.broken.append(key if isinstance(key, int) else 0)


def fill(target: sqlite3.Connection, backup: sqlite3.Connection, tables: dict[str, Table]) -> None:
    """Takes what lay in the gaps from a backup, and the messages of conversations that had more of them."""
    for table in tables.values():
        for first, last in table.gaps:
            _take(target, backup, table, "rowid BETWEEN ? AND ?", first, last)
    for (key,) in target.execute(_MISSING_MESSAGES).fetchall():
        _take(target, backup, tables["messages"], "conversation = ?", key)
    empty = target.execute(_EMPTY_REPLIES).fetchall() if _has_damage(tables["segments"]) else []
    for (key,) in empty:
        _take(target, backup, tables["segments"], "message = ?", key)


def lost(target: sqlite3.Connection, tables: dict[str, Table]) -> int:
    """In how many conversations something is missing, as far as that can be known."""
    keys = {row[0] for row in target.execute(_MISSING_MESSAGES)}
    keys.update(
        row[0]
        for row in target.execute(
            "SELECT DISTINCT conversation FROM messages WHERE conversation NOT IN (SELECT key FROM conversations)"
        )
    )
    keys.update(tables["conversations"].broken)
    keys.update(_conversations(target, "key", tables["messages"].broken))
    keys.update(_conversations_of_segments(target, tables["segments"].broken))
    if _has_damage(tables["segments"]):
        keys.update(
            _conversations(target, "key", [row[0] for row in target.execute(_EMPTY_REPLIES).fetchall()])
        )
    orphans = target.execute(
        "SELECT count(DISTINCT message) FROM segments WHERE message NOT IN (SELECT key FROM messages)"
    ).fetchone()[0]
    return len(keys) + (1 if orphans else 0)


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
    return tuple(_fit(column, value, row[0]) for column, value in zip(table.columns, row, strict=True))


def _fit(column: str, value: object, key: object) -> object:
    """The value, or what can stand in its column."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if column in _ALLOWED:
        allowed, otherwise = _ALLOWED[column]
        return value if value in allowed else otherwise
    if column == "id":
        return value if isinstance(value, str) and value else f"recovered-{key}"
    if column in _TEXTS:
        return value if isinstance(value, str) else ""
    if column in _NUMBERS:
        return value if isinstance(value, int | float) else 0
    return None


def _has_damage(table: Table) -> bool:
    return bool(table.gaps or table.broken)


def _conversations(target: sqlite3.Connection, column: str, keys: list[int]) -> set[int]:
    """The conversations of messages."""
    marks = ", ".join("?" * len(keys))
    rows = target.execute(f"SELECT DISTINCT conversation FROM messages WHERE {column} IN ({marks})", keys)
    return {row[0] for row in rows}


def _conversations_of_segments(target: sqlite3.Connection, keys: list[int]) -> set[int]:
    rows = target.execute(_OF_BROKEN_MESSAGES.format(", ".join("?" * len(keys))), keys)
    return {row[0] for row in rows}
