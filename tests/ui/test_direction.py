"""A title inside a sentence keeps its own direction, and its full stop on its own side."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.ui.direction import isolated

HEBREW = "מה זה?"


@pytest.fixture
def from_the_right(qt_app: QApplication) -> Iterator[None]:
    qt_app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qt_app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_a_latin_name_in_a_window_read_from_the_left_stays_as_it_is(qt_app: QApplication) -> None:
    assert isolated("What is 48 times 127?") == "What is 48 times 127?"


def test_a_name_of_the_other_direction_is_isolated(qt_app: QApplication) -> None:
    assert isolated(HEBREW) == f"\u2068{HEBREW}\u2069"


def test_every_name_is_isolated_in_a_window_read_from_the_right(from_the_right: None) -> None:
    assert isolated("What?") == "\u2068What?\u2069"
