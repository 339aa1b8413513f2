"""The ring around what has the focus, shown only to who moves by keyboard."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget
from shiboken6 import isValid

from app.ui.theme import Radius, Size, Space, Theme

# Dynamic properties of a control: its corners' radius, another widget to draw the ring around, whether the ring lies
# inside (rows, menu items), whether it shows by itself what has the focus in it.
FOCUS_RADIUS: Final = "focusRadius"
FOCUS_FRAME: Final = "focusFrame"
FOCUS_INSIDE: Final = "focusInside"
FOCUS_OWN: Final = "focusOwn"

_KEYBOARD: Final = frozenset(
    {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason}
)
_MOVED: Final = frozenset(
    {QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Paint}
)


class FocusRing(QWidget):
    """One overlay of a window that follows the focus when Tab, Backtab or a shortcut moved it.

    `QApplication.focusChanged` does not tell the reason, but whoever loses the focus is told it first: so exactly one
    widget, the one that has the focus, is watched.
    """

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._reason = Qt.FocusReason.OtherFocusReason
        self._watched: QWidget | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.hide()
        theme.changed.connect(self.update)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_changed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notes why the focus goes, and follows the widget that has it."""
        kind = event.type()
        if kind == QEvent.Type.FocusOut and isinstance(event, QFocusEvent):
            self._reason = event.reason()
        elif kind in _MOVED and self.isVisible():
            self._follow()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the ring along the inside of the overlay."""
        widget = self._watched
        if widget is None or not isValid(widget):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.tokens.focus, Size.FOCUS))
        half = Size.FOCUS / 2
        radius = _number(widget, FOCUS_RADIUS, Radius.BUTTON)
        if not widget.property(FOCUS_INSIDE):
            radius += Size.FOCUS
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius)
        painter.end()

    def _on_focus_changed(self, old: QWidget | None, now: QWidget | None) -> None:
        if not isValid(self):
            return
        self._watch(now)
        if now is not None and self._reason in _KEYBOARD and not now.property(FOCUS_OWN):
            self.show()
            self.raise_()
            self._follow()
        else:
            self.hide()
        self._reason = Qt.FocusReason.OtherFocusReason

    def _watch(self, widget: QWidget | None) -> None:
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        inside = widget is not None and self._window.isAncestorOf(widget)
        self._watched = widget if inside else None
        if self._watched is not None:
            self._watched.installEventFilter(self)

    def _follow(self) -> None:
        widget = self._watched
        if widget is None or not isValid(widget) or not widget.isVisible():
            self.hide()
            return
        frame = widget.property(FOCUS_FRAME)
        around = frame if isinstance(frame, QWidget) else widget
        out = 0 if widget.property(FOCUS_INSIDE) else Space.FOCUS_GAP + Size.FOCUS
        corner = around.mapTo(self._window, QPoint(0, 0))
        area = QRect(corner, around.size()).adjusted(-out, -out, out, out)
        if area != self.geometry():
            self.setGeometry(area)
        self._clip(around, area)

    def _clip(self, around: QWidget, area: QRect) -> None:
        """Cuts off what a scroll area does not show; a mask, because the overlay lies outside of that area."""
        shown = QRect(area)
        at: QWidget | None = around.parentWidget()
        while at is not None and at is not self._window:
            holder = at.parentWidget()
            if isinstance(holder, QAbstractScrollArea) and holder.viewport() is at:
                corner = at.mapTo(self._window, QPoint(0, 0))
                shown &= QRect(corner, at.size())
            at = holder
        if shown == area:
            self.clearMask()
        else:
            self.setMask(shown.translated(-area.topLeft()))


def _number(widget: QWidget, name: str, default: int) -> int:
    value = widget.property(name)
    return value if isinstance(value, int) else default
