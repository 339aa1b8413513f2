"""What a person chooses is applied as soon as it is chosen."""

from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication

from app.services.settings_service import SettingsService
from app.settings import (
    CONTEXT,
    GPU_LAYERS,
    MAX_TOKENS,
    READING_WIDTH,
    SYSTEM_PROMPT,
    TEMPERATURE,
    TEXT_SIZE,
    THEME,
)
from app.ui.language import speak
from app.ui.preferences import Preferences
from app.ui.theme import Role, Theme
from tests.doubles.services import PlayedEngine, Services, capabilities


@pytest.fixture
def preferences(
    settings: SettingsService, theme: Theme, services: Services, engine: PlayedEngine
) -> Preferences:
    return Preferences(settings, theme, engine, services.chat)


def test_the_look(preferences: Preferences, settings: SettingsService, theme: Theme) -> None:
    settings.set(THEME, "dark")
    assert theme.dark
    before = theme.reading_font(Role.READING).pixelSize()
    settings.set(TEXT_SIZE, 200)
    assert theme.reading_font(Role.READING).pixelSize() == 2 * before
    repainted: list[bool] = []
    theme.reading_changed.connect(lambda: repainted.append(True))
    settings.set(READING_WIDTH, 760)
    assert repainted


def test_how_models_are_loaded(
    preferences: Preferences, settings: SettingsService, engine: PlayedEngine
) -> None:
    assert (engine.defaults.context, engine.defaults.gpu_layers) == (None, None)
    settings.set(CONTEXT, 8192)
    settings.set(GPU_LAYERS, 0)
    assert (engine.defaults.context, engine.defaults.gpu_layers) == (8192, 0)


def test_how_replies_are_generated(
    preferences: Preferences, settings: SettingsService, services: Services, engine: PlayedEngine
) -> None:
    engine.be_ready(capabilities())
    choosing = services.chat.choosing
    chosen = [choosing.asked()[0].sampling]
    settings.set(TEMPERATURE, 0.25)
    settings.set(MAX_TOKENS, 512)
    settings.set(SYSTEM_PROMPT, "Be brief.")
    chosen.append(choosing.asked()[0].sampling)
    assert choosing.asked()[0].max_tokens == 512
    assert services.chat.conversation.system == "Be brief."
    settings.reset(TEMPERATURE)
    chosen.append(choosing.asked()[0].sampling)
    assert [sampling.temperature if sampling else None for sampling in chosen] == [None, 0.25, None]


def test_a_language_that_is_read_from_the_right_turns_the_window_round(
    qt_app: QApplication, tmp_path: Path
) -> None:
    try:
        assert speak("he", tmp_path) is None
        assert qt_app.layoutDirection() == Qt.LayoutDirection.RightToLeft
        assert QLocale().language() == QLocale.Language.Hebrew
        speak("en", tmp_path)
        assert qt_app.layoutDirection() == Qt.LayoutDirection.LeftToRight
    finally:
        qt_app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_no_choice_changes_nothing(qt_app: QApplication, tmp_path: Path) -> None:
    before = QLocale()
    assert speak("", tmp_path / "none") is None
    assert QLocale() == before
