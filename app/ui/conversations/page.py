"""The page of the open conversation: places transcript, notices and composer, and joins them to the chat service."""

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.chat.conversation import Message
from app.services.chat_service import ChatService, ContextUse
from app.services.engine_service import EngineState
from app.ui.composer.composer import Composer
from app.ui.conversations.dock import Dock
from app.ui.conversations.empty_state import EmptyState
from app.ui.icons import Icons
from app.ui.notices import Notices, Toast
from app.ui.theme import Size, Space, Theme

if TYPE_CHECKING:
    from app.ui.transcript.view import TranscriptView

_TELLING: Final = 0.3
"""Seconds of writing after which a speed is one."""


class ConversationPage(QWidget):
    """Everything between the header and the status line.

    Signals: `speed_changed` (tokens a second of the growing reply, 0 when there is none), `title_changed`.
    """

    speed_changed = Signal(float)
    title_changed = Signal(str)

    def __init__(
        self, chat: ChatService, theme: Theme, icons: Icons, demo: Path, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._chat = chat
        self.setObjectName("page")
        self._theme = theme
        self._icons = icons
        self._transcript: TranscriptView | None = None
        self._fitted = True
        self.empty_state = EmptyState(theme, demo, self)
        self.dock = Dock(theme, icons, self)
        self.composer = Composer(theme, icons, self)
        self.toast = Toast(theme, self)
        self._connect()
        self._on_conversation_changed()
        self._order_focus()

    @property
    def transcript(self) -> "TranscriptView":
        """The conversation's text, made when it is first asked for: an empty one need not delay the first window."""
        if self._transcript is None:
            from app.ui.transcript.view import TranscriptView

            self._transcript = TranscriptView(self._theme, self._icons, self)
            self._connect_transcript(self._transcript)
            self._place()
            self._transcript.lower()
            self._transcript.show()
            self._order_focus()
        return self._transcript

    @property
    def notices(self) -> Notices:
        """Where this conversation's banners stand."""
        return self.dock.notices

    def show_state(self, state: EngineState) -> None:
        """Follows the engine: what an empty conversation says, the loading row, whether something can be sent."""
        self.empty_state.show_state(state)
        self.dock.loading.show_state(state)
        self.composer.set_obstacle(self.tr("No model is loaded.") if state.phase == "empty" else "")

    def event(self, event: QEvent) -> bool:
        """Places everything anew when a child wants another size."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.LayoutDirectionChange):
            self._place()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Once the page is seen there is time for the transcript."""
        super().paintEvent(event)
        if self._transcript is None:
            QTimer.singleShot(0, self, lambda: self.transcript)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Places everything."""
        super().resizeEvent(event)
        self._place()

    def _connect(self) -> None:
        chat, composer = self._chat, self.composer
        chat.conversation_changed.connect(self._on_conversation_changed)
        chat.message_added.connect(self._on_message_added)
        chat.message_changed.connect(self._on_message_changed)
        chat.context_changed.connect(self._on_context_changed)
        chat.answering_changed.connect(self._on_answering_changed)
        composer.send_requested.connect(self._on_send_requested)
        composer.stop_requested.connect(chat.stop)
        composer.draft_changed.connect(chat.draft_changed)
        self.notices.changed.connect(self._order_focus)
        self._theme.reading_changed.connect(self._place)

    def _connect_transcript(self, transcript: "TranscriptView") -> None:
        self._chat.prefilling.connect(transcript.set_prefill)
        transcript.continue_requested.connect(self._chat.continue_reply)
        transcript.regenerate_requested.connect(self._chat.regenerate)
        transcript.typed.connect(self._on_typed)

    def _on_typed(self, text: str) -> None:
        # Nothing typed is lost, wherever the last click was.
        self.composer.editor.setFocus()
        self.composer.editor.write(text)

    def _on_send_requested(self, text: str) -> None:
        # Older banners go first, so that the one which says why it cannot be sent stays.
        self.notices.clear()
        if self._chat.send(text):
            self.composer.sent()

    def _on_conversation_changed(self) -> None:
        branch = self._chat.conversation.branch()
        if branch or self._transcript is not None:
            self.transcript.set_messages(branch)
        self.empty_state.setVisible(not branch)
        self._tell_title(branch)

    def _on_message_added(self, message_id: str) -> None:
        self.transcript.add_message(self._chat.message(message_id))
        self.empty_state.hide()
        self._tell_title(self._chat.conversation.branch())

    def _on_message_changed(self, message_id: str) -> None:
        message = self._chat.message(message_id)
        self.transcript.update_message(message)
        if message_id == self._chat.answering:
            self.speed_changed.emit(speed(message))

    def _on_context_changed(self, use: ContextUse) -> None:
        if self._transcript is not None:
            self._transcript.set_left_out(use.left_out)
        if use.fits and not self._fitted:
            self.notices.clear("context_full")
        self._fitted = use.fits
        if not use.fits:
            self.composer.set_hint(self.tr("This is longer than the model can read at once."), "warning")
        elif use.left_out:
            self.composer.set_hint(self.tr("The oldest messages no longer fit and are left out."))
        else:
            self.composer.set_hint("")

    def _on_answering_changed(self, answering: bool) -> None:
        self.composer.set_answering(answering)
        if not answering:
            self.speed_changed.emit(0.0)

    def _tell_title(self, branch: tuple[Message, ...]) -> None:
        first = next((message.text for message in branch if message.role == "user"), "")
        self.title_changed.emit(self._chat.conversation.title or first)

    def _order_focus(self) -> None:
        """Tab goes down the page; a banner that came later stands above the composer all the same."""
        stops: list[QWidget] = [] if self._transcript is None else [self._transcript]
        stops += [banner.button for banner in self.notices.banners.values()]
        stops += [self.composer.editor, self.composer.button]
        for before, after in pairwise(stops):
            self.setTabOrder(before, after)

    def _place(self) -> None:
        """The composer stands at the foot, on the axis of a column that has a scroll bar beside it."""
        room = self.width() - 2 * Space.PAGE - Size.SCROLL_BAR
        width = min(self._theme.surface_width, room)
        left = Space.PAGE + (room - width) // 2
        self.composer.set_max_height(self.window().height() // 3)
        height = self.composer.sizeHint().height()
        top = self.height() - height
        self.composer.setGeometry(self._mirrored(QRect(left, top, width, height)))
        dock_top = self._place_dock(left, top, width)
        docked = dock_top < top
        end = dock_top if docked else top + Space.COMPOSER_OVERLAP
        if self._transcript is not None:
            self._transcript.setGeometry(0, 0, self.width(), end)
            self._transcript.set_bottom_padding(end - min(dock_top, top))
        text = QRect(left + Space.HANG, 0, width - 2 * Space.HANG, dock_top - Space.PAGE)
        self.empty_state.setGeometry(self._mirrored(text))

    def _place_dock(self, left: int, bottom: int, width: int) -> int:
        """Places the rows above the composer; their upper edge, or the composer's when there are none."""
        height = self.dock.height_for(width)
        if not height:
            return bottom
        area = QRect(left, bottom - Space.S - height, width, height)
        self.dock.setGeometry(self._mirrored(area))
        return area.top() - Space.S

    def toast_place(self) -> QPoint:
        """Where a toast's lower edge has its middle: over the column, above everything that stands at the foot."""
        composer = self.composer.geometry()
        top = self.dock.y() if self.dock.height_for(composer.width()) else composer.y()
        return QPoint(composer.center().x(), top - Space.M)

    def _mirrored(self, area: QRect) -> QRect:
        if self.layoutDirection() == Qt.LayoutDirection.LeftToRight:
            return area
        return QRect(self.width() - area.right() - 1, area.y(), area.width(), area.height())


def speed(message: Message) -> float:
    """Tokens a second over all that the model has written of a reply; 0 while that is too short to tell."""
    seconds = sum(segment.seconds for segment in message.segments)
    return sum(segment.tokens for segment in message.segments) / seconds if seconds >= _TELLING else 0.0
