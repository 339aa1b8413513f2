"""A slider goes by steps, follows the pointer, and leaves the wheel to the page."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.ui.controls.slider import Slider
from app.ui.theme import Theme
from tests.ui.conftest import Show


@pytest.fixture
def slider(theme: Theme, show: Show) -> Slider:
    slider = Slider(theme, "Text size", 85, 200, 5)
    slider.setValue(100)
    slider.resize(200, slider.height())
    show(slider)
    return slider


def test_the_arrows_go_by_the_step(slider: Slider) -> None:
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert slider.value() == 105
    QTest.keyClick(slider, Qt.Key.Key_End)
    assert slider.value() == 200


def test_a_click_goes_there_and_stays_on_a_step(slider: Slider) -> None:
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() // 2, 10))
    assert 135 <= slider.value() <= 150
    assert slider.value() % 5 == 0
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() - 1, 10))
    assert slider.value() == 200


def test_from_right_to_left_the_start_is_at_the_right(slider: Slider) -> None:
    slider.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() - 1, 10))
    assert slider.value() == 85
    assert slider.grab().toImage().pixelColor(20, 10) != slider.grab().toImage().pixelColor(190, 10)


def test_a_wheel_that_passes_by_changes_nothing(slider: Slider) -> None:
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(slider, event)
    assert slider.value() == 100
    assert not event.isAccepted()
