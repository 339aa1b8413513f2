"""The list stands beside the page, or slides over it in narrow windows."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from app.ui.frame import Frame, Grip, Veil
from app.ui.theme import Theme
from tests.ui.conftest import Show
from tests.waiting import wait_until


class _Part(QWidget):
    """A part of the window with one field in it."""

    def __init__(self) -> None:
        super().__init__()
        self.field = QLineEdit(self)
        self.setFocusProxy(self.field)


class _Stage:
    def __init__(self, theme: Theme, show: Show) -> None:
        self.side, self.main = _Part(), _Part()
        self.frame = Frame(theme, self.side, self.main)
        self.frame.resize(1280, 840)
        show(self.frame)
        self.main.field.setFocus()

    def places(self) -> tuple[int, int, int, int]:
        """Where the side and the main part begin and how wide they are."""
        side, main = self.side.geometry(), self.main.geometry()
        return side.x(), side.width(), main.x(), main.width()


@pytest.fixture
def stage(theme: Theme, show: Show) -> _Stage:
    theme.set_reduced_motion(True)
    return _Stage(theme, show)


def test_the_side_is_as_wide_as_in_the_look(stage: _Stage) -> None:
    assert stage.places() == (0, 263, 264, 1016)


def test_it_mirrors(stage: _Stage) -> None:
    stage.frame.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert stage.places() == (1017, 263, 0, 1016)


def test_hiding_the_side_gives_the_page_all_the_room(stage: _Stage) -> None:
    chosen = QSignalSpy(stage.frame.side_chosen)
    stage.side.field.setFocus()
    stage.frame.toggle_side()
    assert not stage.side.isVisible()
    assert stage.main.width() == 1280
    assert stage.main.field.hasFocus(), "what is hidden does not keep the focus"
    stage.frame.toggle_side()
    assert stage.side.isVisible()
    assert [chosen.at(n) for n in range(chosen.count())] == [[False], [True]]


@pytest.mark.parametrize(("drawn", "width"), [(300, 300), (20, 200), (900, 400)])
def test_the_line_is_drawn_within_limits(stage: _Stage, drawn: int, width: int) -> None:
    grip = stage.frame.findChild(Grip)
    assert isinstance(grip, Grip)
    grip.drawn.emit(drawn)
    assert stage.frame.side_width == width
    assert stage.main.x() == width


def test_the_pointer_draws_the_line_and_a_double_click_puts_it_back(stage: _Stage) -> None:
    widths = QSignalSpy(stage.frame.width_chosen)
    grip = stage.frame.findChild(Grip)
    assert isinstance(grip, Grip)
    QTest.mouseDClick(grip, Qt.MouseButton.LeftButton)
    assert widths.at(widths.count() - 1) == [264]
    stage.frame.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    grip.drawn.emit(1280 - 300)
    assert stage.frame.side_width == 300


def test_in_a_narrow_window_the_side_is_hidden_until_it_is_asked_for(stage: _Stage) -> None:
    stage.frame.set_narrow(True)
    assert not stage.side.isVisible()
    assert stage.main.width() == 1280
    stage.frame.toggle_side()
    assert stage.frame.over
    assert stage.side.isVisible()
    assert stage.main.width() == 1280, "it lies over the page"
    assert stage.side.field.hasFocus()
    stage.frame.toggle_side()
    assert not stage.side.isVisible()
    assert stage.main.field.hasFocus(), "the focus comes back"


def test_a_press_outside_closes_it_and_presses_nothing_else(stage: _Stage) -> None:
    stage.frame.set_narrow(True)
    stage.frame.open_over()
    veil = stage.frame.findChild(Veil)
    assert isinstance(veil, Veil)
    QTest.mouseClick(veil, Qt.MouseButton.LeftButton, pos=QPoint(800, 400))
    assert not stage.frame.over


def test_tab_out_of_it_closes_it(stage: _Stage) -> None:
    stage.frame.set_narrow(True)
    stage.frame.open_over()
    stage.main.field.setFocus(Qt.FocusReason.TabFocusReason)
    assert not stage.frame.over
    assert stage.main.field.hasFocus()


def test_a_wide_window_shows_it_again_and_remembers_that_it_was_hidden(stage: _Stage) -> None:
    stage.frame.set_narrow(True)
    stage.frame.open_over()
    stage.frame.set_narrow(False)
    assert stage.frame.side_shown
    stage.frame.toggle_side()
    stage.frame.set_narrow(True)
    stage.frame.set_narrow(False)
    assert not stage.frame.side_shown


def test_it_slides_where_motion_is_wanted(stage: _Stage, theme: Theme) -> None:
    theme.set_reduced_motion(False)
    stage.frame.set_narrow(True)
    stage.frame.open_over()
    assert stage.side.x() < 0
    wait_until(lambda: stage.side.x() == 0, "the list, slid in")
    stage.frame.close_over()
    wait_until(lambda: not stage.side.isVisible(), "the list, slid out")


def test_other_parts_take_the_places_and_give_them_back(stage: _Stage) -> None:
    rail, pages = _Part(), _Part()
    stage.frame.show_parts(rail, pages)
    assert (rail.isVisible(), pages.isVisible()) == (True, True)
    assert (stage.side.isVisible(), stage.main.isVisible()) == (False, False)
    stage.frame.show_parts(stage.side, stage.main)
    QApplication.processEvents()
    assert (rail.isVisible(), pages.isVisible()) == (False, False)
    assert stage.places() == (0, 263, 264, 1016)


def test_what_was_remembered_is_taken(stage: _Stage) -> None:
    stage.frame.set_side(shown=False, width=350)
    assert not stage.side.isVisible()
    stage.frame.toggle_side()
    assert stage.places()[1] == 349


def test_some_parts_always_have_their_side_where_there_is_room(stage: _Stage) -> None:
    stage.frame.toggle_side()
    rail, pages = _Part(), _Part()
    stage.frame.show_parts(rail, pages, always=True)
    assert rail.isVisible()
    stage.frame.toggle_side()
    assert rail.isVisible()
    stage.frame.set_narrow(True)
    assert not rail.isVisible()
    stage.frame.set_narrow(False)
    stage.frame.show_parts(stage.side, stage.main)
    assert not stage.side.isVisible(), "the other one is hidden as before"
