"""The line at the window's foot: that it is offline, what it answers and how fast, what memory the engine takes."""

import math
from typing import Final

from PySide6.QtCore import QLocale, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from app.services.words.explanation import size
from app.ui.controls.icon_label import IconLabel
from app.ui.controls.progress import LoadingRing
from app.ui.direction import isolated
from app.ui.focus_ring import FOCUS_RADIUS
from app.ui.icons import Icons
from app.ui.theme import Radius, Role, Size, Space, Theme

_WHOLE: Final = 10
"""Slower than this, a decimal tells more than it hides."""


class StatusLine(QWidget):
    """Holds words, and `elsewhere`: a button that goes to the conversation that is being answered.

    Signal: `elsewhere_requested` when it was pressed.
    """

    elsewhere_requested = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        shield = IconLabel(theme, icons, "shield-check", Size.ICON_SMALL, self, tint="success")
        self._offline = Figure(theme, Role.LABEL_MEDIUM, self)
        self._offline.setText(self.tr("Offline"))
        self._offline.setProperty("tone", "success")
        self._theme = theme
        self._elsewhere: Elsewhere | None = None
        self._speed = Figure(theme, Role.LABEL, self)
        self._memory = Figure(theme, Role.LABEL, self)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(Space.L)
        start = QHBoxLayout()
        start.setSpacing(Space.BESIDE_ICON)
        start.addWidget(shield)
        start.addWidget(self._offline)
        self._row.addLayout(start)
        self._row.addStretch()
        for widget in (self._speed, self._memory):
            self._row.addWidget(widget)
        self.set_compact(narrow=False, short=False)

    @property
    def elsewhere(self) -> "Elsewhere":
        """Made when it is first needed: the first picture does without."""
        if self._elsewhere is None:
            self._elsewhere = Elsewhere(self._theme, self)
            self._elsewhere.clicked.connect(self.elsewhere_requested)
            self._row.insertWidget(self._row.count() - 2, self._elsewhere)
        return self._elsewhere

    @property
    def text(self) -> str:
        """All that it says."""
        elsewhere = self._elsewhere.words if self._elsewhere is not None else ""
        told = (self._offline.text(), elsewhere, self._speed.text(), self._memory.text())
        return " ".join(words for words in told if words)

    def set_speed(self, tokens_per_second: float) -> None:
        """Shows the speed of the reply that grows here; 0 shows none."""
        self._speed.setText(self._speed_words(tokens_per_second))

    def set_elsewhere(self, title: str, tokens_per_second: float = 0.0) -> None:
        """Shows that another conversation is being answered; an empty title shows none."""
        if not title and self._elsewhere is None:
            return
        words = self.tr("Answering in “{title}”").format(title=isolated(title)) if title else ""
        speed = self._speed_words(tokens_per_second) if title else ""
        self.elsewhere.set_words(words, speed)

    def set_memory(self, count: int) -> None:
        """Shows the bytes that the engine process takes; 0 shows none."""
        self._memory.setText(self.tr("Memory {size}").format(size=size(count)) if count else "")

    def set_compact(self, *, narrow: bool, short: bool) -> None:
        """Takes less room in narrow and in short windows."""
        self.setFixedHeight(Size.STATUS_SHORT if short else Size.STATUS)
        side = Space.L if narrow else Space.PAGE
        self._row.setContentsMargins(side, 0, side, 0)

    def _speed_words(self, tokens_per_second: float) -> str:
        if tokens_per_second <= 0:
            return ""
        digits = 0 if tokens_per_second >= _WHOLE else 1
        number = QLocale().toString(tokens_per_second, "f", digits)
        return self.tr("{number}\N{NO-BREAK SPACE}tok/s").format(number=number)


class Figure(QLabel):
    """A label that is never cut: it measures its words each time it is asked, whatever it was dressed in since."""

    def __init__(self, theme: Theme, role: Role, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFont(theme.font(role, tabular=True))
        self.setProperty("tone", "quiet")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self.hide()
        # A style sheet that is set anew makes labels forget how wide they were.
        theme.changed.connect(self.updateGeometry)

    def setText(self, text: str) -> None:
        """Says something else; without words it takes no room."""
        super().setText(text)
        self.setVisible(bool(text))

    def sizeHint(self) -> QSize:
        """As wide as its words, to the next whole pixel."""
        width = math.ceil(QFontMetricsF(self.font()).horizontalAdvance(self.text()))
        return QSize(width + Space.HAIR, self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """No less than that."""
        return self.sizeHint()


class Elsewhere(QPushButton):
    """A ring and words that lead to another conversation; the title gives way where there is no room."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._words = ""
        self._speed = ""
        self.ring = LoadingRing(theme, self.tr("Answering"), parent=self)
        self.setFont(theme.font(Role.LABEL, tabular=True))
        self.setFlat(True)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty(FOCUS_RADIUS, Radius.CHIP)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(Size.STATUS_BUTTON)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()
        theme.changed.connect(self.update)

    @property
    def words(self) -> str:
        """All that it says."""
        return " · ".join(part for part in (self._words, self._speed) if part)

    def set_words(self, words: str, speed: str) -> None:
        """Says where and how fast; without words it is not there."""
        if (words, speed) == (self._words, self._speed):
            return
        self._words, self._speed = words, speed
        self.setAccessibleName(words)
        self.setAccessibleDescription(speed)
        self.setToolTip(self.tr("Go to this conversation"))
        self.setVisible(bool(words))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as ring and words."""
        text = math.ceil(QFontMetricsF(self.font()).horizontalAdvance(self.words))
        return QSize(self._lead() + text + Space.XS + Space.XXS, Size.STATUS_BUTTON)

    def minimumSizeHint(self) -> QSize:
        """The ring and a piece of the title."""
        return QSize(self._lead() + Size.TITLE_MIN, Size.STATUS_BUTTON)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the words beside the ring; the speed is never cut."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.pressed if self.isDown() else tokens.hover)
            painter.drawRoundedRect(self.rect(), Radius.CHIP, Radius.CHIP)
        painter.setFont(self.font())
        painter.setPen(tokens.text_2 if self.underMouse() else tokens.muted)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        room = QRect(self._lead(), 0, self.width() - self._lead() - Space.XS, self.height())
        speed = f" · {self._speed}" if self._speed else ""
        left = room.width() - math.ceil(QFontMetricsF(self.font()).horizontalAdvance(speed))
        shown = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, left) + speed
        if rtl:
            room.moveLeft(Space.XS)
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        # The sentence's own direction decides where its marks stand, the window's where it does.
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        painter.drawText(room, side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()
        x = self.width() - Space.XS - self.ring.width() if rtl else Space.XS
        self.ring.move(x, (self.height() - self.ring.height()) // 2)

    def _lead(self) -> int:
        return Space.XS + self.ring.width() + Space.BESIDE_ICON
