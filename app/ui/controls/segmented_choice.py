"""A few choices side by side, of which one is chosen."""

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QSizePolicy, QWidget

from app.ui.focus_ring import FOCUS_RADIUS
from app.ui.theme import Radius, Role, Size, Space, Theme


class SegmentedChoice(QWidget):
    """Radio buttons that stand in one frame. Signal: `chosen` with a value that a person chose."""

    chosen = Signal(str)

    def __init__(
        self, theme: Theme, name: str, options: Mapping[str, str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(name)
        self.setFixedHeight(Size.CONTROL)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.XXS, Space.XXS, Space.XXS, Space.XXS)
        row.setSpacing(Space.XXS)
        self._group = QButtonGroup(self)
        self._segments: dict[str, _Segment] = {}
        for value, text in options.items():
            segment = _Segment(theme, text, self)
            segment.setAccessibleDescription(name)
            segment.clicked.connect(lambda _checked, value=value: self.chosen.emit(value))
            segment.toggled.connect(self._on_toggled)
            self._group.addButton(segment)
            self._segments[value] = segment
            row.addWidget(segment)
        theme.changed.connect(self.update)

    @property
    def value(self) -> str:
        """What is chosen; empty while nothing is."""
        return next((value for value, one in self._segments.items() if one.isChecked()), "")

    def set_value(self, value: str) -> None:
        """Shows another choice, without telling."""
        if value in self._segments:
            self._segments[value].setChecked(True)

    def _on_toggled(self) -> None:
        """Tab comes to what is chosen; while nothing is, to each."""
        chosen = self.value
        for value, segment in self._segments.items():
            stops = not chosen or value == chosen
            segment.setFocusPolicy(Qt.FocusPolicy.TabFocus if stops else Qt.FocusPolicy.NoFocus)

    def describe(self, text: str) -> None:
        """Says what each is a choice of, to assistive technology."""
        for segment in self._segments.values():
            segment.setAccessibleDescription(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.tokens.border_control, Space.HAIR))
        painter.setBrush(self._theme.tokens.raised)
        half = Space.HAIR / 2
        area = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter.drawRoundedRect(area, Radius.BUTTON, Radius.BUTTON)
        painter.end()


class _Segment(QRadioButton):
    """One of the choices, painted as a piece of the frame."""

    def __init__(self, theme: Theme, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self.setFont(theme.font(Role.CONTROL, tabular=True))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty(FOCUS_RADIUS, Radius.BAR + Space.XXS)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """As wide as its text at its strongest."""
        return QSize(
            self.fontMetrics().horizontalAdvance(self.text()) + 2 * Space.M, Size.CONTROL - 2 * Space.XXS
        )

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        """All of it can be clicked."""
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the fill and the text."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        fill = None
        if self.isChecked():
            fill = tokens.selected
        elif self.isEnabled() and (self.isDown() or self.underMouse()):
            fill = tokens.pressed if self.isDown() else tokens.hover
        if fill is not None:
            painter.setBrush(fill)
            painter.drawRoundedRect(self.rect(), Radius.BAR + Space.XXS, Radius.BAR + Space.XXS)
        role = Role.CONTROL if self.isChecked() else Role.INTERFACE
        painter.setFont(self._theme.font(role, tabular=True))
        ink = tokens.text if self.isChecked() else tokens.text_2
        painter.setPen(ink if self.isEnabled() else tokens.disabled)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()
