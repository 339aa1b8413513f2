"""The page joins transcript, notices and composer to the chat service, and places them as the look does."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.chat.conversation import Message, Segment
from app.errors import EngineError
from app.protocol.engine import Delta, Planned
from app.services.conversations.chat_service import ChatService
from app.services.models.engine_service import EngineState
from app.ui.conversations.page import ConversationPage
from app.ui.conversations.talk import speed
from app.ui.main_window import MainWindow
from tests.doubles.services import PlayedEngine
from tests.waiting import wait_until


@pytest.fixture
def page(window: MainWindow, engine: PlayedEngine) -> ConversationPage:
    engine.be_ready()
    QApplication.processEvents()
    return window.page


def _write(page: ConversationPage, text: str) -> None:
    QTest.keyClicks(page.composer.editor, text)
    QTest.keyClick(page.composer.editor, Qt.Key.Key_Return)


def _composer(page: ConversationPage) -> QRect:
    return page.composer.geometry()


def test_a_question_goes_to_the_engine_and_leaves_the_field(
    page: ConversationPage, engine: PlayedEngine
) -> None:
    _write(page, "Hello")
    assert [turn.text for turn in engine.requests[0].messages] == ["Hello"]
    assert page.composer.editor.text == ""
    assert page.composer.button.accessibleName() == "Stop"
    assert page.empty_state.isHidden()


def test_a_question_that_cannot_be_sent_stays_and_a_banner_says_why(
    page: ConversationPage, engine: PlayedEngine
) -> None:
    engine.become(EngineState())
    _write(page, "Hello")
    assert page.composer.editor.text == "Hello"
    assert list(page.notices.banners) == ["no_model"]


def test_what_is_written_while_a_reply_grows_is_kept_for_later(
    page: ConversationPage, engine: PlayedEngine
) -> None:
    _write(page, "One")
    _write(page, "Two")
    assert len(engine.requests) == 1
    assert page.composer.editor.text == "Two"
    assert list(page.notices.banners) == ["engine_busy"]


def test_stop_stops_the_reply_that_grows(page: ConversationPage, engine: PlayedEngine) -> None:
    _write(page, "Hello")
    QTest.mouseClick(page.composer.button, Qt.MouseButton.LeftButton)
    assert engine.stopped == [engine.requests[0].reply_id]


def test_the_speed_is_that_of_all_that_was_written_once_there_is_enough_of_it() -> None:
    def reply(*segments: Segment) -> Message:
        return Message("a", "assistant", segments=segments)

    thinking = Segment("thinking", "model", "Hm", 60, 2.0)
    assert speed(reply(thinking)) == 30
    assert speed(reply(thinking, Segment("answer", "model", "Yes", 30, 1.0))) == 30
    assert speed(reply(Segment("answer", "model", "Y", 1, 0.0001))) == 0
    assert speed(reply()) == 0


def test_the_speed_ends_with_the_reply(
    page: ConversationPage, chat: ChatService, engine: PlayedEngine
) -> None:
    speeds: list[float] = []
    page.speed_changed.connect(speeds.append)
    _write(page, "Hello")
    reply = engine.requests[0].reply_id
    engine.delta.emit(Delta(reply, "answer", "model", "Hi", 20))
    wait_until(lambda: bool(speeds), "a speed")
    engine.reply_failed.emit(reply, EngineError("engine_crashed"))
    assert speeds[-1] == 0
    assert chat.message(reply).answer == "Hi"


def test_a_failure_keeps_every_word_and_offers_to_go_on(page: ConversationPage, engine: PlayedEngine) -> None:
    _write(page, "Hello")
    engine.reply_failed.emit(engine.requests[0].reply_id, EngineError("engine_crashed"))
    assert page.composer.button.accessibleName() == "Send"
    assert list(page.notices.banners) == ["engine_crashed"]


def test_banners_of_before_go_with_the_next_question(page: ConversationPage, engine: PlayedEngine) -> None:
    engine.failed.emit(EngineError("engine_crashed"))
    _write(page, "Hello")
    assert page.notices.banners == {}


def test_a_draft_that_no_longer_fits_is_told_before_it_is_sent(
    page: ConversationPage, engine: PlayedEngine
) -> None:
    QTest.keyClicks(page.composer.editor, "long")
    wait_until(lambda: bool(engine.plans), "the plan")
    engine.planned.emit(Planned(engine.plans[-1].plan_id, 9000, {}, (), 8192))
    assert page.composer.hint == "This is longer than the model can read at once."
    QTest.keyClick(page.composer.editor, Qt.Key.Key_Return)
    assert page.composer.editor.text == "long"
    assert list(page.notices.banners) == ["context_full"]
    engine.planned.emit(Planned(engine.plans[-1].plan_id, 900, {}, (), 8192))
    assert page.composer.hint == ""
    assert page.notices.banners == {}


def test_what_is_typed_or_pasted_where_no_text_is_taken_goes_to_the_composer(page: ConversationPage) -> None:
    _write(page, "Hello")
    page.transcript.setFocus()
    QTest.keyClicks(page.transcript, "a")
    assert page.composer.editor.hasFocus()
    page.transcript.setFocus()
    QApplication.clipboard().setText("nd\r\nmore")
    QTest.keyClick(page.transcript, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert page.composer.editor.text == "and\nmore"


def test_the_composer_stands_on_the_axis_of_the_column_and_covers_a_little_of_it(
    page: ConversationPage,
) -> None:
    composer, transcript = _composer(page), page.transcript.geometry()
    assert composer.width() == 584
    assert composer.left() == 24 + (1280 - 264 - 60 - 584) // 2
    assert composer.bottom() == page.rect().bottom()
    assert transcript.bottom() + 1 - composer.top() == 16


def test_the_composer_grows_to_a_third_of_the_window(page: ConversationPage, window: MainWindow) -> None:
    page.composer.editor.setPlainText("line\n" * 60)
    wait_until(lambda: _composer(page).height() > 200, "the composer's growth")
    assert window.height() // 3 - 24 < _composer(page).height() <= window.height() // 3
    assert _composer(page).bottom() == page.rect().bottom()


@pytest.mark.parametrize("size", [(640, 480), (800, 600), (1080, 680), (1280, 840), (2560, 1400)])
def test_everything_stays_inside_of_windows_of_any_size(
    page: ConversationPage, window: MainWindow, size: tuple[int, int]
) -> None:
    window.resize(*size)
    engine_error = EngineError("engine_crashed")
    page.notices.show_error(engine_error)
    QApplication.processEvents()
    inside = page.rect()
    for part in (page.composer, page.transcript, page.dock):
        assert inside.contains(part.geometry()), part
    assert not page.dock.geometry().intersects(page.composer.geometry())
    assert not page.dock.geometry().intersects(page.transcript.geometry())


def test_a_banner_takes_its_room_from_the_transcript_and_gives_it_back(page: ConversationPage) -> None:
    before = page.transcript.geometry()
    page.notices.show_error(EngineError("engine_crashed"))
    QApplication.processEvents()
    assert page.transcript.geometry().bottom() < page.dock.geometry().top()
    page.notices.clear()
    QApplication.processEvents()
    assert page.transcript.geometry() == before


def test_right_to_left_the_axis_is_mirrored(page: ConversationPage, window: MainWindow) -> None:
    left = _composer(page).left()
    window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    QApplication.processEvents()
    assert page.width() - _composer(page).right() - 1 == left


def test_tab_goes_down_the_page(page: ConversationPage) -> None:
    page.notices.show_error(EngineError("engine_crashed"))
    page.notices.show_notice("template_missing")
    chain: list[QWidget] = []
    at: QWidget | None = page.transcript.nextInFocusChain()
    while at is not None and at is not page.composer.editor and at not in chain:
        chain.append(at)
        at = at.nextInFocusChain()
    buttons = [banner.button for banner in page.notices.banners.values()]
    assert [widget for widget in chain if widget in buttons] == buttons


def test_the_title_is_the_first_question_until_there_is_a_better_one(
    page: ConversationPage, window: MainWindow
) -> None:
    assert window.header.title.text() == "New conversation"
    _write(page, "What is 12 + 35?")
    assert window.header.title.text() == "What is 12 + 35?"


def test_a_toast_gives_way_to_a_banner_that_comes_after_it(page: ConversationPage) -> None:
    page.say("Conversation deleted")
    page.notices.show_error(EngineError("engine_crashed"))
    wait_until(lambda: page.dock.height() > 0 and page.dock.isVisible(), "the banner")
    QApplication.processEvents()
    shadow = page.toast.height() - 40
    assert page.toast.geometry().bottom() - shadow // 2 < page.dock.y()


def test_a_toast_stands_over_what_an_empty_conversation_says(page: ConversationPage) -> None:
    assert page.empty_state.isVisible()
    page.say("Conversation deleted")
    QApplication.processEvents()
    shadow = page.toast.height() - 40
    assert page.toast.geometry().bottom() - shadow // 2 < page.empty_state.top
    assert page.empty_state.top < page.composer.y() - 40
