"""What tells that something goes on: the thin bar with its share, and the open ring that turns."""

from PySide6.QtCore import QElapsedTimer, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from app.ui.theme import Motion, Radius, Size, Theme

_WHOLE = 100
_TURN = 360 * 16
_GAP_START, _GAP = 45 * 16, 90 * 16


class ThinBar(QProgressBar):
    """A bar of four pixels that fills from the start of the line; a progress bar to assistive technology."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._share = 0.0
        self.setRange(0, _WHOLE)
        self.setValue(0)
        self.setTextVisible(False)
        self.setAccessibleName(name)
        self.setFixedHeight(Size.BAR)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    @property
    def share(self) -> float:
        """What is filled, from 0 to 1."""
        return self._share

    def set_share(self, share: float) -> None:
        """Fills from 0 to 1; more or less is cut off."""
        self._share = min(1.0, max(0.0, share))
        self.setValue(round(self._share * _WHOLE))
        self.update()

    def minimumSizeHint(self) -> QSize:
        """As narrow as its place wants."""
        return QSize(Size.BAR, Size.BAR)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the track and what is filled of it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.tokens.track)
        area = QRectF(self.rect())
        painter.drawRoundedRect(area, Radius.BAR, Radius.BAR)
        width = area.width() * self._share
        if width > 0:
            if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
                area.setLeft(area.right() - width)
            else:
                area.setWidth(width)
            painter.setBrush(self._theme.tokens.accent)
            painter.drawRoundedRect(area, Radius.BAR, Radius.BAR)
        painter.end()


class LoadingRing(QWidget):
    """An open ring that turns while it is shown; it stands still where motion is reduced."""

    def __init__(
        self, theme: Theme, name: str, size: int = Size.ICON_SMALL, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(Motion.FRAME)
        self._timer.timeout.connect(self.update)
        self.setFixedSize(size, size)
        self.setAccessibleName(name)
        theme.changed.connect(self._on_theme_changed)

    @property
    def turning(self) -> bool:
        """Whether it moves now."""
        return self._timer.isActive()

    def showEvent(self, event: QShowEvent) -> None:
        """Begins to turn."""
        super().showEvent(event)
        self._on_theme_changed()

    def hideEvent(self, event: QHideEvent) -> None:
        """Costs nothing while it is hidden."""
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints three quarters of a circle, turned by the time."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        stroke = Size.RING_STROKE
        pen = QPen(self._theme.tokens.accent_text, stroke)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        area = QRectF(self.rect()).adjusted(stroke, stroke, -stroke, -stroke)
        turned = self._clock.elapsed() % Motion.RING_TURN / Motion.RING_TURN if self.turning else 0.0
        painter.drawArc(area, _GAP_START - round(_TURN * turned), _TURN - _GAP)
        painter.end()

    def _on_theme_changed(self) -> None:
        if self.isVisible() and not self._theme.reduced_motion:
            if not self._timer.isActive():
                self._clock.start()
                self._timer.start()
        else:
            self._timer.stop()
        self.update()
