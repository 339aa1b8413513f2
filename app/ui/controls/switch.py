"""A switch: on or off, at once."""

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from app.ui.focus_ring import FOCUS_RADIUS
from app.ui.theme import Size, Space, Theme


class Switch(QCheckBox):
    """A check box that is painted as a switch; on and off differ in fill and in the knob's place."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(name)
        self.setFixedSize(*Size.SWITCH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty(FOCUS_RADIUS, self.height() // 2)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """The size that was fixed."""
        return self.minimumSize()

    def hitButton(self, pos: QPoint) -> bool:
        """All of it can be clicked."""
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the track and the knob, at the end of the line when it is on."""
        tokens = self._theme.tokens
        on, live = self.isChecked(), self.isEnabled()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        if on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.accent if live else tokens.disabled)
        else:
            half = Space.HAIR / 2
            painter.setPen(QPen(tokens.border_strong if live else tokens.disabled, Space.HAIR))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            area.adjust(half, half, -half, -half)
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        off = tokens.border_strong if live else tokens.disabled
        painter.setBrush(tokens.on_accent if on else off)
        painter.drawEllipse(self._knob(on), Size.SWITCH_KNOB / 2, Size.SWITCH_KNOB / 2)
        painter.end()

    def _knob(self, on: bool) -> QPointF:
        """The knob's middle."""
        from_edge = self.height() / 2
        at_right = on != (self.layoutDirection() == Qt.LayoutDirection.RightToLeft)
        return QPointF(self.width() - from_edge if at_right else from_edge, from_edge)
