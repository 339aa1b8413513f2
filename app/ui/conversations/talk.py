"""The open conversation on its page: what arrives is shown, what is written is sent, what is left is kept."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from app.chat.conversation import Conversation, Message
from app.services.conversations.chat_service import ChatService, ContextUse
from app.ui.theme import Motion

if TYPE_CHECKING:
    from app.ui.conversations.page import ConversationPage
    from app.ui.transcript.view import TranscriptView

_TELLING: Final = 0.3
"""Seconds of writing after which a speed is one."""


class Talk(QObject):
    """Joins the chat service to the transcript and the composer of a page."""

    def __init__(self, chat: ChatService, page: "ConversationPage") -> None:
        super().__init__(page)
        self._chat = chat
        self._page = page
        self._transcript: TranscriptView | None = None
        self._shown_id = ""
        self._written_id = ""
        self._left = False
        self._editing = ""
        self._fitted = True
        self._settled = QTimer(self, singleShot=True, interval=Motion.REMEMBER)
        self._settled.timeout.connect(self._keep_place)
        self._slow = QTimer(self, singleShot=True, interval=Motion.SLOW_LOAD)
        self._slow.timeout.connect(page.show_placeholder)
        self._connect()
        self._on_conversation_changed()

    # What others ask

    def leave(self) -> None:
        """Hands over what stands unsent and where the person is reading, before another conversation comes."""
        self._left = True
        if self._page.composer.draft != self._chat.conversation.draft:
            self._chat.draft_changed(self._page.composer.draft)
        self._keep_place()

    def wait(self) -> None:
        """Another conversation is being read: what is shown stays, unless that takes long."""
        self._slow.start()

    def expect(self) -> None:
        """The last conversation is about to be read: until then nothing is said of an empty one."""
        self._page.empty_state.hide()

    def take_transcript(self, transcript: "TranscriptView") -> None:
        """Shows the conversation in it from now on."""
        self._transcript = transcript
        chat = self._chat
        chat.prefilling.connect(transcript.set_prefill)
        transcript.continue_requested.connect(chat.continue_reply)
        transcript.regenerate_requested.connect(self._on_regenerate_requested)
        transcript.version_requested.connect(chat.step_version)
        transcript.edit_requested.connect(self._on_edit_requested)
        transcript.typed.connect(self._on_typed)
        transcript.verticalScrollBar().valueChanged.connect(lambda _place: self._settled.start())
        self._shown_id = ""
        self._on_conversation_changed()

    def regenerate_last(self) -> None:
        """Asks for another version of the last reply."""
        branch = self._chat.conversation.branch()
        if branch and branch[-1].role == "assistant":
            self._on_regenerate_requested(branch[-1].id)

    # How it is joined

    def _connect(self) -> None:
        chat, composer = self._chat, self._page.composer
        chat.conversation_changed.connect(self._on_conversation_changed)
        chat.message_added.connect(self._on_message_added)
        chat.message_changed.connect(self._on_message_changed)
        chat.context_changed.connect(self._on_context_changed)
        chat.answering_changed.connect(self._on_answering_changed)
        chat.failed.connect(self._on_failed)
        composer.send_requested.connect(self._on_send_requested)
        composer.stop_requested.connect(chat.stop)
        composer.draft_changed.connect(chat.draft_changed)
        composer.edit_sent.connect(self._on_edit_sent)
        composer.edit_cancelled.connect(self._on_edit_cancelled)
        composer.edit_last_requested.connect(self._on_edit_last_requested)

    # What a person does

    def _on_typed(self, text: str) -> None:
        # Nothing typed is lost, wherever the last click was.
        self._page.composer.editor.setFocus()
        self._page.composer.editor.write(text)

    def _on_send_requested(self, text: str) -> None:
        # Older banners go first, so that the one which says why it cannot be sent stays.
        self._page.clear_notices()
        if self._chat.send(text):
            self._page.composer.sent()

    def _on_regenerate_requested(self, message_id: str) -> None:
        self._page.clear_notices()
        self._chat.regenerate(message_id)

    def _keep_place(self) -> None:
        self._settled.stop()
        if self._transcript is not None and self._chat.conversation.messages:
            self._chat.remember_place(self._transcript.place())

    def _on_edit_requested(self, message_id: str) -> None:
        self._editing = message_id
        self._page.composer.begin_edit(self._chat.message(message_id).text)

    def _on_edit_last_requested(self) -> None:
        questions = [message.id for message in self._chat.conversation.branch() if message.role == "user"]
        if questions:
            self._on_edit_requested(questions[-1])

    def _on_edit_sent(self, text: str) -> None:
        self._page.clear_notices()
        if self._editing and self._chat.edit(self._editing, text):
            self._editing = ""
            self._page.composer.sent()

    def _on_edit_cancelled(self) -> None:
        self._editing = ""

    # What the service says

    def _on_conversation_changed(self) -> None:
        self._slow.stop()
        conversation = self._chat.conversation
        branch = conversation.branch()
        other = conversation.id != self._shown_id
        if branch and self._transcript is None:
            # It is made by this, and then shows the conversation by itself.
            self._page.make_transcript()
            return
        self._shown_id = conversation.id
        if conversation.id != self._written_id:
            self._written_id = conversation.id
            self._editing = ""
            self._show_draft(conversation)
            self._page.clear_notices()
        if self._transcript is not None:
            self._show(self._transcript, conversation, branch, other=other)
        self._page.show_emptiness(not branch)

    def _show_draft(self, conversation: Conversation) -> None:
        """Holds what stands unsent in it; what was typed while it was being read at the start is not lost."""
        composer = self._page.composer
        typed = "" if self._left else composer.draft
        self._left = False
        undoable = composer.editor.document().isUndoAvailable()
        if composer.editing or undoable or composer.draft != conversation.draft:
            # Also an empty text is set anew: undo brings nothing back that was sent in another conversation.
            composer.set_draft(conversation.draft)
        if typed and typed != conversation.draft:
            composer.editor.write(typed)

    def _show(
        self,
        transcript: "TranscriptView",
        conversation: Conversation,
        branch: tuple[Message, ...],
        *,
        other: bool,
    ) -> None:
        transcript.set_banner(self._banner(conversation))
        transcript.set_messages(branch)
        transcript.set_versions(self._versions(conversation, branch))
        if other:
            transcript.go_to(conversation.place)

    def _banner(self, conversation: Conversation) -> str:
        if not conversation.temporary:
            return ""
        return self.tr("Nothing here is saved. It goes when you close the window.")

    def _versions(
        self, conversation: Conversation, branch: tuple[Message, ...]
    ) -> dict[str, tuple[int, int]]:
        """Which version each message of the branch is, of those that have several."""
        if len(conversation.messages) == len(branch):
            return {}
        told = conversation.numbered()
        return {message.id: told[message.id] for message in branch if told[message.id][1] > 1}

    def _on_message_added(self, message_id: str) -> None:
        if self._transcript is None:
            self._page.make_transcript()
        else:
            self._transcript.add_message(self._chat.message(message_id))
        self._page.show_emptiness(False)

    def _on_message_changed(self, message_id: str) -> None:
        message = self._chat.message(message_id)
        if self._transcript is not None:
            self._transcript.update_message(message)
        if message_id == self._chat.answering:
            self._page.speed_changed.emit(speed(message))

    def _on_context_changed(self, use: ContextUse) -> None:
        if self._transcript is not None:
            self._transcript.set_left_out(use.left_out)
        if use.fits and not self._fitted:
            self._page.notices.clear("context_full")
        self._fitted = use.fits
        composer = self._page.composer
        if not use.fits:
            composer.set_hint(self.tr("This is longer than the model can read at once."), "warning")
        elif use.left_out:
            composer.set_hint(self.tr("The oldest messages no longer fit and are left out."))
        else:
            composer.set_hint("")

    def _on_answering_changed(self, answering: bool) -> None:
        self._page.composer.set_answering(answering)
        if not answering:
            self._page.speed_changed.emit(0.0)

    def _on_failed(self) -> None:
        self._slow.stop()
        self._page.show_emptiness(not self._chat.conversation.messages)


def speed(message: Message) -> float:
    """Tokens a second over all that the model has written of a reply; 0 while that is too short to tell."""
    seconds = sum(segment.seconds for segment in message.segments)
    return sum(segment.tokens for segment in message.segments) / seconds if seconds >= _TELLING else 0.0
