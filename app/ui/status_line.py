"""The line at the window's foot: that it is offline, how fast it answers, what memory the engine takes."""

from typing import Final

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.services.explanation import size
from app.ui.icons import Icons
from app.ui.theme import Role, Size, Space, Theme

_WHOLE: Final = 10
"""Slower than this, a decimal tells more than it hides."""


class StatusLine(QWidget):
    """Words only; nothing here is pressed."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._shield = QLabel(self)
        self._offline = QLabel(self.tr("Offline"), self)
        self._offline.setFont(theme.font(Role.LABEL_MEDIUM))
        self._offline.setProperty("tone", "success")
        self._offline.setToolTip(self.tr("Nothing leaves this machine."))
        self._speed = _figure(theme, self)
        self._memory = _figure(theme, self)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(Space.L)
        start = QHBoxLayout()
        start.setSpacing(Space.BESIDE_ICON)
        start.addWidget(self._shield)
        start.addWidget(self._offline)
        self._row.addLayout(start)
        self._row.addStretch()
        self._row.addWidget(self._speed)
        self._row.addWidget(self._memory)
        self.set_compact(narrow=False, short=False)
        theme.changed.connect(self._dress)
        self._dress()

    @property
    def text(self) -> str:
        """All that it says."""
        shown = (self._offline, self._speed, self._memory)
        return " ".join(label.text() for label in shown if label.text())

    def set_speed(self, tokens_per_second: float) -> None:
        """Shows the speed of the reply that grows; 0 shows none."""
        text = ""
        if tokens_per_second > 0:
            digits = 0 if tokens_per_second >= _WHOLE else 1
            number = QLocale().toString(tokens_per_second, "f", digits)
            text = self.tr("{number}\N{NO-BREAK SPACE}tok/s").format(number=number)
        self._speed.setText(text)

    def set_memory(self, count: int) -> None:
        """Shows the bytes that the engine process takes; 0 shows none."""
        self._memory.setText(self.tr("Memory {size}").format(size=size(count)) if count else "")

    def set_compact(self, *, narrow: bool, short: bool) -> None:
        """Takes less room in narrow and in short windows."""
        self.setFixedHeight(Size.STATUS_SHORT if short else Size.STATUS)
        side = Space.L if narrow else Space.PAGE
        self._row.setContentsMargins(side, 0, side, 0)

    def _dress(self) -> None:
        color = self._theme.tokens.success
        pixmap = self._icons.pixmap("shield-check", Size.ICON_SMALL, color, self.devicePixelRatioF())
        self._shield.setPixmap(pixmap)


def _figure(theme: Theme, parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setFont(theme.font(Role.LABEL, tabular=True))
    label.setProperty("tone", "quiet")
    return label
