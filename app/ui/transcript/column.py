"""A column of blocks below each other, of which only those that are looked at are laid out."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from app.markup.blocks import Block, after_pieces, first_piece
from app.markup.stream import Stream
from app.ui.transcript.block_layout import BlockLayout, Setting, code_height, lay_out
from app.ui.transcript.estimate import line_count
from app.ui.transcript.heights import Heights
from app.ui.transcript.selection import Span, Spot
from app.ui.transcript.styles import Inks, TextStyle


class Column:
    """Blocks of one text. Heights of blocks that were never laid out are estimates.

    All heights are whole pixels; a block's height includes the gap above it.
    """

    def __init__(self, style: TextStyle) -> None:
        self.style = style
        self._width = 1
        self._rtl = False
        self._settled = 0
        self._blocks: list[Block] = []
        self._heights = Heights()
        self._exact = bytearray()
        self._layouts: dict[int, BlockLayout] = {}
        self._scrolled: dict[int, int] = {}

    @property
    def blocks(self) -> Sequence[Block]:
        """All blocks, in order."""
        return self._blocks

    @property
    def height(self) -> int:
        """All blocks together; partly estimated."""
        return self._heights.total

    @property
    def open_from(self) -> int:
        """Where the blocks begin that were not settled the last time."""
        return self._heights.top(max(self._settled - 1, 0))

    def set_page(self, width: int, rtl: bool) -> None:
        """Sets the text anew in another width or direction."""
        if (width, rtl) == (self._width, self._rtl):
            return
        self._width, self._rtl = width, rtl
        self.restyle(self.style)

    def restyle(self, style: TextStyle) -> None:
        """Sets the text anew in other fonts."""
        self.style = style
        self._layouts.clear()
        for index in range(len(self._blocks)):
            self._exact[index] = False
            self._heights[index] = self._estimate(index)

    def sync(self, stream: Stream) -> None:
        """Takes over what the stream has settled since the last time, and its tail."""
        first = self._settled
        new = (*stream.settled[first:], *stream.tail)
        for index, block in enumerate(new, first):
            self._put(index, block)
        while len(self._blocks) > first + len(new):
            self._drop_last()
        self._settled = len(stream.settled)

    def lay_out(self, top: int, bottom: int) -> bool:
        """Lays out the blocks between two heights; whether any height changed by it."""
        changed = False
        index = max(self._heights.at(top), 0)
        at = self._heights.top(index)
        while index < len(self._blocks) and at < bottom:
            changed = self._lay_out(index) or changed
            at += self._heights[index]
            index += 1
        return changed

    def release(self, top: int, bottom: int) -> None:
        """Forgets the layouts, not the heights, of blocks that lie wholly outside of two heights."""
        first, last = self._heights.at(top), self._heights.at(bottom)
        for index in [index for index in self._layouts if not first <= index <= last]:
            del self._layouts[index]

    def release_all(self) -> None:
        """Forgets all layouts."""
        self._layouts.clear()

    def draw(self, painter: QPainter, at: QPointF, clip: QRectF, inks: Inks, span: Span | None) -> None:
        """Draws the blocks that `clip` meets; those that are not laid out are left out."""
        index = max(self._heights.at(int(clip.top() - at.y())), 0)
        top = at.y() + self._heights.top(index)
        while index < len(self._blocks) and top < clip.bottom():
            layout = self._layouts.get(index)
            if layout is not None:
                block = self._blocks[index]
                place = QPointF(at.x(), top + self.gap(index))
                chosen = span.of(index, len(block.text)) if span is not None else None
                layout.draw(painter, place, clip, inks, chosen, self.scrolled(index))
            top += self._heights[index]
            index += 1

    def spot_at(self, x: float, y: float) -> Spot:
        """The place in the text nearest to a point; lays out the block there if need be."""
        index = self._heights.at(int(y))
        if index < 0:
            return Spot(0, 0)
        self._lay_out(index)
        inside = QPointF(x, y - self._heights.top(index) - self.gap(index))
        return Spot(index, self._layouts[index].offset_at(inside, self.scrolled(index)))

    def rect_of(self, spot: Spot) -> QRectF:
        """Where a place in the text is."""
        if spot.block >= len(self._blocks):
            return QRectF(0, self.height, 0, 0)
        self._lay_out(spot.block)
        rect = self._layouts[spot.block].rect_of(spot.offset, self.scrolled(spot.block))
        return rect.translated(0, self._heights.top(spot.block) + self.gap(spot.block))

    def top(self, index: int) -> int:
        """Where a block begins, its gap included."""
        return self._heights.top(index)

    def at(self, place: int) -> int:
        """The block at a height."""
        return self._heights.at(place)

    def is_exact(self, index: int) -> bool:
        """Whether the height of a block is not estimated."""
        return bool(self._exact[index])

    def gap(self, index: int) -> int:
        """The room above a block."""
        block = self._blocks[index]
        if index == 0 or block.glue is not None:
            return 0
        plain = block.kind == self._blocks[index - 1].kind == "paragraph"
        return self.style.paragraph_gap if plain else self.style.block_gap

    def overflow(self, first: int) -> int:
        """How far the code that begins with a block reaches beyond its surface, as far as it is laid out."""
        pieces = range(first, after_pieces(self._blocks, first))
        widest = max((self._layouts[i].natural_width for i in pieces if i in self._layouts), default=0.0)
        return max(0, -int(-(widest - self._width)))

    def scrolled(self, index: int) -> int:
        """How far the code that a block belongs to is scrolled to its side."""
        return self._scrolled.get(first_piece(self._blocks, index), 0) if self._scrolled else 0

    def scroll(self, first: int, value: int) -> None:
        """Scrolls the code that begins with a block to its side."""
        self._scrolled[first] = value

    def _put(self, index: int, block: Block) -> None:
        if index == len(self._blocks):
            self._blocks.append(block)
            self._heights.append(0)
            self._exact.append(False)
            self._heights[index] = self._estimate(index)
            if block.kind == "code" and block.glue is not None:
                self._renew(index - 1)
        elif _looks_as(block, self._blocks[index]):
            self._blocks[index] = block
        else:
            self._blocks[index] = block
            self._renew(index)

    def _renew(self, index: int) -> None:
        """Measures a block again that was replaced; at once if it was laid out, since then it is being looked at."""
        seen = self._layouts.pop(index, None) is not None
        if seen:
            self._lay_out(index)
        else:
            self._exact[index] = False
            self._heights[index] = self._estimate(index)

    def _drop_last(self) -> None:
        block = self._blocks.pop()
        self._heights.pop()
        self._exact.pop()
        self._layouts.pop(len(self._blocks), None)
        if block.kind == "code" and block.glue is not None:
            self._renew(len(self._blocks) - 1)

    def _estimate(self, index: int) -> int:
        block = self._blocks[index]
        if block.kind == "code":
            return self.gap(index) + code_height(
                block, self.style, after_pieces(self._blocks, index) == index + 1
            )
        return self.gap(index) + self.style.line * line_count(
            block.text, max(self._width / self.style.unit, 1.0)
        )

    def _lay_out(self, index: int) -> bool:
        """Lays out one block; whether its height changed."""
        if index in self._layouts:
            return False
        setting = Setting(self._width, self._rtl, after_pieces(self._blocks, index) == index + 1)
        layout = lay_out(self._blocks[index], self.style, setting)
        self._layouts[index] = layout
        self._exact[index] = True
        height = layout.height + self.gap(index)
        if height == self._heights[index]:
            return False
        self._heights[index] = height
        return True


def code_groups(column: Column, top: int, bottom: int) -> list[tuple[int, int, int]]:
    """The code blocks between two heights: first block, and where its surface begins and ends."""
    groups: list[tuple[int, int, int]] = []
    blocks = column.blocks
    index = max(column.at(top), 0)
    while index < len(blocks) and column.top(index) < bottom:
        after = index + 1
        if blocks[index].kind == "code":
            first = first_piece(blocks, index)
            after = after_pieces(blocks, index)
            groups.append((first, column.top(first) + column.gap(first), column.top(after)))
        index = after
    return groups


def _looks_as(block: Block, other: Block) -> bool:
    return (block.kind, block.text, block.language, block.glue) == (
        other.kind,
        other.text,
        other.language,
        other.glue,
    )
