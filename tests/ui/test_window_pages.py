"""Settings and the first page take the conversations' place for a while, and give it back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.paths import Paths
from app.services.settings_service import SettingsService
from app.settings import WELCOMED
from app.ui.icons import Icons
from app.ui.main_window import MainWindow
from app.ui.settings.view import SettingsView
from app.ui.theme import Theme
from app.ui.window_pages import WindowPages
from tests.doubles.services import PlayedEngine, Services
from tests.ui.conftest import DEMO


@pytest.fixture
def pages(
    window: MainWindow,
    services: Services,
    settings: SettingsService,
    theme: Theme,
    icons: Icons,
    tmp_path: Path,
) -> Iterator[WindowPages]:
    paths = Paths.under(tmp_path / "data")
    paths.prepare()
    made: list[SettingsView] = []
    pages = WindowPages(window, theme, icons, settings, services.store, paths, made.append)
    yield pages
    pages.close()


def test_the_settings_take_both_places_and_the_way_back_gives_them_back(
    window: MainWindow, pages: WindowPages
) -> None:
    window.sidebar.settings_row.click()
    view = pages.settings_view
    assert view is not None
    assert (view.rail.isVisible(), view.pages.isVisible()) == (True, True)
    assert (window.sidebar.isVisible(), window.page.isVisible()) == (False, False)
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_Escape)
    assert (window.sidebar.isVisible(), window.page.isVisible()) == (True, True)
    assert window.page.composer.editor.hasFocus()


def test_the_status_line_stands_at_the_foot_of_both(window: MainWindow, pages: WindowPages) -> None:
    def foot() -> int:
        line = window.status_line
        return line.mapTo(window, line.rect().bottomLeft()).y() if line.isVisible() else -1

    assert foot() == window.height() - 1
    pages.show_settings()
    QApplication.processEvents()
    assert foot() == window.height() - 1
    pages.show_conversations()
    QApplication.processEvents()
    assert foot() == window.height() - 1


def test_a_new_conversation_leaves_the_settings(window: MainWindow, pages: WindowPages) -> None:
    pages.show_settings("shortcuts")
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert window.page.isVisible()


def test_in_a_narrow_window_the_sections_slide_over_their_page(
    window: MainWindow, pages: WindowPages, theme: Theme
) -> None:
    theme.set_reduced_motion(True)
    window.resize(800, 600)
    pages.show_settings()
    view = pages.settings_view
    assert view is not None
    assert not view.rail.isVisible()
    view.rail_requested.emit()
    assert view.rail.isVisible()
    view.show_section("about")
    assert not view.rail.isVisible()


def test_what_was_done_is_said_over_the_settings_too(window: MainWindow, pages: WindowPages) -> None:
    window.say("Copied")
    assert window.page.toast.isVisible()
    window.page.toast.hide()
    pages.show_settings()
    window.say("Exported")
    assert not window.page.toast.isVisible()


def test_the_first_page_goes_with_the_demo(
    window: MainWindow, pages: WindowPages, settings: SettingsService, engine: PlayedEngine
) -> None:
    pages.show_first_run()
    page = pages.first_run
    assert page is not None
    assert page.isVisible()
    assert not window.page.isVisible()
    page.demo_requested.emit()
    assert engine.loaded[0][0] == DEMO
    assert pages.first_run is None
    assert window.page.isVisible()
    assert settings.get(WELCOMED)


def test_the_first_page_goes_with_a_file(
    window: MainWindow, pages: WindowPages, settings: SettingsService
) -> None:
    pages.show_first_run()
    window.models.offer(Path("/m/q.gguf"))
    assert pages.first_run is None
    assert settings.get(WELCOMED)


def test_the_first_page_stays_while_a_file_is_looked_for(window: MainWindow, pages: WindowPages) -> None:
    pages.show_first_run()
    page = pages.first_run
    assert page is not None
    page.file_requested.emit()
    assert window.opener.dialog is not None
    window.opener.dialog.reject()
    assert pages.first_run is page
