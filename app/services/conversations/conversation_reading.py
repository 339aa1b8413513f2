"""Reads the list and the open conversations from the store, when it opens and whenever others wrote in it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Signal

from app.chat.conversation import Conversation, Summary
from app.errors import AppError
from app.services.conversations.conversation_list import ConversationList

if TYPE_CHECKING:
    from app.services.conversations.store_service import StoreService


class ConversationReading(QObject):
    """Brings `rows` and `live` up to date with the store.

    A conversation that is `busy` (its reply grows, or its last change is in memory alone) is left alone; `after`
    reads it once it is free. What was changed here while the store was read is never undone by what was read: then it
    is read again.

    Signals: `listed`; `replaced` with the id of a live conversation that others changed, `gone` of one that they
    deleted; `failed` with an error.
    """

    listed = Signal()
    replaced = Signal(str)
    gone = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        store: "StoreService",
        rows: ConversationList,
        live: dict[str, Conversation],
        busy: Callable[[str], bool],
        unsaved: Callable[[str], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._rows = rows
        self._live = live
        self._busy = busy
        self._unsaved = unsaved
        self._changes = 0
        self._skipped: set[str] = set()

    def changed_here(self) -> None:
        """What is being read now is already out of date."""
        self._changes += 1

    def read(self) -> None:
        """Reads everything again."""
        self.read_list()
        for conversation_id in list(self._live):
            self.reread(conversation_id)

    def read_list(self) -> None:
        """Reads the list again."""
        asked = self._changes
        self._store.run(
            lambda store: store.summaries(), lambda rows: self._on_list(asked, rows), self.failed.emit
        )

    def after(self, conversation_id: str) -> None:
        """Something is over; reads a conversation that could not be read before."""
        if conversation_id in self._skipped and not self._busy(conversation_id):
            self._skipped.discard(conversation_id)
            self.reread(conversation_id)

    def reread(self, conversation_id: str) -> None:
        """Reads one live conversation again."""
        before = self._live.get(conversation_id)
        if before is None or before.temporary or not before.messages:
            return
        if self._busy(conversation_id):
            self._skipped.add(conversation_id)
            return

        def failed(error: AppError) -> None:
            if error.code == "conversation_missing" and self._live.get(conversation_id) is before:
                self.gone.emit(conversation_id)

        self._store.run(
            lambda store: store.load(conversation_id), lambda value: self._on_loaded(before, value), failed
        )

    def _on_list(self, asked: int, summaries: tuple[Summary, ...]) -> None:
        if asked != self._changes:
            self.read_list()
            return
        self._rows.read(summaries, self._unsaved)
        self.listed.emit()

    def _on_loaded(self, before: Conversation, loaded: Conversation) -> None:
        now = self._live.get(before.id)
        if now is None:
            return
        if now is not before or self._busy(before.id):
            self.reread(before.id)
            return
        # What is being typed, where it is being read and how it is asked is decided here.
        fresh = msgspec.structs.replace(
            loaded, draft=before.draft, place=before.place, choices=before.choices
        )
        if fresh != before:
            self._live[before.id] = fresh
            self.replaced.emit(before.id)
