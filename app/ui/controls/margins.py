"""Margins that mirror: Qt turns a layout round for right-to-left languages, but not its margins."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLayout


def set_margins(layout: QLayout, start: int, top: int, end: int, bottom: int) -> None:
    """Sets a layout's margins by where a line of text starts and ends."""
    rtl = QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
    left, right = (end, start) if rtl else (start, end)
    layout.setContentsMargins(left, top, right, bottom)
