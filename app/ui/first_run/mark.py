"""The app's mark: a rule, two lines of thinking, and the answer below them."""

from typing import Final

from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

from app.paths import resources
from app.ui.theme import Size, Theme

# In the file these two words stand where the theme's colours go.
_FILL: Final = "accent-color"
_INK: Final = "on-accent-color"


class Mark(QWidget):
    """Drawn in the theme's accent; decoration, so assistive technology passes it by."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._source = (resources() / "mark.svg").read_text(encoding="utf-8")
        self.setFixedSize(Size.MARK, Size.MARK)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the mark."""
        tokens = self._theme.tokens
        source = self._source.replace(_INK, tokens.on_accent.name()).replace(_FILL, tokens.accent.name())
        painter = QPainter(self)
        QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(self.rect()))
        painter.end()
