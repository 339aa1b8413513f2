"""The rail leads to every page and to what was searched, and Esc leads back."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.ui.controls.paragraph import Paragraph
from app.ui.controls.switch import Switch
from app.ui.settings import catalogue
from app.ui.settings.own_number import OwnNumber
from app.ui.settings.view import SettingsView


def _search(view: SettingsView, text: str) -> None:
    view.rail.search.setFocus()
    view.rail.search.clear()
    QTest.keyClicks(view.rail.search, text)
    QTest.qWait(1)


def test_every_section_has_a_page_with_the_rows_of_the_catalogue(view: SettingsView) -> None:
    for section in catalogue.sections():
        view.show_section(section.name)
        page = view.page(section.name)
        assert view.pages.currentWidget() is page
        assert page.accessibleName() == section.title
        named = {entry.name for entry in catalogue.entries() if entry.section == section.name}
        assert named <= set(page.rows)


def test_pages_are_made_when_they_are_asked_for(view: SettingsView) -> None:
    assert view.pages.count() == 1
    view.show_section("about")
    view.show_section("appearance")
    assert view.pages.count() == 2


def test_the_rail_marks_the_page_that_is_shown(view: SettingsView) -> None:
    view.show_section("models")
    assert [name for name, row in view.rail.rows.items() if row.isChecked()] == ["models"]


def test_arrows_walk_through_the_sections(view: SettingsView) -> None:
    view.rail.search.setFocus()
    QTest.keyClick(view.rail.search, Qt.Key.Key_Down)
    assert view.rail.rows["appearance"].hasFocus()
    QTest.keyClick(view.rail.rows["appearance"], Qt.Key.Key_Down)
    assert view.rail.rows["generation"].hasFocus()
    assert view.pages.currentWidget() is view.page("generation")
    QTest.keyClick(view.rail.rows["generation"], Qt.Key.Key_Up)
    QTest.keyClick(view.rail.rows["appearance"], Qt.Key.Key_Up)
    assert view.rail.search.hasFocus()


def test_a_search_shows_hits_under_their_sections_and_return_goes_to_the_first(view: SettingsView) -> None:
    _search(view, "seed")
    assert list(view.rail.hits) == ["seed"]
    assert not view.rail.rows["models"].isVisible()
    QTest.keyClick(view.rail.search, Qt.Key.Key_Return)
    page = view.page("generation")
    row = page.rows["seed"]
    assert view.pages.currentWidget() is page
    assert page.hit_mark.row is row
    assert page.hit_mark.isVisible()
    control = row.findChild(OwnNumber)
    assert control is not None
    assert control.choice.hasFocus()


def test_the_mark_goes_by_itself(view: SettingsView) -> None:
    view.show_setting("seed")
    mark = view.page("generation").hit_mark
    assert mark.isVisible()
    mark.findChild(QTimer).setInterval(1)  # type: ignore[union-attr]
    QTest.qWait(30)
    assert not mark.isVisible()
    assert mark.row is None


def test_what_is_far_down_is_brought_into_view(view: SettingsView, qt_app: QApplication) -> None:
    view.pages.window().resize(800, 480)
    view.show_setting("keys_close_window")
    QTest.qWait(50)
    page = view.page("shortcuts")
    row = page.rows["keys_close_window"]
    top = row.mapTo(page.viewport(), row.rect().topLeft()).y()
    assert 0 <= top < page.viewport().height()


def test_arrows_walk_through_the_hits(view: SettingsView) -> None:
    _search(view, "sampling")
    names = list(view.rail.hits)
    assert len(names) > 2
    QTest.keyClick(view.rail.search, Qt.Key.Key_Down)
    assert view.rail.hits[names[0]].hasFocus()
    QTest.keyClick(view.rail.hits[names[0]], Qt.Key.Key_Down)
    assert view.rail.hits[names[1]].hasFocus()
    QTest.keyClick(view.rail.hits[names[1]], Qt.Key.Key_Return)
    assert view.page("generation").hit_mark.row is view.page("generation").rows[names[1]]


def test_shortcuts_are_found_by_what_they_do(view: SettingsView) -> None:
    _search(view, "markdown")
    assert {"export_all", "keys_copy_markdown"} == set(view.rail.hits)


def test_what_is_not_there_is_said(view: SettingsView) -> None:
    _search(view, "quokka")
    (said,) = (words for words in view.rail.findChildren(Paragraph) if words.isVisible())
    assert said.plain_text == "No setting is called “quokka”."
    view.rail.search.clear()
    assert view.rail.rows["models"].isVisible()


def test_the_way_back_and_escape_leave(view: SettingsView) -> None:
    told: list[bool] = []
    view.closed.connect(lambda: told.append(True))
    QTest.mouseClick(view.rail.back, Qt.MouseButton.LeftButton)
    QTest.keyClick(view.rail.search, Qt.Key.Key_Escape)
    view.show_section("generation")
    switch = view.page("generation").rows["notify"].findChild(Switch)
    assert switch is not None
    QTest.keyClick(switch, Qt.Key.Key_Escape)
    assert told == [True, True, True]


def test_who_comes_again_finds_the_sections(view: SettingsView) -> None:
    _search(view, "seed")
    QTest.mouseClick(view.rail.back, Qt.MouseButton.LeftButton)
    assert view.rail.search.text() == ""
    assert view.rail.rows["models"].isVisible()


def test_escape_clears_a_search_before_it_leaves(view: SettingsView) -> None:
    told: list[bool] = []
    view.closed.connect(lambda: told.append(True))
    _search(view, "seed")
    QTest.keyClick(view.rail.search, Qt.Key.Key_Escape)
    assert told == []
    assert view.rail.search.text() == ""


def test_escape_is_kept_from_the_windows_shortcuts(view: SettingsView) -> None:
    stopped: list[bool] = []
    told: list[bool] = []
    shortcut = QShortcut(QKeySequence("Esc"), view.pages.window())
    shortcut.activated.connect(lambda: stopped.append(True))
    view.closed.connect(lambda: told.append(True))
    view.rail.search.setFocus()
    QTest.keyClick(view.rail.search, Qt.Key.Key_Escape)
    assert (stopped, told) == ([], [True])


def test_in_a_narrow_window_every_page_leads_to_the_sections(view: SettingsView) -> None:
    asked: list[bool] = []
    view.rail_requested.connect(lambda: asked.append(True))
    view.set_narrow(True)
    view.show_section("privacy")
    for name in ("appearance", "privacy"):
        assert not view.page(name).rail_button.isHidden()
    QTest.mouseClick(view.page("privacy").rail_button, Qt.MouseButton.LeftButton)
    assert asked == [True]


def test_every_control_has_a_name(view: SettingsView) -> None:
    for section in catalogue.sections():
        view.show_section(section.name)
        for row in view.page(section.name).rows.values():
            row.focus_control()
            focused = QApplication.focusWidget()
            if focused is not None and row.isAncestorOf(focused):
                assert (
                    focused.accessibleName()
                    or focused.accessibleDescription()
                    or getattr(focused, "text", str)()
                )


def test_tab_reaches_the_controls_of_a_page(view: SettingsView) -> None:
    view.rail.rows["appearance"].setFocus()
    reached = set()
    for _ in range(12):
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.add(focused.accessibleName() or getattr(focused, "text", str)())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert {"Text size", "Language"} <= reached
