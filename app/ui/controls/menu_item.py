"""An item of a menu with a sentence below its words, or with the sentence alone."""

from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QWidget, QWidgetAction

from app.ui.icons import Icons
from app.ui.theme import Radius, Role, Size, Space, Theme

_SIGN_START: Final = Space.BESIDE_ICON
_TEXT_START: Final = Space.BAR_PADDING + Size.ICON + Space.XS
"""Where the sign and the words of a menu's other items begin."""


class ExplainedItem(QWidgetAction):
    """Checked, it carries the sign that every checked item of a menu does. The menu treats it as any other item."""

    def __init__(self, theme: Theme, icons: Icons, text: str, about: str, menu: QMenu) -> None:
        super().__init__(menu)
        # Assistive technology hears an item's words alone: the sentence belongs to them.
        self.setText(f"{text}. {about}" if text else about)
        self.setDefaultWidget(_Face(theme, icons, self, (text, about), menu))


class _Face(QWidget):
    """What is seen of the item; pointer and keys are the menu's."""

    def __init__(
        self, theme: Theme, icons: Icons, action: ExplainedItem, words: tuple[str, str], menu: QMenu
    ) -> None:
        super().__init__(menu)
        self._theme = theme
        self._icons = icons
        self._action = action
        self._menu = menu
        self._words = words
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        menu.hovered.connect(self.update)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """As wide as the sentence in lines of a menu's width, and as high as they are."""
        text, sentence = self._words[0], self._sentence_area()
        words = QFontMetrics(self._theme.font(Role.CONTROL)).horizontalAdvance(text)
        width = max(words, sentence.width())
        height = (self._theme.line_height(Role.CONTROL) if text else 0) + sentence.height()
        return QSize(_TEXT_START + width + Space.BAR_PADDING, height + 2 * Space.BESIDE_ICON)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints fill, sign and words, from the start of the line."""
        tokens, text = self._theme.tokens, self._words[0]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._menu.activeAction() is self._action and self._action.isEnabled():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.hover)
            painter.drawRoundedRect(QRectF(self.rect()), Radius.CHIP, Radius.CHIP)
        # Each text has its own direction; where it stands follows the window's.
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        line = self._theme.line_height(Role.CONTROL) if text else 0
        top = Space.BESIDE_ICON
        if self._action.isChecked():
            left = self.width() - _SIGN_START - Size.ICON if rtl else _SIGN_START
            sign = self._icons.pixmap("check", Size.ICON, tokens.muted, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(left, top + (line - Size.ICON) / 2), sign)
        area = self.rect().adjusted(0 if rtl else _TEXT_START, top, -_TEXT_START if rtl else 0, 0)
        end = Space.BAR_PADDING
        area.adjust(end if rtl else 0, 0, 0 if rtl else -end, 0)
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.TextFlag.TextWordWrap
        painter.setFont(self._theme.font(Role.CONTROL))
        painter.setPen(tokens.text)
        painter.drawText(QRect(area.left(), area.top(), area.width(), line), flags, text)
        painter.setFont(self._theme.font(Role.LABEL))
        painter.setPen(tokens.muted)
        painter.drawText(area.adjusted(0, line, 0, 0), flags, self._words[1])
        painter.end()

    def _sentence_area(self) -> QRect:
        most = QRect(0, 0, Size.MENU, Size.TEXT_AREA_MOST)
        return QFontMetrics(self._theme.font(Role.LABEL)).boundingRect(
            most, Qt.TextFlag.TextWordWrap, self._words[1]
        )
