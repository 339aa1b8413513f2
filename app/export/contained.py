"""Markdown by a stranger made fit to stand between other Markdown: nothing in it reaches beyond its place.

It stays the Markdown that it was: code is left alone, and headings, lists and tables look as they did. But it opens no
HTML, defines no references, leaves no fence open and has no heading as high as those around it.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from app.export.inline import DELIMITER_ROW, without_html

_TAB: Final = 4
_BLANKS: Final = " \t"
"""All that Markdown calls blank: other spaces are letters to it."""
_CODE_INDENT: Final = 4
_DEEPEST: Final = 6
_QUOTE: Final = -1
# Nobody writes so deep; what does is shown as text, or a line of nothing but marks would take for ever.
_MOST_OPEN: Final = 32

_FENCE: Final = re.compile(r"(`{3,})[^`]*$|(~{3,})")
_HEADING: Final = re.compile(r"(#{1,6})(?=[ \t]|$)")
_UNDERLINE: Final = re.compile(r"(?:=+|-+)[ \t]*$")
_RULE: Final = re.compile(r"(?:(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|(?:-[ \t]*){3,})$")
_MARKER: Final = re.compile(r"([-+*]|(\d{1,9})[.)])(?=[ \t]|$)")
_DEFINITION: Final = re.compile(r"\s*\[(?:[^\[\]\\]|\\.)*\]:", re.DOTALL)


def contained(text: str, *, deeper: int = 2, keep_lines: bool = False) -> list[str]:
    """The lines of the text, made harmless; `text` has line feeds alone.

    Headings go `deeper` levels down. With `keep_lines`, a line break of the text is one in what is shown too.
    """
    return _Scanner(deeper, keep_lines).run(text.split("\n"))


def quoted(lines: list[str]) -> list[str]:
    """The lines as a quotation, which ends where they end."""
    return [f"> {line.expandtabs(_TAB)}" if line.strip(_BLANKS) else ">" for line in lines]


@dataclass
class _Fence:
    sign: str
    length: int


@dataclass
class _Item:
    """An open list item or quotation: how far its content is indented; `bare` while nothing stands in it."""

    indent: int
    bare: bool = False


@dataclass
class _Line:
    """A line that is being read: from `at` on it is content; `opened` when it has begun a list item or quotation."""

    text: str
    at: int = 0
    matched: int = 0
    opened: bool = False

    @property
    def rest(self) -> str:
        return self.text[self.at :]

    @property
    def blank(self) -> bool:
        return not self.rest.strip(_BLANKS)

    @property
    def indent(self) -> int:
        return len(self.rest) - len(self.rest.lstrip(" "))


@dataclass
class _Scanner:
    """Follows the block structure as CommonMark defines it; HTML has no part in it, since none is left."""

    deeper: int
    keep_lines: bool
    out: list[str] = field(default_factory=list)
    stack: list[_Item] = field(default_factory=list)
    fence: _Fence | None = None
    paragraph: list[tuple[str, str]] = field(default_factory=list)

    def run(self, lines: list[str]) -> list[str]:
        for line in lines:
            self._take(line)
        self._end_paragraph()
        if self.fence is not None and not self.stack:
            self.out.append(self.fence.sign * self.fence.length)
        return self.out

    def _take(self, original: str) -> None:
        line = _Line(original.expandtabs(_TAB))
        self._match(line)
        if self.fence is not None:
            if line.matched == len(self.stack):
                self._take_code(line, original)
                return
            self.fence = None
        if line.blank:
            self._end_paragraph()
            self._close(line)
            self.out.append(original)
            return
        self._open(line)
        self._take_block(line, original)

    def _match(self, line: _Line) -> None:
        """How many of the open items and quotations the line goes on with."""
        for item in self.stack:
            if item.indent == _QUOTE:
                if line.indent >= _CODE_INDENT or not line.rest.lstrip(" ").startswith(">"):
                    return
                line.at += line.indent + 1
                line.at += line.rest.startswith(" ")
            elif line.blank:
                if item.bare:
                    return
            elif line.indent >= item.indent:
                line.at += item.indent
            else:
                return
            line.matched += 1

    def _take_code(self, line: _Line, original: str) -> None:
        """A line of a fenced block, or its end."""
        assert self.fence is not None
        rest = line.rest.strip(_BLANKS)
        closes = len(rest) >= self.fence.length and not rest.strip(self.fence.sign)
        if closes and line.indent < _CODE_INDENT:
            self.fence = None
        self.out.append(original)

    def _open(self, line: _Line) -> None:
        """Takes the marks of list items and quotations that begin here."""
        while not line.blank and line.indent < _CODE_INDENT:
            rest = line.rest.lstrip(" ")
            is_mark = rest.startswith(">") or self._begins_item(line, rest)
            if is_mark and len(self.stack) >= _MOST_OPEN and line.opened:
                line.text = f"{line.text[: line.at + line.indent]}\\{rest}"
                return
            if rest.startswith(">"):
                self._push(line, _Item(_QUOTE), line.indent + 1)
                line.at += line.rest.startswith(" ")
            elif is_mark:
                self._push_item(line, rest)
            else:
                return

    def _begins_item(self, line: _Line, rest: str) -> bool:
        marker = _MARKER.match(rest)
        continues = bool(self.paragraph) and line.matched == len(self.stack) and not line.opened
        if marker is None or _RULE.match(rest):
            return False
        if not continues:
            return True
        number = marker[2]
        return bool(rest[marker.end() :].strip(_BLANKS)) and (number is None or int(number) == 1)

    def _push_item(self, line: _Line, rest: str) -> None:
        marker = _MARKER.match(rest)
        assert marker is not None
        after = rest[marker.end() :]
        spaces = len(after) - len(after.lstrip(" "))
        bare = not after.strip(_BLANKS)
        wide = bare or spaces > _CODE_INDENT
        width = line.indent + marker.end() + (1 if wide else spaces)
        self._push(line, _Item(width, bare), width)

    def _push(self, line: _Line, item: _Item, width: int) -> None:
        self._end_paragraph()
        self._close(line)
        for open_item in self.stack:
            open_item.bare = False
        self.stack.append(item)
        line.matched += 1
        line.at += width
        line.opened = True

    def _close(self, line: _Line) -> None:
        """Closes what the line does not go on with."""
        del self.stack[line.matched :]

    def _take_block(self, line: _Line, original: str) -> None:
        goes_on = bool(self.paragraph) and not line.opened
        direct = goes_on and line.matched == len(self.stack)
        rest = line.rest.lstrip(" ")
        if line.indent >= _CODE_INDENT or line.blank:
            if goes_on:
                self._add_text(line)
            else:
                self._verbatim(line, original)
        elif direct and _UNDERLINE.match(rest):
            self._take_underline(line)
        elif _RULE.match(rest):
            self._verbatim(line, original)
        elif fence := _FENCE.match(rest):
            run = fence[1] or fence[2]
            # Some readers would see the head of a table in what is said of the code's language.
            shown = line.text[: line.at] + line.rest.partition("|")[0].rstrip("\\ ")
            self._verbatim(line, shown if "|" in line.rest else original)
            self.fence = _Fence(run[0], len(run))
        elif heading := _HEADING.match(rest):
            self._take_heading(line, heading)
        else:
            if not goes_on:
                self._begin(line)
            self._add_text(line)

    def _begin(self, line: _Line) -> None:
        self._end_paragraph()
        self._close(line)
        for item in self.stack:
            item.bare = item.bare and line.blank

    def _verbatim(self, line: _Line, original: str) -> None:
        self._begin(line)
        self.out.append(original)

    def _add_text(self, line: _Line) -> None:
        self.paragraph.append((line.text[: line.at], line.rest))

    def _take_heading(self, line: _Line, heading: re.Match[str]) -> None:
        self._begin(line)
        level = len(heading[1]) if self.stack else min(len(heading[1]) + self.deeper, _DEEPEST)
        text = without_html([line.rest.lstrip(" ")[heading.end() :]])[0]
        self.out.append(line.text[: line.at] + "#" * level + text)

    def _take_underline(self, line: _Line) -> None:
        """A line that makes a heading of the paragraph above it."""
        if self.stack:
            self._end_paragraph()
            self.out.append(line.text)
        elif len(self.paragraph) == 1:
            level = min((1 if "=" in line.rest else 2) + self.deeper, _DEEPEST)
            _, text = self.paragraph[0]
            self.paragraph[0] = ("#" * level + " ", text.strip(_BLANKS))
            self._end_paragraph()
        else:
            # It is text now, and the paragraph goes on.
            self.paragraph.append(("", "\\" + line.rest.lstrip(" ")))

    def _end_paragraph(self) -> None:
        if not self.paragraph:
            return
        prefixes = [prefix for prefix, _ in self.paragraph]
        texts = [text for _, text in self.paragraph]
        self.paragraph = []
        if _DEFINITION.match("\n".join(texts)):
            texts[0] = texts[0].replace("[", "\\[", 1)
        texts = without_html(texts)
        if self.keep_lines and not any(map(DELIMITER_ROW.match, texts)):
            texts = [f"{text.rstrip(_BLANKS)}  " for text in texts[:-1]] + texts[-1:]
        self.out += [prefix + text for prefix, text in zip(prefixes, texts, strict=True)]
