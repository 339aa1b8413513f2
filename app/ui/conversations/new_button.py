"""The button at the top of the list: an icon, its words, and the keys that do the same."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.controls.buttons import Button
from app.ui.icons import Icons
from app.ui.theme import Role, Size, Space, Theme


class NewConversationButton(Button):
    """Fills the width that there is; its words are painted, its fill and its line are the plain button's."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(theme, "", parent=parent)
        self._theme = theme
        self._icons = icons
        self._keys = ""
        self._words = self.tr("New conversation")
        self.setAccessibleName(self._words)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_keys(self, keys: QKeySequence) -> None:
        """Shows these keys at its end."""
        self._keys = shown_keys(keys)
        self.setToolTip(f"{self._words}  {keys.toString(QKeySequence.SequenceFormat.NativeText)}".strip())
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as icon and words."""
        text = self.fontMetrics().horizontalAdvance(self._words)
        return QSize(Space.M + Size.ICON + Space.S + text + Space.M, Size.CONTROL)

    def minimumSizeHint(self) -> QSize:
        """The keys, and then the words, give way."""
        return QSize(Size.CONTROL, Size.CONTROL)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints icon, words and keys over the button."""
        super().paintEvent(event)
        tokens = self._theme.tokens
        painter = QPainter(self)
        area = self.rect().adjusted(Space.M, 0, -Space.M, 0)
        icon = QRect(area.left(), (self.height() - Size.ICON) // 2, Size.ICON, Size.ICON)
        pixmap = self._icons.pixmap("square-pen", Size.ICON, tokens.text_2, self.devicePixelRatioF())
        painter.drawPixmap(self._mirrored(icon).topLeft(), pixmap)
        area.setLeft(icon.right() + 1 + Space.S)
        label = self._theme.font(Role.LABEL)
        keys = QFontMetrics(label).horizontalAdvance(self._keys)
        words = self.fontMetrics().horizontalAdvance(self._words)
        if self._keys and words + Space.S + keys <= area.width():
            place = QRect(area.right() - keys + 1, 0, keys, self.height())
            self._text(painter, place, self._keys, label, tokens.muted)
            area.setRight(place.left() - Space.S)
        self._text(painter, area, self._words, self.font(), tokens.text)
        painter.end()

    def _text(self, painter: QPainter, area: QRect, text: str, font: QFont, color: QColor) -> None:
        painter.setFont(font)
        painter.setPen(color)
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self._mirrored(area), flags, shown)

    def _mirrored(self, area: QRect) -> QRect:
        if self.layoutDirection() == Qt.LayoutDirection.LeftToRight:
            return area
        return QRect(self.width() - area.right() - 1, area.y(), area.width(), area.height())


def shown_keys(keys: QKeySequence) -> str:
    """Keys as they stand on a control: apart, without a plus between them."""
    return keys.toString(QKeySequence.SequenceFormat.NativeText).replace("+", " ").strip()
