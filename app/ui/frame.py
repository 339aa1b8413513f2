"""The window's two parts: the list at the start and the page beside it, or the list sliding over it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from app.ui.controls.tab_stops import tab_stops
from app.ui.hairline import paint_hairline
from app.ui.theme import Motion, Size, Space, Theme

if TYPE_CHECKING:
    # Only who opens the list over the page needs it.
    from PySide6.QtCore import QVariantAnimation

_SHUT: Final = 0.0
_OPEN: Final = 1.0


class Frame(QWidget):
    """Places the side and the main part; in narrow windows the side is hidden, and slides over when asked for.

    Signals: `side_changed` when the side is shown or hidden; `side_chosen` with whether a person wants it beside the
    page; `width_chosen` with the pixels that they drew it to.
    """

    side_changed = Signal()
    side_chosen = Signal(bool)
    width_chosen = Signal(int)

    def __init__(self, theme: Theme, side: QWidget, main: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._side = side
        self._side_focus: Callable[[], QWidget] = lambda: side
        self._main = main
        self._main_focus: Callable[[], QWidget] = lambda: main
        self._narrow = False
        self._wanted = True
        self._width: int = Size.SIDEBAR
        self._over = _SHUT
        self._over_wanted = False
        self._always = False
        self._came_from: QWidget | None = None
        self._veil: Veil | None = None
        self._grip = Grip(theme, self)
        self._slide: QVariantAnimation | None = None
        self._grip.drawn.connect(self._on_drawn)
        self.show_parts(side, main)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_changed)

    # What is shown

    @property
    def over(self) -> bool:
        """Whether the side lies over the page, or is about to."""
        return self._narrow and self._over_wanted

    @property
    def narrow(self) -> bool:
        """Whether the side has no room beside the page."""
        return self._narrow

    @property
    def side_shown(self) -> bool:
        """Whether the side is seen."""
        return self._over_wanted if self._narrow else self._wanted or self._always

    @property
    def side_width(self) -> int:
        """The side's width in pixels."""
        return self._width

    def set_focused(self, side: Callable[[], QWidget], main: Callable[[], QWidget]) -> None:
        """Says which widget of each part takes the focus when the part is gone to; it may be made by then."""
        self._side_focus, self._main_focus = side, main

    def show_parts(self, side: QWidget, main: QWidget, *, always: bool = False) -> None:
        """Shows these two in place of the ones before, which stay as they are but hidden.

        With `always`, the side is beside the page wherever it has room, even if a person hid the other one. Each takes
        the focus itself, unless `set_focused` says otherwise afterwards.
        """
        for old in (self._side, self._main):
            if old not in (side, main):
                old.hide()
        self._side, self._main = side, main
        self._always = always
        self.set_focused(lambda: side, lambda: main)
        for part in (side, main):
            if part.parentWidget() is not self:
                part.setParent(self)
        main.show()
        self._over_wanted = False
        self._over = _SHUT
        self._place()
        self.side_changed.emit()

    def set_side(self, *, shown: bool, width: int) -> None:
        """Takes what was remembered."""
        self._wanted = shown
        self._width = _within(width)
        self._place()
        self.side_changed.emit()

    def set_narrow(self, narrow: bool) -> None:
        """In a narrow window the page has all the room."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._over_wanted = False
            self._over = _SHUT
            if self._slide is not None:
                self._slide.stop()
            self._place()
            self.side_changed.emit()

    def toggle_side(self) -> None:
        """Shows or hides the side."""
        if not self._narrow and self._always:
            return
        if not self._narrow:
            self._wanted = not self._wanted
            self._keep_focus()
            self._place()
            self.side_changed.emit()
            self.side_chosen.emit(self._wanted)
        elif self._over_wanted:
            self.close_over()
        else:
            self.open_over()

    def open_over(self) -> None:
        """Lets the side slide over the page, and gives it the focus."""
        if not self._narrow or self._over_wanted:
            return
        self._came_from = QApplication.focusWidget()
        self._over_wanted = True
        self._place()
        target = self._side_focus()
        if not target.isVisibleTo(self._side):
            # An empty list has nothing to focus.
            target = next(iter(tab_stops(self._side)), target)
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._move_to(_OPEN)
        self.side_changed.emit()

    def close_over(self) -> None:
        """Lets the side slide away, and gives the focus back to where it came from."""
        if not self.over:
            return
        self._over_wanted = False
        self._keep_focus()
        self._move_to(_SHUT)
        self.side_changed.emit()

    def event(self, event: QEvent) -> bool:
        """Mirrors when the direction changes."""
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._place()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Places both parts."""
        super().resizeEvent(event)
        self._place()

    # How it is placed

    def _place(self) -> None:
        beside = self.side_shown and not self._narrow
        width = min(self._width, self.width() - Space.PAGE) if self._narrow else self._width
        start = width if beside else 0
        self._main.setGeometry(self._mirrored(QRect(start, 0, self.width() - start, self.height())))
        over = self._narrow and (self._over_wanted or self._over > _SHUT)
        left = 0 if beside else -round(width * (1 - self._over))
        self._side.setVisible(beside or over)
        self._side.setGeometry(self._mirrored(QRect(left, 0, width - Space.HAIR, self.height())))
        self._grip.setVisible(beside or over)
        self._grip.set_drawable(beside)
        at = left + width - Space.HAIR - Size.GRIP // 2
        self._grip.setGeometry(self._mirrored(QRect(at, 0, Size.GRIP, self.height())))
        self._place_veil(over)
        self._grip.raise_()

    def _place_veil(self, over: bool) -> None:
        if over and self._veil is None:
            self._veil = Veil(self)
            self._veil.pressed.connect(self.close_over)
        if self._veil is not None:
            self._veil.setVisible(over)
            self._veil.setGeometry(self.rect())
            self._veil.raise_()
            self._side.raise_()

    def _mirrored(self, area: QRect) -> QRect:
        if self.layoutDirection() == Qt.LayoutDirection.LeftToRight:
            return area
        return QRect(self.width() - area.right() - 1, area.y(), area.width(), area.height())

    def _move_to(self, over: float) -> None:
        if self._theme.reduced_motion:
            self._on_slid(over)
            return
        slide = self._slide or self._make_slide()
        slide.stop()
        slide.setStartValue(self._over)
        slide.setEndValue(over)
        slide.start()

    def _make_slide(self) -> "QVariantAnimation":
        from PySide6.QtCore import QEasingCurve, QVariantAnimation

        slide = self._slide = QVariantAnimation(self)
        slide.setDuration(Motion.SLIDE)
        slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        slide.valueChanged.connect(self._on_slid)
        return slide

    def _on_slid(self, over: float) -> None:
        self._over = over
        self._place()

    def _on_drawn(self, x: int) -> None:
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self._width = _within(self.width() - x if rtl else x)
        self._place()
        self.width_chosen.emit(self._width)

    # Where the focus is

    def _keep_focus(self) -> None:
        """What is about to be hidden does not keep the focus."""
        focused = QApplication.focusWidget()
        if focused is None or not (focused is self._side or self._side.isAncestorOf(focused)):
            return
        back = self._came_from
        self._came_from = None
        if back is None or not isValid(back) or not back.isVisible():
            back = self._main_focus()
        back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        if isValid(self) and now is not None and self.over and self._main.isAncestorOf(now):
            self._came_from = None
            self.close_over()


class Veil(QWidget):
    """Lies over the page while the side does; a press on it closes the side. Signal: `pressed`."""

    pressed = Signal()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Takes the press away from what lies below."""
        self.pressed.emit()


class Grip(QWidget):
    """The line at the side's end, and where it is drawn by. Signal: `drawn` with the place in its parent's pixels."""

    drawn = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._drawable = True
        theme.changed.connect(self.update)

    def set_drawable(self, drawable: bool) -> None:
        """Whether the pointer can take it; else it is only a line."""
        self._drawable = drawable
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not drawable)
        self.setCursor(Qt.CursorShape.SplitHCursor if drawable else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Takes the line."""
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follows the pointer."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.drawn.emit(self.mapToParent(event.position().toPoint()).x())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Goes back to the width of the look."""
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        parent = self.parentWidget()
        self.drawn.emit(parent.width() - Size.SIDEBAR if rtl and parent else Size.SIDEBAR)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the hairline between the parts."""
        painter = QPainter(self)
        middle = Size.GRIP // 2
        line = QRectF(middle, 0, Space.HAIR, self.height())
        paint_hairline(painter, line, self._theme.tokens.border)
        painter.end()


def _within(width: int) -> int:
    return max(Size.SIDEBAR_MIN, min(Size.SIDEBAR_MAX, width))
