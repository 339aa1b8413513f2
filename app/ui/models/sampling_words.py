"""How the window speaks of sampling: a number as it is written, and who says that it is that number."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale

if TYPE_CHECKING:
    from app.services.conversations.choosing import SamplingNow


def figure(value: float) -> str:
    """A number as the locale writes it, with as many decimals as it needs and three at most."""
    locale = QLocale()
    if value == int(value):
        # A seed is a name, not an amount: no group of it stands apart.
        locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
        return locale.toString(int(value))
    digits = next(digits for digits in (1, 2, 3) if digits == 3 or round(value, digits) == round(value, 3))
    return locale.toString(float(value), "f", digits)


def source_text(source: str | None) -> str:
    """Who says so, as it stands beside the number; of a seed that nobody chose, what is done instead."""
    return {
        "file": _tr("from the file"),
        "published": _tr("published by the makers"),
        "guess": _tr("a guess"),
        "settings": _tr("your settings"),
        "conversation": _tr("this conversation"),
    }.get(source or "", _tr("a new one each time"))


def summary(now: "SamplingNow") -> tuple[str, str]:
    """The temperature, and who says so or what was changed: the little that is always seen."""
    sources: Mapping[str, str] = now.sources
    if "conversation" in sources.values():
        said = _tr("changed here")
    elif "settings" in sources.values():
        said = _tr("your settings")
    else:
        said = {"file": _tr("from the file"), "published": _tr("published")}.get(
            sources.get("temperature", "guess"), _tr("a guess")
        )
    return _tr("temperature {number}").format(number=figure(now.values.temperature)), said


def _tr(text: str) -> str:
    return QCoreApplication.translate("Sampling", text)
