"""What is painted by hand is where and as the look has it."""

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from app.ui.theme import Theme
from app.ui.transcript.items import PartKind
from app.ui.transcript.spots import ControlKind
from app.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import Press
from tests.ui.transcript.messages import ANSWER, THINKING, question, reply


def _image(view: TranscriptView) -> QImage:
    QApplication.processEvents()
    return view.viewport().grab().toImage()


def _y(view: TranscriptView, message: int, kind: PartKind) -> int:
    document = view.stage.document
    part = next(part for part in document.items[message].parts if part.kind is kind)
    return document.top(message) + part.top - view.stage.flow.value


def _colors(image: QImage, y: int, left: int, right: int) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(left, right)}


def _has_ink(image: QImage, color: QColor, left: int, top: int, width: int, height: int) -> bool:
    return any(
        image.pixelColor(x, y).name() == color.name()
        for x in range(left, left + width)
        for y in range(top, top + height)
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_question_lies_on_a_surface_that_hangs_over_the_text(
    view: TranscriptView, theme: Theme, scheme: str
) -> None:
    theme.set_scheme("dark" if scheme == "dark" else "light")
    view.set_messages((question("q", "Hello"),))
    image, page = _image(view), view.stage.document.page
    y = _y(view, 0, PartKind.QUESTION) + 22
    tokens = theme.tokens
    assert image.pixelColor(page.left - 20, y) == tokens.sunken
    assert image.pixelColor(page.left + page.width + 19, y) == tokens.sunken
    assert image.pixelColor(page.left - 21, y) == tokens.page
    assert _has_ink(image, tokens.text, page.left, y - 12, 60, 24)


def test_the_rule_is_accent_while_it_thinks_and_grey_afterwards(
    view: TranscriptView, theme: Theme, press: Press
) -> None:
    view.set_messages((question("q"),))
    view.add_message(reply("r", THINKING, state="streaming"))
    page = view.stage.document.page
    y = _y(view, 1, PartKind.TRACE) + 60
    live = _image(view).pixelColor(page.left - 20, y)
    view.update_message(reply("r", THINKING, ANSWER))
    press(1, ControlKind.THINKING, 0)
    y = _y(view, 1, PartKind.TRACE) + 60
    image = _image(view)
    assert live == theme.tokens.accent
    assert image.pixelColor(page.left - 20, y) == theme.tokens.border_control
    assert image.pixelColor(page.left - 18, y) == theme.tokens.page


def test_hairlines_stand_where_a_trace_scrolls_and_only_there(
    view: TranscriptView, theme: Theme, press: Press
) -> None:
    view.set_messages((question("q"), reply("r", THINKING, ANSWER), reply("s", "Short.", ANSWER)))
    press(1, ControlKind.THINKING, 0)
    press(2, ControlKind.THINKING, 0)
    view.resize(1016, 1400)
    view.verticalScrollBar().setValue(0)
    image, page = _image(view), view.stage.document.page
    lines = [
        _colors(image, _y(view, message, PartKind.TRACE) + 6, page.left, page.left + page.width)
        for message in (1, 2)
    ]
    assert lines == [{theme.tokens.border.name()}, {theme.tokens.page.name()}]


def test_code_lies_on_its_own_surface_with_a_line_around_it(view: TranscriptView, theme: Theme) -> None:
    view.set_messages((question("q"), reply("r", answer="```\n\n\n```")))
    image, page = _image(view), view.stage.document.page
    y = _y(view, 1, PartKind.ANSWER) + 30
    assert image.pixelColor(page.left - 20, y) == theme.tokens.border
    assert image.pixelColor(page.left - 18, y) == theme.tokens.code
    assert image.pixelColor(page.left + page.width + 19, y) == theme.tokens.border


def test_what_the_next_prompt_leaves_out_is_muted(view: TranscriptView, theme: Theme) -> None:
    view.set_messages((question("q", "Hello"), reply("r", answer="Hello")))
    view.set_left_out(["q"])
    image, page = _image(view), view.stage.document.page
    out, kept = _y(view, 0, PartKind.QUESTION) + 10, _y(view, 1, PartKind.ANSWER)
    tokens = theme.tokens
    assert not _has_ink(image, tokens.text, page.left, out, 60, 24)
    assert _has_ink(image, tokens.muted, page.left, out, 60, 24)
    assert _has_ink(image, tokens.text, page.left, kept, 60, 24)


def test_a_trace_that_follows_its_end_shows_no_half_line_at_its_top(
    view: TranscriptView, theme: Theme
) -> None:
    view.set_messages((question("q"),))
    view.add_message(reply("r", THINKING, state="streaming"))
    image, page = _image(view), view.stage.document.page
    top = _y(view, 1, PartKind.TRACE) + 6
    section = view.stage.document.items[1].thinking[0]
    column = section.passage.column
    block = column.at(section.offset - 8)
    cut = (section.offset - 8 - column.top(block) - column.gap(block)) % 21
    assert cut, "the sample has to cut a line"
    for y in range(top + 1, top + 21 - cut):
        assert _colors(image, y, page.left, page.left + 400) == {theme.tokens.page.name()}
