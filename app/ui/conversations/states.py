"""Which conversations are being answered or wait for it, in the list and at the window's foot."""

from PySide6.QtCore import QObject

from app.chat.conversation import Message
from app.services.conversations.chat_service import ChatService
from app.services.conversations.conversation_service import ConversationService
from app.services.conversations.reply_service import ReplyService
from app.ui.announce import announce
from app.ui.conversations.sidebar import Sidebar
from app.ui.conversations.talk import speed
from app.ui.status_line import StatusLine


class ReplyStates(QObject):
    """Follows the queue of replies, and the speed of one that grows in a conversation that is not open."""

    def __init__(
        self,
        chat: ChatService,
        conversations: ConversationService,
        replies: ReplyService,
        sidebar: Sidebar,
        status_line: StatusLine,
    ) -> None:
        super().__init__(sidebar)
        self._chat = chat
        self._conversations = conversations
        self._replies = replies
        self._sidebar = sidebar
        self._status_line = status_line
        for changed in (replies.queue_changed, replies.started, replies.ended):
            changed.connect(self._on_queue_changed)
        replies.changed.connect(self._on_reply_changed)
        replies.ended.connect(self._on_reply_ended)
        chat.conversation_changed.connect(self._tell_elsewhere)
        conversations.list_changed.connect(self._tell_elsewhere)

    @property
    def answered_title(self) -> str | None:
        """The title of the conversation that is being answered; None when none is."""
        running = self._replies.running
        return self._title(running.conversation_id) if running is not None else None

    def _on_queue_changed(self) -> None:
        running = self._replies.running
        states = {job.conversation_id: "queued" for job in self._replies.waiting}
        if running is not None:
            states[running.conversation_id] = "answering"
        self._sidebar.set_states(states)
        self._tell_elsewhere()

    def _on_reply_changed(self, conversation_id: str, _reply_id: str) -> None:
        if conversation_id != self._chat.conversation.id:
            self._tell_elsewhere()

    def _on_reply_ended(self, conversation_id: str, reply: Message) -> None:
        """Tells assistive technology of a reply that is out of sight; of the others the transcript tells."""
        # What a person stopped, or deleted with its conversation, is no news.
        gone = (
            self._sidebar.model.row_of(conversation_id) < 0
            and self._conversations.live(conversation_id) is None
        )
        if conversation_id == self._chat.conversation.id or reply.reason == "stopped" or gone:
            return
        from app.ui.transcript.words import has_ended_elsewhere

        announce(self._sidebar, has_ended_elsewhere(reply, self._title(conversation_id)))

    def _tell_elsewhere(self) -> None:
        running = self._replies.running
        if running is None or running.conversation_id == self._chat.conversation.id:
            self._status_line.set_elsewhere("")
            return
        message = self._replies.message(running.reply_id)
        fast = speed(message) if message is not None else 0.0
        self._status_line.set_elsewhere(self._title(running.conversation_id), fast)

    def _title(self, conversation_id: str) -> str:
        row = self._sidebar.model.row_of(conversation_id)
        summary = self._sidebar.model.summary(row)
        live = self._conversations.live(conversation_id)
        title = summary.title if summary is not None else live.title if live is not None else ""
        return title or self.tr("New conversation")
