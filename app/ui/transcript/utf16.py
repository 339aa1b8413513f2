"""Offsets in a text, as Python counts them and as Qt does, for whom an emoji is two."""

from typing import Final

_LAST_OF_BASIC_PLANE: Final = "\uffff"


def is_mixed(text: str) -> bool:
    """Whether the two ways of counting differ."""
    return not text.isascii() and max(text) > _LAST_OF_BASIC_PLANE


def to_qt(text: str, offset: int) -> int:
    """Python's offset as Qt's."""
    return offset + sum(1 for character in text[:offset] if character > _LAST_OF_BASIC_PLANE)


def from_qt(text: str, place: int) -> int:
    """Qt's offset as Python's; one inside of a character is the one before it."""
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * place].decode("utf-16-le", "ignore"))
