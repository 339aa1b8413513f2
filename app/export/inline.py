"""What is written inside of a paragraph of Markdown: code is told from text, and HTML loses its power."""

import re
from collections import deque
from typing import Final

DELIMITER_ROW: Final = re.compile(r"[ >]*\|?[ ]*:?-+:?[ ]*(\|[ ]*:?-+:?[ ]*)*\|?[ ]*$")
"""The line under a table's head; a rule of hyphens looks like one too."""

_TAG: Final = re.compile(r"<(?=[A-Za-z/!?])")
_LINK: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>`]*>|<[\w.+-]+@[\w.-]+>", re.ASCII)
_RUN: Final = re.compile(r"`+")
_SIGNS: Final = re.compile(r"([\\`*_{}\[\]<>#|~&])")


def escaped(text: str) -> str:
    """Plain words on one line, so that none of their signs means anything."""
    line = " ".join(text.split())
    line = _SIGNS.sub(r"\\\1", line)
    return re.sub(r"^([-+=]|\d+(?=[.)]))", _before, line)


def _before(match: re.Match[str]) -> str:
    sign = match[1]
    return f"{sign}\N{ZERO WIDTH NON-JOINER}" if sign.isdigit() else f"\\{sign}"


def without_html(lines: list[str]) -> list[str]:
    """The lines of one paragraph with every tag outside of code shown instead of obeyed; links to addresses stay.

    A table is read cell by cell, and not every reader knows tables: code is only what is code either way.
    """
    text = "\n".join(lines)
    if "<" not in text:
        return lines
    spans = _code_spans(text)
    if any(map(DELIMITER_ROW.match, lines)):
        spans = _in_both(spans, _spans_of_cells(text))
    return _escape_tags(text, spans).split("\n")


def _code_spans(text: str) -> list[tuple[int, int]]:
    """Where code is, from the first sign inside of its marks to the last."""
    runs: dict[int, deque[int]] = {}
    for found in _RUN.finditer(text):
        runs.setdefault(len(found[0]), deque()).append(found.start())
    spans = []
    at = 0
    while at < len(text):
        sign = text[at]
        if sign == "\\":
            at += 2
        elif sign == "<" and (link := _LINK.match(text, at)):
            at = link.end()
        elif sign == "`":
            run = _RUN.match(text, at)
            assert run is not None
            end = _next_run(runs, len(run[0]), run.end())
            if end is None:
                at = run.end()
            else:
                spans.append((run.end(), end))
                at = end + len(run[0])
        else:
            at += 1
    return spans


def _next_run(runs: dict[int, deque[int]], length: int, after: int) -> int | None:
    """Where the next run of so many backticks begins; what lies before `after` is never asked for again."""
    starts = runs.get(length, deque())
    while starts and starts[0] < after:
        starts.popleft()
    return starts[0] if starts else None


def _spans_of_cells(text: str) -> list[tuple[int, int]]:
    spans = []
    for cell in re.finditer(r"(?:\\.|[^|\n\\]|\\(?=\n|$))+", text):
        spans += [(cell.start() + first, cell.start() + last) for first, last in _code_spans(cell[0])]
    return spans


def _in_both(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where spans of both lists overlap; each list is in order."""
    common = []
    i = j = 0
    while i < len(one) and j < len(other):
        first, last = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if first < last:
            common.append((first, last))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return common


def _escape_tags(text: str, spans: list[tuple[int, int]]) -> str:
    pieces = []
    done = 0
    waiting = iter(spans)
    span = next(waiting, None)
    for tag in _TAG.finditer(text):
        at = tag.start()
        while span is not None and span[1] <= at:
            span = next(waiting, None)
        # At the start of a line a tag ends the paragraph, and with it what would have been code.
        is_code = span is not None and span[0] <= at and not _begins_line(text, at)
        if is_code or _LINK.match(text, at) or _is_escaped(text, at):
            continue
        pieces += [text[done:at], "\\"]
        done = at
    return "".join([*pieces, text[done:]])


def _begins_line(text: str, at: int) -> bool:
    while at > 0 and text[at - 1] == " ":
        at -= 1
    return at == 0 or text[at - 1] == "\n"


def _is_escaped(text: str, at: int) -> bool:
    first = at
    while first > 0 and text[first - 1] == "\\":
        first -= 1
    return (at - first) % 2 == 1
