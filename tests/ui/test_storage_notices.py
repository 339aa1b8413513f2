"""What the window says when text cannot be stored, and when it can be again."""

from pathlib import Path

import pytest

from app.errors import StorageError
from app.services.words.storage_messages import repair_notice
from app.storage.values import Repair
from app.ui.controls.buttons import Button
from app.ui.main_window import MainWindow
from tests.doubles.services import PlayedEngine, PlayedStore, Services


@pytest.mark.parametrize(
    ("code", "offered"),
    [
        ("disk_full", True),
        ("store_read_only", True),
        ("store_locked", True),
        ("store_unreadable", True),
        ("store_damaged", False),
        ("store_newer", False),
    ],
)
def test_to_try_again_is_offered_where_it_may_help(window: MainWindow, code: str, offered: bool) -> None:
    window.storage.show_failure(StorageError(code, reason="a reason"))
    button = window.page.notices.banners[code].button
    assert (button.text() if isinstance(button, Button) else "") == ("Try again" if offered else "")


def test_it_stays_while_conversations_come_and_go_and_goes_when_all_is_stored(
    window: MainWindow, services: Services, engine: PlayedEngine
) -> None:
    engine.be_ready()
    store = services.store
    assert isinstance(store, PlayedStore)
    store.error = StorageError("disk_full")
    services.chat.send("Hello")
    services.replies.stop_all_of(services.chat.conversation.id)
    assert "disk_full" in window.page.notices.banners
    window.desk.begin()
    assert "disk_full" in window.page.notices.banners
    assert [summary.title for summary in services.conversations.summaries] == ["Hello"]
    store.error = None
    button = window.page.notices.banners["disk_full"].button
    assert isinstance(button, Button)
    button.click()
    assert window.page.notices.banners == {}
    assert [summary.title for summary in store.real.summaries()] == ["Hello"]


def test_a_repair_is_told_with_the_place_of_the_old_file(window: MainWindow) -> None:
    window.storage.show_repair(repair_notice(Repair(Path("/data/conversations.db.damaged-1"), 12, 2)))
    told = window.page.notices.banners["store_repaired"].text
    assert "/data/conversations.db.damaged-1" in told
    window.storage.clear()
    assert "store_repaired" in window.page.notices.banners, "it goes when the person has read it"


def test_what_could_not_be_read_is_read_when_the_person_tries_again(
    window: MainWindow, services: Services, engine: PlayedEngine
) -> None:
    engine.be_ready()
    store = services.store
    assert isinstance(store, PlayedStore)
    services.chat.send("Hello")
    store.error = StorageError("store_locked")
    services.conversations.reading.read_list()
    button = window.page.notices.banners["store_locked"].button
    assert isinstance(button, Button)
    store.error = None
    reads = store.works
    button.click()
    assert store.works > reads
    assert window.page.notices.banners == {}
