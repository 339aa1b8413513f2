"""The store of conversations: each method is one short transaction on one connection."""

import contextlib
import logging
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from app.chat.conversation import Conversation, Message, Place, Segment, Summary
from app.errors import StorageError
from app.storage import backup as backups
from app.storage import connection as db
from app.storage import journal, message_table, migration
from app.storage.failures import suspect, translated
from app.storage.ownership import Ownership
from app.storage.rows import clean, conversation_from, conversation_row, summary_from, whole
from app.storage.values import StoreSize

log = logging.getLogger(__name__)

_COLUMNS = "id, title, named, created, updated, leaf, place_message, place_offset, system, draft"
_UPSERT = f"""
INSERT INTO conversations ({_COLUMNS})
VALUES (:id, :title, :named, :created, :updated, :leaf, :place_message, :place_offset, :system, :draft)
ON CONFLICT (id) DO UPDATE SET
    title = excluded.title, named = excluded.named, created = excluded.created, updated = excluded.updated,
    leaf = excluded.leaf, place_message = excluded.place_message, place_offset = excluded.place_offset,
    system = excluded.system, draft = excluded.draft
RETURNING key
"""


class ConversationStore:
    """The conversations of one file, over a connection of one thread.

    Every method raises StorageError when the file or the disk fails it. Text that Unicode cannot write (a surrogate
    without its other half) is kept as U+FFFD, everything else exactly. A temporary conversation is refused
    (ValueError): it is never written to disk.
    """

    def __init__(self, connection: sqlite3.Connection, file: Path, ownership: Ownership) -> None:
        self.file = file
        self._connection = connection
        self._ownership = ownership
        self._identity = _identity(file)

    @property
    def changes(self) -> int:
        """How many rows were written by this store."""
        return self._connection.total_changes

    def is_in_place(self) -> bool:
        """Whether the file that is open is still the one of that name."""
        return _identity(self.file) == self._identity

    def summaries(self) -> tuple[Summary, ...]:
        """What a list shows of the conversations, the one that changed last first."""
        with self._reading() as connection:
            rows = connection.execute(
                "SELECT id, title, created, updated, branches, messages, unread FROM conversations"
                " WHERE deleted IS NULL ORDER BY updated DESC, key DESC"
            )
            return tuple(map(summary_from, rows))

    def ids(self, prefix: str = "") -> tuple[str, ...]:
        """The ids that begin with the prefix."""
        with self._reading() as connection:
            rows = connection.execute(
                "SELECT id FROM conversations WHERE deleted IS NULL AND substr(id, 1, length(?1)) = ?1 ORDER BY id",
                (clean(prefix),),
            )
            return tuple(row[0] for row in rows)

    def load(self, conversation_id: str) -> Conversation:
        """The whole tree; a reply that still grows has the text that it has so far. `conversation_missing`."""
        with self._reading() as connection:
            row = connection.execute(
                f"SELECT key, {_COLUMNS} FROM conversations WHERE id = ? AND deleted IS NULL",
                (clean(conversation_id),),
            ).fetchone()
            if row is None:
                raise StorageError("conversation_missing", id=conversation_id)
            key, *values = row
            return conversation_from(tuple(values), message_table.read(connection, key))

    def save(self, conversation: Conversation) -> None:
        """Writes the conversation whole; messages that it no longer has are removed."""
        with self._writing() as connection:
            key = self._write_row(connection, conversation)
            message_table.write(connection, key, conversation.messages, self._ownership.name)
            message_table.keep_only(connection, key, conversation.messages)

    def save_row(self, conversation: Conversation) -> None:
        """Writes all of a conversation but its messages."""
        with self._writing() as connection:
            self._write_row(connection, conversation)

    def save_messages(self, conversation: Conversation, *messages: Message) -> None:
        """Writes all of a conversation and these of its messages; their journal is in them and is dropped."""
        with self._writing() as connection:
            key = self._write_row(connection, conversation)
            message_table.write(connection, key, messages, self._ownership.name)

    def save_draft(self, conversation_id: str, text: str) -> None:
        """Keeps what stands unsent. `conversation_missing`."""
        self._set(conversation_id, "draft = ?", clean(text))

    def save_place(self, conversation_id: str, place: Place | None) -> None:
        """Keeps where the person was reading. `conversation_missing`."""
        values = (clean(place.message), whole(place.offset)) if place else (None, None)
        self._set(conversation_id, "place_message = ?, place_offset = ?", *values)

    def rename(self, conversation_id: str, title: str) -> None:
        """Gives a title that the person wrote. `conversation_missing`."""
        self._set(conversation_id, "named = 1, title = ?", clean(title))

    def set_unread(self, conversation_id: str, unread: bool) -> None:
        """Marks a conversation as one with something new in it, or as read. `conversation_missing`."""
        self._set(conversation_id, "unread = ?", int(unread))

    def delete(self, conversation_id: str, at: float) -> None:
        """Marks a conversation as deleted at a time; nothing is removed before `purge`. `conversation_missing`."""
        self._set(conversation_id, "deleted = ?", at)

    def restore(self, conversation_id: str) -> None:
        """Takes the deletion back. `conversation_missing` when it is really gone."""
        self._set(conversation_id, "deleted = ?", None)

    def append(self, message_id: str, deltas: Sequence[Segment]) -> None:
        """Adds to the journal of a growing reply. `conversation_missing` when there is no such message."""
        with self._writing() as connection:
            # Should two conversations hold a message of that id, the reply that grows here is meant.
            row = connection.execute(
                "SELECT key FROM messages WHERE id = ? ORDER BY owner IS ? DESC, key DESC",
                (clean(message_id), self._ownership.name),
            ).fetchone()
            if row is None:
                raise StorageError("conversation_missing", id=message_id)
            journal.append(connection, row[0], deltas)

    def data_version(self) -> int:
        """A number that changes when another connection has written."""
        with translated(self.file):
            return db.pragma(self._connection, "data_version")

    def size(self) -> StoreSize:
        """How much is stored."""
        with self._reading() as connection:
            (count,) = connection.execute(
                "SELECT count(*) FROM conversations WHERE deleted IS NULL"
            ).fetchone()
        files = (self.file, self.file.with_name(f"{self.file.name}-wal"))
        with translated(self.file):
            return StoreSize(count, sum(file.stat().st_size for file in files if file.exists()))

    def purge(self, before: float, *, secure_in: Path | None = None) -> int:
        """Really removes what was deleted at that time or earlier; how many conversations.

        With a folder of backups as `secure_in` they are removed from these too, and overwritten wherever they stood.
        """
        with self._reading() as connection:
            rows = connection.execute("SELECT id FROM conversations WHERE deleted <= ?", (before,)).fetchall()
        ids = [row[0] for row in rows]
        if not ids:
            return 0
        if secure_in is not None:
            backups.erase(secure_in, ids)
        with translated(self.file):
            self._connection.execute(f"PRAGMA secure_delete = {'OFF' if secure_in is None else 'ON'}")
        with self._writing() as connection:
            removed = sum(
                # Taken back meanwhile by another process? Then it stays.
                connection.execute(
                    "DELETE FROM conversations WHERE id = ? AND deleted <= ?", (one, before)
                ).rowcount
                for one in ids
            )
        if secure_in is not None:
            self._overwrite()
        return removed

    def backup(self, target: Path) -> None:
        """Copies the store into a new file. `store_damaged` when it is not sound."""
        with translated(self.file):
            backups.copy(self._connection, target)

    def replace_from(self, backup: Path, folder: Path, now: Callable[[], float] = time.time) -> None:
        """Makes the store what it was at a backup; other processes may have it open.

        What there is now is backed up into `folder` first. `backup_unusable`, `store_newer`.
        """
        with self._watched():
            backups.check(backup, migration.latest())
            backups.make(self._connection, folder, "restore", now)
            with contextlib.closing(db.connect(backup, "ro")) as source:
                backups.transfer(source, self._connection)
            migration.migrate(self._connection, lambda _version: None)
            with db.writing(self._connection):
                # Whoever wrote a reply then does not write that one now.
                journal.recover(self._connection, lambda _owner: False)

    def close(self) -> None:
        """Ends the connection; replies that were still growing are nobody's from now on."""
        with contextlib.suppress(sqlite3.Error):
            self._connection.close()
        self._ownership.release()

    def _overwrite(self) -> None:
        """Leaves nothing of what was removed: earlier versions of it lie in unused pages and in the log."""
        with translated(self.file):
            self._connection.execute("VACUUM")
            busy, *_pages = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            log.warning("another process keeps the log of the store from being emptied now")

    def _set(self, conversation_id: str, assignments: str, *values: str | float | None) -> None:
        with self._writing() as connection:
            changed = connection.execute(
                f"UPDATE conversations SET {assignments} WHERE id = ?", (*values, clean(conversation_id))
            )
            if not changed.rowcount:
                raise StorageError("conversation_missing", id=conversation_id)

    @staticmethod
    def _write_row(connection: sqlite3.Connection, conversation: Conversation) -> int:
        if conversation.temporary:
            raise ValueError("a temporary conversation is never written to disk")
        return int(connection.execute(_UPSERT, conversation_row(conversation)).fetchone()[0])

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._watched(), db.writing(self._connection) as connection:
            yield connection

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._watched(), db.reading(self._connection) as connection:
            yield connection

    @contextlib.contextmanager
    def _watched(self) -> Iterator[None]:
        """Translates errors; damage that shows itself is looked for at the next opening."""
        try:
            with translated(self.file):
                yield
        except StorageError as error:
            if error.code == "store_damaged":
                suspect(self.file)
            raise


def _identity(file: Path) -> tuple[int, int] | None:
    """Device and number of a file; None when there is none."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
