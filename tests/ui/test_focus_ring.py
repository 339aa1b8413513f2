"""The focus ring is for the keyboard: it comes with Tab and goes with the mouse."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.ui.focus_ring import FOCUS_FRAME, FOCUS_INSIDE, FocusRing
from app.ui.theme import Theme
from tests.ui.conftest import Show


class _Stage(QWidget):
    """Two buttons in a window with a ring."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.one, self.two = QPushButton("one"), QPushButton("two")
        row = QHBoxLayout(self)
        row.addWidget(self.one)
        row.addWidget(self.two)
        self.ring = FocusRing(theme, self)


@pytest.fixture
def stage(theme: Theme, show: Show) -> _Stage:
    stage = _Stage(theme)
    show(stage)
    stage.one.setFocus(Qt.FocusReason.OtherFocusReason)
    return stage


def _around(stage: _Stage, widget: QWidget, out: int) -> QRect:
    return QRect(widget.mapTo(stage, QPoint()), widget.size()).adjusted(-out, -out, out, out)


def test_tab_shows_it_one_pixel_outside_of_the_control(stage: _Stage) -> None:
    assert not stage.ring.isVisible()
    QTest.keyClick(stage.one, Qt.Key.Key_Tab)
    assert stage.two.hasFocus()
    assert stage.ring.isVisible()
    assert stage.ring.geometry() == _around(stage, stage.two, 3)


def test_backtab_and_a_shortcut_show_it_too(stage: _Stage) -> None:
    stage.two.setFocus(Qt.FocusReason.ShortcutFocusReason)
    assert stage.ring.isVisible()
    QTest.keyClick(stage.two, Qt.Key.Key_Backtab)
    assert stage.ring.geometry() == _around(stage, stage.one, 3)


def test_a_click_hides_it(stage: _Stage) -> None:
    QTest.keyClick(stage.one, Qt.Key.Key_Tab)
    QTest.mouseClick(stage.one, Qt.MouseButton.LeftButton)
    assert stage.one.hasFocus()
    assert not stage.ring.isVisible()


def test_it_follows_a_control_that_moves_and_leaves_one_that_hides(stage: _Stage) -> None:
    QTest.keyClick(stage.one, Qt.Key.Key_Tab)
    stage.two.resize(stage.two.width() + 10, stage.two.height())
    assert stage.ring.geometry() == _around(stage, stage.two, 3)
    stage.two.hide()
    assert stage.ring.geometry() == _around(stage, stage.one, 3)
    stage.one.hide()
    assert not stage.ring.isVisible()


def test_rows_have_it_inside_and_a_field_around_its_frame(stage: _Stage) -> None:
    stage.one.setProperty(FOCUS_INSIDE, True)
    stage.two.setProperty(FOCUS_FRAME, stage.one)
    QTest.keyClick(stage.one, Qt.Key.Key_Tab)
    assert stage.ring.geometry() == _around(stage, stage.one, 3)
    QTest.keyClick(stage.two, Qt.Key.Key_Tab)
    assert stage.ring.geometry() == _around(stage, stage.one, 0)


def test_a_control_that_is_deleted_while_it_has_the_ring_does_no_harm(stage: _Stage) -> None:
    QTest.keyClick(stage.one, Qt.Key.Key_Tab)
    stage.two.deleteLater()
    QTest.qWait(10)
    stage.ring.grab()
    assert not stage.ring.isVisible() or stage.ring.geometry() == _around(stage, stage.one, 3)


def test_it_is_cut_where_a_scroll_area_ends(theme: Theme, show: Show) -> None:
    window = QWidget()
    area = QScrollArea(window)
    column = QWidget()
    buttons = [QPushButton(str(number), column) for number in range(20)]
    layout = QVBoxLayout(column)
    for button in buttons:
        layout.addWidget(button)
    area.setWidget(column)
    area.setGeometry(0, 0, 200, 100)
    ring = FocusRing(theme, window)
    show(window)
    buttons[0].setFocus()
    buttons[1].setFocus(Qt.FocusReason.TabFocusReason)
    assert ring.mask().isEmpty()
    area.verticalScrollBar().setValue(buttons[1].y() + buttons[1].height() // 2)
    QTest.qWait(10)
    assert ring.mask().boundingRect().height() < ring.height()


def test_it_lets_the_mouse_through(stage: _Stage) -> None:
    QTest.keyClick(stage.one, Qt.Key.Key_Tab)
    assert stage.childAt(stage.ring.geometry().center()) is stage.two
