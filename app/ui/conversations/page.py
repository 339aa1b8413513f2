"""The page of the open conversation: transcript, notices and composer, and where each of them stands."""

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.services.conversations.chat_service import ChatService
from app.services.models.engine_service import EngineState
from app.ui.composer.composer import Composer
from app.ui.conversations.dock import Dock
from app.ui.conversations.empty_state import EmptyState
from app.ui.conversations.talk import Talk
from app.ui.icons import Icons
from app.ui.notices import Action, Notices, Toast
from app.ui.storage_notices import STORAGE_CODES
from app.ui.theme import Motion, Size, Space, Theme

if TYPE_CHECKING:
    from app.ui.conversations.placeholder import Placeholder
    from app.ui.transcript.view import TranscriptView


class ConversationPage(QWidget):
    """Everything between the header and the status line.

    Signal: `speed_changed` with the tokens a second of the growing reply, 0 when there is none.
    """

    speed_changed = Signal(float)

    def __init__(
        self, chat: ChatService, theme: Theme, icons: Icons, demo: Path, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._theme = theme
        self._icons = icons
        self._transcript: TranscriptView | None = None
        self._placeholder: Placeholder | None = None
        self.empty_state = EmptyState(theme, demo, self)
        self.dock = Dock(theme, icons, self)
        self.composer = Composer(theme, icons, self)
        self.toast = Toast(theme, self)
        self._toast_at = QPoint()
        self._soon = QTimer(self, singleShot=True, interval=Motion.SETTLED)
        self._soon.timeout.connect(lambda: self.transcript)
        self.notices.changed.connect(self._order_focus)
        self.talk = Talk(chat, self)
        self._order_focus()

    @property
    def transcript(self) -> "TranscriptView":
        """The conversation's text, made when it is first asked for: an empty one need not delay the first window."""
        return self._transcript or self.make_transcript()

    def make_transcript(self) -> "TranscriptView":
        """Makes the transcript: there is something to show in it, or time for it."""
        from app.ui.transcript.view import TranscriptView

        made = self._transcript = TranscriptView(self._theme, self._icons, self)
        self._place()
        made.lower()
        made.show()
        self._order_focus()
        self.talk.take_transcript(made)
        return made

    def focus_composer(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Puts the cursor into the composer."""
        self.composer.editor.setFocus(reason)

    def say(self, text: str, action: Action | None = None) -> None:
        """Says for a moment what was done, over everything that stands at the foot."""
        self.toast.say(text, self.toast_place(), action)

    def clear_notices(self, *kept: str) -> None:
        """Takes away what concerned the last question; whether text can be stored concerns every one."""
        gone = [code for code in self.notices.banners if code not in STORAGE_CODES and code not in kept]
        if gone:
            self.notices.clear(*gone)

    def show_emptiness(self, empty: bool) -> None:
        """An empty conversation says which model there is."""
        self.hide_placeholder()
        self.empty_state.setVisible(empty)

    def show_placeholder(self) -> None:
        """Still bars stand for a conversation that takes long to read."""
        from app.ui.conversations.placeholder import Placeholder

        if self._placeholder is None:
            self._placeholder = Placeholder(self._theme, self)
        self._placeholder.setGeometry(0, 0, self.width(), self.composer.y())
        self._placeholder.show()
        self._placeholder.raise_()

    def hide_placeholder(self) -> None:
        """What is shown is what is there."""
        if self._placeholder is not None:
            self._placeholder.hide()

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
        """Once the page is seen and the list is read there is time for the transcript."""
        super().paintEvent(event)
        if self._transcript is None and not self._soon.isActive():
            self._soon.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Places everything."""
        super().resizeEvent(event)
        self._place()

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
        if self._placeholder is not None:
            self._placeholder.setGeometry(0, 0, self.width(), top)
        if self._transcript is not None:
            self._transcript.setGeometry(0, 0, self.width(), end)
            self._transcript.set_bottom_padding(end - min(dock_top, top))
        text = QRect(left + Space.HANG, 0, width - 2 * Space.HANG, dock_top - Space.PAGE)
        self.empty_state.setGeometry(self._mirrored(text))
        # A toast stands over banners that come after it.
        at = self.toast_place()
        if self.toast.isVisible() and at != self._toast_at:
            self.toast.stand_over(at)
        self._toast_at = at

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
        if self.empty_state.isVisible():
            top = min(top, self.empty_state.top)
        return QPoint(composer.center().x(), top - Space.M)

    def _mirrored(self, area: QRect) -> QRect:
        if self.layoutDirection() == Qt.LayoutDirection.LeftToRight:
            return area
        return QRect(self.width() - area.right() - 1, area.y(), area.width(), area.height())
