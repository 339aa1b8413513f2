"""The list of conversations: scrolled, walked by keyboard, and its rows opened, renamed and deleted."""

from typing import Final

from PySide6.QtCore import (
    QElapsedTimer,
    QEvent,
    QItemSelectionModel,
    QMargins,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QHideEvent,
    QHoverEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QApplication,
    QFrame,
    QStyle,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from app.chat.conversation import Summary
from app.ui.conversations.list_model import ConversationListModel
from app.ui.conversations.reckoned_list import ReckonedList
from app.ui.conversations.row_delegate import RowDelegate
from app.ui.focus_ring import FOCUS_OWN
from app.ui.icons import Icons
from app.ui.theme import Motion, Space, Theme

_KEYBOARD: Final = frozenset(
    {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason}
)
_OPENS: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_DELETES: Final = frozenset({Qt.Key.Key_Delete, Qt.Key.Key_Backspace})
_ACTS: Final = _OPENS | _DELETES | {Qt.Key.Key_F2}


class ConversationListView(ReckonedList):
    """One row a conversation.

    The selected row is the open conversation; the current one, which the keys move, has the focus ring.
    Signals: `opened` and `delete_requested` with an id; `menu_requested` with an id and a place on the screen.
    """

    opened = Signal(str)
    delete_requested = Signal(str)
    menu_requested = Signal(str, QPoint)

    def __init__(
        self, model: ConversationListModel, theme: Theme, icons: Icons, parent: QWidget | None = None
    ) -> None:
        super().__init__(model, _ACTS, parent)
        self._theme = theme
        self._by_keyboard = False
        self._pointer: QPoint | None = None
        self._pressed = QPoint()
        self._typed = QElapsedTimer()
        self._current_id = ""
        self.rows = RowDelegate(theme, icons, model, self)
        self.setItemDelegate(self.rows)
        self.setAccessibleName(self.tr("Conversations"))
        self.setProperty(FOCUS_OWN, True)
        self.setObjectName("conversations")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewportMargins(Space.S, 0, Space.S, 0)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        # Rows that come and go move the current one, but not what a person reads; only keys do.
        self.setAutoScroll(False)
        self.setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._turn = QTimer(self, interval=Motion.FRAME)
        self._turn.timeout.connect(self._on_turned)
        self.clicked.connect(self._on_clicked)
        # A turn later: whoever selects is not done with it yet.
        self.chosen.connect(self._on_chosen, Qt.ConnectionType.QueuedConnection)
        self.rows.closeEditor.connect(self._on_editor_closed)
        for changed in (model.rowsInserted, model.dataChanged, model.modelReset):
            changed.connect(self._on_rows_changed)
        theme.changed.connect(self._on_rows_changed)

    # What it shows

    @property
    def turning(self) -> bool:
        """Whether a ring moves."""
        return self._turn.isActive()

    def show_open(self, conversation_id: str) -> None:
        """Selects the row of the open conversation, and brings it into sight where it was another before."""
        moved = conversation_id != self.rows.open_id
        self.rows.open_id = conversation_id
        if moved:
            self._current_id = conversation_id
        self._keep_rows()
        row = self._model.row_of(conversation_id)
        if moved and row >= 0:
            self.scrollTo(self._model.index(row))
        self.viewport().update()

    def rename(self, conversation_id: str) -> None:
        """Opens the field over the row's title."""
        row = self._model.row_of(conversation_id)
        if row >= 0:
            index = self._model.index(row)
            self.scrollTo(index)
            self.setCurrentIndex(index)
            self._note_current()
            self._model.set_held(True)
            self.edit(index)

    # What Qt asks

    def updateGeometries(self) -> None:
        """Lets the scroll bar stand in the margin, so that rows keep their width as far as they can."""
        super().updateGeometries()
        start, end = Space.S, 0 if self.verticalScrollBar().maximum() else Space.S
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        margins = QMargins(end, 0, start, 0) if rtl else QMargins(start, 0, end, 0)
        if margins != self.viewportMargins():
            self.setViewportMargins(margins)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the rows that are in sight."""
        painter = QPainter(self.viewport())
        states = QStyle.StateFlag
        for row in self.rows_between(event.rect().top(), event.rect().bottom()):
            option = QStyleOptionViewItem()
            self.initViewItemOption(option)
            index = self._model.index(row)
            option.rect = self.visualRect(index)
            option.state &= ~(states.State_HasFocus | states.State_MouseOver)
            if self._by_keyboard and self.hasFocus() and index == self.currentIndex():
                option.state |= states.State_HasFocus
            if self._pointer is not None and option.rect.contains(self._pointer):
                option.state |= states.State_MouseOver
            self.rows.paint(painter, option, index)
        painter.end()

    def viewportEvent(self, event: QEvent) -> bool:
        """Shows the whole title of a row that cuts it; follows the pointer."""
        if isinstance(event, QHoverEvent):
            gone = event.type() == QEvent.Type.HoverLeave
            self._follow_pointer(None if gone else event.position().toPoint())
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.indexAt(event.pos())
            cut = self._model.summary(index.row()) is not None
            cut = cut and self.rows.is_cut(index, self.viewport().width())
            QToolTip.showText(event.globalPos(), str(index.data()) if cut else "", self)
            return True
        return super().viewportEvent(event)

    def _follow_pointer(self, pointer: QPoint | None) -> None:
        before, self._pointer = self._pointer, pointer
        rows = {self.indexAt(at).row() for at in (before, pointer) if at is not None}
        if len(rows) > 1 or before is None or pointer is None:
            self.viewport().update()

    def showEvent(self, event: QShowEvent) -> None:
        """Begins to turn the rings."""
        super().showEvent(event)
        self._watch_rings()

    def hideEvent(self, event: QHideEvent) -> None:
        """Costs nothing while it is hidden."""
        super().hideEvent(event)
        self._turn.stop()

    # What a person does

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, F2 renames, Delete deletes; arrows and letters move."""
        if self.state() == QAbstractItemView.State.EditingState:
            # Enter ends the title that is being typed: it does not open the row, too.
            return
        self._by_keyboard = True
        summary = self._model.summary(self.currentIndex().row())
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if summary is not None and plain and event.key() in _ACTS:
            self._act(event.key(), summary.id)
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        elif event.key() == Qt.Key.Key_Space:
            self._press_space(summary)
        else:
            if plain and event.text().isprintable():
                self._typed.start()
            super().keyPressEvent(event)
            self.scrollTo(self.currentIndex())
            self._note_current()

    def _act(self, key: int, conversation_id: str) -> None:
        if key == Qt.Key.Key_F2:
            self.rename(conversation_id)
        elif key in _DELETES:
            self.delete_requested.emit(conversation_id)
        else:
            self.opened.emit(conversation_id)

    def _press_space(self, summary: Summary | None) -> None:
        """Opens, unless it parts two words of a title that is being typed."""
        typing = self._typed.isValid() and self._typed.elapsed() < QApplication.keyboardInputInterval()
        if typing:
            self.keyboardSearch(" ")
        elif summary is not None:
            self.opened.emit(summary.id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Asks for the menu of the row under the pointer; by keyboard, of the current one."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        summary = self._model.summary(index.row())
        if summary is not None:
            at = self.visualRect(index).center() if by_key else event.pos()
            self.menu_requested.emit(summary.id, self.viewport().mapToGlobal(at))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begins at the open conversation where no row was current."""
        if event.reason() in _KEYBOARD:
            self._by_keyboard = True
        super().focusInEvent(event)
        if self._model.summary(self.currentIndex().row()) is None and self._model.rowCount():
            row = max(self._model.row_of(self.rows.open_id), 1)
            self.setCurrentIndex(self._model.index(row))
        self._note_current()
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The pointer needs no ring."""
        self._by_keyboard = False
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)
        self._note_current()

    def _note_current(self) -> None:
        """Remembers the conversation whose row a person is at."""
        summary = self._model.summary(self.currentIndex().row())
        if summary is not None:
            self._current_id = summary.id

    # What happens

    def _on_clicked(self, index: QModelIndex | QPersistentModelIndex) -> None:
        summary = self._model.summary(index.row())
        if summary is None:
            return
        if self.rows.menu_area(self.visualRect(index), self.layoutDirection()).contains(self._pressed):
            self.menu_requested.emit(summary.id, self.viewport().mapToGlobal(self._pressed))
        else:
            self.opened.emit(summary.id)

    def _on_chosen(self) -> None:
        """Opens what was selected from outside; the selection itself shows what is open."""
        rows = {index.row() for index in self.selectedIndexes()}
        wanted = [summary.id for row in rows if (summary := self._model.summary(row)) is not None]
        self._keep_rows()
        if wanted and wanted[0] != self.rows.open_id:
            self.opened.emit(wanted[0])

    def _on_editor_closed(self, _editor: QWidget, _hint: QAbstractItemDelegate.EndEditHint) -> None:
        self._model.set_held(False)
        self.setFocus()

    def _on_rows_changed(self) -> None:
        self._keep_rows()
        self._watch_rings()
        self.viewport().update()

    def _keep_rows(self) -> None:
        """Rows that were taken out and put in elsewhere are the same conversations."""
        flags = QItemSelectionModel.SelectionFlag
        current = self._index_of(self._current_id)
        if current.isValid():
            self.selectionModel().setCurrentIndex(current, flags.NoUpdate)
        else:
            self._note_current()
        self.show_selected(self._index_of(self.rows.open_id))

    def _index_of(self, conversation_id: str) -> QModelIndex:
        row = self._model.row_of(conversation_id)
        return self._model.index(row) if row >= 0 else QModelIndex()

    def _watch_rings(self) -> None:
        turns = self.isVisible() and self._model.any_answers and not self._theme.reduced_motion
        if turns and not self._turn.isActive():
            self._turn.start()
        elif not turns:
            self._turn.stop()

    def _on_turned(self) -> None:
        """Paints the rows in sight whose ring turns."""
        for row in self.rows_between(0, self.viewport().height()):
            summary = self._model.summary(row)
            if summary is not None and self._model.state(summary.id) == "answering":
                self.viewport().update(self.visualRect(self._model.index(row)))
