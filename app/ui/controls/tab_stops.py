"""What Tab comes to in a part of the window."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def tab_stops(within: QWidget) -> list[QWidget]:
    """The widgets that take the focus by Tab now, in the order in which they were made.

    The focus chain is not followed: PySide takes each widget of it for a child of the one before, so that a part of the
    window would go with whatever stood before it.
    """
    return [
        widget
        for widget in within.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled() and widget.isVisible()
    ]
