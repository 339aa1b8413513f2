"""A dividing line is crisp at every scale of a screen."""

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.ui.hairline import paint_hairline


@pytest.mark.parametrize(("ratio", "thick"), [(1.0, 1), (1.25, 1), (1.5, 1), (2.0, 2)])
@pytest.mark.parametrize("across", [True, False])
@pytest.mark.parametrize("at", range(10, 18))
def test_it_is_as_thick_as_the_scale_allows_wherever_it_lies(
    qt_app: QApplication, ratio: float, thick: int, across: bool, at: int
) -> None:
    side = 40
    image = QImage(round(side * ratio), round(side * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    line = QRectF(0, at, side, 1) if across else QRectF(at, 0, 1, side)
    paint_hairline(painter, line, QColor("#000000"))
    painter.end()
    cut = [image.pixelColor(*((5, n) if across else (n, 5))).name() for n in range(round(side * ratio))]
    assert cut.count("#000000") == thick
    assert set(cut) == {"#000000", "#ffffff"}
