"""A card that floats over the window beside the button that opened it, for what a menu cannot hold."""

from functools import cache
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleInterface,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAccessibleWidget, QApplication, QFrame, QWidget
from shiboken6 import isValid

from app.ui.controls.tab_stops import tab_stops
from app.ui.shadow import paint_shadow
from app.ui.theme import Radius, Space, Theme

_FLOATS: Final = "floats"


class Popover(QWidget):
    """Lies over the whole window, and shows its `card` beside the opener; Tab goes round in it.

    It goes with Escape, with a press beside the card, and when the focus goes elsewhere. It is no window of its own: so
    it stands where it belongs on every desktop, and assistive technology finds it in the window. Signal: `closed`.
    """

    closed = Signal()

    def __init__(self, theme: Theme, name: str, opener: QWidget) -> None:
        super().__init__(opener.window())
        self._theme = theme
        self._opener = opener
        self._beside = QRect()
        self._gone = False
        self.card = QFrame(self)
        self.card.setProperty(_FLOATS, True)
        _install()
        self.card.setAccessibleName(name)
        theme.changed.connect(self.update)
        opener.window().installEventFilter(self)
        self.hide()

    def open(self) -> None:
        """Shows it, with the focus on the first thing in it that takes it."""
        by_keys = self._opener.hasFocus()
        self._find_opener()
        self._place()
        self.show()
        self.raise_()
        stops = self._stops()
        if stops:
            reasons = Qt.FocusReason
            stops[0].setFocus(reasons.TabFocusReason if by_keys else reasons.OtherFocusReason)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_changed)

    def close_card(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Goes, and gives the focus that was in it back to the opener."""
        if self._gone:
            return
        # Whoever hears that the focus went back must not close it once more.
        self._gone = True
        focused = QApplication.focusWidget()
        inside = focused is not None and self.isAncestorOf(focused)
        if inside and isValid(self._opener) and self._opener.isVisible():
            self._opener.setFocus(reason)
        self.hide()
        self.closed.emit()
        self.deleteLater()

    def focusNextPrevChild(self, forwards: bool) -> bool:
        """Tab goes round: what lies behind it is out of reach while it is there."""
        stops = self._stops()
        focused = QApplication.focusWidget()
        if not stops:
            return True
        at = stops.index(focused) if focused in stops else -1 if forwards else 0
        reasons = Qt.FocusReason
        following = stops[(at + (1 if forwards else -1)) % len(stops)]
        following.setFocus(reasons.TabFocusReason if forwards else reasons.BacktabFocusReason)
        return True

    def event(self, event: QEvent) -> bool:
        """Keeps Escape from the window's shortcuts, and follows what its card asks for."""
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._place()
        escape = isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Cancel)
        if escape and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stays beside its opener when the window gets another size."""
        if event.type() == QEvent.Type.Resize and isValid(self) and not self.isHidden():
            self._find_opener()
            self._place()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes it."""
        if event.matches(QKeySequence.StandardKey.Cancel):
            self.close_card(Qt.FocusReason.ShortcutFocusReason)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press beside the card closes it, and does nothing else."""
        if not self.card.geometry().contains(event.position().toPoint()):
            self.close_card()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the card's surface and its soft shadow."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = Space.HAIR / 2
        area = QRectF(self.card.geometry())
        paint_shadow(painter, self._theme, area, Radius.MENU)
        # It may lie on the composer, whose surface is the same.
        painter.setPen(QPen(self._theme.tokens.border_control, Space.HAIR))
        painter.setBrush(self._theme.tokens.raised)
        painter.drawRoundedRect(area.adjusted(half, half, -half, -half), Radius.MENU, Radius.MENU)
        painter.end()

    def _find_opener(self) -> None:
        opener = self._opener
        if isValid(opener) and opener.isVisible():
            self._beside = QRect(opener.mapTo(opener.window(), QPoint()), opener.size())

    def _place(self) -> None:
        """Below the opener where there is room, else above it; along its start, but inside of the window."""
        window = self.window()
        self.setGeometry(window.rect())
        within = window.rect().adjusted(Space.S, Space.S, -Space.S, -Space.S)
        size = self._wanted(within.size())
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = self._beside.right() + 1 - size.width() if rtl else self._beside.left()
        below = self._beside.bottom() + 1 + Space.XS
        above = self._beside.top() - Space.XS - size.height()
        top = below if below + size.height() <= within.bottom() + 1 else above
        card = QRect(QPoint(left, top), size)
        card.moveRight(min(card.right(), within.right()))
        card.moveBottom(min(card.bottom(), within.bottom()))
        card.moveLeft(max(card.left(), within.left()))
        card.moveTop(max(card.top(), within.top()))
        if card != self.card.geometry():
            self.card.setGeometry(card)
            self.update()

    def _wanted(self, most: QSize) -> QSize:
        layout = self.card.layout()
        size = self.card.sizeHint().expandedTo(self.card.minimumSize())
        if layout is not None and layout.hasHeightForWidth():
            size.setHeight(layout.totalHeightForWidth(size.width()))
        return size.boundedTo(most)

    def _stops(self) -> list[QWidget]:
        """What Tab comes to, in order."""
        return tab_stops(self.card)

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        if not isValid(self) or now is None:
            return
        if now.window() is self.window() and not self.isAncestorOf(now):
            self.close_card()


@cache
def _install() -> None:
    QAccessible.installFactory(_made)


def _made(_key: str, thing: QObject) -> QAccessibleInterface | None:
    return CardAccess(thing) if isinstance(thing, QFrame) and thing.property(_FLOATS) else None


class CardAccess(QAccessibleWidget):
    """The card as assistive technology meets it: a dialog, whose name and description are told on the way in."""

    def __init__(self, card: QFrame) -> None:
        super().__init__(card, QAccessible.Role.Dialog, card.accessibleName())
