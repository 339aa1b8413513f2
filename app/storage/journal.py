"""The journal of growing replies: appended to while they grow, folded into segments when they end."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence

import msgspec

from app.chat.conversation import Segment, Statistics
from app.chat.growing_reply import estimated
from app.storage.connection import writing
from app.storage.rows import decoded, segment_from, segment_row, to_json

_INTERRUPT = """
UPDATE messages SET state = 'interrupted', reason = 'interrupted', owner = NULL
WHERE key = ? AND state IN ('queued', 'streaming')
"""
_COLUMNS = "channel, author, tokens, seconds, text"


def append(connection: sqlite3.Connection, message: int, deltas: Iterable[Segment]) -> None:
    """Adds what a reply said since the last time; costs what the deltas cost, however long the reply is."""
    connection.executemany(
        f"INSERT INTO journal (message, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",
        ((message, *segment_row(delta)) for delta in deltas),
    )


def drop(connection: sqlite3.Connection, message: int) -> None:
    """Forgets the journal of a reply whose segments are written."""
    connection.execute("DELETE FROM journal WHERE message = ?", (message,))


def entries(connection: sqlite3.Connection, message: int) -> list[Segment]:
    """The journal of a reply, in order."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM journal WHERE message = ? ORDER BY sequence", (message,)
    )
    return [segment_from(row) for row in rows]


def write_segments(connection: sqlite3.Connection, message: int, segments: Iterable[Segment]) -> None:
    """Puts these segments in place of those of a reply."""
    connection.execute("DELETE FROM segments WHERE message = ?", (message,))
    connection.executemany(
        f"INSERT INTO segments (message, ordinal, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
        ((message, ordinal, *segment_row(segment)) for ordinal, segment in enumerate(segments)),
    )


def folded(segments: Sequence[Segment], deltas: Iterable[Segment]) -> tuple[Segment, ...]:
    """The segments with the deltas behind them; what goes on in the same channel by the same author is one."""
    result: list[list[Segment]] = [[segment] for segment in segments]
    for delta in deltas:
        last = result[-1][0] if result else None
        if last is not None and (last.channel, last.author) == (delta.channel, delta.author):
            result[-1].append(delta)
        else:
            result.append([delta])
    return tuple(_joined(run) for run in result)


def fold(connection: sqlite3.Connection, message: int) -> None:
    """Makes segments of a reply's journal."""
    deltas = entries(connection, message)
    if deltas:
        write_segments(connection, message, folded(_segments(connection, message), deltas))
        drop(connection, message)


def _segments(connection: sqlite3.Connection, message: int) -> list[Segment]:
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM segments WHERE message = ? ORDER BY ordinal", (message,)
    )
    return [segment_from(row) for row in rows]


def _estimate(connection: sqlite3.Connection, message: int) -> None:
    """Gives a reply that nobody ended the statistics that its text tells."""
    (old,) = connection.execute("SELECT statistics FROM messages WHERE key = ?", (message,)).fetchone()
    before = decoded(old, Statistics)
    found = estimated(_segments(connection, message), before)
    if found != before:
        connection.execute("UPDATE messages SET statistics = ? WHERE key = ?", (to_json(found), message))


def recover(connection: sqlite3.Connection, is_alive: Callable[[str], bool]) -> int:
    """Folds the replies that no living process writes and marks them interrupted; how many there were.

    Where there are none, nothing is written and nobody is waited for.
    """
    rows = connection.execute(
        "SELECT key, owner FROM messages WHERE state IN ('queued', 'streaming')"
        " OR key IN (SELECT message FROM journal)"
    ).fetchall()
    dead = [key for key, owner in rows if owner is None or not is_alive(owner)]
    if dead:
        with writing(connection):
            for key in dead:
                fold(connection, key)
                _estimate(connection, key)
                connection.execute(_INTERRUPT, (key,))
    return len(dead)


def _joined(run: list[Segment]) -> Segment:
    if len(run) == 1:
        return run[0]
    return msgspec.structs.replace(
        run[0],
        text="".join(segment.text for segment in run),
        tokens=sum(segment.tokens for segment in run),
        seconds=sum(segment.seconds for segment in run),
    )
