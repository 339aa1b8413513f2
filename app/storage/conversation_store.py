"""The store of conversations: each method is one short transaction on one connection."""

import sqlite3
from collections.abc import Collection, Sequence

from app.chat.conversation import Conversation, Message, Place, Segment, Summary
from app.chat.options import Choices
from app.errors import StorageError
from app.storage import journal, message_table
from app.storage.rows import choices_text, clean, conversation_from, conversation_row, summary_from, whole
from app.storage.store_file import StoreFile

_COLUMNS = "id, title, named, created, updated, leaf, place_message, place_offset, system, draft, choices"
_UPSERT = f"""
INSERT INTO conversations ({_COLUMNS})
VALUES (:id, :title, :named, :created, :updated, :leaf, :place_message, :place_offset, :system, :draft,
    :choices)
ON CONFLICT (id) DO UPDATE SET
    title = excluded.title, named = excluded.named, created = excluded.created, updated = excluded.updated,
    leaf = excluded.leaf, place_message = excluded.place_message, place_offset = excluded.place_offset,
    system = excluded.system, draft = excluded.draft, choices = excluded.choices
RETURNING key
"""


class ConversationStore(StoreFile):
    """The conversations of one file, over a connection of one thread.

    Every method raises StorageError when the file or the disk fails it. Text that Unicode cannot write (a surrogate
    without its other half) is kept as U+FFFD, everything else exactly. A temporary conversation is refused
    (ValueError): it is never written to disk.
    """

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

    def save(
        self,
        conversation: Conversation,
        *,
        own: Collection[str] | None = None,
        removed: Collection[str] = (),
    ) -> None:
        """Writes the conversation whole, and takes the `removed` messages out of it.

        Others may have it open, so what it does not hold stays. Of the messages that are stored already only `own`
        are written anew (all, where that is None), and none that another living process is writing.
        """
        with self._writing() as connection:
            key = self._write_row(connection, conversation)
            self._write_whole(connection, key, conversation, own)
            if removed:
                message_table.remove(connection, key, removed)

    def save_row(self, conversation: Conversation) -> None:
        """Writes all of a conversation but its messages."""
        with self._writing() as connection:
            self._write_row(connection, conversation)

    def save_messages(self, conversation: Conversation, *messages: Message) -> None:
        """Writes all of a conversation and these of its messages; their journal is in them and is dropped.

        Messages of it that are not stored, though they were, are made up for.
        """
        with self._writing() as connection:
            key = self._write_row(connection, conversation)
            message_table.write(connection, key, messages, self._ownership.name)
            if len(message_table.stored(connection, key)) < len(conversation.messages):
                # What the others follow is missing: removed by another process, or the file is an older one.
                self._write_whole(connection, key, conversation, [message.id for message in messages])

    def save_draft(self, conversation_id: str, text: str) -> None:
        """Keeps what stands unsent. `conversation_missing`."""
        self._set(conversation_id, "draft = ?", clean(text))

    def save_place(self, conversation_id: str, place: Place | None) -> None:
        """Keeps where the person was reading. `conversation_missing`."""
        values = (clean(place.message), whole(place.offset)) if place else (None, None)
        self._set(conversation_id, "place_message = ?, place_offset = ?", *values)

    def save_choices(self, conversation_id: str, choices: Choices) -> None:
        """Keeps how its replies are asked for. `conversation_missing`."""
        self._set(conversation_id, "choices = ?", choices_text(choices))

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

    def _write_whole(
        self,
        connection: sqlite3.Connection,
        key: int,
        conversation: Conversation,
        own: Collection[str] | None,
    ) -> None:
        here = message_table.stored(connection, key)
        fresh = [
            # That of another process, of which only this much is left.
            message if own is None or message.id in own else message.settled()
            for message in conversation.messages
            if self._is_to_be_written(message, here, own)
        ]
        message_table.write(connection, key, fresh, self._ownership.name)
        message_table.arrange(connection, key, conversation.messages)

    def _is_to_be_written(
        self, message: Message, here: dict[str, str | None], own: Collection[str] | None
    ) -> bool:
        stored_id = clean(message.id)
        if stored_id not in here:
            return True
        owner = here[stored_id]
        if owner is not None and owner != self._ownership.name and self._ownership.is_alive(owner):
            return False
        return own is None or message.id in own

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
