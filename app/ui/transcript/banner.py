"""The quiet banner above the first message, which moves with the text."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from app.ui.controls.margins import set_margins
from app.ui.controls.paragraph import Paragraph
from app.ui.icons import Icons
from app.ui.theme import Radius, Role, Size, Space, Theme
from app.ui.transcript.page import Page


class Banner(QFrame):
    """Says something about the whole conversation; there while it has a text."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._icon = QLabel(self)
        self._icon.setFixedSize(Size.ICON, theme.line_height(Role.INTERFACE) + Space.XS)
        self._words = Paragraph(theme, Role.INTERFACE, self)
        # Qt adds the room of a fixed line above its glyphs only.
        self._words.setContentsMargins(0, 0, 0, Space.XS)
        row = QHBoxLayout(self)
        set_margins(row, Space.M, Space.S, Space.M, Space.S)
        row.setSpacing(Space.BAR_PADDING)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        # What is below it is scrolled by the wheel as everywhere.
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._words.plain_text

    def set_text(self, text: str) -> None:
        """Says something, or with an empty text is not there."""
        self._words.set_text(text)
        self.setVisible(bool(text))

    def height_on(self, page: Page) -> int:
        """How much room it takes above the first message, in pixels."""
        if not self.text:
            return 0
        return self.heightForWidth(page.surface[1]) + Space.MESSAGE_GAP

    def place(self, page: Page, scrolled: int) -> None:
        """Stands where it belongs when the view is scrolled so far."""
        if self.text:
            left, width = page.surface
            self.setGeometry(left, page.top - scrolled, width, self.heightForWidth(width))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the surface; the icon at the screen's ratio of now."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.sunken)
        painter.drawRoundedRect(QRectF(self.rect()), Radius.NOTICE, Radius.NOTICE)
        ratio = self.devicePixelRatioF()
        pixmap = self._icons.pixmap("message-circle-dashed", Size.ICON, tokens.muted, ratio)
        at = self._icon.geometry()
        painter.drawPixmap(at.left(), at.top() + (at.height() - Size.ICON) // 2, pixmap)
        painter.end()
