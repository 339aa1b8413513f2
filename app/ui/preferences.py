"""What a person chose, applied to everyone it concerns."""

from typing import Final

from PySide6.QtCore import QObject

from app.chat.options import LoadOptions
from app.services.conversations.chat_service import ChatService
from app.services.conversations.generation_settings import Chosen, generation_choices
from app.services.models.engine_service import EngineService
from app.services.settings_service import SettingsService
from app.settings import (
    CONTEXT,
    GPU_LAYERS,
    LANGUAGE,
    MAX_TOKENS,
    MIN_P,
    READING_WIDTH,
    REPEAT_PENALTY,
    SEED,
    SYSTEM_PROMPT,
    TEMPERATURE,
    TEXT_SIZE,
    THEME,
    THREADS,
    TOP_K,
    TOP_P,
)
from app.ui.theme import Theme

_LOADING: Final = frozenset({CONTEXT.name, GPU_LAYERS.name, THREADS.name})
_GENERATION: Final = frozenset(
    choice.name
    for choice in (
        SYSTEM_PROMPT,
        TEMPERATURE,
        TOP_K,
        TOP_P,
        MIN_P,
        REPEAT_PENALTY,
        SEED,
        MAX_TOKENS,
        LANGUAGE,
    )
)


class Preferences(QObject):
    """Applies what a person chooses as soon as it is chosen."""

    def __init__(
        self, settings: SettingsService, theme: Theme, engine: EngineService, chat: ChatService
    ) -> None:
        super().__init__(chat)
        self._settings = settings
        self._theme = theme
        self._engine = engine
        self._chat = chat
        self._theme.set_text_size(settings.get(TEXT_SIZE))
        self._theme.set_reading_width(settings.get(READING_WIDTH))
        self._apply_loading()
        self._apply_generation()
        settings.changed.connect(self._on_changed)

    def _on_changed(self, name: str) -> None:
        if name == THEME.name:
            self._theme.set_scheme(self._settings.get(THEME))
        elif name == TEXT_SIZE.name:
            self._theme.set_text_size(self._settings.get(TEXT_SIZE))
        elif name == READING_WIDTH.name:
            self._theme.set_reading_width(self._settings.get(READING_WIDTH))
        elif name in _LOADING:
            self._apply_loading()
        elif name in _GENERATION:
            self._apply_generation()

    def _apply_loading(self) -> None:
        self._engine.defaults = load_options(self._settings)

    def _apply_generation(self) -> None:
        self._chat.system_prompt = self._settings.get(SYSTEM_PROMPT)
        self._chat.choosing.set_settings(generation_choices(self._settings))


def load_options(settings: Chosen) -> LoadOptions:
    """How the person wants models to be loaded; what is automatic is left to the engine."""
    context, layers, threads = settings.get(CONTEXT), settings.get(GPU_LAYERS), settings.get(THREADS)
    return LoadOptions(context or None, layers if layers >= 0 else None, threads or None)
