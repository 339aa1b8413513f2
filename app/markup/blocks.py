"""What a text consists of: blocks, the unit that a transcript lays out, draws and selects."""

from collections.abc import Iterable
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
