"""What a text consists of: blocks, the unit that a transcript lays out, draws and selects."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["paragraph", "code"]


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text that is drawn as one.

    index: its place among the text's blocks, stable once the block is settled.
    kind: a paragraph (line breaks kept) or fenced code.
    text: what a person reads, without markers and without the line break at its end.
    language: the first word of a fence's info string, or empty.
    glue: None for a block that stands for itself. A block that would grow without bounds is continued in the next one,
        whose `glue` is what stands between the two texts: "" or a line break. They are drawn without a gap.
    closed: whether its end has been seen; the code of a fence that never closes stays open.
    """

    index: int
    kind: BlockKind
    text: str
    language: str = ""
    glue: str | None = None
    closed: bool = True


def joined(blocks: Iterable[Block]) -> str:
    """The text of successive blocks, as it is copied: a blank line between any two that are not glued together."""
    pieces: list[str] = []
    for block in blocks:
        if pieces:
            pieces.append("\n\n" if block.glue is None else block.glue)
        pieces.append(block.text)
    return "".join(pieces)


def piece_text(blocks: Sequence[Block], first: int) -> str:
    """The whole text of what begins with the block at `first` and is continued in those glued to it."""
    return joined(blocks[first : after_pieces(blocks, first)])


def first_piece(blocks: Sequence[Block], index: int) -> int:
    """The first of the blocks that the one at `index` is glued to; itself where it stands for itself."""
    while index > 0 and blocks[index].glue is not None:
        index -= 1
    return index


def after_pieces(blocks: Sequence[Block], index: int) -> int:
    """Behind the last of the blocks that are glued to the one at `index`."""
    index += 1
    while index < len(blocks) and blocks[index].glue is not None:
        index += 1
    return index
