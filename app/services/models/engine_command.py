"""How an engine process is started: the program itself in that role, what it needs to know, and its first model."""

from pathlib import Path

from app.paths import ENGINE_ROLE, Paths, demo_model, own_command
from app.services.settings_service import SettingsService
from app.settings import LAST_MODEL, Settings


def engine_command(paths: Paths) -> list[str]:
    """The command that starts an engine which remembers its CPU library in the cache folder."""
    return [
        *own_command(ENGINE_ROLE),
        "--cache-dir",
        str(paths.cache),
        "--proof-model",
        str(demo_model()),
    ]


def first_model(settings: Settings | SettingsService) -> Path:
    """The model that was loaded last, or the demo model where that is gone or out of reach."""
    last = Path(settings.get(LAST_MODEL))
    try:
        return last if last.is_file() else demo_model()
    except OSError:
        return demo_model()
