"""A row of a list: an icon and words, selected or not."""

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.ui.focus_ring import FOCUS_INSIDE, FOCUS_RADIUS
from app.ui.icons import Icons
from app.ui.theme import Radius, Role, Size, Space, Theme


class ListRow(QPushButton):
    """Fills the list's width; its words are cut where they have no room, and then are its tooltip.

    Signal: `moved` with -1 or 1 when an arrow asks for the row above or below.
    """

    moved = Signal(int)

    def __init__(
        self, theme: Theme, icons: Icons, text: str, icon: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setText(text)
        self._theme = theme
        self._icons = icons
        self._icon = icon
        self.setAccessibleName(text)
        self.setFont(theme.font(Role.CONTROL, tabular=True))
        self.setAutoDefault(False)
        self.setFixedHeight(Size.ROW)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setProperty(FOCUS_RADIUS, Radius.BUTTON)
        self.setProperty(FOCUS_INSIDE, True)
        theme.changed.connect(self.update)

    def set_icon(self, icon: str) -> None:
        """Shows another icon."""
        self._icon = icon
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        text = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(self._text_start() + text + Space.S, Size.ROW)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return clicks, the arrows go to the neighbours."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(-1 if key == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the fill, the icon and what fits of the words, from the start of the line."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hover = self.underMouse() and self.isEnabled()
        fill = tokens.selected if self.isChecked() else tokens.pressed if self.isDown() else tokens.hover
        if self.isChecked() or self.isDown() or hover:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            painter.drawRoundedRect(self.rect(), Radius.BUTTON, Radius.BUTTON)
        strong = self.isChecked() or hover
        if self._icon:
            at = self._mirrored(QRect(Space.S, (Size.ROW - Size.ICON) // 2, Size.ICON, Size.ICON))
            ink = tokens.text if strong else tokens.muted
            pixmap = self._icons.pixmap(self._icon, Size.ICON, ink, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(at.topLeft()), pixmap)
        self._paint_words(painter, strong)
        painter.end()

    def _paint_words(self, painter: QPainter, strong: bool) -> None:
        tokens = self._theme.tokens
        painter.setFont(self._theme.font(Role.CONTROL if self.isChecked() else Role.INTERFACE, tabular=True))
        painter.setPen(tokens.text if strong else tokens.text_2)
        start = self._text_start()
        area = self._mirrored(QRect(start, 0, self.width() - start - Space.S, self.height()))
        shown = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        self.setToolTip(self.text() if shown != self.text() else "")
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter, shown)

    def _text_start(self) -> int:
        return Space.S + (Size.ICON + Space.S if self._icon else 0)

    def _mirrored(self, area: QRect) -> QRect:
        if self.layoutDirection() == Qt.LayoutDirection.LeftToRight:
            return area
        return QRect(self.width() - area.right() - 1, area.y(), area.width(), area.height())
