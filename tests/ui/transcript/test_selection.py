"""Selecting goes across blocks, passages and messages, in both directions."""

import pytest

from app.markup.blocks import Block
from app.ui.transcript.selection import Position, Selection, Span, Spot, joined_passages, selected

_BLOCKS = [
    Block(0, "paragraph", "First one."),
    Block(1, "code", "a = 1"),
    Block(2, "code", "b = 2", glue="\n"),
    Block(3, "paragraph", "Last one."),
]


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (Span(Spot(0, 6), Spot(0, 9)), "one"),
        (Span(Spot(0, 6), Spot(1, 1)), "one.\n\na"),
        (Span(Spot(1, 4), Spot(2, 1)), "1\nb"),
        (Span(Spot(2, 4), None), "2\n\nLast one."),
        (Span(Spot(0, 0), Spot(9, 0)), "First one.\n\na = 1\nb = 2\n\nLast one."),
    ],
)
def test_the_text_of_a_span_keeps_lines_and_blocks_apart(span: Span, text: str) -> None:
    assert selected(_BLOCKS, span) == text


def test_a_selection_reads_the_same_in_both_directions() -> None:
    first, last = Position(0, 0, 0, 3), Position(2, 1, 0, 5)
    forwards, backwards = Selection(), Selection()
    forwards.begin(first)
    forwards.extend(last)
    backwards.begin(last)
    backwards.extend(first)
    assert forwards.bounds == backwards.bounds == (first, last)


def test_passages_between_the_ends_are_selected_whole() -> None:
    selection = Selection()
    selection.select(Position(1, 0, 2, 3), Position(3, 1, 0, 5))
    assert selection.span(0, 0) is None
    assert selection.span(1, 0) == Span(Spot(2, 3), None)
    assert selection.span(2, 1) == Span(Spot(0, 0), None)
    assert selection.span(3, 1) == Span(Spot(0, 0), Spot(0, 5))
    assert selection.span(3, 2) is None


def test_a_selection_without_extent_is_empty() -> None:
    selection = Selection()
    selection.begin(Position(0, 0, 0, 3))
    seen = [selection.empty]
    selection.extend(Position(0, 0, 0, 4))
    seen.append(selection.empty)
    selection.clear()
    assert seen == [True, False]
    assert selection.bounds is None


def test_empty_passages_leave_no_gap() -> None:
    assert joined_passages(["a", "", "b"]) == "a\n\nb"


def test_offsets_behind_a_block_end_with_it() -> None:
    assert Span(Spot(0, 2), Spot(0, 99)).of(0, 5) == (2, 5)
    assert Span(Spot(0, 7), Spot(0, 99)).of(0, 5) is None
