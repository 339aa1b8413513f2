"""The window and the command line begin with the same model."""

from pathlib import Path

import pytest

from app.paths import demo_model
from app.services.models.engine_command import first_model
from app.settings import LAST_MODEL, Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of a new data folder."""
    return Settings(tmp_path / "settings.json")


def test_at_first_it_is_the_demo_model(settings: Settings) -> None:
    assert first_model(settings) == demo_model()


def test_it_is_the_one_that_was_loaded_last(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "mine.gguf"
    file.write_bytes(b"GGUF")
    settings.set(LAST_MODEL, str(file))
    assert first_model(settings) == file


@pytest.mark.parametrize("last", ["/no/such.gguf", "/", "a\0b", "x" * 300])
def test_one_that_is_gone_or_no_file_is_the_demo_model_again(settings: Settings, last: str) -> None:
    settings.set(LAST_MODEL, last)
    assert first_model(settings) == demo_model()


def test_one_that_is_out_of_reach_is_the_demo_model_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_path: Path) -> bool:
        raise PermissionError

    settings.set(LAST_MODEL, "/private/model.gguf")
    monkeypatch.setattr(Path, "is_file", refused)
    assert first_model(settings) == demo_model()
