"""Other keys are given by pressing them; what they would take from another action is said first."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest

from app.ui.settings.keys import KeysPage
from app.ui.settings.page import SettingsPage
from app.ui.shortcuts import Shortcuts
from app.ui.theme import Theme

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def keys(page: Callable[[str], SettingsPage]) -> KeysPage:
    shown = page("shortcuts")
    assert isinstance(shown, KeysPage)
    return shown


def _press(keys: KeysPage, name: str, key: Qt.Key, held: Qt.KeyboardModifier = CONTROL) -> None:
    field = keys.field(name)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Space)
    assert field.capturing
    QTest.keyClick(field, key, held)


def _shown(keys: KeysPage, name: str) -> str:
    return keys.field(name).text()


def test_keys_that_are_pressed_hold(keys: KeysPage, shortcuts: Shortcuts) -> None:
    _press(keys, "export", Qt.Key.Key_J)
    assert shortcuts.keys("export") == QKeySequence("Ctrl+J")
    assert _shown(keys, "export") == "Ctrl+J"
    assert keys.field("export").accessibleName() == "Export the conversation"
    assert keys.rows["keys_export"].reset_button.isVisible()


def test_what_it_shows_and_that_it_waits_is_heard(keys: KeysPage) -> None:
    field = keys.field("export")
    assert field.accessibleDescription() == "Ctrl+E"
    field.click()
    assert field.accessibleDescription() == "Press the keys"
    field.set_capturing(False)


def test_control_and_tab_can_be_given_back(keys: KeysPage, shortcuts: Shortcuts) -> None:
    _press(keys, "next_conversation", Qt.Key.Key_J)
    assert shortcuts.keys("next_conversation") == QKeySequence("Ctrl+J")
    _press(keys, "next_conversation", Qt.Key.Key_Tab)
    assert shortcuts.keys("next_conversation") == QKeySequence("Ctrl+Tab")
    _press(keys, "previous_conversation", Qt.Key.Key_Backtab, CONTROL | SHIFT)
    assert shortcuts.keys("previous_conversation") == QKeySequence("Ctrl+Shift+Tab")


def test_escape_changes_nothing_and_leaves_the_page_open(keys: KeysPage, shortcuts: Shortcuts) -> None:
    _press(keys, "export", Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert not keys.field("export").capturing
    assert shortcuts.is_default("export")
    assert keys.isVisible()


def test_backspace_takes_the_keys_away(keys: KeysPage, shortcuts: Shortcuts) -> None:
    _press(keys, "export", Qt.Key.Key_Backspace, Qt.KeyboardModifier.NoModifier)
    assert shortcuts.keys("export").isEmpty()
    assert _shown(keys, "export") == "None"


def test_tab_goes_on_and_cancels(keys: KeysPage, shortcuts: Shortcuts) -> None:
    _press(keys, "export", Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier)
    assert not keys.field("export").capturing
    assert not keys.field("export").hasFocus()
    assert shortcuts.is_default("export")


def test_modifiers_alone_are_waited_through(keys: KeysPage) -> None:
    _press(keys, "export", Qt.Key.Key_Control)
    assert keys.field("export").capturing
    keys.field("export").set_capturing(False)


def test_a_shortcut_of_the_window_does_not_fire_meanwhile(keys: KeysPage, shortcuts: Shortcuts) -> None:
    fired: list[bool] = []
    shortcut = QShortcut(QKeySequence("Ctrl+J"), keys.window())
    shortcut.activated.connect(lambda: fired.append(True))
    _press(keys, "export", Qt.Key.Key_J)
    assert fired == []
    assert shortcuts.keys("export") == QKeySequence("Ctrl+J")


def test_keys_of_another_are_taken_only_when_that_is_asked_for(keys: KeysPage, shortcuts: Shortcuts) -> None:
    row = keys.rows["keys_export"]
    _press(keys, "export", Qt.Key.Key_N)
    assert row.problem.text == "Ctrl+N already does this: New conversation."
    assert shortcuts.is_default("export")
    keys.taker("export").click()
    assert shortcuts.keys("export") == QKeySequence("Ctrl+N")
    assert _shown(keys, "new_conversation") == "None"
    assert row.problem.text == ""
    assert keys.taker("export").isHidden()


def test_keys_that_a_text_needs_are_refused_without_an_offer(keys: KeysPage, shortcuts: Shortcuts) -> None:
    _press(keys, "export", Qt.Key.Key_C)
    assert "edits text" in keys.rows["keys_export"].problem.text
    assert keys.taker("export").isHidden()
    assert shortcuts.is_default("export")


def test_a_second_way_is_told_until_other_keys_are_chosen(keys: KeysPage) -> None:
    row = keys.rows["keys_larger_text"]
    assert row.about.plain_text == "Also Ctrl+="
    _press(keys, "larger_text", Qt.Key.Key_J)
    assert row.about.isHidden()


def test_one_goes_back_and_so_do_all(keys: KeysPage, shortcuts: Shortcuts) -> None:
    assert keys.reset_button.isHidden()
    _press(keys, "export", Qt.Key.Key_J)
    _press(keys, "rename", Qt.Key.Key_I)
    keys.rows["keys_export"].reset_button.click()
    assert shortcuts.is_default("export")
    assert not shortcuts.is_default("rename")
    keys.reset_button.click()
    assert shortcuts.is_default("rename")
    assert _shown(keys, "rename") == "F2"
    assert keys.reset_button.isHidden()


def test_a_field_that_waits_looks_different(keys: KeysPage, theme: Theme) -> None:
    keys.window().setStyleSheet(theme.stylesheet())
    field = keys.field("export")
    before, font = field.grab().toImage(), field.font()
    field.set_capturing(True)
    waits = field.grab().toImage()
    field.set_capturing(False)
    assert before.pixelColor(0, 16) != waits.pixelColor(0, 16)
    assert field.grab().toImage().pixelColor(0, 16) == before.pixelColor(0, 16)
    assert field.font() == font
