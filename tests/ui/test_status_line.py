"""The status line says that it is offline, and figures only where they are known."""

import pytest
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication

from app.ui.icons import Icons
from app.ui.status_line import Figure, StatusLine
from app.ui.theme import Theme
from tests.ui.conftest import Show


@pytest.fixture
def line(theme: Theme, icons: Icons) -> StatusLine:
    return StatusLine(theme, icons)


def test_it_says_offline_and_nothing_more_at_first(line: StatusLine) -> None:
    assert line.text == "Offline"


@pytest.mark.parametrize(
    ("speed", "words"), [(31.4, "31 tok/s"), (4.26, "4.3 tok/s"), (1310.0, "1,310 tok/s")]
)
def test_a_speed_has_a_decimal_only_where_it_tells_something(
    line: StatusLine, speed: float, words: str
) -> None:
    line.set_speed(speed)
    assert line.text.replace("\N{NO-BREAK SPACE}", " ") == f"Offline {words}"
    line.set_speed(0)
    assert line.text == "Offline"


def test_memory_is_told_in_plain_units(line: StatusLine) -> None:
    line.set_memory(1_100_000_000)
    assert line.text == "Offline Memory 1.1 GB"
    line.set_memory(0)
    assert line.text == "Offline"


def test_it_is_lower_in_short_windows(line: StatusLine) -> None:
    line.set_compact(narrow=True, short=True)
    assert line.height() == 28
    line.set_compact(narrow=False, short=False)
    assert line.height() == 32


def test_what_is_answered_elsewhere_is_told_with_its_speed(line: StatusLine) -> None:
    line.set_elsewhere("Why make rebuilds everything", 31.2)
    told = line.text.replace("\N{NO-BREAK SPACE}", " ")
    assert told == "Offline Answering in “Why make rebuilds everything” · 31 tok/s"
    assert line.elsewhere.accessibleName() == "Answering in “Why make rebuilds everything”"
    line.set_elsewhere("")
    assert line.text == "Offline"


def test_the_figures_are_never_cut_and_a_long_title_gives_way(
    line: StatusLine, theme: Theme, show: Show
) -> None:
    line.setStyleSheet(theme.stylesheet())
    line.resize(640, 32)
    show(line)
    line.set_elsewhere("A title that is so long that no window of that size has room for all of it", 31.2)
    line.set_memory(1_100_000_000)
    line.set_speed(31.2)
    theme.set_scheme("dark")
    line.setStyleSheet(theme.stylesheet())
    QApplication.processEvents()
    for figure in line.findChildren(Figure):
        needed = QFontMetricsF(figure.font()).horizontalAdvance(figure.text())
        assert figure.width() >= needed, figure.text()
        assert line.rect().contains(figure.geometry())
    assert line.elsewhere.width() < line.elsewhere.sizeHint().width()
