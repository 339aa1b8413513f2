"""Fixtures of the window's tests: the look, a played engine, and a window that shows both."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QWidget

from app.services.conversations.chat_service import ChatService
from app.services.settings_service import SettingsService
from app.settings import Settings
from app.ui.icons import Icons
from app.ui.main_window import MainWindow
from app.ui.theme import Theme
from app.ui.window_services import WindowServices
from tests.conftest import Noise
from tests.doubles.services import PlayedEngine, PlayedStore, Services

DEMO = Path("/nowhere/demo.gguf")

Show = Callable[[QWidget], None]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Numbers are written as English readers expect them, whatever the machine's locale."""
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    yield
    QLocale.setDefault(before)


@pytest.fixture(autouse=True)
def offscreen_popups(noise: Noise) -> None:
    """The offscreen platform says of windows and popups what it cannot do for them."""
    noise.allow("This plugin does not support")


@pytest.fixture
def theme(qt_app: QApplication) -> Theme:
    """The light look, with motion."""
    theme = Theme()
    theme.load_remaining_fonts()
    theme.set_scheme("light")
    return theme


@pytest.fixture
def icons(theme: Theme) -> Icons:
    """The icons of that look."""
    return Icons(theme)


@pytest.fixture
def show(qt_app: QApplication) -> Iterator[Show]:
    """Shows a top-level widget with the focus, and deletes it after the test."""
    shown: list[QWidget] = []

    def show_it(widget: QWidget) -> None:
        shown.append(widget)
        widget.show()
        widget.activateWindow()
        qt_app.processEvents()

    yield show_it
    for widget in shown:
        widget.close()
        widget.deleteLater()
    qt_app.processEvents()


@pytest.fixture
def engine(qt_app: QApplication) -> PlayedEngine:
    """An engine that does what the test says."""
    return PlayedEngine()


@pytest.fixture
def services(engine: PlayedEngine) -> Iterator[Services]:
    """The real services of conversations on top of it, with a store that does not wait."""
    services = Services(engine, PlayedStore())
    yield services
    services.close()


@pytest.fixture
def chat(services: Services) -> ChatService:
    """The open conversation."""
    return services.chat


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[SettingsService]:
    """What a person chose, in a file of this test."""
    settings = SettingsService(Settings(tmp_path / "settings.json"))
    yield settings
    settings.save()


@pytest.fixture
def window(
    services: Services,
    engine: PlayedEngine,
    settings: SettingsService,
    theme: Theme,
    icons: Icons,
    show: Show,
) -> MainWindow:
    """The real window on top of them, as large as in the pictures of the look."""
    asked = WindowServices(services.chat, engine, services.conversations, services.replies, settings)
    window = MainWindow(asked, theme, icons, DEMO)
    window.model_offered.connect(engine.load)
    window.resize(1280, 840)
    show(window)
    services.store.start()
    assert window.page.transcript.accessibleName() == "Transcript"
    return window
