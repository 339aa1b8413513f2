"""A segment paints its words in two tones, gives way in order, and opens from mouse and keyboard."""

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from app.ui.controls.segment import Segment, Words
from app.ui.icons import Icons
from app.ui.theme import Theme
from tests.ui.conftest import Show

NAME = Words("Qwen3 8B", gives_way=True)
WHERE = Words("on the GPU", "quiet", gives_way=True)


@pytest.fixture
def segment(theme: Theme, icons: Icons, show: Show) -> Segment:
    segment = Segment(theme, icons, "Model")
    segment.set_words(NAME, WHERE)
    show(segment)
    return segment


def test_its_words_are_its_description(segment: Segment) -> None:
    interface = QAccessible.queryAccessibleInterface(segment)
    assert interface.role() == QAccessible.Role.ButtonMenu
    assert interface.state().hasPopup
    assert interface.text(QAccessible.Text.Name) == "Model"
    assert interface.text(QAccessible.Text.Description) == "Qwen3 8B on the GPU"


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down])
def test_keys_open_it(segment: Segment, key: Qt.Key) -> None:
    opened: list[bool] = []
    segment.opened.connect(lambda: opened.append(True))
    QTest.keyClick(segment, key)
    assert opened == [True]


def test_a_click_opens_it(segment: Segment) -> None:
    opened: list[bool] = []
    segment.opened.connect(lambda: opened.append(True))
    QTest.mouseClick(segment, Qt.MouseButton.LeftButton)
    assert opened == [True]


def test_the_last_words_give_way_first(segment: Segment) -> None:
    whole = segment.sizeHint().width()
    segment.resize(QSize(whole, segment.height()))
    assert list(segment.shown_texts) == ["Qwen3 8B", "on the GPU"]
    segment.resize(QSize(whole - 30, segment.height()))
    name, where = segment.shown_texts
    assert name == "Qwen3 8B"
    assert where.endswith("…")
    segment.resize(QSize(segment.minimumSizeHint().width() + 30, segment.height()))
    assert len(segment.shown_texts) == 1
    assert segment.shown_texts[0].endswith("…")


def test_a_long_name_loses_its_middle_before_it_takes_all_the_room(segment: Segment) -> None:
    segment.set_words(Words("DeepSeek-R1-0528-Qwen3-8B-UD-Q4_K_XL-from-somebody", limit=150, gives_way=True))
    segment.resize(segment.sizeHint())
    (shown,) = segment.shown_texts
    assert shown.startswith("DeepSeek")
    assert shown.endswith("somebody")
    assert "…" in shown
    assert segment.words.endswith("UD-Q4_K_XL-from-somebody")


def test_it_keeps_room_before_its_words_when_asked(segment: Segment) -> None:
    before = segment.sizeHint().width()
    segment.set_lead(14)
    assert segment.sizeHint().width() > before + 14
    segment.set_lead(0)
    assert segment.sizeHint().width() == before


def test_right_to_left_it_is_its_own_mirror_image_in_order(segment: Segment) -> None:
    segment.resize(segment.sizeHint())
    left_to_right = segment.grab().toImage()
    segment.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    right_to_left = segment.grab().toImage()
    size = QSize(14, segment.height())
    chevron = QRect(QPoint(segment.width() - 10 - 14, 0), size)
    assert left_to_right.copy(chevron) == right_to_left.copy(QRect(QPoint(10, 0), size))
    assert left_to_right != right_to_left
