"""A card floats beside its opener, keeps Tab to itself, and goes where a person turns away from it."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.ui.controls.popover import Popover
from app.ui.theme import Space, Theme
from tests.ui.conftest import Show


@pytest.fixture
def opener(show: Show) -> QPushButton:
    window = QWidget()
    window.resize(600, 400)
    opener = QPushButton("Open", window)
    opener.setGeometry(100, 20, 100, 30)
    QPushButton("Other", window).setGeometry(300, 20, 100, 30)
    show(window)
    return opener


@pytest.fixture
def popover(theme: Theme, opener: QPushButton) -> Popover:
    popover = Popover(theme, "Sampling", opener)
    column = QVBoxLayout(popover.card)
    for name in ("First", "Second"):
        button = QPushButton(name, popover.card)
        button.setFixedSize(200, 40)
        column.addWidget(button)
    return popover


def _focused() -> QPushButton:
    widget = QApplication.focusWidget()
    assert isinstance(widget, QPushButton)
    return widget


def test_it_stands_below_its_opener_and_above_it_where_there_is_no_room(
    popover: Popover, opener: QPushButton, theme: Theme
) -> None:
    popover.open()
    assert popover.geometry() == opener.window().rect()
    assert popover.card.geometry().topLeft() == opener.geometry().bottomLeft() + QPoint(0, 1 + Space.XS)
    popover.close_card()
    opener.move(100, 350)
    low = Popover(theme, "Low", opener)
    low.card.setMinimumSize(100, 100)
    low.open()
    assert low.card.geometry().bottom() == opener.y() - Space.XS - 1


def test_it_stays_inside_of_the_window_when_that_shrinks(popover: Popover, opener: QPushButton) -> None:
    opener.move(480, 20)
    popover.open()
    opener.window().resize(560, 300)
    assert opener.window().rect().contains(popover.card.geometry())


def test_read_from_the_right_its_edge_is_the_openers_other_one(popover: Popover, opener: QPushButton) -> None:
    opener.move(400, 20)
    opener.window().setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    popover.open()
    assert popover.card.geometry().right() in (opener.geometry().right(), popover.width() - Space.S - 1)
    assert popover.card.x() < opener.x()


def test_tab_goes_round_in_it(popover: Popover) -> None:
    popover.open()
    seen = [_focused().text()]
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
        QTest.keyClick(_focused(), key)
        seen.append(_focused().text())
    assert seen == ["First", "Second", "First", "Second"]


def test_escape_closes_it_and_the_focus_goes_back(popover: Popover, opener: QPushButton) -> None:
    heard: list[str] = []
    popover.closed.connect(lambda: heard.append("closed"))
    opener.setFocus()
    popover.open()
    QTest.keyClick(_focused(), Qt.Key.Key_Escape)
    assert heard == ["closed"]
    assert popover.isHidden()
    assert opener.hasFocus()


def test_a_press_beside_it_closes_it_and_presses_nothing_else(popover: Popover, opener: QPushButton) -> None:
    pressed: list[str] = []
    opener.clicked.connect(lambda: pressed.append("opener"))
    popover.open()
    QTest.mouseClick(popover, Qt.MouseButton.LeftButton, pos=popover.card.geometry().center())
    assert not popover.isHidden()
    QTest.mouseClick(popover, Qt.MouseButton.LeftButton, pos=opener.geometry().center())
    assert popover.isHidden()
    assert pressed == []


def test_it_goes_when_the_focus_goes_elsewhere_which_keeps_it(popover: Popover, opener: QPushButton) -> None:
    popover.open()
    other = next(button for button in opener.window().findChildren(QPushButton) if button.text() == "Other")
    other.setFocus()
    assert popover.isHidden()
    assert other.hasFocus()


def test_closed_it_is_gone_for_good(popover: Popover, qt_app: QApplication) -> None:
    popover.open()
    popover.close_card()
    qt_app.sendPostedEvents(None, 52)
    assert not isValid(popover)


def test_what_stands_after_it_in_the_window_outlives_it(
    popover: Popover, opener: QPushButton, qt_app: QApplication
) -> None:
    """PySide lets a widget that Qt made go with the one from which it was reached along the focus chain."""
    viewport = QScrollArea(opener.window()).viewport()
    popover.open()
    QTest.keyClick(_focused(), Qt.Key.Key_Tab)
    popover.close_card()
    qt_app.sendPostedEvents(None, 52)
    assert not isValid(popover)
    assert isValid(viewport)


def test_assistive_technology_meets_a_dialog_with_its_name(popover: Popover) -> None:
    popover.open()
    told = QAccessible.queryAccessibleInterface(popover.card)
    assert told.role() == QAccessible.Role.Dialog
    assert told.text(QAccessible.Text.Name) == "Sampling"
