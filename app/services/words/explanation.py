"""What a sentence for a person is made of: its two halves, a translator, and how parameters are written."""

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QLocale

from app.errors import Parameters

_UNCOUNTED = 2**63


class Explanation(NamedTuple):
    """What a person reads: `title` says what is so, `advice` what to do (may be empty)."""

    title: str
    advice: str

    @property
    def text(self) -> str:
        """Both sentences."""
        return f"{self.title} {self.advice}".strip()


def tr(text: str) -> str:
    """The text in the person's language."""
    return QCoreApplication.translate("Messages", text)


def path(parameters: Parameters) -> str:
    """The file or folder that the error names."""
    return str(parameters.get("path", ""))


def number(parameters: Parameters, key: str) -> str:
    """A whole number as the locale writes it; one that no machine counts to, as in a hostile file, by its digits."""
    value = parameters.get(key, 0)
    counts = isinstance(value, (int, float)) and abs(value) < _UNCOUNTED
    return QLocale().toString(int(value)) if counts else str(value)


def size(count: float) -> str:
    """A number of bytes in GB or MB, as the locale writes numbers."""
    locale = QLocale()
    if count >= 1e9:
        return tr("{number} GB").format(number=locale.toString(count / 1e9, "f", 1))
    return tr("{number} MB").format(number=locale.toString(max(count / 1e6, 1.0), "f", 0))
