"""Cuts a growing text into blocks: what is settled never changes, and each piece of text costs the same."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.markup.blocks import Block, BlockKind

# A block is laid out anew whenever it grows, so no block may grow for ever: past the first length it is continued in a
# new block at the next line break, past the second one in the middle of a line, after a sentence where there is one.
_SOFT_LIMIT: Final = 2000
_HARD_LIMIT: Final = 6000
# No line that begins or ends a block is longer; so a longer one need not be kept back until its end is seen.
_MARKER_LIMIT: Final = 1000

_OPENER: Final = re.compile(r"([ \t]*)(?:(`{3,})([^`]*)|(~{3,})(.*))")
_SENTENCE_ENDS: Final = (". ", "? ", "! ", "。", "\u3000")


@dataclass(frozen=True)
class _Fence:
    marker: str
    length: int
    indent: int
    language: str


class Stream:
    """Text in, blocks out, in pieces of any size: the same text gives the same blocks however it was cut.

    `settled` only ever grows. `tail` is what the rest of the text makes until more of it arrives. After `finish` the
    tail is empty and `feed` must not be called any more.
    """

    def __init__(self) -> None:
        self._settled: list[Block] = []
        self._kind: BlockKind | None = None
        self._text = ""
        self._fence: _Fence | None = None
        self._glue: str | None = None
        self._line = ""
        self._inside_line = False
        self._return = False

    @property
    def settled(self) -> Sequence[Block]:
        """The blocks that will never change, in order: a live view, to be read only."""
        return self._settled

    @property
    def tail(self) -> tuple[Block, ...]:
        """The blocks that still may change."""
        opener = None if self._kind == "code" else _opener(self._line)
        tail = []
        if self._kind is not None and (self._text or self._glue is None):
            tail.append(self._block(closed=False))
        if opener is not None:
            tail.append(Block(len(self._settled) + len(tail), "code", "", opener.language, closed=False))
        return tuple(tail)

    def feed(self, text: str) -> None:
        """Takes the next piece of the text."""
        if self._return:
            text = "\r" + text
        # Half a line break: which half is known with the next piece.
        self._return = text.endswith("\r")
        lines = text.removesuffix("\r").replace("\r\n", "\n").split("\n")
        for line in lines[:-1]:
            self._take(line)
            self._end_line()
        self._take(lines[-1])

    def finish(self) -> None:
        """Settles what is left: the text has ended."""
        self._return = False
        self._end_line()
        if self._kind is not None:
            self._settle(closed=self._kind != "code")

    def _take(self, part: str) -> None:
        """Takes a part of a line."""
        if not part:
            return
        if self._inside_line:
            self._append(part)
            return
        self._line += part
        if self._is_plain(self._line):
            self._begin_line()
            self._inside_line = True

    def _is_plain(self, line: str) -> bool:
        """Whether a line that begins like this is text, however it goes on."""
        if len(line) > _MARKER_LIMIT:
            return True
        rest = line.strip(" \t")
        if self._fence is not None:
            return rest.strip(self._fence.marker) != ""
        run = rest[:1] in ("`", "~") and rest[: len(rest) - len(rest.lstrip(rest[0]))]
        return bool(rest) and run != rest and _opener(line) is None

    def _begin_line(self) -> None:
        line, self._line = self._line, ""
        if self._fence is not None:
            indent = len(line) - len(line.lstrip(" \t"))
            line = line[min(indent, self._fence.indent) :]
        self._append(line)

    def _end_line(self) -> None:
        """Comes to the end of a line, or of the text."""
        if self._inside_line:
            self._inside_line = False
            self._break_line()
        elif self._fence is not None:
            self._end_code_line(self._fence)
        else:
            self._end_other_line()

    def _end_code_line(self, fence: _Fence) -> None:
        marker = self._line.strip(" \t")
        if len(marker) >= fence.length and not marker.strip(fence.marker):
            self._line = ""
            self._settle(closed=True)
        else:
            self._begin_line()
            self._break_line()

    def _end_other_line(self) -> None:
        opener = _opener(self._line)
        if opener is None and self._line.strip(" \t"):
            self._begin_line()
            self._break_line()
            return
        self._line = ""
        if self._kind is not None:
            self._settle(closed=True)
        if opener is not None:
            self._kind, self._fence = "code", opener

    def _append(self, text: str) -> None:
        """Adds text to the open block and cuts off what has become too long."""
        if self._kind is None:
            self._kind = "paragraph"
        text = self._text + text
        start = 0
        while len(text) - start > _HARD_LIMIT:
            end = _cut(text, start)
            self._text = text[start:end]
            self._continue("")
            start = end
        self._text = text[start:]

    def _break_line(self) -> None:
        self._text += "\n"
        if len(self._text) > _SOFT_LIMIT:
            self._continue("\n")

    def _continue(self, glue: str) -> None:
        self._settled.append(self._block(closed=True))
        self._text, self._glue = "", glue

    def _settle(self, *, closed: bool) -> None:
        """Ends the open block."""
        if self._text or self._glue is None:
            self._settled.append(self._block(closed=closed))
        self._kind, self._text, self._fence, self._glue = None, "", None, None

    def _block(self, *, closed: bool) -> Block:
        assert self._kind is not None
        language = self._fence.language if self._fence is not None else ""
        text = self._text.removesuffix("\n")
        return Block(len(self._settled), self._kind, text, language, self._glue, closed)


def _opener(line: str) -> _Fence | None:
    """The fence that a line opens. Any indent will do: models put fences into lists."""
    match = _OPENER.fullmatch(line) if len(line) <= _MARKER_LIMIT else None
    if match is None:
        return None
    run = match[2] or match[4]
    words = (match[3] or match[5] or "").split()
    return _Fence(run[0], len(run), len(match[1]), words[0] if words else "")


def _cut(text: str, start: int) -> int:
    """Where to cut a text that has become too long: after a sentence, else after a word, else between characters."""
    end = start + _HARD_LIMIT
    middle = start + _HARD_LIMIT // 2
    sentence = max(text.rfind(mark, middle, end) + len(mark) for mark in _SENTENCE_ENDS)
    if sentence > middle:
        return sentence
    word = text.rfind(" ", middle, end) + 1
    if word > middle:
        return word
    for place in range(end, end - 32, -1):
        # Not between a letter and its accent, nor inside an emoji that is made of several.
        if not unicodedata.category(text[place]).startswith(("M", "Cf")) and text[place - 1] != "\u200d":
            return place
    return end
