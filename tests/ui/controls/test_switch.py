"""A switch is a check box to everyone but the eye."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest

from app.ui.controls.switch import Switch
from app.ui.theme import Theme
from tests.ui.conftest import Show


def _image(switch: Switch) -> QImage:
    return switch.grab().toImage()


def test_a_click_anywhere_on_it_and_space_switch_it(theme: Theme, show: Show) -> None:
    switch = Switch(theme, "Awake")
    show(switch)
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton, pos=QPoint(switch.width() - 2, 2))
    assert switch.isChecked()
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert not switch.isChecked()


def test_assistive_technology_hears_its_name_and_whether_it_is_on(theme: Theme, show: Show) -> None:
    switch = Switch(theme, "Awake")
    show(switch)
    switch.setChecked(True)
    heard = QAccessible.queryAccessibleInterface(switch)
    assert heard is not None
    assert heard.role() == QAccessible.Role.CheckBox
    assert heard.text(QAccessible.Text.Name) == "Awake"
    assert heard.state().checked


def test_on_and_off_differ_by_the_place_of_the_knob(theme: Theme, show: Show) -> None:
    switch = Switch(theme, "Awake")
    show(switch)
    off = _image(switch).pixelColor(10, 10)
    switch.setChecked(True)
    on = _image(switch)
    assert off == theme.tokens.border_strong
    assert on.pixelColor(10, 10) == theme.tokens.accent
    assert on.pixelColor(switch.width() - 10, 10) == theme.tokens.on_accent


def test_it_mirrors(theme: Theme, show: Show) -> None:
    switch = Switch(theme, "Awake")
    switch.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    show(switch)
    switch.setChecked(True)
    assert _image(switch).pixelColor(10, 10) == theme.tokens.on_accent
