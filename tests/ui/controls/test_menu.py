"""A menu opens below its button without blocking and marks what is chosen by a sign."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from app.ui.controls.menu import Menu
from app.ui.icons import Icons
from app.ui.theme import Theme
from tests.ui.conftest import Show


@pytest.fixture
def button(show: Show) -> QPushButton:
    window = QWidget()
    window.resize(600, 300)
    button = QPushButton("Open", window)
    button.setGeometry(300, 10, 100, 30)
    show(window)
    return button


@pytest.fixture
def menu(theme: Theme, icons: Icons, button: QPushButton) -> Menu:
    return Menu(theme, icons, "Model", button.window())


def test_it_opens_at_the_start_of_its_button_and_returns_at_once(menu: Menu, button: QPushButton) -> None:
    menu.add("Unload", lambda: None)
    menu.open_below(button)
    assert menu.isVisible()
    assert menu.pos() == button.mapToGlobal(QPoint(0, button.height() + 4))
    menu.close()


def test_it_opens_at_the_end_of_its_button_when_asked(menu: Menu, button: QPushButton) -> None:
    menu.add("Unload", lambda: None)
    menu.open_below(button, at_end=True)
    assert menu.x() + menu.width() == button.mapToGlobal(QPoint(button.width(), 0)).x()
    menu.close()


def test_an_item_does_what_it_says_and_shows_its_keys(menu: Menu, button: QPushButton) -> None:
    done: list[str] = []
    action = menu.add("Load", lambda: done.append("load"), icon="folder-open", keys=QKeySequence("Ctrl+O"))
    assert action.text() == "Load\tCtrl+O"
    assert action.shortcut().isEmpty()
    menu.open_below(button)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert done == ["load"]


def test_of_choices_one_is_checked_and_carries_a_sign(menu: Menu, button: QPushButton) -> None:
    chosen: list[str] = []
    menu.add_choices({"off": "Off", "low": "Low", "high": "High"}, "low", chosen.append)
    assert [action.isChecked() for action in menu.actions()] == [False, True, False]
    assert [action.icon().isNull() for action in menu.actions()] == [True, False, True]
    menu.open_below(button)
    for _ in range(3):
        QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert chosen == ["high"]


def test_a_menu_of_its_own_has_a_chevron_at_the_end(theme: Theme, menu: Menu, button: QPushButton) -> None:
    menu.add("Settings", lambda: None)
    menu.open_below(button)
    without = menu.grab().toImage()
    inner = QMenu("Theme", menu)
    menu.addMenu(inner)
    menu.adjustSize()
    area = menu.actionGeometry(inner.menuAction())
    end = area.adjusted(area.width() - 26, 0, 0, 0)
    picture = menu.grab().toImage()
    colors = {picture.pixelColor(x, end.center().y()).name() for x in range(end.left(), end.right())}
    assert len(colors) > 1
    assert without.size() != picture.size()
    menu.close()


def test_escape_closes_it_and_chooses_nothing(menu: Menu, button: QPushButton) -> None:
    chosen: list[str] = []
    menu.add_choices({"on": "On"}, "on", chosen.append)
    menu.open_below(button)
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    assert not menu.isVisible()
    assert chosen == []
