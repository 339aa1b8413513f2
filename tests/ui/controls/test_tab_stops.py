"""What Tab comes to in a part of the window, without following the focus chain."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from app.ui.controls.tab_stops import tab_stops
from tests.ui.conftest import Show


def test_what_takes_the_focus_and_is_there_in_the_order_in_which_it_was_made(show: Show) -> None:
    window = QWidget()
    part = QWidget(window)
    first, second = QLineEdit(part), QPushButton("Second", part)
    QLabel("Takes none", part)
    QPushButton("Disabled", part).setEnabled(False)
    QPushButton("Hidden", part).hide()
    QPushButton("By the mouse alone", part).setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    QPushButton("Elsewhere", window)
    show(window)
    assert tab_stops(part) == [first, second]
