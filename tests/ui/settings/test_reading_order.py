"""Tab goes through every page of the settings, and through what was searched, as they are read."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.ui.settings import catalogue
from app.ui.settings.page import SettingsPage
from app.ui.settings.view import SettingsView
from tests.ui.reading_order import name, out_of_order, place, stops


@pytest.mark.parametrize("section", [section.name for section in catalogue.sections()])
def test_a_page(section: str, page: Callable[[str], SettingsPage]) -> None:
    shown = page(section)
    QApplication.processEvents()
    found = stops(shown.window(), shown)
    assert found
    assert out_of_order(found) == []
    assert [stop for stop in found if not name(stop)] == []


def test_what_was_found_comes_after_the_search_from_the_top(view: SettingsView) -> None:
    view.rail.search.setFocus()
    QTest.keyClicks(view.rail.search, "model")
    QTest.qWait(1)
    found = stops(view.rail.window(), view.rail)
    names = [name(stop) for stop in found]
    hits = found[names.index(name(view.rail.search)) + 1 :]
    assert len(hits) >= 2
    assert [place(hit).top() for hit in hits] == sorted(place(hit).top() for hit in hits)
    assert out_of_order(found) == []


def test_of_choices_side_by_side_tab_comes_to_the_chosen_one(page: Callable[[str], SettingsPage]) -> None:
    shown = page("appearance")
    rows = [stop for stop in stops(shown.window(), shown) if stop.inherits("QRadioButton")]
    assert rows
    rows[0].setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(rows[0], Qt.Key.Key_Tab)
    reached = QApplication.focusWidget()
    assert reached is not None
    assert reached.parentWidget() is not rows[0].parentWidget()
