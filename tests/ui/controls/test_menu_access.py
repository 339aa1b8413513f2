"""Buttons that open a menu tell so, and are pressed by their first action."""

from collections.abc import Callable

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton

from app.ui.controls.buttons import IconButton, MenuButton
from app.ui.controls.choice_field import ChoiceField
from app.ui.controls.segment import Segment
from app.ui.icons import Icons
from app.ui.theme import Theme
from tests.ui.conftest import Show

Make = Callable[[Theme, Icons], QAbstractButton]


@pytest.mark.parametrize(
    "make",
    [
        lambda theme, icons: MenuButton(theme, icons, "ellipsis", "More"),
        lambda theme, icons: Segment(theme, icons, "More"),
        lambda theme, icons: ChoiceField(theme, icons, "More", {"a": "A"}),
    ],
)
def test_it_tells_of_its_menu_and_is_pressed(theme: Theme, icons: Icons, show: Show, make: Make) -> None:
    button = make(theme, icons)
    show(button)
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    told = QAccessible.queryAccessibleInterface(button)
    actions = told.actionInterface()
    assert (told.text(QAccessible.Text.Name), bool(told.state().hasPopup)) == ("More", True)
    actions.doAction(actions.actionNames()[0])
    assert pressed == [True]
    button.setEnabled(False)
    assert actions.actionNames() == []


def test_other_buttons_tell_of_none(theme: Theme, icons: Icons, show: Show) -> None:
    button = IconButton(theme, icons, "share", "Export")
    show(button)
    assert not QAccessible.queryAccessibleInterface(button).state().hasPopup
