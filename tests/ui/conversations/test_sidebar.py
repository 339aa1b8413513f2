"""The list with what stands around it: before anything is known, its menu, its keys, and the day that begins."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu

from app.services.settings_service import SettingsService
from app.ui.conversations.sidebar import Sidebar
from app.ui.icons import Icons
from app.ui.shortcuts import Shortcuts
from app.ui.theme import Theme
from tests.ui.conftest import Show
from tests.ui.conversations.test_list_model import summaries
from tests.waiting import wait_until


@pytest.fixture
def shortcuts(settings: SettingsService) -> Shortcuts:
    return Shortcuts(settings)


@pytest.fixture
def sidebar(theme: Theme, icons: Icons, shortcuts: Shortcuts, show: Show) -> Sidebar:
    sidebar = Sidebar(theme, icons, shortcuts)
    sidebar.resize(263, 600)
    show(sidebar)
    return sidebar


def _menu(sidebar: Sidebar, conversation_id: str) -> dict[str, object]:
    sidebar.view.menu_requested.emit(conversation_id, sidebar.mapToGlobal(QPoint(20, 20)))
    menus = [menu for menu in QApplication.topLevelWidgets() if isinstance(menu, QMenu) and menu.isVisible()]
    menus[-1].hide()
    return {action.text().split("\t")[0]: action for action in menus[-1].actions() if action.text()}


def test_nothing_is_said_before_anything_is_known(sidebar: Sidebar) -> None:
    assert not sidebar.empty.isVisible()
    sidebar.set_summaries(())
    assert sidebar.empty.plain_text == "No conversations yet. The first question begins one."
    sidebar.set_summaries(summaries("A"))
    assert not sidebar.empty.isVisible()
    assert sidebar.view.isVisible()


def test_what_is_open_is_selected_also_when_the_list_comes_later(sidebar: Sidebar) -> None:
    sidebar.show_open("b")
    sidebar.set_summaries(summaries("A", "B"))
    assert [index.data() for index in sidebar.view.selectedIndexes()] == ["B"]


def test_the_menu_of_a_row_asks_by_its_id(sidebar: Sidebar) -> None:
    sidebar.set_summaries(summaries("A", "B"))
    asked = {
        "Export…": QSignalSpy(sidebar.export_requested),
        "Copy as Markdown": QSignalSpy(sidebar.copy_requested),
        "Delete": QSignalSpy(sidebar.delete_requested),
    }
    for name, spy in asked.items():
        _menu(sidebar, "b")[name].trigger()  # type: ignore[attr-defined]
        assert [spy.at(n) for n in range(spy.count())] == [["b"]], name


def test_the_menu_renames_in_the_row(sidebar: Sidebar) -> None:
    sidebar.set_summaries(summaries("A", "B"))
    renamed = QSignalSpy(sidebar.renamed)
    _menu(sidebar, "b")["Rename"].trigger()  # type: ignore[attr-defined]
    editor = QApplication.focusWidget()
    assert editor is not None
    QTest.keyClicks(editor, "Other")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert renamed.at(0) == ["b", "Other"]


def test_a_search_that_hides_the_row_is_cleared_before_it_is_renamed(sidebar: Sidebar) -> None:
    sidebar.set_summaries(summaries("A", "B"))
    sidebar.search.setText("a")
    sidebar.rename("b")
    assert sidebar.search.text() == ""
    QTest.keyClick(QApplication.focusWidget() or sidebar, Qt.Key.Key_Escape)
    QApplication.processEvents()


def test_down_goes_from_the_search_into_the_list(sidebar: Sidebar) -> None:
    sidebar.set_summaries(summaries("A", "B"))
    sidebar.focus_search()
    QTest.keyClick(sidebar.search, Qt.Key.Key_Down)
    assert sidebar.view.hasFocus()
    assert sidebar.view.currentIndex().data() == "A"


def test_it_shows_the_keys_that_a_person_chose(sidebar: Sidebar, shortcuts: Shortcuts) -> None:
    def shown() -> list[str]:
        return [label.text() for label in sidebar.search.findChildren(QLabel) if label.isVisible()]

    assert shown() == ["Ctrl K"]
    assert "Ctrl+N" in sidebar.new_button.toolTip()
    shortcuts.set("search", QKeySequence("Ctrl+Shift+F"))
    shortcuts.set("new_conversation", QKeySequence("Ctrl+M"))
    assert "Ctrl+M" in sidebar.new_button.toolTip()
    assert shown() in (["Ctrl Shift F"], [])
    sidebar.search.setText("words")
    assert shown() == []


def test_its_parts_have_the_names_that_they_are_found_by(sidebar: Sidebar) -> None:
    sidebar.set_summaries(summaries("A"))
    parts = (sidebar.new_button, sidebar.search, sidebar.view, sidebar.settings_row)
    assert [part.accessibleName() for part in parts] == [
        *("New conversation", "Search conversations", "Conversations", "Settings")
    ]


def test_a_search_in_vain_is_told_once_it_is_typed(sidebar: Sidebar, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr("app.ui.conversations.sidebar.announce", lambda _widget, text: said.append(text))
    sidebar.set_summaries(summaries("A", "B"))
    QTest.keyClicks(sidebar.search, "quokka")
    assert said == []
    wait_until(lambda: bool(said), "what is told")
    assert len(said) == 1
    assert "quokka" in said[0]
