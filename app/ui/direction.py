"""Names that keep their own direction inside a sentence of another."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

_FROM_THE_RIGHT: Final = frozenset({"R", "AL"})
_ISOLATE: Final = "\N{FIRST STRONG ISOLATE}"
_POP: Final = "\N{POP DIRECTIONAL ISOLATE}"


def isolated(name: str) -> str:
    """A title or a path as it may stand in a sentence; unchanged where both are read from the left."""
    rtl = QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
    return f"{_ISOLATE}{name}{_POP}" if rtl or _has_letters_from_the_right(name) else name


def _has_letters_from_the_right(name: str) -> bool:
    if name.isascii():
        return False
    import unicodedata  # the first window does without

    return any(unicodedata.bidirectional(letter) in _FROM_THE_RIGHT for letter in name)
