"""A column lays out what is looked at, and its heights come right."""

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from app.markup.blocks import piece_text
from app.markup.stream import Stream
from app.ui.theme import Theme
from app.ui.transcript.column import Column, code_groups
from app.ui.transcript.selection import Span, Spot
from app.ui.transcript.styles import inks, reading_style

WIDTH = 544


@pytest.fixture
def column(theme: Theme) -> Column:
    """An empty column as wide as an answer."""
    column = Column(reading_style(theme))
    column.set_page(WIDTH, rtl=False)
    return column


def _filled(column: Column, text: str) -> Stream:
    stream = Stream()
    stream.feed(text)
    column.sync(stream)
    return stream


def _rows(column: Column) -> list[int]:
    return [column.top(index + 1) - column.top(index) for index in range(len(column.blocks))]


def test_paragraphs_stand_twelve_pixels_apart_on_lines_of_24(column: Column) -> None:
    _filled(column, "One line.\n\nTwo\nlines.\n\n```py\na\nb\n```\n\nEnd.")
    column.lay_out(0, 10_000)
    assert _rows(column) == [24, 12 + 48, 14 + 1 + 34 + 2 + 40 + 14 + 1, 14 + 24]


def test_only_what_is_looked_at_is_laid_out(column: Column) -> None:
    _filled(column, "A paragraph of a few words.\n\n" * 500)
    column.lay_out(3000, 3600)
    exact = [index for index in range(500) if column.is_exact(index)]
    assert exact
    assert len(exact) < 25
    assert column.top(exact[0]) <= 3000
    assert column.top(exact[-1] + 1) >= 3600


def test_a_growing_tail_keeps_what_is_settled(column: Column) -> None:
    stream = Stream()
    whole = Column(column.style)
    whole.set_page(WIDTH, rtl=False)
    text = (
        "First paragraph, long enough to take two lines on the page of the transcript.\n\n```\ncode\n```\nEnd"
    )
    for character in text:
        stream.feed(character)
        column.sync(stream)
        column.lay_out(0, 10_000)
    _filled(whole, text)
    whole.lay_out(0, 10_000)
    assert list(column.blocks) == list(whole.blocks)
    assert _rows(column) == _rows(whole)


def test_long_code_is_one_surface_of_several_pieces(column: Column) -> None:
    _filled(column, "```\n" + "\n".join(f"line {number}" for number in range(1000)) + "\n```\n")
    column.lay_out(0, 100_000)
    assert len(column.blocks) > 3
    assert column.height == 1 + 34 + 2 + 1000 * 20 + 14 + 1
    assert code_groups(column, 5000, 5600) == [(0, 0, column.height)]
    assert piece_text(column.blocks, 0).count("\n") == 999


def test_a_place_in_the_text_is_found_again_where_it_is(column: Column) -> None:
    _filled(column, "Some words and an emoji 👩‍💻 between them.\n\n```py\nprint('x')\n```\n\nجميل كبير")
    for block in range(3):
        for offset in (0, 3, 7):
            rect = column.rect_of(Spot(block, offset))
            assert column.spot_at(rect.x(), rect.center().y()) == Spot(block, offset)


def test_an_offset_behind_an_emoji_counts_as_python_counts(column: Column) -> None:
    text = "😀😀 x"
    _filled(column, text)
    rect = column.rect_of(Spot(0, len(text)))
    assert column.spot_at(rect.x() + 50, rect.center().y()) == Spot(0, len(text))


def test_wide_code_can_be_scrolled_to_its_side(column: Column) -> None:
    _filled(column, "```\n" + "x" * 200 + "\n```\n")
    column.lay_out(0, 1000)
    assert column.overflow(0) > 0
    before = column.rect_of(Spot(0, 100)).x()
    column.scroll(0, 300)
    assert column.rect_of(Spot(0, 100)).x() == before - 300


def test_another_width_breaks_lines_anew(column: Column) -> None:
    _filled(column, "These are some words that fit on one line of the page, but not on half of it.")
    column.lay_out(0, 1000)
    before = column.height
    column.set_page(WIDTH // 3, rtl=False)
    column.lay_out(0, 1000)
    assert column.height > before


def test_released_blocks_keep_their_heights(column: Column) -> None:
    _filled(column, "A paragraph of a few words.\n\n" * 100)
    column.lay_out(0, 10_000)
    height = column.height
    column.release(0, 100)
    assert column.height == height
    assert not column.lay_out(0, 10_000)


def test_a_selection_is_drawn_behind_the_whole_line(column: Column, theme: Theme) -> None:
    _filled(column, "Words")
    column.lay_out(0, 100)
    image = QImage(200, 24, QImage.Format.Format_RGB32)
    image.fill(theme.tokens.page)
    painter = QPainter(image)
    ink = inks(theme.tokens, 1.0, faint=False, left_out=False)
    span = Span(Spot(0, 0), Spot(0, 5))
    column.draw(painter, QPointF(0, 0), QRectF(0, 0, 200, 24), ink, span)
    painter.end()
    assert image.pixelColor(0, 0) == theme.tokens.selection
    assert image.pixelColor(0, 23) == theme.tokens.selection
    assert image.pixelColor(150, 12) == theme.tokens.page
