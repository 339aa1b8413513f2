"""A window comes back to where it stood, and into view where its screen is gone."""

from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow, QWidget

from app.services.settings_service import SettingsService
from app.settings import SIDEBAR_SHOWN, SIDEBAR_WIDTH, WINDOW_GEOMETRY, Settings
from app.ui.frame import Frame
from app.ui.theme import Theme
from app.ui.window_memory import WindowMemory, brought_into_view
from tests.ui.conftest import Show

ONE = QRect(0, 0, 1920, 1080)
TWO = QRect(1920, 0, 2560, 1440)


@pytest.mark.parametrize(
    ("area", "screens", "expected"),
    [
        (QRect(100, 100, 1280, 840), [ONE], QRect(100, 100, 1280, 840)),
        (QRect(2500, 300, 1280, 840), [ONE, TWO], QRect(2500, 300, 1280, 840)),
        # The second screen was unplugged.
        (QRect(2500, 300, 1280, 840), [ONE], QRect(640, 240, 1280, 840)),
        # Half of it lies outside, to each side in turn.
        (QRect(-400, 100, 1280, 840), [ONE], QRect(0, 100, 1280, 840)),
        (QRect(100, -300, 1280, 840), [ONE], QRect(100, 0, 1280, 840)),
        # Larger than the screen that is left.
        (QRect(1920, 0, 2560, 1440), [ONE], QRect(0, 0, 1920, 1080)),
        (QRect(5, 5, 10, 10), [], QRect(5, 5, 10, 10)),
    ],
)
def test_a_place_is_brought_into_view(area: QRect, screens: list[QRect], expected: QRect) -> None:
    assert brought_into_view(area, screens) == expected


@pytest.fixture
def settings(tmp_path: Path) -> SettingsService:
    return SettingsService(Settings(tmp_path / "settings.json"))


def _window(theme: Theme, settings: SettingsService) -> tuple[QMainWindow, Frame, WindowMemory]:
    window = QMainWindow()
    frame = Frame(theme, QWidget(), QWidget())
    window.setCentralWidget(frame)
    window.resize(700, 500)
    return window, frame, WindowMemory(window, frame, settings)


def test_size_and_list_are_remembered(theme: Theme, settings: SettingsService, show: Show) -> None:
    window, frame, memory = _window(theme, settings)
    show(window)
    window.setGeometry(20, 30, 640, 480)
    frame.toggle_side()
    frame.width_chosen.emit(310)
    memory.keep()
    settings.save()
    assert (settings.get(SIDEBAR_SHOWN), settings.get(SIDEBAR_WIDTH)) == (False, 310)
    again, other, _ = _window(theme, settings)
    show(again)
    assert (again.width(), again.height()) == (640, 480)
    assert (other.side_shown, other.side_width) == (False, 310)


def test_it_is_noted_a_moment_after_the_last_change(
    theme: Theme, settings: SettingsService, show: Show
) -> None:
    window, _, _ = _window(theme, settings)
    show(window)
    window.resize(660, 490)
    assert not settings.get(WINDOW_GEOMETRY)
    QTest.qWait(1200)
    assert settings.get(WINDOW_GEOMETRY)
    settings.save()


def test_a_maximised_window_comes_back_maximised(theme: Theme, settings: SettingsService, show: Show) -> None:
    window, _, memory = _window(theme, settings)
    show(window)
    window.showMaximized()
    memory.keep()
    settings.save()
    again, _, _ = _window(theme, settings)
    assert again.isMaximized()
    again.deleteLater()


@pytest.mark.parametrize("saved", ["", "not base64 at all", "AAAA"])
def test_what_cannot_be_read_changes_nothing(theme: Theme, settings: SettingsService, saved: str) -> None:
    settings.set(WINDOW_GEOMETRY, saved)
    settings.save()
    window, _, _ = _window(theme, settings)
    assert (window.width(), window.height()) == (700, 500)
    window.deleteLater()
