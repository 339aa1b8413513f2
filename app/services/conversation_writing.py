"""Hands conversations to the store, and keeps trying when the disk does not take them."""

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.chat.conversation import Conversation, Message
from app.errors import AppError

if TYPE_CHECKING:
    from app.services.store_service import StoreService
    from app.storage.conversation_store import ConversationStore

Work = Callable[["ConversationStore"], object]

_AGAIN_MS = 10_000

_MESSAGES = "messages"


class ConversationWriting(QObject):
    """Everything that is written about conversations goes through here, in order, on the store's thread.

    What could not be written is tried again every ten seconds: changes as they were, the last of each kind, and
    messages by saving the whole conversation as it is by then, which `whole` gives (None: it is not there any more).

    Signals: `failed` with an error, once per code until everything is on disk again, which `saved` tells; `settled`
    with a conversation's id once nothing of it is unsaved any more.
    """

    failed = Signal(object)
    saved = Signal()
    settled = Signal(str)

    def __init__(
        self, store: "StoreService", whole: Callable[[str], Conversation | None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._whole = whole
        self._again = QTimer(self, interval=_AGAIN_MS)
        self._again.timeout.connect(self.try_again)
        self._unsaved: dict[tuple[str, str], Callable[[], Work | None]] = {}
        self._running = 0
        self._told: set[str] = set()
        # How many saves of a conversation were asked for, and up to which one the store is complete. The second is
        # kept on the store's thread, where the next save may run before anybody heard that this one failed.
        self._asked: Counter[str] = Counter()
        self._complete: Counter[str] = Counter()

    @property
    def everything_saved(self) -> bool:
        """Whether nothing failed that is not on disk by now."""
        return not self._unsaved

    def is_unsaved(self, conversation_id: str) -> bool:
        """Whether something of the conversation is in memory alone because the disk did not take it."""
        return any(owner == conversation_id for owner, _kind in self._unsaved)

    def write(self, conversation_id: str, kind: str, work: Work) -> None:
        """Does something that the next of its `kind` may take the place of."""
        self._run((conversation_id, kind), work, lambda: work)

    def save(self, conversation: Conversation, *messages: Message) -> None:
        """Stores these messages of the conversation and what is known about it; all of it when some is missing."""
        complete, key = self._complete, conversation.id
        number = self._number(key)

        def work(store: "ConversationStore") -> None:
            if complete[key] == number:
                store.save_messages(conversation, *messages)
            else:
                store.save(conversation)
            complete[key] = number + 1

        self._run((key, _MESSAGES), work, lambda: self._rewriting(key))

    def rewrite(self, conversation: Conversation) -> None:
        """Stores the whole of it; what is not in it any more goes."""
        self._run(
            (conversation.id, _MESSAGES), self._saving(conversation), lambda: self._rewriting(conversation.id)
        )

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
        waiting, self._unsaved = self._unsaved, {}
        for key in sorted(waiting, key=lambda key: key[1] != _MESSAGES):
            # Until it is written it counts as unsaved.
            self._unsaved[key] = waiting[key]
            work = waiting[key]()
            if work is None:
                del self._unsaved[key]
            else:
                self._run(key, work, waiting[key])
        self._calm()

    def _rewriting(self, conversation_id: str) -> Work | None:
        conversation = self._whole(conversation_id)
        return None if conversation is None else self._saving(conversation)

    def _saving(self, conversation: Conversation) -> Work:
        complete, key = self._complete, conversation.id
        number = self._number(key)

        def work(store: "ConversationStore") -> None:
            store.save(conversation)
            complete[key] = number + 1

        return work

    def _number(self, conversation_id: str) -> int:
        """The number of a save; one that is never done makes the next one a whole one."""
        self._asked[conversation_id] += 1
        return self._asked[conversation_id] - 1

    def _run(self, key: tuple[str, str], work: Work, again: Callable[[], Work | None]) -> None:
        self._running += 1

        def done(_result: object) -> None:
            self._running -= 1
            self._on_done(key)

        def failed(error: AppError) -> None:
            self._running -= 1
            self._on_failed(key, again, error)

        self._store.run(work, done, failed)

    def _on_done(self, key: tuple[str, str]) -> None:
        if self._unsaved.pop(key, None) is not None and not self.is_unsaved(key[0]):
            self.settled.emit(key[0])
        self._calm()

    def _on_failed(self, key: tuple[str, str], again: Callable[[], Work | None], error: AppError) -> None:
        missing = error.code == "conversation_missing"
        if missing and (key[0], _MESSAGES) not in self._unsaved:
            # Deleted by another process; that is told where the list is read.
            self._on_done(key)
            return
        self._unsaved[key] = again
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
