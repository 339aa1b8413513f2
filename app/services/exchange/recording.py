"""Keeps one question and its reply in the store while the reply is written, for the command line."""

import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, QTimer

from app.chat.conversation import Conversation, FinishReason, Message, Statistics, Text
from app.chat.growing_reply import GrowingReply
from app.chat.options import Choices, GenerateOptions
from app.chat.title import title_from
from app.errors import AppError
from app.protocol.engine import Delta

if TYPE_CHECKING:
    from app.storage.conversation_store import ConversationStore

_JOURNAL_MS = 250
"""Text that is older than this is on the disk."""


class Recording(QObject):
    """Stores the question before the engine is asked, and what the reply says four times a second.

    A store that fails stops nobody: `error` says so at the end, and `is_begun` whether the question was stored before.
    `conversation_id` is empty until something is stored.
    """

    def __init__(
        self,
        open_store: Callable[[], "ConversationStore"],
        parent: QObject | None = None,
        *,
        new_id: Callable[[], str] = lambda: os.urandom(16).hex(),
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(parent)
        self._open_store = open_store
        self._new_id = new_id
        self._now = now
        self._store: ConversationStore | None = None
        self._conversation: Conversation | None = None
        self._growing: GrowingReply | None = None
        self.error: AppError | None = None
        self.is_begun = False
        self._timer = QTimer(self, singleShot=True, interval=_JOURNAL_MS)
        self._timer.timeout.connect(self._journal)

    @property
    def conversation_id(self) -> str:
        """The id of what is stored."""
        return self._conversation.id if self._conversation is not None and self.error is None else ""

    def begin(
        self,
        text: str,
        system: str,
        reply_id: str,
        model: str,
        options: GenerateOptions,
        choices: Choices = Choices(),  # noqa: B008 (a frozen value)
    ) -> None:
        """Stores the question and an empty reply; a question without a word is none.

        `choices` are what the conversation goes on with.
        """
        if self._growing is not None or not text.strip():
            return
        now = self._now()
        question = Message(self._new_id(), "user", parts=(Text(text),), created=now)
        reply = Message(
            reply_id, "assistant", question.id, state="streaming", model=model, options=options, created=now
        )
        self._conversation = Conversation(
            self._new_id(), title_from(text), system, (question, reply), reply.id, now, now, choices=choices
        )
        self._growing = GrowingReply(reply)
        self._try(self._write_all)

    def read(self, prompt_tokens: int = 0) -> None:
        """The prompt is read, of so many tokens: from now on seconds count to what is written."""
        if self._growing is not None:
            self._growing.begin(prompt_tokens)

    def add(self, delta: Delta) -> None:
        """Takes what came of the reply."""
        if self._growing is not None:
            self._growing.add(delta.channel, delta.author, delta.text, delta.tokens)
            if not self._timer.isActive():
                self._timer.start()

    def end(self, reason: FinishReason, statistics: Statistics | None = None) -> None:
        """Stores the reply whole; a second end changes nothing."""
        if self._growing is None or self._conversation is None:
            return
        self._timer.stop()
        reply = self._growing.ended(reason, statistics)
        self._growing = None
        self._conversation = self._titled(self._conversation.replacing(reply))
        # What could not be journalled is in this: if the store takes it, nothing is lost.
        self.error = None
        self._try(self._write_all)

    def refuse(self) -> None:
        """The question was not one that this model takes: nothing of it is kept."""
        conversation, self._conversation = self._conversation, None
        self._growing = None
        self._timer.stop()
        if conversation is not None and self._store is not None:
            store, at = self._store, self._now()
            self._try(lambda: store.delete(conversation.id, at))

    def close(self) -> None:
        """Ends a reply that nobody waits for any longer, and closes the store."""
        self.end("interrupted")
        if self._store is not None:
            self._store.close()
            self._store = None

    def _titled(self, conversation: Conversation) -> Conversation:
        question, reply = conversation.messages
        title = title_from(question.text, reply.answer)
        return msgspec.structs.replace(conversation, title=title, updated=self._now())

    def _journal(self) -> None:
        if self._growing is None or self.error is not None or self._store is None:
            return
        store, reply_id, deltas = self._store, self._growing.id, self._growing.taken()
        if deltas:
            self._try(lambda: store.append(reply_id, deltas))

    def _write_all(self) -> None:
        if self._store is None:
            self._store = self._open_store()
        assert self._conversation is not None
        self._store.save_messages(self._conversation, *self._conversation.messages)
        self.is_begun = True

    def _try(self, write: Callable[[], None]) -> None:
        try:
            write()
        except AppError as error:
            self.error = error
