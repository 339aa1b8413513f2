"""The view as a person meets it: where it opens, how it follows, what stays in place."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from app.ui.theme import Theme
from app.ui.transcript.items import PartKind
from app.ui.transcript.spots import ControlKind, Key
from app.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import Press
from tests.ui.transcript.messages import ANSWER, THINKING, long_conversation, question, reply


def _value(view: TranscriptView) -> int:
    return view.verticalScrollBar().value()


def _top(view: TranscriptView, message: int) -> int:
    """Where a message stands in the viewport."""
    return view.stage.document.top(message) - view.stage.flow.value


def _wheel(view: TranscriptView, at: QPoint, notches: int) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(view.viewport().mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def _jump_shown(view: TranscriptView) -> bool:
    return any(
        button.isVisible()
        for button in view.findChildren(QToolButton)
        if button.accessibleName() == "Jump to the end"
    )


def test_a_conversation_opens_at_its_end(view: TranscriptView) -> None:
    view.set_messages(long_conversation(200))
    assert _value(view) == view.verticalScrollBar().maximum() > 10_000
    assert _top(view, 399) + view.stage.document.items[399].height < view.height()


def test_only_messages_near_the_viewport_are_cut_into_blocks(view: TranscriptView) -> None:
    view.set_messages(long_conversation(200))
    cut = [item for item in view.stage.document.items if any(s.passage.column.blocks for s in item.sections)]
    assert 0 < len(cut) < 30


def test_a_question_that_is_sent_comes_near_the_top_with_room_below(view: TranscriptView) -> None:
    view.set_messages(long_conversation(10))
    view.add_message(question("new"))
    view.add_message(reply("answer", state="streaming"))
    assert _top(view, 20) == 16
    view.update_message(reply("answer", answer=ANSWER, state="streaming"))
    assert _top(view, 20) == 16


def test_a_reply_that_is_written_anew_begins_below_its_question(view: TranscriptView) -> None:
    view.set_messages((*long_conversation(10), question("q"), reply("r", answer=ANSWER * 20)))
    view.update_message(reply("r", state="streaming"))
    assert _top(view, 20) == 16
    assert view.stage.document.items[21].sections == []
    view.set_prefill("r", 10, 3000)
    QTest.qWait(500)
    assert view.stage.document.items[21].prefill == (10, 3000)
    view.update_message(reply("r", answer="New.", state="streaming"))
    assert [section.passage.text for section in view.stage.document.items[21].sections] == ["New."]


def test_the_first_question_stands_at_the_top_without_scrolling(view: TranscriptView) -> None:
    view.add_message(question("new"))
    view.add_message(reply("answer", state="streaming"))
    assert view.verticalScrollBar().maximum() == 0


def test_a_growing_answer_is_followed_with_room_below_its_end(view: TranscriptView) -> None:
    view.set_messages(long_conversation(3))
    view.add_message(reply("answer", state="streaming"))
    for lines in range(1, 60):
        view.update_message(reply("answer", answer="A line of the answer.\n\n" * lines, state="streaming"))
    end = view.stage.document.height - view.stage.flow.value
    assert end == view.viewport().height() - 640 // 4


def test_nothing_moves_when_the_answer_ends(view: TranscriptView) -> None:
    view.set_messages(long_conversation(3))
    view.add_message(reply("answer", state="streaming"))
    text = "A line of the answer.\n\n" * 60
    view.update_message(reply("answer", answer=text, state="streaming"))
    before = _value(view)
    view.update_message(reply("answer", answer=text))
    assert _value(view) == before


def test_who_scrolled_away_is_left_in_peace_until_they_come_back(view: TranscriptView) -> None:
    told: list[bool] = []
    view.follows_end_changed.connect(told.append)
    view.set_messages(long_conversation(30))
    view.add_message(reply("answer", state="streaming"))
    view.update_message(reply("answer", answer="Line.\n\n" * 50, state="streaming"))
    bar = view.verticalScrollBar()
    bar.setValue(bar.value() - 900)
    before = _value(view)
    view.update_message(reply("answer", answer="Line.\n\n" * 90, state="streaming"))
    assert _value(view) == before
    assert _jump_shown(view)
    view.jump_to_end()
    assert _value(view) == bar.maximum()
    assert not _jump_shown(view)
    view.update_message(reply("answer", answer="Line.\n\n" * 99, state="streaming"))
    assert _value(view) == bar.maximum()
    assert told == [False, True]


def test_scrolling_up_through_estimates_never_jumps(view: TranscriptView) -> None:
    messages = [
        reply(f"r{number}", answer=("Kurz.\n\n" * (number % 7)) + "iiii " * 40 * (number % 5) + "End.")
        for number in range(150)
    ]
    view.set_messages(tuple(messages))
    bar = view.verticalScrollBar()
    for _ in range(300):
        index = view.stage.document.at(view.stage.flow.value + 300)
        before = _top(view, index)
        target = max(bar.value() - 37, 0)
        moved = bar.value() - target
        bar.setValue(target)
        assert _top(view, index) == before + moved


def test_a_narrower_window_keeps_what_was_first_to_be_seen(view: TranscriptView) -> None:
    view.set_messages(long_conversation(60))
    view.verticalScrollBar().setValue(3000)
    place = view.stage.flow.places.place_at(_value(view), _value(view) + 600)
    assert place is not None
    view.resize(620, 640)
    QApplication.processEvents()
    after = view.stage.flow.places.place_at(_value(view), _value(view) + 600)
    assert after is not None
    assert after.message == place.message


def test_a_higher_window_shows_more_text_and_not_more_emptiness(view: TranscriptView) -> None:
    view.set_messages(long_conversation(10))
    view.add_message(question("q"))
    view.add_message(reply("r", answer="Short."))
    assert _top(view, 20) == 16
    view.resize(1016, 840)
    QApplication.processEvents()
    assert _top(view, 20) == 216


def test_the_same_conversation_keeps_what_the_person_opened(view: TranscriptView, press: Press) -> None:
    messages = long_conversation(3)
    view.set_messages(messages)
    press(5, ControlKind.THINKING, 0)
    view.set_messages((*messages, question("more")))
    assert view.stage.document.items[5].thinking[0].fold.open
    view.set_messages(tuple(reply(f"x{number}", THINKING, ANSWER) for number in range(3)))
    assert not any(section.fold.open for item in view.stage.document.items for section in item.thinking)


def test_the_keyboard_scrolls(view: TranscriptView) -> None:
    view.set_messages(long_conversation(60))
    maximum = view.verticalScrollBar().maximum()
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert _value(view) == 0
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert _value(view) == 24
    QTest.keyClick(view, Qt.Key.Key_Up)
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert _value(view) == 640
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    QTest.keyClick(view, Qt.Key.Key_End)
    assert _value(view) >= maximum - 100
    assert view.stage.flow.ending.follows


def test_the_wheel_scrolls_a_trace_first_and_then_the_conversation(
    view: TranscriptView, press: Press
) -> None:
    view.set_messages((*long_conversation(20), reply("long", THINKING, ANSWER)))
    press(40, ControlKind.THINKING, 0)
    section = view.stage.document.items[40].thinking[0]
    part = next(part for part in view.stage.document.items[40].parts if part.kind is PartKind.TRACE)
    at = QPoint(view.stage.document.page.left + 50, _top(view, 40) + part.top + 60)
    before = _value(view)
    _wheel(view, at, -2)
    assert section.offset > 0
    assert _value(view) == before
    _wheel(view, at, 9)
    assert section.offset == 0
    assert _value(view) == before
    _wheel(view, at, 1)
    assert _value(view) < before


def test_what_the_next_prompt_leaves_out_is_counted_and_muted(view: TranscriptView) -> None:
    view.set_messages(long_conversation(3))
    view.set_left_out(["q0", "r0"])
    items = view.stage.document.items
    assert [item.left_out for item in items] == [True, True, False, False, False, False]
    assert [item.cut for item in items] == [0, 2, 0, 0, 0, 0]
    view.set_left_out([])
    assert not any(item.cut or item.left_out for item in items)


def test_a_prompt_that_is_read_quickly_says_nothing(view: TranscriptView) -> None:
    view.set_messages((question("q"),))
    view.add_message(reply("r", state="streaming"))
    view.set_prefill("r", 100, 3106)
    item = view.stage.document.items[1]
    assert item.prefill is None
    view.update_message(reply("r", answer="At once", state="streaming"))
    QTest.qWait(500)
    assert item.prefill is None


def test_a_prompt_that_takes_long_says_how_far_it_is(view: TranscriptView) -> None:
    view.set_messages((question("q"),))
    view.add_message(reply("r", state="streaming"))
    view.set_prefill("r", 100, 3106)
    QTest.qWait(500)
    view.set_prefill("r", 1840, 3106)
    assert view.stage.document.items[1].prefill == (1840, 3106)
    assert view.stage.tools.widget(Key(1, ControlKind.READING_BAR)) is not None
    view.update_message(reply("r", THINKING, state="streaming"))
    assert view.stage.document.items[1].prefill is None


def test_the_speaker_stands_above_the_message_where_there_is_no_margin(view: TranscriptView) -> None:
    view.set_messages(long_conversation(2))
    seen = [view.stage.document.page.narrow]
    view.resize(640, 480)
    QApplication.processEvents()
    seen.append(view.stage.document.page.narrow)
    assert seen == [False, True]
    assert view.stage.document.items[0].parts[0].kind is PartKind.SPEAKER


def test_everything_turns_round_for_languages_read_from_the_right(view: TranscriptView) -> None:
    view.set_messages((question("q", "Hello"), reply("r", THINKING, ANSWER)))
    header = view.stage.tools.widget(Key(1, ControlKind.THINKING, 0))
    assert header is not None
    page = view.stage.document.page
    assert header.x() == page.left
    view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    QApplication.processEvents()
    page = view.stage.document.page
    assert page.rtl
    assert header.x() + header.width() == page.left + page.width


def test_another_theme_is_on_the_screen_at_once(view: TranscriptView, theme: Theme) -> None:
    view.set_messages(long_conversation(2))
    for scheme in ("light", "dark"):
        theme.set_scheme(scheme)
        image = view.grab().toImage()
        assert image.pixelColor(2, 2) == theme.tokens.page
        assert image.pixelColor(1010, 630) == theme.tokens.page


@pytest.mark.parametrize(
    "hostile",
    ["x" * 300_000, "\u202e\u202d\ue200\ufeff\x00" * 50, "`" * 5000, "\n" * 20_000, "👩\u200d💻" * 3000],
)
def test_no_text_breaks_the_view(view: TranscriptView, hostile: str) -> None:
    view.set_messages((question("q", hostile), reply("r", hostile, hostile)))
    view.verticalScrollBar().setValue(0)
    view.select_all()
    assert not view.grab().isNull()
