"""Which conversation is open, and how another one takes its place."""

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QObject, Signal

from app.chat.conversation import Conversation
from app.chat.options import Choices
from app.errors import AppError
from app.services.conversations.conversation_service import ConversationService


class OpenConversation(QObject):
    """The open conversation, a new one at first. `system` gives the system prompt of those that are not begun yet.

    Signals: `changed` when another conversation is open, or this one was changed by others; `failed` when one cannot
    be opened.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(
        self, conversations: ConversationService, system: Callable[[], str], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._conversations = conversations
        self._wanted = ""
        self._listed = False
        self._system = system
        self.id = conversations.create().id
        conversations.list_read.connect(self._on_list_read)
        conversations.replaced.connect(self._on_replaced)
        conversations.removed.connect(self._on_removed)

    @property
    def value(self) -> Conversation:
        """Its value; while nothing was sent, its system prompt is the one of now."""
        value = self._conversations.live(self.id)
        if value is None:
            raise KeyError(self.id)
        return value if value.messages else msgspec.structs.replace(value, system=self._system())

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was typed into it or chosen for it yet."""
        value = self.value
        return not (value.messages or value.draft or value.temporary) and value.choices == Choices()

    def open(self, conversation_id: str) -> None:
        """Opens a conversation as soon as it is read."""
        self._wanted = conversation_id
        if conversation_id != self.id:
            self._conversations.get(conversation_id, self._on_loaded, self._on_not_loaded)

    def begin(self, *, temporary: bool) -> None:
        """Opens an empty one: the one that is there already, with its draft, or a new one."""
        unsent = self._conversations.unsent_id
        if not temporary and unsent and unsent != self.id:
            self.open(unsent)
            return
        self._wanted = ""
        value = self.value
        if value.messages or value.temporary != temporary:
            self._show(self._conversations.create(temporary=temporary))

    def typed(self) -> None:
        """Something was typed: the draft of last time, which is being read, no longer takes its place."""
        if self._wanted == self._conversations.unsent_id:
            self._wanted = ""

    def _show(self, conversation: Conversation) -> None:
        """Takes over a conversation that is kept for it."""
        before, self.id = self.id, conversation.id
        self._conversations.release(before)
        self._conversations.set_read(self.id)
        self.changed.emit()

    def _on_loaded(self, conversation: Conversation) -> None:
        # Somebody may have clicked on while it was read.
        if conversation.id == self._wanted and conversation.id != self.id:
            self._conversations.keep(conversation)
            self._show(conversation)

    def _on_not_loaded(self, error: AppError) -> None:
        self._wanted = ""
        self.failed.emit(error)

    def _on_list_read(self) -> None:
        """At the start: where nothing was typed or opened yet, the draft of last time comes back."""
        first, self._listed = not self._listed, True
        if first and self.is_untouched and not self._wanted:
            self.begin(temporary=False)

    def _on_replaced(self, conversation_id: str) -> None:
        if conversation_id == self.id:
            self.changed.emit()

    def _on_removed(self, conversation_id: str) -> None:
        if conversation_id == self.id:
            self._wanted = ""
            self._show(self._conversations.create())
            self.begin(temporary=False)
