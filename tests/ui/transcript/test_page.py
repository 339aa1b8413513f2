"""Where the column stands."""

from PySide6.QtCore import QRect, QRectF, QSize

from app.ui.theme import Reading
from app.ui.transcript.page import Frame, Page, page, snapped


def _page(width: int, height: int = 700, *, shown: bool = True, rtl: bool = False) -> Page:
    return page(Frame(QSize(width, height), 12, shown, rtl), Reading(), 21)


def test_the_column_is_where_the_look_has_it() -> None:
    # In the pictures the transcript begins at 264 and the text at 494, 544 pixels wide.
    assert (_page(1016).left, _page(1016).width) == (230, 544)


def test_nothing_moves_when_the_scroll_bar_appears() -> None:
    assert _page(1016, shown=False) == _page(1016)


def test_read_from_the_right_the_bar_stands_left_and_the_column_stays() -> None:
    assert _page(1016, rtl=True).left == _page(1016).left
    # Without the bar, the viewport begins twelve pixels further left.
    assert _page(1016, rtl=True, shown=False).left == _page(1016).left + 12


def test_in_a_narrow_view_the_column_shrinks_and_speakers_stand_above() -> None:
    narrow = _page(500)
    assert narrow.narrow
    assert narrow.left == 44
    assert narrow.width == 500 - 12 - 2 * 44


def test_a_low_view_has_a_low_trace() -> None:
    assert _page(1016, 700).tall_lines == 14
    assert _page(1016, 400).tall_lines == 8
    assert _page(1016, 100).tall_lines == 7


def test_rectangles_turn_round() -> None:
    straight, turned = Page(100, 500), Page(100, 500, rtl=True)
    assert straight.rect(-20, 0, 2, 10) == QRect(80, 0, 2, 10)
    assert turned.rect(-20, 0, 2, 10) == QRect(618, 0, 2, 10)
    assert straight.rect_to(0, 0, 30, 10) == QRect(570, 0, 30, 10)
    assert turned.rect_to(0, 0, 30, 10) == QRect(100, 0, 30, 10)


def test_hairlines_lie_on_whole_device_pixels() -> None:
    line = snapped(QRectF(10, 33, 100, 1), 1.5)
    assert (line.top() * 1.5) % 1 == 0
    assert line.height() * 1.5 == 2
