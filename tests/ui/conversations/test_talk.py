"""The open conversation on its page: versions, editing, where it was left, and what takes long to read."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.errors import StorageError
from app.services.conversations.chat_service import ChatService
from app.ui.conversations.page import ConversationPage
from app.ui.conversations.placeholder import Placeholder
from app.ui.main_window import MainWindow
from tests.doubles.services import PlayedEngine, PlayedStore, Services
from tests.waiting import wait_until


@pytest.fixture
def store(services: Services) -> PlayedStore:
    assert isinstance(services.store, PlayedStore)
    return services.store


@pytest.fixture
def page(window: MainWindow, engine: PlayedEngine) -> ConversationPage:
    engine.be_ready()
    return window.page


def _ask(services: Services, text: str) -> str:
    """A question with a reply that was stopped; the id of the conversation."""
    services.chat.send(text)
    services.replies.stop_all_of(services.chat.conversation.id)
    QApplication.processEvents()
    return services.chat.conversation.id


def _long(services: Services) -> str:
    for number in range(12):
        _ask(services, f"Question {number}\n" + "and more of it\n" * 6)
    return services.chat.conversation.id


def _placeholder(page: ConversationPage) -> Placeholder | None:
    found = page.findChild(Placeholder)
    return found if isinstance(found, Placeholder) and found.isVisible() else None


def test_a_conversation_opens_where_it_was_left(
    window: MainWindow, page: ConversationPage, services: Services
) -> None:
    first = _long(services)
    bar = page.transcript.verticalScrollBar()
    bar.setValue(bar.maximum() // 3)
    QApplication.processEvents()
    place = page.transcript.place()
    assert place is not None
    window.desk.begin()
    _ask(services, "Another")
    window.desk.open(first)
    QApplication.processEvents()
    assert page.transcript.place() == place


def test_closing_the_window_keeps_place_and_draft(
    window: MainWindow, page: ConversationPage, services: Services, store: PlayedStore
) -> None:
    conversation = _long(services)
    page.transcript.verticalScrollBar().setValue(300)
    QApplication.processEvents()
    page.composer.editor.setPlainText("half a sentence")
    window.close()
    services.conversations.hand_over()
    stored = store.real.load(conversation)
    assert stored.draft == "half a sentence"
    assert stored.place is not None


def test_what_takes_long_to_read_is_stood_for_by_still_bars(
    window: MainWindow, page: ConversationPage, services: Services, store: PlayedStore, chat: ChatService
) -> None:
    first = _ask(services, "The first")
    window.desk.begin()
    _ask(services, "The second")
    store.held = []
    window.desk.open(first)
    assert chat.conversation.title == "The second", "what was there stays as it is"
    assert _placeholder(page) is None
    wait_until(lambda: _placeholder(page) is not None, "the bars")
    store.let_go()
    assert chat.conversation.id == first
    assert _placeholder(page) is None


def test_what_cannot_be_read_leaves_what_was_open(
    window: MainWindow, page: ConversationPage, services: Services, store: PlayedStore, chat: ChatService
) -> None:
    first = _ask(services, "The first")
    window.desk.begin()
    second = _ask(services, "The second")
    store.error = StorageError("store_locked")
    window.desk.open(first)
    assert chat.conversation.id == second
    assert "store_locked" in page.notices.banners
    QTest.qWait(350)
    assert _placeholder(page) is None


def test_a_question_is_edited_into_a_branch_and_the_versions_are_stepped_through(
    page: ConversationPage, services: Services, chat: ChatService
) -> None:
    _ask(services, "How long?")
    page.composer.editor.setPlainText("a draft")
    question = chat.conversation.branch()[0].id
    page.transcript.edit_requested.emit(question)
    assert page.composer.editor.text == "How long?"
    page.composer.editor.setPlainText("How wide?")
    QTest.keyClick(page.composer.editor, Qt.Key.Key_Return)
    services.replies.stop_all_of(chat.conversation.id)
    assert page.composer.editor.text == "a draft"
    newer = chat.conversation.branch()[0]
    assert newer.text == "How wide?"
    assert chat.versions(newer.id) == (2, 2)
    page.transcript.version_requested.emit(newer.id, -1)
    assert chat.conversation.branch()[0].id == question


def test_escape_gives_up_editing(page: ConversationPage, services: Services, chat: ChatService) -> None:
    _ask(services, "How long?")
    page.transcript.edit_requested.emit(chat.conversation.branch()[0].id)
    QTest.keyClick(page.composer.editor, Qt.Key.Key_Escape)
    assert page.composer.editor.text == ""
    assert len(chat.conversation.messages) == 2


def test_another_conversation_ends_editing(
    window: MainWindow, page: ConversationPage, services: Services, chat: ChatService
) -> None:
    _ask(services, "How long?")
    page.transcript.edit_requested.emit(chat.conversation.branch()[0].id)
    window.desk.begin()
    assert page.composer.editor.text == ""
    assert not page.composer.editing


def test_a_temporary_conversation_says_so_above_its_first_message(
    window: MainWindow, page: ConversationPage
) -> None:
    window.desk.begin_temporary()
    assert page.transcript.accessibleDescription().startswith("Nothing here is saved.")
    window.desk.begin()
    assert page.transcript.accessibleDescription() == ""


def test_the_place_is_kept_a_moment_after_scrolling(
    page: ConversationPage, services: Services, chat: ChatService
) -> None:
    _long(services)
    page.transcript.verticalScrollBar().setValue(200)
    wait_until(lambda: chat.conversation.place is not None, "the place")
    page.transcript.jump_to_end()
    wait_until(lambda: chat.conversation.place is None, "the end")
