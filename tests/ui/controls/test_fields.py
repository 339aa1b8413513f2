"""The fields for text: searching with a way to clear, and many lines without a trap for Tab."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.ui.controls.search_field import SearchField
from app.ui.controls.text_area import TextArea
from app.ui.icons import Icons
from app.ui.theme import Theme
from tests.ui.conftest import Show


class _Around(QWidget):
    """Counts the Esc that nobody inside of it used."""

    def __init__(self) -> None:
        super().__init__()
        self.escapes = 0

    def keyPressEvent(self, event: object) -> None:
        self.escapes += 1


@pytest.fixture
def around(theme: Theme, icons: Icons, show: Show) -> _Around:
    around = _Around()
    QVBoxLayout(around).addWidget(SearchField(theme, icons, "Search settings"))
    show(around)
    return around


def _field(around: QWidget) -> SearchField:
    field = around.findChild(SearchField)
    assert field is not None
    field.setFocus()
    return field


def test_escape_clears_first_and_then_is_left_to_others(around: _Around) -> None:
    field = _field(around)
    QTest.keyClicks(field, "theme")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    assert around.escapes == 0
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert around.escapes == 1


def test_the_way_to_clear_is_there_while_there_is_something(around: _Around) -> None:
    field = _field(around)
    assert field.actions() == []
    QTest.keyClicks(field, "theme")
    clear = field.actions()[-1]
    assert clear.isVisible()
    assert clear.text() == "Clear the search"
    clear.trigger()
    assert field.text() == ""
    assert not clear.isVisible()


def test_down_asks_for_the_first_that_was_found(around: _Around) -> None:
    field = _field(around)
    asked: list[bool] = []
    field.down_pressed.connect(lambda: asked.append(True))
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert asked == [True]


def test_a_field_is_named_and_says_what_it_is_for(around: _Around) -> None:
    assert _field(around).accessibleName() == "Search settings"
    assert _field(around).placeholderText() == "Search settings"


def test_tab_leaves_a_field_of_many_lines(theme: Theme, show: Show) -> None:
    holder = QWidget()
    column = QVBoxLayout(holder)
    area = TextArea(theme, "System prompt")
    after = QPushButton("After")
    column.addWidget(area)
    column.addWidget(after)
    show(holder)
    area.setFocus()
    QTest.keyClicks(area, "Be brief")
    QTest.keyClick(area, Qt.Key.Key_Tab)
    assert area.toPlainText() == "Be brief"
    assert after.hasFocus()
