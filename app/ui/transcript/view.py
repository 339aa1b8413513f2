"""The transcript's view: takes messages, scrolls, and lets a person read, select, copy, fold and go on."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QAbstractSlider, QWidget

from app.chat.conversation import Message, Place
from app.ui.announce import announce
from app.ui.controls.menu import Menu
from app.ui.focus_ring import FOCUS_INSIDE
from app.ui.icons import Icons
from app.ui.theme import Role, Size, Theme
from app.ui.transcript import accessible, words
from app.ui.transcript.actions import Actions
from app.ui.transcript.banner import Banner
from app.ui.transcript.buttons import JumpButton
from app.ui.transcript.page import Frame, page
from app.ui.transcript.pointer import Pointer
from app.ui.transcript.stage import Stage
from app.ui.transcript.typing import typed_text
from app.ui.transcript.wheel import wheel

_Action = QAbstractSlider.SliderAction
_KEYS: Final = {
    Qt.Key.Key_Up: _Action.SliderSingleStepSub,
    Qt.Key.Key_Down: _Action.SliderSingleStepAdd,
    Qt.Key.Key_PageUp: _Action.SliderPageStepSub,
    Qt.Key.Key_PageDown: _Action.SliderPageStepAdd,
    Qt.Key.Key_Home: _Action.SliderToMinimum,
    Qt.Key.Key_End: _Action.SliderToMaximum,
}


class TranscriptView(QAbstractScrollArea):
    """A conversation, block by block.

    Signals: `continue_requested(str)`, `regenerate_requested(str)` and `edit_requested(str)` with a message's id;
    `version_requested(str, int)` with that and how many versions to go on; `follows_end_changed(bool)` when the view
    begins or ceases to stay with the end; `typed(str)` with text that is meant for the composer.
    """

    continue_requested = Signal(str)
    regenerate_requested = Signal(str)
    edit_requested = Signal(str)
    version_requested = Signal(str, int)
    follows_end_changed = Signal(bool)
    typed = Signal(str)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._syncing = False
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(words.transcript())
        self.setProperty(FOCUS_INSIDE, True)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.verticalScrollBar().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.stage = Stage(theme, icons, self.viewport())
        self.setProperty(accessible.STAGE, self.stage)
        accessible.install()
        self._actions = Actions(self.stage, theme, icons, self)
        self._pointer = Pointer(self.stage, self.viewport())
        self._pointer.selected.connect(self._actions.offer_selection)
        self._banner = Banner(theme, icons, self.viewport())
        self._jump = JumpButton(theme, icons, self)
        self._jump.hide()
        self._jump.clicked.connect(self.jump_to_end)
        # What goes on is read where it goes on.
        self._actions.continue_requested.connect(self.jump_to_end)
        self._actions.continue_requested.connect(self.continue_requested)
        self._actions.regenerate_requested.connect(self.regenerate_requested)
        self._actions.edit_requested.connect(self.edit_requested)
        self._actions.version_requested.connect(self.version_requested)
        self.stage.moved.connect(self._on_moved)
        self.stage.dirty.connect(self.viewport().update)
        self.stage.follows_changed.connect(self.follows_end_changed)
        theme.changed.connect(self._on_theme_changed)
        theme.reading_changed.connect(self._set_page)
        self._on_theme_changed()

    def set_messages(self, messages: tuple[Message, ...]) -> None:
        """Shows a conversation, from its end, or another branch of the same one.

        Messages that are shown already keep their place and what the person has opened.
        """
        self.stage.set_messages(messages)
        accessible.tell_new_message(self)

    def add_message(self, message: Message) -> None:
        """Shows one more message."""
        self.stage.add(message)
        accessible.tell_new_message(self)

    def update_message(self, message: Message) -> None:
        """Takes what is new of a message; costs as much as what is new, however long it is.

        Assistive technology is told once when a reply has ended.
        """
        if self.stage.update(message):
            announce(self, words.has_ended(message))

    def set_prefill(self, message_id: str, done: int, total: int) -> None:
        """Tells how much of a reply's prompt has been read, in tokens."""
        self.stage.set_prefill(message_id, done, total)

    def set_left_out(self, message_ids: Sequence[str]) -> None:
        """Tells which messages the next prompt leaves out."""
        self.stage.set_left_out(frozenset(message_ids))

    def set_versions(self, versions: Mapping[str, tuple[int, int]]) -> None:
        """Tells, by message id, which version is shown (from 1) and how many there are."""
        self.stage.set_versions(versions)

    def set_banner(self, text: str) -> None:
        """Says something above the first message; empty says nothing."""
        self._banner.set_text(text)
        self.setAccessibleDescription(text)
        self.stage.set_banner(self._banner.height_on(self.stage.document.page))

    def place(self) -> Place | None:
        """Where the person reads; None at the end."""
        return self.stage.place()

    def go_to(self, place: Place | None) -> None:
        """Goes where the person was reading; to the end for None, or if that message is not there."""
        if place is None or not self.stage.go_to(place):
            self.jump_to_end()

    def set_bottom_padding(self, pixels: int) -> None:
        """So much of the lower edge is covered by the composer."""
        self.stage.set_overlap(pixels)

    def jump_to_end(self) -> None:
        """Goes to the end and stays with it."""
        self.stage.jump_to_end()

    def selected_text(self) -> str:
        """What is selected, as Copy would take it."""
        return self.stage.document.selected_text(self.stage.selection)

    def select_all(self) -> None:
        """Selects the whole conversation."""
        self._actions.select_all()

    def copy(self) -> None:
        """Copies what is selected."""
        self._actions.copy_selection()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Sets the text in the new width."""
        super().resizeEvent(event)
        self._set_page()

    def changeEvent(self, event: QEvent) -> None:
        """Turns round with the direction of reading."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._set_page()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """The person scrolls."""
        if not self._syncing:
            self.stage.scroll_to(self.verticalScrollBar().value())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws what is seen."""
        painter = QPainter(self.viewport())
        self.stage.draw(painter, event.rect(), self.devicePixelRatioF())
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolls the trace or the code under the pointer as long as it can, else the conversation."""
        if wheel(self.stage, event):
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scrolls, copies and selects; hands on what is typed or pasted, as nothing here takes text."""
        action = _KEYS.get(Qt.Key(event.key()))
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif action is not None:
            self.verticalScrollBar().triggerAction(action)
        elif text := typed_text(event):
            self.typed.emit(text)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offers to copy and to select all."""
        menu = Menu(self._theme, self._icons, words.transcript(), self)
        copy = menu.add(words.copy(), self.copy, keys=QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setEnabled(not self.stage.selection.empty)
        menu.add(words.select_all(), self.select_all, keys=QKeySequence(QKeySequence.StandardKey.SelectAll))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def _set_page(self) -> None:
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        bar = self.verticalScrollBar()
        shown = self.viewport().width() < self.width()
        short = self.window().height() < Size.SHORT_WINDOW
        frame = Frame(self.size(), Size.SCROLL_BAR, shown, rtl, short)
        made = page(frame, self._theme.reading, self._theme.reading_line(Role.TRACE))
        self.stage.set_banner(self._banner.height_on(made))
        self.stage.set_page(made, self.viewport().height(), self.width() - Size.SCROLL_BAR)
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(self._theme.reading_line(Role.READING))

    def _on_moved(self) -> None:
        """Shows where the stage is: scroll bar, button to the end, text."""
        flow, bar = self.stage.flow, self.verticalScrollBar()
        # A range that makes the bar appear gives the viewport another size, which moves everything once more.
        before, self._syncing = self._syncing, True
        bar.setRange(0, flow.maximum)
        bar.setPageStep(flow.viewport)
        bar.setValue(flow.value)
        self._syncing = before
        self._jump.setVisible(not flow.ending.follows and not flow.end_is_seen)
        self._jump.place(
            self.stage.document.page, self.height() - flow.overlap, self.width() - self.viewport().width()
        )
        self._banner.place(self.stage.document.page, flow.value)
        self.viewport().update()

    def _on_theme_changed(self) -> None:
        """The page shows behind the scroll bar, too."""
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, self._theme.tokens.page)
        self.setPalette(palette)
        self.setAutoFillBackground(True)
        self.viewport().update()
