"""All conversations: the list of what is stored, and the values of those that are open or being answered."""

import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Signal

from app.chat.conversation import Conversation, Message, Place, Summary
from app.chat.options import Choices
from app.errors import AppError, StorageError
from app.services.conversations.conversation_list import ConversationList
from app.services.conversations.conversation_notes import ConversationNotes, row
from app.services.conversations.conversation_reading import ConversationReading
from app.services.conversations.conversation_writing import ConversationWriting
from app.services.conversations.live_conversations import Deleted, LiveConversations

if TYPE_CHECKING:
    from app.services.conversations.store_service import StoreService


class ConversationService(QObject):
    """The list and the live conversations; whatever is put here is stored, and tried again until the disk takes it.

    A conversation is live while somebody keeps it, while something of it is not on disk, and while it is temporary.
    Empty ones are neither stored nor listed; one with nothing but a draft is stored and comes back as `unsent_id`.
    Temporary ones are listed, and never handed to the store.

    Signals: `list_changed`, and `list_read` when it comes from the store; `conversation_changed` with an id, and
    `replaced` too when another process or a backup did it; `removed` and `restored`; `failed` with an error, and
    `saved` when all is on disk again.
    """

    list_changed = Signal()
    list_read = Signal()
    conversation_changed = Signal(str)
    replaced = Signal(str)
    removed = Signal(str)
    restored = Signal(str)
    failed = Signal(object)
    saved = Signal()

    def __init__(
        self,
        store: "StoreService",
        parent: QObject | None = None,
        *,
        new_id: Callable[[], str] = lambda: os.urandom(16).hex(),
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self.now = now
        self.new_id = new_id
        self.memory = LiveConversations()
        self._live = self.memory.values
        self._rows = ConversationList()
        self.writing = ConversationWriting(store, self.memory, self)
        self._notes = ConversationNotes(self.writing, self._live, self)
        self.reading = ConversationReading(
            store,
            self._rows,
            self._live,
            lambda key: self.memory.growing(key) is not None or self.writing.is_unsaved(key),
            self.writing.is_unsaved,
            self,
        )
        self._connect()

    def _connect(self) -> None:
        self._store.opened.connect(self._on_opened)
        self._store.changed_elsewhere.connect(self.reading.read)
        self.writing.failed.connect(self.failed)
        self.writing.saved.connect(self.saved)
        self.writing.saved.connect(self.reading.read_list)
        self.writing.settled.connect(self._on_settled)
        self.reading.listed.connect(self._on_listed)
        self.reading.replaced.connect(self._on_replaced)
        self.reading.gone.connect(self._on_gone)
        self.reading.failed.connect(self.failed)

    # What is there

    @property
    def summaries(self) -> tuple[Summary, ...]:
        """The list, newest first, temporary ones among them."""
        return self._rows.rows

    @property
    def unsent_id(self) -> str:
        """The conversation that holds nothing but a draft; empty when there is none."""
        return self._rows.unsent

    def live(self, conversation_id: str) -> Conversation | None:
        """The value of a live conversation; the text of a growing reply is not in it yet."""
        return self._live.get(conversation_id)

    def get(
        self,
        conversation_id: str,
        done: Callable[[Conversation], None],
        failed: Callable[[AppError], None] | None = None,
    ) -> None:
        """Hands over a conversation with all its text so far, at once where it is live, else once it is read."""
        value = self.memory.now(conversation_id)
        if value is not None:
            done(value)
            return

        refused = failed or self.failed.emit

        def loaded(conversation: Conversation) -> None:
            if self.memory.is_deleted(conversation_id):
                # Meanwhile.
                refused(StorageError("conversation_missing", id=conversation_id))
                return
            row = self._rows.get(conversation_id)
            if row is not None and row.title != conversation.title:
                # A new name that is on its way to the disk.
                conversation = msgspec.structs.replace(conversation, title=row.title, named=True)
            done(self.memory.now(conversation_id) or conversation)

        self._store.run(lambda store: store.load(conversation_id), loaded, refused)

    # Who holds what

    def create(self, system: str = "", *, temporary: bool = False) -> Conversation:
        """A new conversation, live from now on; the caller keeps it."""
        made = Conversation(self.new_id(), system=system, created=self.now(), temporary=temporary)
        made = msgspec.structs.replace(made, updated=made.created)
        self.keep(made)
        return made

    def keep(self, conversation: Conversation) -> None:
        """Keeps it live until as many calls of `release`."""
        self.memory.keep(conversation)

    def release(self, conversation_id: str) -> None:
        """Lets go of it; it stays live while others keep it, or while memory is the only place where it is."""
        if self.memory.release(conversation_id):
            self._notes.flush()
            self.memory.drop(conversation_id, unsaved=self.writing.may_be_lost(conversation_id))

    # What changes

    def put(self, conversation: Conversation, *messages: Message, removed: str = "") -> Conversation:
        """Takes a new value, whose changed or new messages are given, and stores both; returns it with its title.

        `removed` is the id of a message that it no longer has.
        """
        value = msgspec.structs.replace(
            conversation, updated=conversation.time(self.now()), title=_title(conversation)
        )
        self._live[value.id] = value
        self._notes.forget(value.id)
        self.reading.changed_here()
        if not value.temporary:
            self.writing.save(value, *messages, removed=removed)
        self._tell(value)
        return value

    def turn_to(self, conversation: Conversation) -> None:
        """Takes a new value of which only the leaf is another: a person looks at another branch."""
        self._live[conversation.id] = conversation
        self.reading.changed_here()
        if not conversation.temporary:
            self.writing.write_now(conversation.id, "row", row)
        self.conversation_changed.emit(conversation.id)

    def _tell(self, value: Conversation) -> None:
        if self.memory.is_deleted(value.id):
            return
        changed = self._rows.show(value)
        self.conversation_changed.emit(value.id)
        if changed:
            self.list_changed.emit()
        self.reading.after(value.id)

    def rename(self, conversation_id: str, title: str) -> None:
        """A person's own title; an empty one changes nothing."""
        title = " ".join(title.split())
        row = self._rows.get(conversation_id)
        if not title or row is None:
            return
        self._rows.put(msgspec.structs.replace(row, title=title))
        value = self._live.get(conversation_id)
        if value is not None:
            self._live[conversation_id] = msgspec.structs.replace(value, title=title, named=True)
        self.reading.changed_here()
        if not row.temporary:
            self.writing.write(conversation_id, "title", lambda store: store.rename(conversation_id, title))
        self.conversation_changed.emit(conversation_id)
        self.list_changed.emit()

    def set_draft(self, conversation_id: str, text: str) -> None:
        """What stands unsent in the composer; stored after a pause."""
        value = self._live.get(conversation_id)
        if value is None or value.draft == text:
            return
        self._live[conversation_id] = value = msgspec.structs.replace(value, draft=text)
        if value.temporary:
            return
        if not value.messages:
            self.reading.changed_here()
            self._rows.show(value)
        self._notes.later(conversation_id, "draft")

    def set_place(self, conversation_id: str, place: Place | None) -> None:
        """Where a person is reading; stored after a pause."""
        value = self._live.get(conversation_id)
        if value is not None and value.place != place:
            self._live[conversation_id] = msgspec.structs.replace(value, place=place)
            if value.messages:
                self._notes.later(conversation_id, "place")

    def set_choices(self, conversation_id: str, choices: Choices) -> None:
        """How its replies are asked for; stored after a pause, of an empty one with its first word."""
        value = self._live.get(conversation_id)
        if value is not None and value.choices != choices:
            self._live[conversation_id] = msgspec.structs.replace(value, choices=choices)
            if value.messages or value.draft:
                self._notes.later(conversation_id, "choices")

    def set_read(self, conversation_id: str, *, read: bool = True) -> None:
        """Marks it as read, or as holding what was not read yet."""
        row = self._rows.get(conversation_id)
        if not self._rows.mark(conversation_id, unread=not read):
            return
        self.reading.changed_here()
        if row is not None and not row.temporary:
            self.writing.write(
                conversation_id, "unread", lambda store: store.set_unread(conversation_id, not read)
            )
        self.list_changed.emit()

    def delete(self, conversation_id: str) -> None:
        """Deletes it; `removed` ends its replies, whose text it keeps for `undo_delete`."""
        row = self._rows.take(conversation_id)
        if row is None and conversation_id not in self._live:
            return
        at = self.now()
        deleted = Deleted(conversation_id, at, row, None)
        self.memory.deleted.append(deleted)
        self.removed.emit(conversation_id)
        # Undo brings the draft back, too.
        self._notes.flush()
        deleted.value = self._live.pop(conversation_id, None)
        self.reading.changed_here()
        if not deleted.temporary:
            self.writing.write(conversation_id, "deleted", lambda store: store.delete(conversation_id, at))
        self.list_changed.emit()

    def undo_delete(self) -> bool:
        """Brings back what was deleted last; False when there is nothing more to bring back."""
        if not self.memory.deleted:
            return False
        deleted = self.memory.deleted.pop()
        key, value, row = deleted.id, deleted.value, deleted.row
        self.reading.changed_here()
        if value is not None:
            self._live[key] = value
            row = value.summary(unread=row is not None and row.unread)
        if row is not None and row.messages:
            self._rows.put(row)
        if not deleted.temporary:
            self.writing.write(key, "deleted", lambda store: store.restore(key))
        self.memory.drop(key, unsaved=self.writing.may_be_lost(key))
        self.list_changed.emit()
        self.restored.emit(key)
        return True

    def hand_over(self) -> None:
        """Hands over everything that waits for a pause or for the disk; at the end the store is drained after this."""
        self._notes.flush()
        self.writing.try_again(at_last=True)

    # What others say

    def _on_opened(self) -> None:
        """At the start, and again after the file was mended or taken away: then what is here is the best there is."""
        if self._store.read_only:
            self.reading.read()
            return
        for value in list(self._live.values()):
            if value.messages and not value.temporary:
                self.writing.rewrite(value.id)
        self.reading.read_list()

    def _on_listed(self) -> None:
        for deleted in self.memory.deleted:
            self._rows.take(deleted.id)
        for value in self._live.values():
            if (value.messages or value.draft) and not self.memory.is_deleted(value.id):
                self._rows.show(value)
        self.list_changed.emit()
        self.list_read.emit()

    def _on_replaced(self, conversation_id: str) -> None:
        self._rows.show(self._live[conversation_id])
        self.conversation_changed.emit(conversation_id)
        self.replaced.emit(conversation_id)
        self.list_changed.emit()

    def _on_gone(self, conversation_id: str) -> None:
        """Deleted by another process: nothing of it is written any more."""
        del self._live[conversation_id]
        self._rows.take(conversation_id)
        self._notes.forget(conversation_id)
        self.writing.forget(conversation_id)
        self.removed.emit(conversation_id)
        self.list_changed.emit()

    def _on_settled(self, conversation_id: str) -> None:
        self.memory.drop(conversation_id, unsaved=False)
        self.reading.after(conversation_id)


def _title(conversation: Conversation) -> str:
    """The title by rule, from the first exchange; one that a person or another app gave is kept."""
    question = next((message for message in conversation.messages if message.role == "user"), None)
    if conversation.named or question is None:
        return conversation.title
    from app.chat.title import title_from  # the first picture does without its tables

    provisional = title_from(question.text)
    if conversation.title not in ("", provisional):
        return conversation.title
    replies = (m for m in conversation.messages if m.parent == question.id and m.role == "assistant")
    reply = next(replies, None)
    ended = reply is not None and reply.state not in ("queued", "streaming")
    return title_from(question.text, reply.answer) if reply is not None and ended else provisional
