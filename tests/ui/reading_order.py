"""Where the focus goes with Tab, and in which order assistive technology reads, seen from above."""

from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QWidget

_NEAR = 12
"""Pixels by which the middles of what stands in one row may differ."""


def stops(window: QWidget, within: QWidget) -> list[QWidget]:
    """What Tab comes to in a part of a window, in the order of the focus; of a group of choices, the chosen one."""
    found: list[QWidget] = []
    widget = window
    while (after := widget.nextInFocusChain()) is not None and after is not window:
        widget = after
        takes = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
        group = isinstance(widget, QAbstractButton) and widget.autoExclusive() and not widget.isChecked()
        inside = within is widget or within.isAncestorOf(widget)
        if inside and takes and not group and widget.isVisible() and widget.isEnabled():
            found.append(widget)
    # The chain is a ring: it begins where the part does.
    first = min(range(len(found)), key=lambda n: place(found[n]).top(), default=0)
    return [*found[first:], *found[:first]]


def place(widget: QWidget) -> QRect:
    """Where a widget is in its window."""
    return QRect(widget.mapTo(widget.window(), QPoint()), widget.size())


def out_of_order(widgets: list[QWidget]) -> list[tuple[str, str]]:
    """The pairs in which a stop comes before one that is read earlier: from the top, and in a row from the left."""
    wrong = []
    for before, after in pairwise(widgets):
        here, there = place(before), place(after)
        beside = abs(here.center().y() - there.center().y()) <= _NEAR
        if there.left() < here.left() if beside else there.top() < here.top():
            wrong.append((name(before), name(after)))
    return wrong


def name(widget: QWidget) -> str:
    """What a widget is called."""
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def read(widget: QWidget) -> list[str]:
    """The names of the children that show, in the order in which they are told."""
    told = QAccessible.queryAccessibleInterface(widget)
    children = (told.child(index) for index in range(told.childCount()))
    return [child.text(QAccessible.Text.Name) for child in children if not child.state().invisible]
