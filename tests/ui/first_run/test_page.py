"""The first page says what this machine is and offers two ways to a model, by mouse, keys and accessible names."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from app.services.machine_report import MachineReport, MachineService
from app.ui.first_run.page import FirstRunPage
from app.ui.icons import Icons
from app.ui.theme import Size, Theme
from tests.ui.conftest import Show
from tests.waiting import wait_until

LAPTOP = MachineReport(
    "Intel Core i7-12700H",
    14,
    33_400_000_000,
    25_800_000_000,
    "GeForce RTX 4060 Laptop",
    8_188 * 2**20,
    61_000_000_000,
    512_000_000_000,
)


class Machine:
    """A look at the machine that ends when a test says so."""

    def __init__(self) -> None:
        self.report = LAPTOP
        self.may_end = threading.Event()
        self.service = MachineService(self._look)

    def _look(self) -> MachineReport:
        self.may_end.wait(30)
        return self.report


@pytest.fixture
def machine(qt_app: QApplication) -> Iterator[Machine]:
    made = Machine()
    yield made
    made.may_end.set()
    made.service.close()


@pytest.fixture
def page(theme: Theme, icons: Icons, machine: Machine, show: Show) -> FirstRunPage:
    made = FirstRunPage(theme, icons, machine.service)
    made.setStyleSheet(theme.stylesheet())
    made.resize(1000, 800)
    show(made)
    return made


def known(page: FirstRunPage, machine: Machine) -> list[str]:
    """The four facts, once they are known."""
    machine.may_end.set()
    wait_until(lambda: bool(page.strip.facts[0].text), "the machine")
    return [fact.text.replace("\N{NO-BREAK SPACE}", " ") for fact in page.strip.facts]


def named(page: FirstRunPage, name: str) -> QPushButton:
    """The button of that accessible name."""
    (found,) = [button for button in page.findChildren(QPushButton) if button.accessibleName() == name]
    return found


def test_the_page_is_there_before_the_machine_is_known(page: FirstRunPage, machine: Machine) -> None:
    assert [fact.text for fact in page.strip.facts] == ["", "", "", ""]
    assert page.strip.facts[0].accessibleName() == "Processor: being looked up"
    assert known(page, machine) == [
        "Intel Core i7-12700H\n14 cores",
        "32 GB\n24 GB free",
        "GeForce RTX 4060 Laptop\n8 GB",
        "61 GB free\nof 512 GB",
    ]
    assert page.strip.facts[0].accessibleName() == "Processor: Intel Core i7-12700H, 14 cores"


def test_the_strip_does_not_jump_when_the_machine_is_known(page: FirstRunPage, machine: Machine) -> None:
    before = page.demo_card.mapTo(page, page.demo_card.rect().topLeft())
    known(page, machine)
    QApplication.processEvents()
    assert page.demo_card.mapTo(page, page.demo_card.rect().topLeft()) == before


def test_what_is_not_there_or_not_told_is_said(page: FirstRunPage, machine: Machine) -> None:
    machine.report = MachineReport("", 1, 0, 0, "", 0, 0, 0)
    assert known(page, machine) == [
        "Not known\n1 core",
        "Not known",
        "None found\nmodels run on the processor",
        "Not known",
    ]


def test_small_and_huge_sizes_are_written_as_they_matter(page: FirstRunPage, machine: Machine) -> None:
    machine.report = MachineReport("x", 2, 3_400_000_000, 900_000_000, "y", 0, 61_000_000, 2_012_000_000_000)
    assert known(page, machine)[1:] == ["3.2 GB\n0.8 GB free", "y", "0.1 GB free\nof 2.0 TB"]


def test_a_card_is_clicked_and_pressed_by_every_key_that_presses_a_button(page: FirstRunPage) -> None:
    asked: list[str] = []
    page.demo_requested.connect(lambda: asked.append("demo"))
    page.file_requested.connect(lambda: asked.append("file"))
    demo, file = named(page, "Try the tiny demo model now"), named(page, "Use a file I already have")
    QTest.mouseClick(demo, Qt.MouseButton.LeftButton)
    QTest.mouseClick(file, Qt.MouseButton.LeftButton)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
        QTest.keyClick(demo, key)
    assert asked == ["demo", "file", "demo", "demo", "demo"]


def test_a_click_on_a_card_s_words_is_a_click_on_the_card(page: FirstRunPage) -> None:
    for label in page.demo_card.findChildren(QLabel):
        assert label.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


def test_the_first_way_has_the_focus_when_the_page_comes(page: FirstRunPage) -> None:
    assert page.demo_card.hasFocus()


def test_tab_goes_from_card_to_card_and_nowhere_else(page: FirstRunPage) -> None:
    page.demo_card.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(page.demo_card, Qt.Key.Key_Tab)
    assert page.file_card.hasFocus()
    QTest.keyClick(page.file_card, Qt.Key.Key_Tab)
    assert page.demo_card.hasFocus()


def test_assistive_technology_hears_what_a_card_means(page: FirstRunPage) -> None:
    heard = QAccessible.queryAccessibleInterface(page.demo_card)
    assert heard.role() == QAccessible.Role.Button
    assert heard.text(QAccessible.Text.Name) == "Try the tiny demo model now"
    assert heard.text(QAccessible.Text.Description).startswith("Comes with the app, no download.")


def test_wide_windows_keep_the_column_and_put_the_cards_side_by_side(page: FirstRunPage) -> None:
    page.resize(2560, 1440)
    QApplication.processEvents()
    assert page.strip.width() == Size.FIRST_RUN_COLUMN
    assert page.demo_card.y() == page.file_card.y()
    assert page.demo_card.height() == page.file_card.height()


def test_the_smallest_window_stacks_scrolls_and_cuts_nothing(page: FirstRunPage, machine: Machine) -> None:
    known(page, machine)
    page.resize(640, 480)
    QApplication.processEvents()
    assert page.file_card.y() > page.demo_card.y()
    assert page.strip.facts[2].y() > page.strip.facts[0].y()
    assert page.verticalScrollBar().maximum() > 0
    assert page.horizontalScrollBar().maximum() == 0
    page.file_card.setFocus(Qt.FocusReason.TabFocusReason)
    page.ensureWidgetVisible(page.file_card)
    for part in (page.strip, page.demo_card, page.file_card):
        assert _inside(part, page)


def test_nothing_scrolls_where_all_can_be_seen(page: FirstRunPage) -> None:
    page.resize(800, 600)
    QApplication.processEvents()
    assert page.verticalScrollBar().maximum() == 0


def test_right_to_left_the_page_begins_at_the_right(
    theme: Theme, icons: Icons, machine: Machine, show: Show, qt_app: QApplication
) -> None:
    qt_app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        page = FirstRunPage(theme, icons, machine.service)
        page.resize(1000, 800)
        show(page)
        assert page.demo_card.x() > page.file_card.x()
        assert page.strip.facts[0].x() > page.strip.facts[3].x()
    finally:
        qt_app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_the_words_of_a_pressed_card_stay_readable(page: FirstRunPage, theme: Theme) -> None:
    (words,) = [
        label for label in page.demo_card.findChildren(QLabel) if "no download" in label.accessibleName()
    ]
    page.demo_card.setDown(True)
    page.demo_card.pressed.emit()
    assert words.property("tone") == "second"
    page.demo_card.setDown(False)
    page.demo_card.released.emit()
    assert words.property("tone") == "quiet"


def test_the_theme_may_change_while_it_is_shown(page: FirstRunPage, theme: Theme) -> None:
    def mark() -> str:
        return (
            page.grab()
            .toImage()
            .pixelColor(page.strip.mapTo(page, page.strip.rect().topLeft()).x() + 20, 60)
            .name()
        )

    before = mark()
    theme.set_scheme("dark")
    assert mark() != before


def _inside(part: QWidget, page: FirstRunPage) -> bool:
    left = part.mapTo(page.viewport(), part.rect().topLeft()).x()
    return left >= 0 and left + part.width() <= page.viewport().width()
