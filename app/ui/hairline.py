"""Lines that divide: as thin as the screen's scale makes one pixel, and always on whole pixels of the screen."""

import math

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from app.ui.theme import Space


def paint_hairline(painter: QPainter, line: QRectF, color: QColor) -> None:
    """Fills a line of one pixel across; at 125 and 150 per cent it neither blurs nor grows to two."""
    transform = painter.deviceTransform()
    area = transform.mapRect(line)
    thin = max(1, math.floor(Space.HAIR * transform.m11()))
    if line.width() >= line.height():
        area.setTop(math.floor(area.center().y() - thin / 2))
        area.setHeight(thin)
    else:
        area.setLeft(math.floor(area.center().x() - thin / 2))
        area.setWidth(thin)
    back, possible = transform.inverted()
    if possible:
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        # Not fillRect: to choose among its forms, Qt's wrapper makes a class of 169 gradients at the first picture.
        painter.setBrush(color)
        painter.drawRect(back.mapRect(area))
        painter.restore()
