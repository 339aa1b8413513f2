"""The mark behind a setting that was looked for."""

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.theme import Motion, Radius, Space, Theme


class HitMark(QWidget):
    """Lies behind a row of the page and reaches a little beyond its words; it goes by itself after a while."""

    def __init__(self, theme: Theme, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._theme = theme
        self._row: QWidget | None = None
        self._stays = QTimer(self, singleShot=True, interval=Motion.HIT_STAYS)
        self._stays.timeout.connect(self.leave)
        self.hide()
        theme.changed.connect(self.update)

    @property
    def row(self) -> QWidget | None:
        """What it marks now."""
        return self._row

    def mark(self, row: QWidget) -> None:
        """Marks a row, and no other."""
        self.leave()
        self._row = row
        row.installEventFilter(self)
        self._follow()
        self.lower()
        self.show()
        self._stays.start()

    def leave(self) -> None:
        """Marks nothing any more."""
        if self._row is not None:
            self._row.removeEventFilter(self)
        self._row = None
        self._stays.stop()
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follows the row."""
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self._follow()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the fill."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Quiet words can still be read on it, which they cannot on the colour of found letters.
        painter.setPen(self._theme.tokens.selected)
        painter.setBrush(self._theme.tokens.selected)
        painter.drawRoundedRect(
            self.rect().adjusted(0, 0, -Space.HAIR, -Space.HAIR), Radius.BUTTON, Radius.BUTTON
        )
        painter.end()

    def _follow(self) -> None:
        row = self._row
        if row is not None:
            area = row.rect().translated(row.mapTo(self._page, QPoint(0, 0)))
            self.setGeometry(area.adjusted(-Space.M, Space.XS, Space.M, -Space.XS))
