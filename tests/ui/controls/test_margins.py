"""Margins are given by where a line starts and ends."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QMargins, Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout

from app.ui.controls.margins import set_margins


@pytest.fixture
def direction(qt_app: QApplication) -> Iterator[QApplication]:
    yield qt_app
    qt_app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_they_turn_round_with_the_language(direction: QApplication) -> None:
    layout = QHBoxLayout()
    set_margins(layout, 1, 2, 3, 4)
    assert layout.contentsMargins() == QMargins(1, 2, 3, 4)
    direction.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    set_margins(layout, 1, 2, 3, 4)
    assert layout.contentsMargins() == QMargins(3, 2, 1, 4)
