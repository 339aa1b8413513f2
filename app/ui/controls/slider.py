"""A slider over whole numbers, in steps."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from app.ui.focus_ring import FOCUS_RADIUS
from app.ui.theme import Radius, Size, Theme


class Slider(QSlider):
    """Runs along the line of reading. It stands on `step` alone, by mouse as by keys; a click jumps there."""

    def __init__(
        self, theme: Theme, name: str, least: int, most: int, step: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._step = step
        self.setRange(least, most)
        self.setSingleStep(step)
        self.setPageStep(step * 3)
        self.setAccessibleName(name)
        self.setFixedHeight(Size.SLIDER_KNOB + Size.BAR)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty(FOCUS_RADIUS, Radius.BUTTON)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """A comfortable length."""
        return QSize(Size.SLIDER, self.minimumHeight())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Goes to where the pointer is."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._go_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follows the pointer."""
        if self.isSliderDown():
            self._go_to(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Stays."""
        self.setSliderDown(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leaves the wheel to the page: a slider that is only passed by does not change."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the track, what is filled of it, and the knob."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        middle = self.height() / 2
        track = QRectF(0, middle - Size.BAR / 2, self.width(), Size.BAR)
        painter.setBrush(tokens.track)
        painter.drawRoundedRect(track, Radius.BAR, Radius.BAR)
        x = self._x()
        if self._mirrored():
            track.setLeft(x)
        else:
            track.setRight(x)
        ink = tokens.accent if self.isEnabled() else tokens.disabled
        painter.setBrush(ink)
        painter.drawRoundedRect(track, Radius.BAR, Radius.BAR)
        radius = (Size.SLIDER_KNOB - Size.FOCUS) / 2
        painter.setPen(QPen(ink, Size.FOCUS))
        painter.setBrush(tokens.raised)
        painter.drawEllipse(QPointF(x, middle), radius, radius)
        painter.end()

    def _x(self) -> float:
        """Where the knob's middle stands."""
        share = (self.sliderPosition() - self.minimum()) / max(1, self.maximum() - self.minimum())
        run = self.width() - Size.SLIDER_KNOB
        return Size.SLIDER_KNOB / 2 + run * (1 - share if self._mirrored() else share)

    def _go_to(self, x: float) -> None:
        share = (x - Size.SLIDER_KNOB / 2) / max(1, self.width() - Size.SLIDER_KNOB)
        share = min(1.0, max(0.0, 1 - share if self._mirrored() else share))
        steps = round(share * (self.maximum() - self.minimum()) / self._step)
        self.setValue(self.minimum() + steps * self._step)

    def _mirrored(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft
