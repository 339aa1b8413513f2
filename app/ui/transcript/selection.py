"""What is selected, across blocks and messages: two positions, and the text between them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from app.markup.blocks import Block


class Position(NamedTuple):
    """A place between two characters: message, passage of the message, block of the passage, offset in its text."""

    message: int
    passage: int
    block: int
    offset: int


class Spot(NamedTuple):
    """A place within one passage."""

    block: int
    offset: int


class Span(NamedTuple):
    """What is selected of one passage; `end` None means to its end."""

    start: Spot
    end: Spot | None

    def of(self, block: int, length: int) -> tuple[int, int] | None:
        """The selected offsets of a block of that length, or None."""
        start = (
            self.start.offset if block == self.start.block else 0 if block > self.start.block else length + 1
        )
        end = length
        if self.end is not None:
            end = self.end.offset if block == self.end.block else length if block < self.end.block else -1
        return (start, min(end, length)) if start < min(end, length) else None


class Selection:
    """Where the selection began (`anchor`) and where it ends now (`cursor`); empty when they are the same."""

    def __init__(self) -> None:
        self._anchor: Position | None = None
        self._cursor: Position | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing is selected."""
        return self._anchor is None or self._anchor == self._cursor

    def clear(self) -> None:
        """Selects nothing."""
        self._anchor = self._cursor = None

    def begin(self, at: Position) -> None:
        """Starts anew."""
        self._anchor = self._cursor = at

    def extend(self, to: Position) -> None:
        """Goes on from where it began to here."""
        if self._anchor is None:
            self._anchor = to
        self._cursor = to

    def select(self, start: Position, end: Position) -> None:
        """Selects all between."""
        self._anchor, self._cursor = start, end

    @property
    def bounds(self) -> tuple[Position, Position] | None:
        """First and last position, in the order of reading; None when nothing is selected."""
        if self._anchor is None or self._cursor is None or self.empty:
            return None
        return min(self._anchor, self._cursor), max(self._anchor, self._cursor)

    def span(self, message: int, passage: int) -> Span | None:
        """What is selected of that passage."""
        bounds = self.bounds
        if bounds is None:
            return None
        place = (message, passage)
        start, end = bounds
        if place < start[:2] or place > end[:2]:
            return None
        first = Spot(*start[2:]) if place == start[:2] else Spot(0, 0)
        last = Spot(*end[2:]) if place == end[:2] else None
        return Span(first, last)


def selected(blocks: Sequence[Block], span: Span) -> str:
    """The selected text of a passage."""
    pieces: list[str] = []
    last = len(blocks) - 1 if span.end is None else min(span.end.block, len(blocks) - 1)
    for index in range(span.start.block, last + 1):
        block = blocks[index]
        bounds = span.of(index, len(block.text))
        if index > span.start.block:
            pieces.append("\n\n" if block.glue is None else block.glue)
        if bounds is not None:
            pieces.append(block.text[bounds[0] : bounds[1]])
    return "".join(pieces)


def joined_passages(texts: Iterable[str]) -> str:
    """The texts of passages and messages as they are copied: a blank line between any two."""
    return "\n\n".join(_filled(texts))


def _filled(texts: Iterable[str]) -> Iterator[str]:
    return (text for text in texts if text)
