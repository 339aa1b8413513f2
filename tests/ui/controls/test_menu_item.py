"""An item of a menu with a sentence: chosen as any other, seen with its words, its sentence and its sign."""

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from app.ui.controls.menu import Menu
from app.ui.icons import Icons
from app.ui.theme import Theme
from tests.ui.conftest import Show

SENTENCE = "Adds a line to the prompt, for models that drift into another."


@pytest.fixture
def button(show: Show) -> QPushButton:
    window = QWidget()
    window.resize(600, 300)
    button = QPushButton("Open", window)
    show(window)
    return button


@pytest.fixture
def menu(theme: Theme, icons: Icons, button: QPushButton) -> Menu:
    return Menu(theme, icons, "Thinking effort", button.window())


def _picture(menu: Menu, item: QAction) -> QImage:
    return menu.grab(menu.actionGeometry(item)).toImage()


def test_it_is_chosen_by_the_keys_of_the_menu(menu: Menu, button: QPushButton) -> None:
    chosen: list[bool] = []
    menu.add_choices({"on": "On"}, "on", lambda _choice: None)
    menu.add_switch("Mine", SENTENCE, False, chosen.append)
    menu.open_below(button)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
        QTest.keyClick(menu, key)
    assert chosen == [True]
    assert not menu.isVisible()


def test_it_is_chosen_by_a_click(menu: Menu, button: QPushButton) -> None:
    chosen: list[bool] = []
    item = menu.add_switch("Mine", SENTENCE, True, chosen.append)
    menu.open_below(button)
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(item).center())
    assert chosen == [False]


def test_words_and_sentence_are_told_together(menu: Menu) -> None:
    assert menu.add_switch("Mine", SENTENCE, False, lambda _on: None).text() == f"Mine. {SENTENCE}"
    said = menu.add_words("It waits.")
    assert (said.text(), said.isEnabled()) == ("It waits.", False)


def test_on_off_and_under_the_pointer_look_different(menu: Menu, button: QPushButton) -> None:
    item = menu.add_switch("Mine", SENTENCE, False, lambda _on: None)
    menu.open_below(button)
    pictures = [_picture(menu, item)]
    item.setChecked(True)
    pictures.append(_picture(menu, item))
    menu.setActiveAction(item)
    pictures.append(_picture(menu, item))
    assert all(one != other for one, other in pairwise(pictures))
    menu.close()


def test_a_long_sentence_makes_the_menu_higher_not_wider(menu: Menu, button: QPushButton) -> None:
    short = menu.add_words("It waits.")
    long = menu.add_words(" ".join([SENTENCE] * 3))
    menu.open_below(button)
    assert menu.actionGeometry(long).height() > 3 * menu.actionGeometry(short).height()
    assert menu.width() < 300
    menu.close()
