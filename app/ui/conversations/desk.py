"""What a person does with conversations: open, begin, rename, delete and bring back, from list, header and keys."""

from PySide6.QtCore import QObject, QTimer, Signal

from app.chat.conversation import Conversation
from app.errors import AppError
from app.services.conversations.chat_service import ChatService
from app.services.conversations.conversation_service import ConversationService
from app.ui.conversations.page import ConversationPage
from app.ui.conversations.sidebar import Sidebar
from app.ui.frame import Frame
from app.ui.header import Header
from app.ui.notices import Action


class ConversationDesk(QObject):
    """Joins list, header and page to the services of conversations.

    Signals: `export_requested` and `copy_requested` with a conversation's id; `said` with why nothing was done;
    `wanted` when the conversations are to be in sight, whatever is shown in their place.
    """

    wanted = Signal()
    said = Signal(str)
    export_requested = Signal(str)
    copy_requested = Signal(str)

    def __init__(
        self,
        chat: ChatService,
        conversations: ConversationService,
        frame: Frame,
        sidebar: Sidebar,
        header: Header,
        page: ConversationPage,
    ) -> None:
        super().__init__(page)
        self._chat = chat
        self._conversations = conversations
        self._frame = frame
        self._sidebar = sidebar
        self._header = header
        self._page = page
        self._shown_id = ""
        self._deleted_open: list[str] = []
        self._connect()
        self._on_conversation_changed()

    @property
    def open_id(self) -> str:
        """The open conversation."""
        return self._chat.conversation.id

    def expect(self) -> None:
        """The last conversation is about to be read: until then no other title is shown."""
        self._header.title.set_text("")
        self._page.talk.expect()

    # What a person does

    def open(self, conversation_id: str) -> None:
        """Opens a conversation where it was left, with the cursor in the composer."""
        if conversation_id != self.open_id:
            self._page.talk.leave()
            self._page.talk.wait()
            self._chat.open(conversation_id)
        self._go_to_composer()

    def begin(self, *, temporary: bool = False) -> None:
        """Begins an empty conversation."""
        self._page.talk.leave()
        self._chat.new_conversation(temporary=temporary)
        self._sidebar.search.clear()
        self._go_to_composer()

    def begin_temporary(self) -> None:
        """Begins one that is never written to disk."""
        self.begin(temporary=True)

    def step(self, step: int) -> None:
        """Opens the next (1) or the one before (-1) in the list."""
        model = self._sidebar.model
        row = model.row_of(self.open_id) + step
        while 0 <= row < model.rowCount():
            summary = model.summary(row)
            if summary is not None:
                self.open(summary.id)
                return
            row += step

    def rename(self, conversation_id: str, title: str) -> None:
        """Gives a conversation another title."""
        self._conversations.rename(conversation_id, title)

    def begin_rename(self) -> None:
        """Lets a person type the open conversation's title in the header."""
        if self._chat.conversation.messages:
            self._frame.close_over()
            self._header.begin_rename(self._chat.conversation.title)

    def delete(self, conversation_id: str) -> None:
        """Deletes a conversation and offers the way back; where it was open, its neighbour is."""
        if conversation_id != self.open_id:
            self._finish_deleting(conversation_id)
            return
        if not self._chat.conversation.messages:
            return
        self._page.talk.leave()
        neighbour = self._sidebar.model.near(conversation_id)

        def go_on(conversation: Conversation) -> None:
            # It is held, so that it is open at once and nothing empty is seen between the two.
            self._conversations.keep(conversation)
            if self.open_id == conversation_id:
                self._chat.open(conversation.id)
            self._finish_deleting(conversation_id, was_open=True)
            self._conversations.release(conversation.id)

        def stay(_error: AppError) -> None:
            self._finish_deleting(conversation_id, was_open=True)

        if neighbour:
            self._conversations.get(neighbour, go_on, stay)
        else:
            self._finish_deleting(conversation_id, was_open=True)

    def _finish_deleting(self, conversation_id: str, *, was_open: bool = False) -> None:
        in_list = self._sidebar.view.hasFocus()
        self._deleted_open.append(conversation_id if was_open else "")
        self._conversations.delete(conversation_id)
        if not in_list or not self._sidebar.view.isVisible():
            self._page.focus_composer()
        self._page.say(self.tr("Conversation deleted"), Action(self.tr("Undo"), self.undo_delete))

    def delete_open(self) -> None:
        """Deletes the open conversation."""
        self.delete(self.open_id)

    def undo_delete(self) -> None:
        """Brings back what was deleted last, and opens it where it was open."""
        if not self._conversations.undo_delete():
            return
        self._page.toast.hide()
        back = self._deleted_open.pop() if self._deleted_open else ""
        if back:
            self.open(back)

    def export_open(self) -> None:
        """Asks for the export of the open conversation."""
        if self._chat.conversation.messages:
            self.export_requested.emit(self.open_id)
        else:
            self.said.emit(self.tr("There is nothing to export yet."))

    def copy_open(self) -> None:
        """Asks for a copy of the open conversation."""
        if self._chat.conversation.messages:
            self.copy_requested.emit(self.open_id)
        else:
            self.said.emit(self.tr("There is nothing to copy yet."))

    # How it is joined

    def _connect(self) -> None:
        sidebar, header = self._sidebar, self._header
        sidebar.new_requested.connect(self.begin)
        sidebar.opened.connect(self.open)
        sidebar.renamed.connect(self.rename)
        sidebar.delete_requested.connect(self.delete)
        sidebar.export_requested.connect(self.export_requested)
        sidebar.copy_requested.connect(self.copy_requested)
        sidebar.hide_requested.connect(self._frame.toggle_side)
        header.renamed.connect(lambda title: self.rename(self.open_id, title))
        header.list_button.clicked.connect(self._frame.toggle_side)
        header.export_button.clicked.connect(self.export_open)
        self._frame.side_changed.connect(lambda: header.set_side_shown(self._side_beside()))
        self._chat.conversation_changed.connect(self._on_conversation_changed)
        self._chat.message_added.connect(self._on_conversation_changed)
        self._chat.failed.connect(self._show_title)
        self._conversations.list_changed.connect(self._on_list_changed)
        self._conversations.conversation_changed.connect(self._on_value_changed)

    def _side_beside(self) -> bool:
        return self._frame.side_shown and not self._frame.over

    def come_in_sight(self) -> None:
        """Asks for the conversations, whatever is shown in their place."""
        self.wanted.emit()

    def _go_to_composer(self) -> None:
        self.wanted.emit()
        self._frame.close_over()
        # A turn later: a row that was clicked takes the focus for itself first.
        QTimer.singleShot(0, self, self._page.focus_composer)

    def _on_list_changed(self) -> None:
        self._sidebar.set_summaries(self._conversations.summaries)
        self._sidebar.show_open(self.open_id)

    def _on_value_changed(self, conversation_id: str) -> None:
        if conversation_id == self.open_id:
            self._show_title()

    def _on_conversation_changed(self) -> None:
        self._show_title()
        self._sidebar.show_open(self.open_id)

    def _show_title(self) -> None:
        conversation = self._chat.conversation
        title = conversation.title or self.tr("New conversation")
        self._header.set_exportable(bool(conversation.messages))
        self._header.show_conversation(
            title, temporary=conversation.temporary, same=conversation.id == self._shown_id
        )
        self._shown_id = conversation.id
