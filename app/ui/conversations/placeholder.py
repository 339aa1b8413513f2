"""Still bars in place of a conversation that is not read yet."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.theme import Radius, Size, Space, Theme

_SHARES: Final = (0.58, 0.0, 0.9, 0.82, 0.46)
"""How much of the column each line fills: a question, and an answer of three lines."""


class Placeholder(QWidget):
    """Covers what was there before; it never moves, and says in words what it stands for."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(self.tr("The conversation is being read"))
        theme.changed.connect(self.update)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the bars where the text will stand."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens.page)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.track)
        room = self.width() - 2 * Space.PAGE - Size.SCROLL_BAR
        column = min(Size.SURFACE, room) - 2 * Space.HANG
        start = Space.PAGE + (room - column) / 2
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        for line, share in enumerate(_SHARES):
            width = column * share
            x = self.width() - start - width if rtl else start
            top = Space.COLUMN_TOP + line * Space.PAGE
            painter.drawRoundedRect(QRectF(x, top, width, Space.M), Radius.BAR, Radius.BAR)
        painter.end()
