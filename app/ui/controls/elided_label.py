"""A label of one line that ends in an ellipsis where it has no room."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui.theme import Size, Theme


class ElidedLabel(QLabel):
    """Takes what room there is; the whole text is its accessible name, and its tooltip where it is cut."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(Size.TITLE_MIN)
        theme.changed.connect(self.update)

    def set_text(self, text: str) -> None:
        """Shows another text; line breaks become spaces."""
        line = " ".join(text.split())
        self.setText(line)
        self.setAccessibleName(line)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints what fits."""
        metrics = self.fontMetrics()
        shown = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        self.setToolTip(self.text() if shown != self.text() else "")
        painter = QPainter(self)
        painter.setPen(self._theme.tokens.text)
        # The text's own direction decides where its ellipsis stands, the window's where the text does.
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        painter.drawText(
            self.rect(), side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter, shown
        )
        painter.end()
