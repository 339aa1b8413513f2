"""What the reply of the open conversation does, and what becomes of replies that nobody looks at."""

from PySide6.QtCore import QObject, Signal

from app.chat.conversation import Message
from app.errors import AppError
from app.services.conversations.conversation_service import ConversationService
from app.services.conversations.open_conversation import OpenConversation
from app.services.conversations.reply_service import ReplyService


class ReplySight(QObject):
    """Follows the replies; one that ends in another conversation marks it as unread, unless a person stopped it.

    Signals about the open conversation: `changed` with a reply's id and the tokens of the context that are taken, when
    it is in the active branch; `prefilling` with its tokens; `ended` with the message; `failed` with an error.
    """

    changed = Signal(str, int)
    prefilling = Signal(str, int, int)
    ended = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        conversations: ConversationService,
        replies: ReplyService,
        opened: OpenConversation,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._conversations = conversations
        self._replies = replies
        self._opened = opened
        replies.started.connect(self._on_changed)
        replies.changed.connect(self._on_changed)
        replies.prefilling.connect(self._on_prefilling)
        replies.ended.connect(self._on_ended)
        replies.failed.connect(self._on_failed)

    def shows(self, message_id: str) -> bool:
        """Whether a message is in the branch that is looked at."""
        return any(message.id == message_id for message in self._opened.value.branch())

    def _on_changed(self, conversation_id: str, reply_id: str) -> None:
        job = self._replies.job_in(conversation_id)
        if conversation_id == self._opened.id and job is not None and self.shows(reply_id):
            self.changed.emit(reply_id, job.tokens)

    def _on_prefilling(self, reply_id: str, done: int, total: int) -> None:
        if self.shows(reply_id):
            self.prefilling.emit(reply_id, done, total)

    def _on_ended(self, conversation_id: str, message: Message) -> None:
        if conversation_id == self._opened.id:
            self.ended.emit(message)
        elif message.reason != "stopped":
            self._conversations.set_read(conversation_id, read=False)

    def _on_failed(self, conversation_id: str, error: AppError) -> None:
        if conversation_id == self._opened.id:
            self.failed.emit(error)
