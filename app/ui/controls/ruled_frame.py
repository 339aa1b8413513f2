"""A bar with a hairline along one edge."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from app.ui.hairline import paint_hairline
from app.ui.theme import Space, Theme


class RuledFrame(QFrame):
    """Paints the line itself: a style sheet's border blurs between the pixels of a scaled screen.

    The style sheet gives it a border of no colour, which keeps the line's room.
    """

    def __init__(self, theme: Theme, edge: Qt.Edge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._edge = edge
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the line over what the style sheet fills."""
        super().paintEvent(event)
        top = 0 if self._edge == Qt.Edge.TopEdge else self.height() - Space.HAIR
        painter = QPainter(self)
        paint_hairline(painter, QRectF(0, top, self.width(), Space.HAIR), self._theme.tokens.border)
        painter.end()
