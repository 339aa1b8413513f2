"""Buttons say what they do, to the eye and to assistive technology, and leave the cursor where it is."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QColor, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.ui.controls.buttons import Button, IconButton
from app.ui.icons import Icons
from app.ui.theme import Size, Theme
from tests.ui.conftest import Show


@pytest.fixture
def button(theme: Theme, icons: Icons, show: Show) -> IconButton:
    button = IconButton(theme, icons, "copy", "Copy answer", QKeySequence("Ctrl+C"))
    show(button)
    return button


def _corner(button: IconButton) -> QColor:
    """The colour beside the icon, inside of the round corner."""
    return button.grab().toImage().pixelColor(4, 14)


def test_an_icon_button_has_a_role_a_name_and_a_tooltip_with_its_keys(button: IconButton) -> None:
    interface = QAccessible.queryAccessibleInterface(button)
    assert interface.role() == QAccessible.Role.Button
    assert interface.text(QAccessible.Text.Name) == "Copy answer"
    assert button.toolTip() == "Copy answer  Ctrl+C"


def test_hover_and_press_fill_it(theme: Theme, button: IconButton) -> None:
    button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    plain = _corner(button)
    button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, True)
    assert _corner(button) == theme.tokens.hover
    button.setDown(True)
    assert _corner(button) == theme.tokens.pressed
    button.setDown(False)
    button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    assert _corner(button) == plain


def test_disabled_it_has_no_fill_and_a_pale_icon(theme: Theme, button: IconButton) -> None:
    button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, True)
    button.setEnabled(False)
    assert button.fill() is None
    assert button.ink() == theme.tokens.disabled


def test_it_is_as_large_as_the_look_says(button: IconButton) -> None:
    assert (button.width(), button.height()) == (Size.ICON_BUTTON, Size.ICON_BUTTON)


def test_a_click_does_not_take_the_cursor_from_a_field_but_tab_does(
    theme: Theme, icons: Icons, show: Show
) -> None:
    window = QWidget()
    field, button = QLineEdit(), IconButton(theme, icons, "copy", "Copy")
    column = QVBoxLayout(window)
    column.addWidget(field)
    column.addWidget(button)
    show(window)
    field.setFocus()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert field.hasFocus()
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert button.hasFocus()


def test_the_keyboard_presses_it(button: IconButton) -> None:
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert pressed == [True]


@pytest.mark.parametrize(("compact", "height"), [(False, 32), (True, 28)])
def test_a_button_with_words_has_one_of_two_heights(theme: Theme, compact: bool, height: int) -> None:
    assert Button(theme, "Load", compact=compact).height() == height
