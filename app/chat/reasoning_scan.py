"""Finds markers in a stream of text, whole or cut in two, and knows where on its line the text stands."""

import re
from collections.abc import Iterable

_QUOTES = "`'\"“”‘’«»"
_BEFORE_A_MENTION = _QUOTES + "([{ \t"
_FENCES = ("```", "~~~")


class Scanner:
    """Looks for any of some markers."""

    def __init__(self, markers: Iterable[str]) -> None:
        # A marker that begins with another one would be found or not by how the text was cut: the short one stands.
        every = sorted(markers, key=len)
        self._markers = [
            text for text in every if not any(text != other and text.startswith(other) for other in every)
        ]
        self._first = frozenset(text[0] for text in self._markers)
        self._longest = max((len(text) for text in self._markers), default=0)
        self._pattern = re.compile("|".join(re.escape(text) for text in self._markers) or r"(?!)")

    def find(self, text: str) -> tuple[int, int] | None:
        """Where the first marker begins and ends; None when there is none."""
        match = self._pattern.search(text)
        return match.span() if match else None

    def partial(self, text: str) -> int:
        """How many letters at the end of `text` could be the beginning of a marker."""
        for start in range(max(0, len(text) - self._longest + 1), len(text)):
            if text[start] in self._first and any(
                marker.startswith(text[start:]) for marker in self._markers
            ):
                return len(text) - start
        return 0


class Line:
    """Where text stands: what its current line holds, and whether that is inside a code fence."""

    def __init__(self) -> None:
        self.last = ""
        self._head = ""
        self._fenced = False

    def add(self, text: str) -> None:
        """The text goes on with `text`."""
        if not text:
            return
        *ended, rest = text.split("\n")
        for line in ended:
            self._head = (self._head + line).lstrip()
            if self._head.startswith(_FENCES):
                self._fenced = not self._fenced
            self._head = ""
        # Three letters tell a fence; a paragraph of a megabyte need not be kept.
        self._head = (self._head + rest).lstrip()[:3]
        self.last = text[-1]

    @property
    def in_quotes(self) -> bool:
        """Whether a quotation mark comes just before."""
        return self.last != "" and self.last in _QUOTES

    @property
    def fenced(self) -> bool:
        """Whether the text stands in a code fence."""
        return self._fenced

    @property
    def may_begin_block(self) -> bool:
        """Whether an opener here opens a block, rather than being mentioned in a sentence or shown in code."""
        if self._fenced:
            return False
        return not self._head or self.last not in _BEFORE_A_MENTION
