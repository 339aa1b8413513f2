"""An icon that is only looked at, drawn at the ratio of the screen that it is on."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.icons import Icons
from app.ui.theme import Theme


class IconLabel(QWidget):
    """Paints an icon in one of the theme's colours, `tint`; moved to another screen, it is as sharp there."""

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        name: str,
        size: int,
        parent: QWidget | None = None,
        *,
        tint: str = "muted",
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._name = name
        self._size = size
        self._tint = tint
        self.setFixedSize(QSize(size, size))
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the icon."""
        painter = QPainter(self)
        color = getattr(self._theme.tokens, self._tint)
        pixmap = self._icons.pixmap(self._name, self._size, color, self.devicePixelRatioF())
        painter.drawPixmap(0, (self.height() - self._size) // 2, pixmap)
        painter.end()
