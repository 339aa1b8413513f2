"""The real settings over a real store, in a folder of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from app.paths import Paths
from app.services.conversations.store_service import StoreService
from app.services.settings_service import SettingsService
from app.settings import Settings
from app.ui.icons import Icons
from app.ui.settings.page import SettingsPage
from app.ui.settings.view import SettingsView
from app.ui.shortcuts import Shortcuts
from app.ui.theme import Theme
from tests.ui.conftest import Show


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths.under(tmp_path / "data")
    paths.prepare()
    return paths


@pytest.fixture
def settings(qt_app: QApplication, paths: Paths) -> SettingsService:
    return SettingsService(Settings(paths.data / "settings.json"))


@pytest.fixture
def shortcuts(settings: SettingsService) -> Shortcuts:
    return Shortcuts(settings)


@pytest.fixture
def store(qt_app: QApplication, paths: Paths) -> Iterator[StoreService]:
    store = StoreService(paths.data / "conversations.db", paths.data / "backups")
    store.start()
    yield store
    store.close()


@pytest.fixture
def view(
    theme: Theme,
    icons: Icons,
    settings: SettingsService,
    shortcuts: Shortcuts,
    store: StoreService,
    paths: Paths,
    show: Show,
) -> Iterator[SettingsView]:
    """The view in a window as large as in the pictures of the look."""
    view = SettingsView(theme, icons, settings, shortcuts, store, paths)
    window = QWidget()
    row = QHBoxLayout(window)
    row.addWidget(view.rail)
    row.addWidget(view.pages, 1)
    window.resize(1280, 840)
    view.show_section("appearance")
    show(window)
    yield view
    view.close()


@pytest.fixture
def page(view: SettingsView) -> Callable[[str], SettingsPage]:
    """Shows a page and hands it back."""

    def show_page(name: str) -> SettingsPage:
        view.show_section(name)
        return view.page(name)

    return show_page


@pytest.fixture
def right_to_left(qt_app: QApplication) -> Iterator[None]:
    qt_app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qt_app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
