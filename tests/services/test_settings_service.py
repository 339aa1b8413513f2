"""What is chosen is told at once, and written soon after."""

from pathlib import Path

import pytest

from app.services.settings_service import SettingsService
from app.settings import TEXT_SIZE, THEME, Settings
from tests.waiting import wait_until


def test_a_choice_is_told_once_and_written_a_little_later(tmp_path: Path, qt_app: object) -> None:
    file = tmp_path / "settings.json"
    service = SettingsService(Settings(file))
    changed: list[str] = []
    service.changed.connect(changed.append)
    service.set(TEXT_SIZE, 120)
    service.set(TEXT_SIZE, 120)
    assert changed == ["text_size"]
    assert service.get(TEXT_SIZE) == 120
    assert not file.exists()
    wait_until(file.exists, "the file")
    assert Settings(file).get(TEXT_SIZE) == 120


def test_going_back_to_the_defaults_tells_only_what_was_different(tmp_path: Path, qt_app: object) -> None:
    service = SettingsService(Settings(tmp_path / "settings.json"))
    service.set(THEME, "dark")
    changed: list[str] = []
    service.changed.connect(changed.append)
    service.reset(THEME, TEXT_SIZE)
    assert changed == ["theme"]
    assert service.get(THEME) == "system"
    service.save()


def test_a_value_that_is_not_allowed_changes_nothing(tmp_path: Path, qt_app: object) -> None:
    service = SettingsService(Settings(tmp_path / "settings.json"))
    with pytest.raises(ValueError, match="text_size"):
        service.set(TEXT_SIZE, 10_000)
    assert service.get(TEXT_SIZE) == 100


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path, qt_app: object) -> None:
    service = SettingsService(Settings(tmp_path / "nowhere" / "settings.json"))
    told: list[bool] = []
    service.not_saved.connect(lambda: told.append(True))
    service.set(THEME, "dark")
    service.save()
    assert told == [True]
    assert service.get(THEME) == "dark"
