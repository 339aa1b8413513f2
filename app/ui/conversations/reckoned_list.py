"""A list view whose rows are reckoned, never measured: ten thousand of them cost no more than ten."""

from bisect import bisect_left, bisect_right
from typing import Final

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QRegion
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from app.ui.conversations.list_model import ConversationListModel, Index
from app.ui.theme import Size, Space

_EXTRA: Final = Size.GROUP + Space.S - Size.ROW
"""By how many pixels a heading is higher than a row."""
_Action = QAbstractItemView.CursorAction


class ReckonedList(QListView):
    """Places rows and headings of two fixed heights, and moves the current row over the headings.

    `acts` are the keys that do something with the current row. Signal: `chosen` when assistive technology, to which
    a row offers nothing else, selects another row or none.
    """

    chosen = Signal()

    def __init__(
        self, model: ConversationListModel, acts: frozenset[Qt.Key], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._acts = acts
        self._model = model
        self._selecting = False
        self.setModel(model)
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def event(self, event: QEvent) -> bool:
        """Keeps what is done with a row from the window's shortcuts: F2 renames it, not the open conversation."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if (
                plain
                and event.key() in self._acts
                and self._model.summary(self.currentIndex().row()) is not None
            ):
                event.accept()
                return True
        return super().event(event)

    def rows_between(self, top: int, bottom: int) -> range:
        """The rows of which something lies between two heights of the viewport."""
        scrolled = self.verticalScrollBar().value()
        last = min(self._model.rowCount() - 1, self._row_at(bottom + scrolled))
        return range(max(0, self._row_at(top + scrolled)), last + 1)

    def visualRect(self, index: Index) -> QRect:
        """A row's rectangle on the viewport."""
        if not index.isValid():
            return QRect()
        top = self._top(index.row()) - self.verticalScrollBar().value()
        height = self._top(index.row() + 1) - self._top(index.row())
        return QRect(0, top, self.viewport().width(), height)

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The row at a place of the viewport."""
        row = self._row_at(point.y() + self.verticalScrollBar().value())
        return self._model.index(row) if 0 <= row < self._model.rowCount() else QModelIndex()

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Brings a row into sight, with its heading where that is the row above."""
        if not index.isValid():
            return
        self.executeDelayedItemsLayout()
        bar, height = self.verticalScrollBar(), self.viewport().height()
        first = index.row() - 1 if index.row() - 1 in self._model.headings else index.row()
        top, bottom = self._top(first), self._top(index.row() + 1)
        if hint == QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue((top + bottom - height) // 2)
        elif top < bar.value():
            bar.setValue(top)
        elif bottom + Space.S > bar.value() + height:
            bar.setValue(bottom + Space.S - height)

    def _top(self, row: int) -> int:
        return Size.ROW * row + _EXTRA * bisect_left(self._model.headings, row)

    def _row_at(self, y: int) -> int:
        return bisect_right(range(self._model.rowCount() + 1), y, key=self._top) - 1

    def moveCursor(self, action: _Action, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Where a key leads to; headings are passed over."""
        rows, at = self._model.rowCount(), self.currentIndex().row()
        page = max(1, self.viewport().height() // Size.ROW - 1)
        row, step = {
            _Action.MoveUp: (at - 1, -1),
            _Action.MovePrevious: (at - 1, -1),
            _Action.MovePageUp: (max(at - page, 0), -1),
            _Action.MoveHome: (0, 1),
            _Action.MoveEnd: (rows - 1, -1),
            _Action.MovePageDown: (min(at + page, rows - 1), 1),
        }.get(action, (at + 1, 1))
        while 0 <= row < rows and self._model.summary(row) is None:
            row += step
        return self._model.index(row) if 0 <= row < rows else self.currentIndex()

    def selectionCommand(
        self, index: Index, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        """Neither keys nor clicks select: what is open is."""
        return QItemSelectionModel.SelectionFlag.NoUpdate

    def show_selected(self, index: Index) -> None:
        """Selects a row, or none; that chooses nothing."""
        self._selecting = True
        self.selectionModel().select(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._selecting = False

    def _on_selection_changed(self) -> None:
        if not self._selecting:
            self.chosen.emit()

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """What has to be painted anew when the selection changes."""
        return QRegion(self.viewport().rect())

    def doItemsLayout(self) -> None:
        """There is nothing to lay out but the scroll bar."""
        QAbstractItemView.doItemsLayout(self)

    def updateGeometries(self) -> None:
        """Tells the scroll bar how long the list is."""
        bar, height = self.verticalScrollBar(), self.viewport().height()
        bar.setSingleStep(Size.ROW)
        bar.setPageStep(height)
        bar.setRange(0, max(0, self._top(self._model.rowCount()) + Space.S - height))
        QAbstractItemView.updateGeometries(self)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Moves what is painted."""
        self.viewport().scroll(dx, dy)
