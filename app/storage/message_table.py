"""The table of messages: written with their segments, read with those and their journal, counted as a tree."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable

from app.chat.conversation import Message, Segment
from app.storage import journal
from app.storage.rows import MESSAGE_COLUMNS, clean, message_from, message_row, segment_from

_UPSERT = """
INSERT INTO messages (conversation, sequence, id, role, parent, derived_from, state, reason, owner, created, model,
    options, statistics, parts)
VALUES (:conversation, :sequence, :id, :role, :parent, :derived_from, :state, :reason, :owner, :created, :model,
    :options, :statistics, :parts)
ON CONFLICT (conversation, id) DO UPDATE SET
    role = excluded.role, parent = excluded.parent, derived_from = excluded.derived_from, state = excluded.state,
    reason = excluded.reason, owner = excluded.owner, created = excluded.created, model = excluded.model,
    options = excluded.options, statistics = excluded.statistics, parts = excluded.parts
RETURNING key
"""
COUNT = """
UPDATE conversations SET
    messages = (SELECT count(*) FROM messages AS m WHERE m.conversation = ?1),
    branches = (SELECT count(*) FROM messages AS m WHERE m.conversation = ?1) - (SELECT count(DISTINCT m.key)
        FROM messages AS p JOIN messages AS m ON m.conversation = p.conversation AND m.id = p.parent
        WHERE p.conversation = ?1)
WHERE key = ?1
"""
_SEGMENTS = "channel, author, tokens, seconds, text"
_OF_CONVERSATION = "message IN (SELECT key FROM messages WHERE conversation = ?)"

UNFINISHED = frozenset({"queued", "streaming"})


def write(
    connection: sqlite3.Connection, conversation: int, messages: Iterable[Message], owner: str | None
) -> None:
    """Inserts or replaces messages with their segments; what is new stands behind what is there."""
    (sequence,) = connection.execute(
        "SELECT coalesce(max(sequence) + 1, 0) FROM messages WHERE conversation = ?", (conversation,)
    ).fetchone()
    for message in messages:
        row = message_row(message, owner if message.state in UNFINISHED else None)
        row.update(conversation=conversation, sequence=sequence)
        sequence += 1
        (key,) = connection.execute(_UPSERT, row).fetchone()
        journal.write_segments(connection, key, message.segments)
        journal.drop(connection, key)
    connection.execute(COUNT, (conversation,))


def stored(connection: sqlite3.Connection, conversation: int) -> dict[str, str | None]:
    """The ids of the messages of a conversation, with the process that writes each."""
    return dict(connection.execute("SELECT id, owner FROM messages WHERE conversation = ?", (conversation,)))


def remove(connection: sqlite3.Connection, conversation: int, ids: Iterable[str]) -> None:
    """Removes messages, but none that another one follows by now."""
    connection.executemany(
        "DELETE FROM messages WHERE conversation = ?1 AND id = ?2"
        " AND NOT EXISTS (SELECT 1 FROM messages WHERE conversation = ?1 AND parent = ?2)",
        ((conversation, clean(message_id)) for message_id in ids),
    )
    connection.execute(COUNT, (conversation,))


def arrange(connection: sqlite3.Connection, conversation: int, messages: Iterable[Message]) -> None:
    """Puts these messages into this order; what others have added stands behind them, in its own."""
    order = {clean(message.id): sequence for sequence, message in enumerate(messages)}
    rows = connection.execute(
        "SELECT key, id FROM messages WHERE conversation = ? ORDER BY sequence, key", (conversation,)
    ).fetchall()
    rows.sort(key=lambda row: order.get(row[1], len(order)))
    connection.executemany(
        "UPDATE messages SET sequence = ? WHERE key = ?",
        ((sequence, key) for sequence, (key, _id) in enumerate(rows)),
    )


def read(connection: sqlite3.Connection, conversation: int) -> tuple[Message, ...]:
    """The messages of a conversation in their order, a growing reply with its journal."""
    segments: defaultdict[int, list[Segment]] = defaultdict(list)
    for key, *row in connection.execute(
        f"SELECT message, {_SEGMENTS} FROM segments WHERE {_OF_CONVERSATION} ORDER BY message, ordinal",
        (conversation,),
    ):
        segments[key].append(segment_from(tuple(row)))
    deltas: defaultdict[int, list[Segment]] = defaultdict(list)
    for key, *row in connection.execute(
        f"SELECT message, {_SEGMENTS} FROM journal WHERE {_OF_CONVERSATION} ORDER BY sequence",
        (conversation,),
    ):
        deltas[key].append(segment_from(tuple(row)))
    rows = connection.execute(
        f"SELECT key, {MESSAGE_COLUMNS} FROM messages WHERE conversation = ? ORDER BY sequence, key",
        (conversation,),
    )
    return tuple(message_from(tuple(row), journal.folded(segments[key], deltas[key])) for key, *row in rows)
