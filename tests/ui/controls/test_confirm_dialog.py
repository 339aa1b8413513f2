"""A dialog says what will happen, and keeps everything as it is unless its verb is pressed."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.ui.controls.confirm_dialog import ConfirmDialog
from app.ui.theme import Theme
from tests.ui.conftest import Show


@pytest.fixture
def dialog(theme: Theme, show: Show) -> ConfirmDialog:
    dialog = ConfirmDialog(theme, "Delete it?", "It goes to the trash.", "Delete", "Keep it")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    show(dialog)
    return dialog


def _confirmed(dialog: ConfirmDialog, key: Qt.Key) -> list[bool]:
    told: list[bool] = []
    dialog.confirmed.connect(lambda: told.append(True))
    QTest.keyClick(dialog.buttons[0], key)
    return told


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_the_first_key_changes_nothing(dialog: ConfirmDialog, key: Qt.Key) -> None:
    assert _confirmed(dialog, key) == []
    assert not dialog.isVisible()


def test_the_verb_does_it(dialog: ConfirmDialog) -> None:
    told: list[bool] = []
    dialog.confirmed.connect(lambda: told.append(True))
    QTest.mouseClick(dialog.buttons[1], Qt.MouseButton.LeftButton)
    assert told == [True]
    assert not dialog.isVisible()


def test_assistive_technology_hears_what_will_happen(dialog: ConfirmDialog) -> None:
    assert dialog.accessibleName() == "Delete it?"
    assert dialog.accessibleDescription() == "It goes to the trash."
    assert [button.text() for button in dialog.buttons] == ["Keep it", "Delete"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_presses_the_button_that_has_the_focus(dialog: ConfirmDialog, key: Qt.Key) -> None:
    told: list[bool] = []
    dialog.confirmed.connect(lambda: told.append(True))
    dialog.buttons[1].setFocus()
    QTest.keyClick(dialog.buttons[1], key)
    assert told == [True]
    assert not dialog.isVisible()
