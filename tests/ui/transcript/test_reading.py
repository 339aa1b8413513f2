"""Text size, reading width and the place where a person reads."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextLayout, QTextOption
from PySide6.QtWidgets import QApplication

from app.chat.conversation import Message, Place
from app.ui.icons import Icons
from app.ui.theme import Theme
from app.ui.transcript import words
from app.ui.transcript.banner import Banner
from app.ui.transcript.items import PartKind
from app.ui.transcript.selection import Spot
from app.ui.transcript.spots import ControlKind, Key
from app.ui.transcript.view import TranscriptView
from tests.ui.conftest import Show
from tests.ui.transcript.conftest import Press
from tests.ui.transcript.messages import ANSWER, THINKING, long_conversation, question, reply

PROSE = "It was a dark and stormy night, and the rain fell in torrents, except at intervals. " * 60


def _wordy(turns: int) -> tuple[Message, ...]:
    """Paragraphs that are higher than the view, between short ones."""
    return tuple(reply(f"r{number}", answer=PROSE if number % 3 == 1 else ANSWER) for number in range(turns))


def _line_at_top(view: TranscriptView) -> tuple[int, Spot, int]:
    """The message and the text at the upper edge, and how far its line is from there."""
    place = view.stage.flow.places.place_at(view.stage.flow.value, view.stage.flow.value + 600)
    assert place is not None
    line = view.stage.flow.places.line_at_top(place)
    assert line is not None
    return place.message, *line


@pytest.mark.parametrize(("percent", "width"), [(150, 544), (85, 544), (100, 760), (200, 480), (115, 640)])
def test_the_line_that_is_read_stays_when_the_text_is_set_anew(
    view: TranscriptView, theme: Theme, percent: int, width: int
) -> None:
    view.set_messages(_wordy(12))
    view.go_to(Place("r4", 700))
    message, spot, below = _line_at_top(view)
    theme.set_text_size(percent)
    theme.set_reading_width(width)
    after, nearby, beside = _line_at_top(view)
    assert after == message
    # It may stand elsewhere in its line, which begins with an earlier word.
    assert abs(nearby.offset - spot.offset) < 220
    assert abs(beside - below) < 48


def test_the_line_that_is_read_stays_in_a_narrower_window(view: TranscriptView) -> None:
    view.set_messages(_wordy(12))
    view.go_to(Place("r4", 700))
    message, spot, _ = _line_at_top(view)
    view.resize(620, 640)
    QApplication.processEvents()
    after, nearby, _ = _line_at_top(view)
    assert after == message
    assert abs(nearby.offset - spot.offset) < 110


def test_at_the_end_it_stays_at_the_end(view: TranscriptView, theme: Theme) -> None:
    view.set_messages(_wordy(12))
    theme.set_text_size(170)
    bar = view.verticalScrollBar()
    assert bar.value() == bar.maximum()
    assert view.place() is None


def test_everything_that_is_read_grows(view: TranscriptView, theme: Theme, press: Press) -> None:
    view.set_messages((question("q"), reply("r", THINKING, ANSWER)))
    press(1, ControlKind.THINKING, 0)
    before = view.stage.document.items[1]
    heights = {part.kind: part.height for part in before.parts}
    theme.set_text_size(200)
    theme.set_reading_width(480)
    item = view.stage.document.items[1]
    grown = {part.kind: part.height for part in item.parts}
    assert grown[PartKind.HEADER] == 2 * heights[PartKind.HEADER]
    assert grown[PartKind.ANSWER] > 1.8 * heights[PartKind.ANSWER]
    assert grown[PartKind.TOOLS] == heights[PartKind.TOOLS]
    column = item.sections[1].passage.column
    assert column.style.line == 48
    assert column.style.code_line == 40
    assert view.stage.document.page.width == 1016 - 12 - 2 * 44
    header = view.stage.tools.widget(Key(1, ControlKind.THINKING, 0))
    assert header is not None
    assert header.height() == 56


def test_the_column_follows_the_chosen_width(view: TranscriptView, theme: Theme) -> None:
    view.set_messages(long_conversation(2))
    for width in (480, 544, 640, 760):
        theme.set_reading_width(width)
        assert view.stage.document.page.width == width
    assert view.stage.document.page.trace_width == round(760 * 472 / 544)


def test_a_point_of_grown_text_is_found_where_it_is_drawn(view: TranscriptView, theme: Theme) -> None:
    theme.set_text_size(200)
    view.set_messages((question("q", "One\nTwo\nThree"), reply("r", answer="Yes.")))
    view.verticalScrollBar().setValue(0)
    part = view.stage.document.items[0].text_parts()[0]
    origin = view.stage.document.origin(0, part)
    position = view.stage.document.position_at(origin.x() + 900, origin.y() + 48 + 24)
    assert position is not None
    assert position.offset == len("One\nTwo")


@pytest.mark.parametrize("offset", [-10, 0, 333, 4000])
def test_a_remembered_place_is_found_again_to_the_pixel(view: TranscriptView, offset: int) -> None:
    messages = (*_wordy(5), reply("long", answer=PROSE * 3 + "\n\n" + ANSWER * 60), *long_conversation(30))
    view.set_messages(messages)
    view.go_to(Place("long", offset))
    assert view.place() == Place("long", offset) if offset >= 0 else view.place() is not None
    place, line = view.place(), view.grab().toImage()
    view.set_messages(long_conversation(1))
    view.set_messages(messages)
    view.go_to(place)
    assert view.place() == place
    assert view.grab().toImage() == line


def test_a_place_is_found_before_there_is_any_layout(theme: Theme, icons: Icons, show: Show) -> None:
    view = TranscriptView(theme, icons)
    view.set_messages(_wordy(20))
    view.go_to(Place("r7", 210))
    assert view.place() == Place("r7", 210)
    view.resize(1016, 640)
    view.setFocus()
    show(view)
    assert view.place() == Place("r7", 210)


def test_a_place_in_a_message_that_is_gone_is_the_end(view: TranscriptView) -> None:
    view.set_messages(_wordy(10))
    view.verticalScrollBar().setValue(0)
    view.go_to(Place("gone", 50))
    assert view.place() is None
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()


def test_a_place_beyond_the_end_is_as_far_as_it_goes(view: TranscriptView) -> None:
    view.set_messages((question("q"), reply("r", answer=PROSE * 3)))
    view.go_to(Place("r", 90_000))
    bar = view.verticalScrollBar()
    assert bar.value() == bar.maximum() < 10_000


def test_nowhere_in_particular_is_the_end(view: TranscriptView) -> None:
    assert view.place() is None
    view.set_messages(_wordy(10))
    view.verticalScrollBar().setValue(0)
    assert view.place() == Place("r0", -view.stage.document.head)
    view.go_to(None)
    assert view.place() is None


def test_a_header_of_large_words_stays_within_the_column(view: TranscriptView, theme: Theme) -> None:
    theme.set_text_size(200)
    view.resize(480, 640)
    long = reply("r", THINKING, reason="stopped", tokens=1_234_567, seconds=4000)
    view.set_messages((question("q"), reply("a", THINKING, ANSWER), question("p"), long))
    QApplication.processEvents()
    page = view.stage.document.page
    header = view.stage.tools.widget(Key(3, ControlKind.THINKING, 0))
    button = view.stage.tools.widget(Key(3, ControlKind.CONTINUE))
    assert header is not None
    assert button is not None
    assert header.geometry().right() < button.x()
    assert button.geometry().right() <= page.left + page.width


def test_in_a_low_window_the_text_begins_higher(view: TranscriptView) -> None:
    view.set_messages(long_conversation(1))
    seen = [view.stage.document.top(0)]
    view.resize(1016, 700)
    QApplication.processEvents()
    seen.append(view.stage.document.top(0))
    assert seen == [20, 28]


def test_a_banner_stands_above_the_first_message_and_moves_with_it(view: TranscriptView) -> None:
    view.set_messages(long_conversation(20))
    view.verticalScrollBar().setValue(0)
    first = view.stage.document.top(0)
    view.set_banner("This conversation is not kept. It ends when you close it or Soliloquy.")
    banner = view.viewport().findChild(Banner)
    assert banner is not None
    assert banner.isVisible()
    assert banner.y() == 20
    assert view.stage.document.top(0) == first + banner.height() + 24
    assert banner.width() == view.stage.document.page.surface[1]
    assert view.accessibleDescription().startswith("This conversation is not kept.")
    view.verticalScrollBar().setValue(30)
    assert banner.y() == -10
    view.set_banner("")
    assert not banner.isVisible()
    assert view.stage.document.top(0) == first


def test_a_banner_that_comes_leaves_what_is_read_in_place(view: TranscriptView) -> None:
    view.set_messages(long_conversation(20))
    view.go_to(Place("r8", 10))
    view.set_banner("A banner.")
    assert view.place() == Place("r8", 10)


def test_a_narrow_banner_is_as_high_as_its_lines(view: TranscriptView) -> None:
    view.set_messages(long_conversation(1))
    view.set_banner("This conversation is not kept. It ends when you close it or Soliloquy. " * 2)
    view.verticalScrollBar().setValue(0)
    high = view.stage.document.head
    view.resize(400, 640)
    QApplication.processEvents()
    assert view.stage.document.head > high


def test_a_header_read_from_the_right_keeps_each_figure_whole() -> None:
    text = words.isolated(words.figures("1,842 tokens", "31 tok/s"))
    layout = QTextLayout(text)
    option = QTextOption()
    option.setTextDirection(Qt.LayoutDirection.RightToLeft)
    layout.setTextOption(option)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(500)
    layout.endLayout()

    def left(part: str) -> float:
        runs = line.glyphRuns(text.index(part), len(part))
        return min(run.boundingRect().left() for run in runs)

    # From the right: the count before its word's end, then the rate, each read from left to right.
    assert left("31") < left("tok/s") < left("1,842") < left("tokens")
