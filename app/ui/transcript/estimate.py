"""How high a text will probably be: good enough for a scroll bar, until it is laid out."""

import unicodedata
from typing import Final

_STRONG_RTL: Final = ("R", "AL")
_LOOKED_AT: Final = 400


def units(text: str) -> float:
    """The width of a text in average Latin characters: what takes more bytes in UTF-8 is mostly wider, too."""
    length = len(text)
    if text.isascii():
        return length
    return length + (len(text.encode("utf-8", "replace")) - length) / 2


def line_count(text: str, per_line: float) -> int:
    """How many lines a text takes that keeps its line breaks, with so many average characters in a line."""
    if "\n" not in text:
        return max(1, -int(-units(text) // per_line))
    return sum(max(1, -int(-units(line) // per_line)) for line in text.split("\n"))


def rough_line_count(text: str, per_line: float) -> float:
    """The same of a text of any length, from its size and its line breaks alone."""
    # A line that ends by a break is on average half full.
    return max(1.0, units(text) / per_line + text.count("\n") / 2)


def right_to_left(text: str, otherwise: bool) -> bool:
    """Whether the first strong letter is written from right to left; `otherwise` where there is none."""
    for character in text[:_LOOKED_AT]:
        kind = unicodedata.bidirectional(character)
        if kind == "L":
            return False
        if kind in _STRONG_RTL:
            return True
    return otherwise
