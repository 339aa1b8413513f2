"""Every action has keys of its own; a person may give it others, and no keys do two things."""

import json
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence

from app.services.settings_service import SettingsService
from app.settings import SHORTCUTS, Settings
from app.ui.shortcuts import TABLE, Shortcuts


def _keys(text: str) -> QKeySequence:
    return QKeySequence(text)


@pytest.fixture
def settings(qt_app: object, tmp_path: Path) -> SettingsService:
    return SettingsService(Settings(tmp_path / "settings.json"))


@pytest.fixture
def shortcuts(settings: SettingsService) -> Shortcuts:
    return Shortcuts(settings)


def test_no_two_actions_are_shipped_with_the_same_keys() -> None:
    every = [keys for shortcut in TABLE for keys in shortcut.keys]
    assert len(every) == len(set(every))
    assert len({shortcut.name for shortcut in TABLE}) == len(TABLE)


def test_keys_that_are_shipped_can_be_read_and_none_types(shortcuts: Shortcuts) -> None:
    for name in shortcuts.names:
        assert not shortcuts.keys(name).isEmpty()
        assert shortcuts.conflict(name, shortcuts.keys(name)) is None
        assert shortcuts.is_default(name)
        assert shortcuts.words(name)


def test_other_keys_are_told_and_remembered(shortcuts: Shortcuts, settings: SettingsService) -> None:
    told: list[str] = []
    shortcuts.changed.connect(told.append)
    shortcuts.set("export", _keys("Ctrl+J"))
    assert told == ["export"]
    assert shortcuts.keys("export") == _keys("Ctrl+J")
    assert not shortcuts.is_default("export")
    assert Shortcuts(settings).keys("export") == _keys("Ctrl+J")


def test_a_conflict_is_told_in_words(shortcuts: Shortcuts) -> None:
    assert shortcuts.conflict("export", _keys("Ctrl+N")) == "Ctrl+N already does this: New conversation."
    assert shortcuts.conflict("export", _keys("Ctrl+=")) == "Ctrl+= already does this: Larger text."
    assert shortcuts.conflict("export", _keys("Ctrl+J")) is None
    assert shortcuts.conflict("export", QKeySequence()) is None


@pytest.mark.parametrize("text", ["A", "Shift+A", "Return", "Space", "Left", "Shift+Tab", "Ctrl+C", "Ctrl+V"])
def test_keys_that_a_text_needs_are_refused(shortcuts: Shortcuts, text: str) -> None:
    assert "Choose other keys" in (shortcuts.conflict("export", _keys(text)) or "") or "Add Ctrl" in (
        shortcuts.conflict("export", _keys(text)) or ""
    )


@pytest.mark.parametrize("text", ["F5", "Alt+Left", "Ctrl+Return", "Meta+J"])
def test_keys_that_no_text_needs_are_taken(shortcuts: Shortcuts, text: str) -> None:
    assert shortcuts.conflict("export", _keys(text)) is None


def test_taken_keys_leave_the_other_action_and_come_back_with_a_reset(shortcuts: Shortcuts) -> None:
    told: list[str] = []
    shortcuts.set("export", _keys("Ctrl+N"))
    assert shortcuts.keys("new_conversation").isEmpty()
    shortcuts.changed.connect(told.append)
    shortcuts.reset("export")
    assert shortcuts.is_default("export")
    assert shortcuts.is_default("new_conversation")
    assert set(told) == {"export", "new_conversation"}


def test_a_reset_takes_its_keys_back_from_who_chose_them(shortcuts: Shortcuts) -> None:
    shortcuts.set("export", _keys("Ctrl+N"))
    shortcuts.reset("new_conversation")
    assert shortcuts.is_default("new_conversation")
    assert shortcuts.is_default("export")


def test_keys_that_two_chose_are_those_of_the_last(shortcuts: Shortcuts) -> None:
    shortcuts.set("export", _keys("Ctrl+J"))
    shortcuts.set("rename", _keys("Ctrl+J"))
    assert shortcuts.keys("export").isEmpty()
    assert shortcuts.keys("rename") == _keys("Ctrl+J")


def test_an_action_may_do_without_keys(shortcuts: Shortcuts) -> None:
    shortcuts.set("rename", QKeySequence())
    assert shortcuts.all_keys("rename") == ()
    assert shortcuts.keys("rename").isEmpty()


def test_everything_goes_back_at_once(shortcuts: Shortcuts, settings: SettingsService) -> None:
    shortcuts.set("rename", _keys("Ctrl+J"))
    shortcuts.set("export", _keys("Ctrl+N"))
    settings.reset(SHORTCUTS)
    assert all(shortcuts.is_default(name) for name in shortcuts.names)


@pytest.mark.parametrize("text", ["", "[]", "nonsense", '{"rename": 3}', "[" * 5000])
def test_a_damaged_choice_leaves_what_is_shipped(settings: SettingsService, text: str) -> None:
    settings.set(SHORTCUTS, text)
    shortcuts = Shortcuts(settings)
    assert all(shortcuts.is_default(name) for name in shortcuts.names)


def test_two_actions_with_the_same_keys_in_the_file_do_not_both_get_them(settings: SettingsService) -> None:
    settings.set(SHORTCUTS, json.dumps({"rename": "Ctrl+J", "export": "Ctrl+J"}))
    shortcuts = Shortcuts(settings)
    assert [name for name in shortcuts.names if shortcuts.keys(name) == _keys("Ctrl+J")] == ["rename"]


def test_what_another_version_knows_stays_in_the_file(settings: SettingsService) -> None:
    settings.set(SHORTCUTS, json.dumps({"compare": "Ctrl+D"}))
    Shortcuts(settings).set("rename", _keys("Ctrl+J"))
    assert json.loads(settings.get(SHORTCUTS)) == {"compare": "Ctrl+D", "rename": "Ctrl+J"}


def test_escape_stops_although_it_writes_nothing(shortcuts: Shortcuts) -> None:
    assert shortcuts.keys("stop").toString() == "Esc"
