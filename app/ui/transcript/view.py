"""The transcript's view: takes messages, scrolls, and lets a person read, select, copy, fold and go on."""

from collections.abc import Sequence
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

from app.chat.conversation import Message
from app.ui.controls.menu import Menu
from app.ui.focus_ring import FOCUS_INSIDE
from app.ui.icons import Icons
from app.ui.theme import Role, Size, Space, Theme
from app.ui.transcript import accessible, words
from app.ui.transcript.actions import Actions
from app.ui.transcript.buttons import JumpButton
from app.ui.transcript.measures import Measure
from app.ui.transcript.page import page
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

    Signals: `continue_requested(str)` and `regenerate_requested(str)` with a message's id; `follows_end_changed(bool)`
    when the view begins or ceases to stay with the end; `typed(str)` with text that is meant for the composer.
    """

    continue_requested = Signal(str)
    regenerate_requested = Signal(str)
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
        self.verticalScrollBar().setSingleStep(theme.line_height(Role.READING))
        self.verticalScrollBar().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.stage = Stage(theme, icons, self.viewport())
        self.setProperty(accessible.STAGE, self.stage)
        accessible.install()
        self._actions = Actions(self.stage, self)
        self._pointer = Pointer(self.stage, self.viewport())
        self._pointer.selected.connect(self._actions.offer_selection)
        self._jump = JumpButton(theme, icons, self)
        self._jump.hide()
        self._jump.clicked.connect(self.jump_to_end)
        # What goes on is read where it goes on.
        self._actions.continue_requested.connect(self.jump_to_end)
        self._actions.continue_requested.connect(self.continue_requested)
        self._actions.regenerate_requested.connect(self.regenerate_requested)
        self.stage.moved.connect(self._on_moved)
        self.stage.dirty.connect(self.viewport().update)
        self.stage.follows_changed.connect(self.follows_end_changed)
        self.stage.tools.focused.connect(self._on_control_focused)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def set_messages(self, messages: tuple[Message, ...]) -> None:
        """Shows a conversation, from its end; messages that are shown already keep what the person has opened."""
        self.stage.set_messages(messages)
        accessible.tell_new_message(self)

    def add_message(self, message: Message) -> None:
        """Shows one more message."""
        self.stage.add(message)
        accessible.tell_new_message(self)

    def update_message(self, message: Message) -> None:
        """Takes what is new of a message; costs as much as what is new, however long it is."""
        self.stage.update(message)

    def set_prefill(self, message_id: str, done: int, total: int) -> None:
        """Tells how much of a reply's prompt has been read, in tokens."""
        self.stage.set_prefill(message_id, done, total)

    def set_left_out(self, message_ids: Sequence[str]) -> None:
        """Tells which messages the next prompt leaves out."""
        self.stage.set_left_out(frozenset(message_ids))

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
        made = page(self.size(), Size.SCROLL_BAR, shown, rtl, self._theme.line_height(Role.TRACE))
        room = self.width() - Size.SCROLL_BAR
        self.stage.set_page(made, self.viewport().height(), room)
        bar.setPageStep(self.viewport().height())

    def _on_moved(self) -> None:
        """Shows where the stage is: scroll bar, button to the end, text."""
        flow, bar = self.stage.flow, self.verticalScrollBar()
        self._syncing = True
        bar.setRange(0, flow.maximum)
        bar.setPageStep(flow.viewport)
        bar.setValue(flow.value)
        self._syncing = False
        self._jump.setVisible(not flow.ending.follows and not flow.end_is_seen)
        self._place_jump()
        self.viewport().update()

    def _place_jump(self) -> None:
        """Beside the composer, or inside the edge where there is no margin."""
        at, size = self.stage.document.page, Size.JUMP
        bar = self.width() - self.viewport().width()
        start = at.width + Space.HANG + Size.JUMP_GAP
        rect = at.rect(start, 0, size, size)
        if at.narrow:
            rect = at.rect_to(-Space.HANG, 0, size, size)
        if at.rtl:
            rect.translate(bar, 0)
        top = self.height() - self.stage.flow.overlap - Measure.JUMP_BOTTOM - size
        self._jump.move(rect.left(), top)

    def _on_control_focused(self, control: QWidget) -> None:
        """Brings a control into sight that the keyboard came to."""
        flow = self.stage.flow
        top, bottom = control.y(), control.y() + control.height()
        lowest = flow.viewport - flow.overlap - Space.M
        if top < Space.M:
            self.verticalScrollBar().setValue(flow.value + top - Space.M)
        elif bottom > lowest:
            self.verticalScrollBar().setValue(flow.value + bottom - lowest)

    def _on_theme_changed(self) -> None:
        """The page shows behind the scroll bar, too."""
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, self._theme.tokens.page)
        self.setPalette(palette)
        self.setAutoFillBackground(True)
        self.viewport().update()
