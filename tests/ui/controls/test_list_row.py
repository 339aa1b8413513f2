"""A row of a list is clicked by mouse and keys, and its arrows go to the neighbours."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.ui.controls.list_row import ListRow
from app.ui.icons import Icons
from app.ui.theme import Theme
from tests.ui.conftest import Show


@pytest.fixture
def row(theme: Theme, icons: Icons, show: Show) -> ListRow:
    row = ListRow(theme, icons, "Conversations and backups", "archive")
    row.setCheckable(True)
    row.resize(220, row.height())
    show(row)
    return row


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_keys_click(row: ListRow, key: Qt.Key) -> None:
    clicks: list[bool] = []
    row.clicked.connect(lambda: clicks.append(True))
    QTest.keyClick(row, key)
    assert len(clicks) == 1


def test_arrows_ask_for_the_neighbours(row: ListRow) -> None:
    moves: list[int] = []
    row.moved.connect(moves.append)
    QTest.keyClick(row, Qt.Key.Key_Up)
    QTest.keyClick(row, Qt.Key.Key_Down)
    assert moves == [-1, 1]


def test_words_that_are_cut_are_the_tooltip(row: ListRow) -> None:
    row.grab()
    assert row.toolTip() == ""
    row.resize(100, row.height())
    row.grab()
    assert row.toolTip() == "Conversations and backups"


def test_the_selected_row_is_filled(row: ListRow, theme: Theme) -> None:
    row.setChecked(True)
    assert row.grab().toImage().pixelColor(row.width() - 12, 6) == theme.tokens.selected


def test_it_mirrors(row: ListRow) -> None:
    def ink_at_start(image_x: int) -> int:
        image = row.grab().toImage()
        back = image.pixelColor(row.width() // 2, 2)
        area = range(image_x, image_x + 24)
        return sum(image.pixelColor(x, y) != back for x in area for y in range(4, 26))

    row.resize(300, row.height())
    assert ink_at_start(4) > 0
    assert ink_at_start(272) == 0
    row.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert ink_at_start(4) == 0
    assert ink_at_start(272) > 0
