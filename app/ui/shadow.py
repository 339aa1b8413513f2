"""The one soft shadow, of what floats over the window."""

import math
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from app.ui.theme import Shadow, Theme

# A logistic curve of this width lies within a hundredth of a Gaussian of width one, and its inverse is a logarithm.
_LOGISTIC: Final = 0.588


def shadow_margin(theme: Theme) -> int:
    """Pixels that a floating surface keeps free around itself for its shadow."""
    return Shadow.BLUR_DARK + Shadow.OFFSET_DARK if theme.dark else Shadow.BLUR_LIGHT + Shadow.OFFSET_LIGHT


def paint_shadow(painter: QPainter, theme: Theme, area: QRectF, radius: int) -> None:
    """Paints the shadow of a rounded rectangle as a blur of that width leaves it (its deviation is half the width).

    It is made of layers of the faintest opacity that eight bits can hold, each as large as the blurred edge is at that
    height: no copy of the surface has to be blurred.
    """
    blur = Shadow.BLUR_DARK if theme.dark else Shadow.BLUR_LIGHT
    down = Shadow.OFFSET_DARK if theme.dark else Shadow.OFFSET_LIGHT
    color = QColor(theme.tokens.shadow)
    layers = color.alpha()
    color.setAlpha(1)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    base = area.translated(0, down)
    for layer in range(layers):
        height = (layer + 0.5) / layers
        out = min(_LOGISTIC * blur / 2 * math.log((1 - height) / height), float(blur))
        corner = max(0.0, radius + out)
        painter.drawRoundedRect(base.adjusted(-out, -out, out, out), corner, corner)
