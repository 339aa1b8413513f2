"""A segment of the bar in the header: words in two tones, painted as one button that opens a menu."""

from typing import Final, Literal, NamedTuple

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.ui.controls.menu_access import tell_of_menu
from app.ui.focus_ring import FOCUS_RADIUS
from app.ui.icons import Icons
from app.ui.theme import Radius, Role, Size, Space, Theme

Tone = Literal["strong", "quiet"]

_OPENS: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down})


class Words(NamedTuple):
    """A piece of a segment's text.

    Those with `gives_way` are elided when there is no room, the last one first. `limit` is the most pixels that it
    takes, or 0; a text that is longer loses its middle.
    """

    text: str
    tone: Tone = "strong"
    gives_way: bool = False
    limit: int = 0


class Segment(QPushButton):
    """Paints its words and a chevron. Signal: `opened` when a click or a key asks for its menu."""

    opened = Signal()

    def __init__(self, theme: Theme, icons: Icons, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._words: tuple[Words, ...] = ()
        self._lead = 0
        tell_of_menu(self)
        self.setAccessibleName(name)
        self.setProperty(FOCUS_RADIUS, Radius.BUTTON)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAutoDefault(False)
        self.setFixedHeight(Size.SEGMENT)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.opened)
        theme.changed.connect(self.update)

    @property
    def words(self) -> str:
        """What it says, as one text."""
        return " ".join(word.text for word in self._words)

    @property
    def shown_texts(self) -> tuple[str, ...]:
        """What of them has room now."""
        return tuple(text for _, text in self._shown())

    def set_words(self, *words: Words) -> None:
        """Says something else; assistive technology hears it as the description."""
        self._words = words
        self.setAccessibleDescription(self.words)
        self.updateGeometry()
        self.update()

    def set_lead(self, width: int) -> None:
        """Keeps room before the words for a widget of `width` pixels."""
        self._lead = width + Space.S if width else 0
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        text = sum(self._width(word) for word in self._words)
        gaps = Space.S * len(self._words)
        return QSize(2 * Space.BAR_PADDING + self._lead + text + gaps + Size.ICON_SMALL, Size.SEGMENT)

    def minimumSizeHint(self) -> QSize:
        """As wide as what does not give way."""
        fixed = [word for word in self._words if not word.gives_way]
        text = sum(self._width(word) for word in fixed)
        gaps = Space.S * len(fixed)
        width = 2 * Space.BAR_PADDING + self._lead + text + gaps + Size.ICON_SMALL
        return QSize(max(width, Size.SEGMENT_MIN), Size.SEGMENT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return and Down open the menu as Space does."""
        if event.key() in _OPENS:
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the fill, the words and the chevron, from the start of the line."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill = self._fill()
        if fill:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            # It lies inside of the bar's outline.
            inner = Radius.BUTTON - Space.HAIR
            painter.drawRoundedRect(self.rect(), inner, inner)
        # Each text has its own direction; where it stands follows the window's.
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        x = Space.BAR_PADDING + self._lead
        for word, text in self._shown():
            metrics = self._metrics(word)
            width = metrics.horizontalAdvance(text)
            painter.setFont(self._theme.font(_role(word), tabular=True))
            painter.setPen(self._ink(word))
            line = self._mirrored(QRect(x, 0, width, self.height()))
            flags = (
                Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignLeft
            )
            painter.drawText(line, flags | Qt.TextFlag.TextDontClip, text)
            x += width + Space.S
        self._paint_chevron(painter)
        painter.end()

    def _paint_chevron(self, painter: QPainter) -> None:
        side = Size.ICON_SMALL
        at = QRect(self.width() - Space.BAR_PADDING - side, (self.height() - side) // 2, side, side)
        color = self._theme.tokens.muted if self.isEnabled() else self._theme.tokens.disabled
        pixmap = self._icons.pixmap("chevron-down", side, color, self.devicePixelRatioF())
        painter.drawPixmap(QPoint(self._mirrored(at).topLeft()), pixmap)

    def _shown(self) -> list[tuple[Words, str]]:
        """The words with the texts that fit: the last that gives way is shortened first."""
        over = self.sizeHint().width() - self.width()
        shown = [(word, self._limited(word)) for word in self._words]
        for index in reversed(range(len(shown))):
            word, text = shown[index]
            if over <= 0 or not word.gives_way:
                continue
            metrics = self._metrics(word)
            full = metrics.horizontalAdvance(text)
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, full - over))
            if len(text) <= 1:
                over -= full + Space.S
                del shown[index]
            else:
                over -= full - metrics.horizontalAdvance(text)
                shown[index] = (word, text)
        return shown

    def _metrics(self, word: Words) -> QFontMetrics:
        return QFontMetrics(self._theme.font(_role(word), tabular=True))

    def _limited(self, word: Words) -> str:
        if not word.limit:
            return word.text
        return self._metrics(word).elidedText(word.text, Qt.TextElideMode.ElideMiddle, word.limit)

    def _width(self, word: Words) -> int:
        return self._metrics(word).horizontalAdvance(self._limited(word))

    def _fill(self) -> QColor | None:
        tokens = self._theme.tokens
        if not self.isEnabled():
            return None
        if self.isDown():
            return tokens.pressed
        return tokens.hover if self.underMouse() else None

    def _ink(self, word: Words) -> QColor:
        tokens = self._theme.tokens
        if not self.isEnabled():
            return tokens.disabled
        return tokens.text if word.tone == "strong" else tokens.muted

    def _mirrored(self, area: QRect) -> QRect:
        if self.layoutDirection() == Qt.LayoutDirection.LeftToRight:
            return area
        return QRect(self.width() - area.right() - 1, area.y(), area.width(), area.height())


def _role(word: Words) -> Role:
    return Role.CONTROL if word.tone == "strong" else Role.INTERFACE
