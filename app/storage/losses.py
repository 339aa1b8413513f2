"""What is missing from the rows that were read of a damaged file, as far as the others tell."""

import sqlite3
from collections.abc import Iterable

from app.storage.salvage import LAST_KEY, Table

MISSING_MESSAGES = """
SELECT key FROM conversations
WHERE messages <> (SELECT count(*) FROM messages AS m WHERE m.conversation = conversations.key)
"""
_EMPTY_REPLIES = """
SELECT key FROM messages WHERE role = 'assistant' AND state = 'finished' AND key NOT IN (SELECT message FROM segments)
    AND (? OR reason IS NOT 'stopped')
"""
_MISSING_ORDINALS = "SELECT message FROM segments GROUP BY message HAVING max(ordinal) + 1 <> count(*)"
_BESIDE_HOLES = """
SELECT message FROM (
    SELECT message, key - lag(key) OVER keys AS before, lead(key) OVER keys - key AS after
    FROM segments WINDOW keys AS (ORDER BY key)
) WHERE before > 1 OR after > 1
"""
_BESIDE_A_GAP = """
SELECT message FROM segments WHERE key IN
    ((SELECT max(key) FROM segments WHERE key < ?), (SELECT min(key) FROM segments WHERE key > ?))
"""


def incomplete_replies(target: sqlite3.Connection, segments: Table) -> set[int]:
    """The messages of which segments may be missing.

    A damaged tree can pass over pages without a word, so emptiness counts too; but a person may have stopped a reply
    before its first word.
    """
    known = bool(segments.gaps or segments.broken)
    keys = _keys(target.execute(_EMPTY_REPLIES, (known,))) | _keys(target.execute(_MISSING_ORDINALS))
    for first, last in segments.gaps:
        if not _is_filled(target, first, last):
            keys |= _keys(target.execute(_BESIDE_A_GAP, (first, last)))
    for key in segments.broken:
        keys |= _keys(target.execute("SELECT message FROM segments WHERE key = ?", (key,)))
    return keys


def beside_holes(target: sqlite3.Connection) -> set[int]:
    """The messages whose segments stand where keys are missing; what was removed leaves such holes too."""
    return _keys(target.execute(_BESIDE_HOLES))


def lost(target: sqlite3.Connection, tables: dict[str, Table]) -> int:
    """In how many conversations something may be missing."""
    keys = _keys(target.execute(MISSING_MESSAGES))
    for conversation in tables["conversations"].broken:
        # Noise that was taken for a row is no conversation; what stood in its place is found by its messages.
        keys |= _keys(target.execute("SELECT key FROM conversations WHERE key = ?", (conversation,)))
    keys |= _keys(
        target.execute(
            "SELECT conversation FROM messages WHERE conversation NOT IN (SELECT key FROM conversations)"
        )
    )
    for message in (*tables["messages"].broken, *incomplete_replies(target, tables["segments"])):
        keys |= _keys(target.execute("SELECT conversation FROM messages WHERE key = ?", (message,)))
    strays = target.execute(
        "SELECT 1 FROM segments WHERE message NOT IN (SELECT key FROM messages)"
    ).fetchone()
    return len(keys) + (strays is not None)


def _is_filled(target: sqlite3.Connection, first: int, last: int) -> bool:
    """Whether a backup had all that can have stood between; where there is no end, whether it had anything."""
    (count,) = target.execute(
        "SELECT count(*) FROM segments WHERE key BETWEEN ? AND ?", (first, last)
    ).fetchone()
    return bool(count > 0 if last == LAST_KEY else count == last - first + 1)


def _keys(rows: Iterable[tuple[int]]) -> set[int]:
    return {key for (key,) in rows}
