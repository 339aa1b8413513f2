"""Hands conversations to the store, and keeps trying when the disk does not take them."""

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.chat.conversation import Conversation, Message
from app.errors import AppError
from app.services.conversations.live_conversations import LiveConversations

if TYPE_CHECKING:
    from app.services.conversations.store_service import StoreService
    from app.storage.conversation_store import ConversationStore

Work = Callable[["ConversationStore"], object]

_AGAIN_MS = 10_000

_MESSAGES = "messages"
_TEXT = frozenset({_MESSAGES, "draft", "title"})
"""What a person wrote or reads; where they were reading is none of it."""


class ConversationWriting(QObject):
    """Everything that is written about conversations goes through here, in order, on the store's thread.

    What could not be written is tried again every ten seconds: changes as they were, the last of each kind, and
    messages by saving the whole conversation as it is by then in `memory`. Others may write in it too: over what is
    stored already go only the messages that were changed here, and only what was removed here is removed.

    `error` is what failed last. Signals: `failed` with it, once per code until everything is on disk again, which
    `saved` tells; `settled` with a conversation's id whenever all of it is on disk.
    """

    failed = Signal(object)
    saved = Signal()
    settled = Signal(str)

    def __init__(self, store: "StoreService", memory: LiveConversations, parent: QObject) -> None:
        super().__init__(parent)
        self._store = store
        self._memory = memory
        self._again = QTimer(self, interval=_AGAIN_MS)
        self._again.timeout.connect(self.try_again)
        self._unsaved: dict[tuple[str, str], Callable[[], Work | None]] = {}
        self._running: Counter[str] = Counter()
        self._told: set[str] = set()
        self.error: AppError | None = None
        # How many saves of a conversation were asked for, and up to which one the store is complete. The second is
        # kept on the store's thread, where the next save may run before anybody heard that this one failed.
        self._asked: Counter[str] = Counter()
        self._complete: Counter[str] = Counter()
        # Since all of a conversation was on disk: which messages were changed here, and which were removed.
        self._own: defaultdict[str, set[str]] = defaultdict(set)
        self._removed: defaultdict[str, set[str]] = defaultdict(set)

    @property
    def is_busy(self) -> bool:
        """Whether something is on its way to the disk."""
        return bool(self._running)

    @property
    def unsaved_text(self) -> tuple[str, ...]:
        """The conversations of which a person would miss something that is in memory alone."""
        ids = dict.fromkeys(owner for owner, kind in self._unsaved if kind in _TEXT)
        return tuple(one for one in ids if not self._memory.is_deleted(one))

    def is_unsaved(self, conversation_id: str) -> bool:
        """Whether something of the conversation is in memory alone because the disk did not take it."""
        return any(owner == conversation_id for owner, _kind in self._unsaved)

    def may_be_lost(self, conversation_id: str) -> bool:
        """Whether it is not known yet that all of the conversation is on disk."""
        return conversation_id in self._running or self.is_unsaved(conversation_id)

    def write(self, conversation_id: str, kind: str, work: Work) -> None:
        """Does something that the next of its `kind` may take the place of."""
        self._run((conversation_id, kind), work, lambda: work)

    def write_now(self, conversation_id: str, kind: str, work: Callable[[Conversation], Work]) -> None:
        """As `write`, of the conversation as it is now; if that fails, as it will be when the disk takes it."""

        def again() -> Work | None:
            conversation = self._memory.value(conversation_id)
            return None if conversation is None else work(conversation)

        begun = again()
        if begun is not None:
            self._run((conversation_id, kind), begun, again)

    def save(self, conversation: Conversation, *messages: Message, removed: str = "") -> None:
        """Stores these messages of the conversation and what is known about it; all of it when some is missing.

        `removed` is the id of a message that it no longer has.
        """
        complete, key = self._complete, conversation.id
        self._own[key].update(message.id for message in messages)
        if removed:
            self._removed[key].add(removed)
        number = self._number(key)
        whole = self._whole(conversation)

        def work(store: "ConversationStore") -> None:
            if complete[key] == number and not removed:
                store.save_messages(conversation, *messages)
            else:
                whole(store)
            complete[key] = number + 1

        self._run((key, _MESSAGES), work, lambda: self._rewriting(key))

    def rewrite(self, conversation_id: str) -> None:
        """Stores all of it over what is in a file that may be another one by now."""
        conversation, growing = self._memory.whole(conversation_id), self._memory.growing(conversation_id)
        if conversation is None:
            return
        self._own[conversation_id].update(
            # Somebody else's reply, as far as it was read here, is not what it is by now.
            message.id
            for message in conversation.messages
            if message.state not in ("queued", "streaming") or (growing and growing.id == message.id)
        )
        work = self._saving(conversation)
        self._run((conversation_id, _MESSAGES), work, lambda: self._rewriting(conversation_id))

    def not_saved(self, conversation_id: str, error: AppError) -> None:
        """Somebody else could not store a part of it: it is saved whole when the disk takes it."""
        self._number(conversation_id)
        key = (conversation_id, _MESSAGES)
        if error.code == "conversation_missing":
            # The store is another one by now, out of a backup: there it comes back at once.
            work = self._rewriting(conversation_id)
            if work is not None:
                self._run(key, work, lambda: self._rewriting(conversation_id))
        else:
            self._on_failed(key, lambda: self._rewriting(conversation_id), error)

    def forget(self, conversation_id: str) -> None:
        """Nothing of it needs to be written any more."""
        for key in [key for key in self._unsaved if key[0] == conversation_id]:
            del self._unsaved[key]

    def try_again(self, *, at_last: bool = False) -> None:
        """Tries now what failed; messages first, since the rest is about them. Later, unless `at_last`, if busy."""
        if self._running and not at_last:
            return
        # Until it is written it counts as unsaved.
        for key, again in sorted(self._unsaved.items(), key=lambda item: item[0][1] != _MESSAGES):
            work = again()
            if work is None:
                self._unsaved.pop(key, None)
            else:
                self._run(key, work, again)
        self._calm()

    def _rewriting(self, conversation_id: str) -> Work | None:
        conversation, growing = self._memory.whole(conversation_id), self._memory.growing(conversation_id)
        if growing is not None:
            self._own[conversation_id].add(growing.id)
        return None if conversation is None else self._saving(conversation)

    def _saving(self, conversation: Conversation) -> Work:
        complete, key = self._complete, conversation.id
        number = self._number(key)
        whole = self._whole(conversation)

        def work(store: "ConversationStore") -> None:
            whole(store)
            complete[key] = number + 1

        return work

    def _whole(self, conversation: Conversation) -> Work:
        own, removed = frozenset(self._own[conversation.id]), frozenset(self._removed[conversation.id])
        return lambda store: store.save(conversation, own=own, removed=removed)

    def _number(self, conversation_id: str) -> int:
        """The number of a save; one that is never done makes the next one a whole one."""
        self._asked[conversation_id] += 1
        return self._asked[conversation_id] - 1

    def _run(self, key: tuple[str, str], work: Work, again: Callable[[], Work | None]) -> None:
        self._running[key[0]] += 1

        def done(_result: object) -> None:
            self._unsaved.pop(key, None)
            self._over(key[0])

        def failed(error: AppError) -> None:
            self._on_failed(key, again, error)
            self._over(key[0])

        self._store.run(work, done, failed)

    def _over(self, conversation_id: str) -> None:
        self._running[conversation_id] -= 1
        if not self._running[conversation_id]:
            del self._running[conversation_id]
        if not self.may_be_lost(conversation_id):
            self._own.pop(conversation_id, None)
            self._removed.pop(conversation_id, None)
            self.settled.emit(conversation_id)
        self._calm()

    def _on_failed(self, key: tuple[str, str], again: Callable[[], Work | None], error: AppError) -> None:
        missing = error.code == "conversation_missing"
        if missing and (key[0], _MESSAGES) not in self._unsaved:
            # Deleted by another process; that is told where the list is read.
            self._unsaved.pop(key, None)
            return
        self._unsaved[key] = again
        self.error = error
        if not self._again.isActive():
            self._again.start()
        if error.code not in self._told and not missing:
            self._told.add(error.code)
            self.failed.emit(error)

    def _calm(self) -> None:
        """All is well again, if it is."""
        if self._told and not self._unsaved and not self._running:
            self._again.stop()
            self._told.clear()
            self.saved.emit()
