"""A field to search with: a glass before the words, and a way to clear them behind."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.ui.controls.fields import dress_field
from app.ui.icons import Icons
from app.ui.theme import Size, Space, Theme

if TYPE_CHECKING:
    from PySide6.QtGui import QAction


class SearchField(QLineEdit):
    """Esc clears what is typed; on an empty field it is left to whoever stands around it.

    Signal: `down_pressed` when the arrow asks for the first of what was found.
    """

    down_pressed = Signal()

    def __init__(self, theme: Theme, icons: Icons, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        dress_field(self, theme)
        self.setAccessibleName(name)
        self.setPlaceholderText(name)
        self._theme = theme
        self._icons = icons
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        room = Size.ICON + Space.S
        self.setTextMargins(0 if rtl else room, 0, room if rtl else 0, 0)
        # Made when there is something to clear: the first picture does without.
        self._clear: QAction | None = None
        self.textChanged.connect(self._on_text_changed)

    def event(self, event: QEvent) -> bool:
        """Keeps Esc from the window's shortcuts while there is something to clear."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._clears(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc clears, Down goes on."""
        if self._clears(event):
            self.clear()
        elif event.key() == Qt.Key.Key_Down:
            self.down_pressed.emit()
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the glass at the start of the line."""
        super().paintEvent(event)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        side, edge = Size.ICON, Space.BAR_PADDING + Space.HAIR
        tokens = self._theme.tokens
        ink = tokens.text if self.hasFocus() else tokens.muted
        pixmap = self._icons.pixmap("search", side, ink, self.devicePixelRatioF())
        painter = QPainter(self)
        painter.drawPixmap(
            QPointF(self.width() - edge - side if rtl else edge, (self.height() - side) // 2), pixmap
        )
        painter.end()

    def _on_text_changed(self, text: str) -> None:
        if self._clear is None and text:
            self._clear = self._make_clear()
        if self._clear is not None:
            self._clear.setVisible(bool(text))

    def _make_clear(self) -> "QAction":
        from PySide6.QtGui import QAction

        action = QAction(self.tr("Clear the search"), self)
        self._icons.put(action, "x")
        self.addAction(action, QLineEdit.ActionPosition.TrailingPosition)
        action.triggered.connect(self.clear)
        return action

    def _clears(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_Escape and bool(self.text())
