"""The window does not go while something that was written is not on the disk, unless the person says so."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.errors import StorageError
from app.ui.controls.unsaved_dialog import UnsavedDialog
from app.ui.main_window import MainWindow
from tests.doubles.services import PlayedEngine, PlayedStore, Services
from tests.waiting import wait_until


@pytest.fixture
def store(services: Services) -> PlayedStore:
    assert isinstance(services.store, PlayedStore)
    return services.store


@pytest.fixture
def full(
    window: MainWindow, services: Services, engine: PlayedEngine, store: PlayedStore
) -> Iterator[MainWindow]:
    """A window whose disk is full, with a question that is not stored."""
    engine.be_ready()
    store.error = StorageError("disk_full")
    assert services.chat.send("How many swans?")
    yield window
    window.closing.allow()
    if window.closing.dialog is not None:
        window.closing.dialog.close()


def asked(window: MainWindow) -> UnsavedDialog:
    """Tries to close the window; the question that comes instead."""
    window.close()
    assert window.isVisible()
    wait_until(lambda: window.closing.dialog is not None, "the question")
    assert window.closing.dialog is not None
    return window.closing.dialog


def press(dialog: UnsavedDialog, which: int) -> None:
    QTest.mouseClick(dialog.buttons[which], Qt.MouseButton.LeftButton)


def test_a_window_with_everything_on_the_disk_closes_at_once(
    window: MainWindow, services: Services, engine: PlayedEngine
) -> None:
    engine.be_ready()
    services.chat.send("How many swans?")
    window.close()
    assert not window.isVisible()


def test_what_is_missing_and_why_is_said(full: MainWindow) -> None:
    dialog = asked(full)
    told = dialog.accessibleDescription()
    assert told.startswith("The disk is full; what is new is not saved yet.")
    assert told.endswith("What is new in “How many swans?” is lost if you close the window now.")
    assert [button.text() for button in dialog.buttons] == ["Close anyway", "Export…", "Try again"]
    assert asked(full) is dialog
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert full.isVisible()
    assert asked(full) is not dialog


def test_it_closes_when_there_is_room_at_last(full: MainWindow, store: PlayedStore) -> None:
    dialog = asked(full)
    press(dialog, 2)
    wait_until(lambda: "this time either" in dialog.accessibleDescription(), "the second failure")
    assert dialog.buttons[2].isEnabled()
    store.error = None
    press(dialog, 2)
    wait_until(lambda: not full.isVisible(), "the end")
    assert [summary.title for summary in store.real.summaries()] == ["How many swans?"]


def test_it_closes_by_itself_when_the_disk_takes_it(
    full: MainWindow, services: Services, store: PlayedStore
) -> None:
    asked(full)
    store.error = None
    services.conversations.writing.try_again()
    wait_until(lambda: not full.isVisible(), "the end")


def test_the_person_may_close_it_anyway(full: MainWindow) -> None:
    press(asked(full), 0)
    assert not full.isVisible()


def test_what_is_not_saved_can_be_exported(full: MainWindow, services: Services) -> None:
    wanted: list[str] = []
    full.export_requested.connect(wanted.append)
    press(asked(full), 1)
    assert wanted == [services.chat.conversation.id]
    assert full.isVisible()
    services.chat.new_conversation()
    services.chat.send("And how many geese?")
    dialog = asked(full)
    assert "2 conversations" in dialog.accessibleDescription()
    press(dialog, 1)
    assert wanted[1:] == [""]


def test_a_draft_counts_and_the_place_of_reading_does_not(
    window: MainWindow, services: Services, engine: PlayedEngine, store: PlayedStore
) -> None:
    engine.be_ready()
    services.chat.send("How many swans?")
    services.replies.stop_all_of(services.chat.conversation.id)
    store.error = StorageError("store_read_only")
    services.conversations.set_read(services.chat.conversation.id, read=False)
    window.page.composer.editor.setPlainText("half a sent")
    dialog = asked(window)
    window.page.composer.editor.setPlainText("")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    window.page.talk.leave()
    store.error = None
    services.conversations.hand_over()
    store.error = StorageError("store_read_only")
    services.conversations.set_read(services.chat.conversation.id)
    window.close()
    assert not window.isVisible()


def test_a_disk_that_does_not_answer_is_not_waited_for_without_end(
    window: MainWindow, services: Services, engine: PlayedEngine, store: PlayedStore
) -> None:
    engine.be_ready()
    store.held = []
    services.chat.send("How many swans?")
    dialog = asked(window)
    assert "still being saved" in dialog.accessibleDescription()
    store.let_go()
    wait_until(lambda: not window.isVisible(), "the end")


def test_a_session_that_ends_asks_nobody_and_one_that_goes_on_does(full: MainWindow) -> None:
    full.closing.allow_for_now()
    full.close()
    assert not full.isVisible()
    full.show()
    full.closing._session.timeout.emit()
    asked(full)
