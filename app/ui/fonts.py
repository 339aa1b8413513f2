"""How one font of the look is made."""

from typing import Final

from PySide6.QtGui import QFont

_FAMILY: Final = "Inter"
_MONO: Final = "JetBrains Mono"


def font(size: int, weight: int, spacing: float, *, mono: bool, tabular: bool) -> QFont:
    """The bundled font for text or for code, `size` pixels high; `spacing` pixels more between letters."""
    made = QFont(_MONO if mono else _FAMILY)
    made.setPixelSize(size)
    made.setWeight(QFont.Weight(weight))
    # Without it, hinted advances are rounded to whole pixels and lines break earlier than in the look.
    made.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    if spacing:
        made.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, spacing)
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    if mono:
        for ligatures in ("calt", "liga"):
            made.setFeature(QFont.Tag(ligatures), 0)
    return made
