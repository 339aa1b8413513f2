"""Fixtures of the whole app: the real window on the real engine, in a data folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.application import Application
from app.paths import Paths
from app.settings import WELCOMED, Settings
from tests.doubles.screen import Screen, missing
from tests.waiting import wait_until


@pytest.fixture
def application(qt_app: QApplication, tmp_path: Path) -> Iterator[Application]:
    """The window with nothing loaded yet; closed afterwards."""
    paths = Paths.under(tmp_path / "data")
    paths.prepare()
    settings = Settings(paths.data / "settings.json")
    settings.set(WELCOMED, True)
    settings.save()
    made = Application(paths)
    made.window.show()
    yield made
    made.close()
    made.window.close()
    made.window.deleteLater()
    made.deleteLater()


@pytest.fixture
def ready(application: Application) -> Application:
    """The window with the demo model loaded."""
    application.open(None)
    wait_until(lambda: application.engine.state.phase == "ready", "the demo model")
    return application


@pytest.fixture
def screen() -> Iterator[Screen]:
    """A screen of its own, with a keyboard and a screen reader."""
    lacks = missing()
    if lacks:
        pytest.skip(lacks)
    made = Screen()
    yield made
    made.close()
