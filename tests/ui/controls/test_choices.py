"""Choices side by side and choices in a menu: both tell only what a person chose."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QRadioButton

from app.ui.controls.choice_field import ChoiceField
from app.ui.controls.menu import Menu
from app.ui.controls.segmented_choice import SegmentedChoice
from app.ui.icons import Icons
from app.ui.theme import Theme
from tests.ui.conftest import Show

WORDS = {"system": "As this machine", "light": "Light", "dark": "Dark"}


@pytest.fixture
def segments(theme: Theme, show: Show) -> SegmentedChoice:
    choice = SegmentedChoice(theme, "Theme", WORDS)
    choice.set_value("light")
    show(choice)
    return choice


@pytest.fixture
def field(theme: Theme, icons: Icons, show: Show) -> ChoiceField:
    choice = ChoiceField(theme, icons, "Theme", WORDS)
    choice.set_value("light")
    show(choice)
    return choice


def _radio(choice: SegmentedChoice, text: str) -> QRadioButton:
    return next(one for one in choice.findChildren(QRadioButton) if one.text() == text)


def _menu(field: ChoiceField) -> Menu:
    menu = field.findChild(Menu)
    assert menu is not None
    return menu


def test_a_click_on_a_segment_chooses_it(segments: SegmentedChoice) -> None:
    told: list[str] = []
    segments.chosen.connect(told.append)
    QTest.mouseClick(_radio(segments, "Dark"), Qt.MouseButton.LeftButton)
    assert told == ["dark"]
    assert segments.value == "dark"


def test_the_arrows_choose_the_next_segment(segments: SegmentedChoice) -> None:
    told: list[str] = []
    segments.chosen.connect(told.append)
    _radio(segments, "Light").setFocus()
    QTest.keyClick(_radio(segments, "Light"), Qt.Key.Key_Right)
    assert segments.value == "dark"
    assert told == ["dark"]


def test_what_is_set_is_not_told(segments: SegmentedChoice, field: ChoiceField) -> None:
    told: list[str] = []
    for choice in (segments, field):
        choice.chosen.connect(told.append)
        choice.set_value("dark")
        assert choice.value == "dark"
    assert told == []


def test_a_segment_says_what_it_is_a_choice_of(segments: SegmentedChoice) -> None:
    segments.describe("Light, dark, or as this machine is set.")
    assert _radio(segments, "Dark").accessibleDescription() == "Light, dark, or as this machine is set."


def test_a_value_that_is_not_offered_changes_nothing(segments: SegmentedChoice) -> None:
    segments.set_value("sepia")
    assert segments.value == "light"


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Down])
def test_keys_open_the_choices_at_the_one_that_holds(field: ChoiceField, key: Qt.Key) -> None:
    field.setFocus()
    QTest.keyClick(field, key)
    menu = _menu(field)
    assert menu.isVisible()
    assert menu.activeAction().text() == "Light"
    menu.close()


def test_what_is_chosen_in_the_menu_is_told_and_heard(field: ChoiceField) -> None:
    told: list[str] = []
    field.chosen.connect(told.append)
    field.open_menu()
    next(action for action in _menu(field).actions() if action.text() == "Dark").trigger()
    assert told == ["dark"]
    assert field.accessibleDescription() == "Dark"
    field.describe("How it looks.")
    assert field.accessibleDescription() == "Dark. How it looks."
    _menu(field).close()


def test_a_field_keeps_its_width_whatever_is_chosen(field: ChoiceField) -> None:
    before = field.sizeHint()
    field.set_value("system")
    assert field.sizeHint() == before


def test_a_closed_menu_is_gone(field: ChoiceField, qt_app: QApplication) -> None:
    field.open_menu()
    _menu(field).close()
    qt_app.sendPostedEvents(None, 52)
    qt_app.processEvents()
    assert field.findChildren(Menu) == []
