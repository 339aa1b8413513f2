"""The store off the GUI thread: order, failures and recovery, what other processes write, upkeep."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from operator import methodcaller
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from app.chat.conversation import Conversation, Message, Text
from app.errors import AppError, StorageError
from app.services.conversations.store_service import Repair, StoreService, StoreSize
from app.storage.backup import backups
from app.storage.conversation_store import ConversationStore
from app.storage.database import open_store
from tests.conftest import Noise
from tests.waiting import wait_until

DAY = 86_400.0


def talk(key: str, text: str = "hello") -> Conversation:
    """A conversation with one question."""
    message = Message(f"{key}-1", "user", parts=(Text(text),))
    return Conversation(key, title=key, messages=(message,), leaf=message.id)


class Heard:
    """What the signals of a service said."""

    def __init__(self, service: StoreService) -> None:
        self.opened = 0
        self.elsewhere = 0
        self.failures: list[AppError] = []
        self.repairs: list[Repair] = []
        service.opened.connect(self._on_opened)
        service.changed_elsewhere.connect(self._on_elsewhere)
        service.failed.connect(self.failures.append)
        service.repaired.connect(self.repairs.append)

    def _on_opened(self) -> None:
        self.opened += 1

    def _on_elsewhere(self) -> None:
        self.elsewhere += 1


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = 1_800_000_000.0

    def __call__(self) -> float:
        """Seconds since 1970."""
        return self.at


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the conversations lie."""
    return tmp_path / "conversations.db"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the backups lie."""
    return tmp_path / "backups"


@pytest.fixture
def clock() -> Clock:
    """The service's clock."""
    return Clock()


@pytest.fixture
def service(qt_app: QApplication, file: Path, folder: Path, clock: Clock) -> Iterator[StoreService]:
    """A service that was not started yet."""
    service = StoreService(file, folder, now=clock)
    yield service
    assert service.close()


@pytest.fixture
def heard(service: StoreService) -> Heard:
    """What the service says."""
    return Heard(service)


def result_of(service: StoreService, work: Any) -> Any:
    """Runs work and waits for its result; raises what it fails with."""
    results: list[Any] = []
    errors: list[AppError] = []
    service.run(work, results.append, errors.append)
    wait_until(lambda: bool(results or errors), "a job", 20)
    if errors:
        raise errors[0]
    return results[0]


def test_work_runs_in_order_on_one_other_thread_and_comes_back(service: StoreService, heard: Heard) -> None:
    threads: set[int] = set()
    back: list[tuple[int, int]] = []

    def job(number: int) -> Any:
        def work(_store: ConversationStore) -> int:
            threads.add(threading.get_ident())
            return number

        return work

    service.start()
    for number in range(50):
        service.run(job(number), lambda result: back.append((result, threading.get_ident())))
    wait_until(lambda: len(back) == 50, "fifty jobs")
    assert back == [(number, threading.get_ident()) for number in range(50)]
    assert len(threads) == 1
    assert threading.get_ident() not in threads
    assert heard.opened == 1


def test_what_is_asked_for_before_closing_is_done(qt_app: QApplication, file: Path, folder: Path) -> None:
    service = StoreService(file, folder)
    service.start()
    for number in range(20):
        service.run(methodcaller("save", talk(f"c{number}")))
    assert service.close()
    store = open_store(file, folder).store
    assert len(store.summaries()) == 20
    store.close()


def test_a_missing_conversation_is_the_jobs_affair_alone(service: StoreService, heard: Heard) -> None:
    with pytest.raises(StorageError, match="conversation_missing"):
        result_of(service, lambda store: store.load("nothing"))
    assert heard.failures == []


def test_a_newer_file_fails_every_job_and_is_told_once(
    service: StoreService, heard: Heard, file: Path
) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    service.start()
    for _ in range(3):
        with pytest.raises(StorageError, match="store_newer"):
            result_of(service, lambda store: store.summaries())
    assert [error.code for error in heard.failures] == ["store_newer"]


def test_what_cannot_be_opened_is_opened_as_soon_as_it_can(
    service: StoreService, heard: Heard, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.conversations.store_service._RETRY_SECONDS", 0.0)
    file.mkdir()
    service.start()
    wait_until(lambda: bool(heard.failures), "the failure")
    assert heard.opened == 0
    file.rmdir()
    wait_until(lambda: heard.opened == 1, "the opening", 10)
    result_of(service, lambda store: store.save(talk("a")))
    assert len(heard.failures) == 1


def test_a_full_store_is_told_once_until_something_could_be_written(
    service: StoreService, heard: Heard
) -> None:
    def limit(pages: int) -> Any:
        return lambda store: store._connection.execute(f"PRAGMA max_page_count = {pages}")

    long = "x" * 500_000
    result_of(service, lambda store: store.save(talk("small")))
    result_of(service, limit(40))
    for _ in range(3):
        with pytest.raises(StorageError, match="disk_full"):
            result_of(service, lambda store: store.save(talk("long", long)))
        assert [row.id for row in result_of(service, lambda store: store.summaries())] == ["small"]
    assert [error.code for error in heard.failures] == ["disk_full"]
    result_of(service, limit(1_000_000))
    result_of(service, lambda store: store.save(talk("long", long)))
    result_of(service, limit(1))
    with pytest.raises(StorageError, match="disk_full"):
        result_of(service, lambda store: store.save(talk("longer", long * 2)))
    assert [error.code for error in heard.failures] == ["disk_full", "disk_full"]


def test_a_bug_in_a_job_stops_no_other(service: StoreService, heard: Heard, noise: Noise) -> None:
    noise.allow("a job of store failed")
    with pytest.raises(AppError, match="bug"):
        result_of(service, lambda store: 1 / 0)
    result_of(service, lambda store: store.save(talk("a")))
    assert [error.code for error in heard.failures] == ["bug"]


def test_what_another_process_writes_is_noticed_and_what_we_write_is_not(
    service: StoreService, heard: Heard, file: Path, folder: Path
) -> None:
    service.start()
    result_of(service, lambda store: store.save(talk("ours")))
    wait_until(lambda: heard.opened == 1, "the opening")
    end = time.monotonic() + 1.5
    wait_until(lambda: time.monotonic() > end)
    assert heard.elsewhere == 0
    other = open_store(file, folder).store
    other.save(talk("theirs"))
    other.close()
    wait_until(lambda: heard.elsewhere > 0, "the change", 5)
    assert {row.id for row in result_of(service, lambda store: store.summaries())} == {"ours", "theirs"}


@pytest.mark.skipif(os.name != "posix", reason="an open file cannot be replaced there")
def test_a_file_that_was_taken_away_is_noticed(
    service: StoreService, heard: Heard, file: Path, folder: Path
) -> None:
    service.start()
    result_of(service, lambda store: store.save(talk("ours")))
    for path in file.parent.glob("conversations.db*"):
        if path.is_file():
            path.unlink()
    wait_until(lambda: heard.opened == 2, "the second opening", 5)
    assert result_of(service, lambda store: store.summaries()) == ()
    result_of(service, lambda store: store.save(talk("ours")))
    assert file.is_file()


@pytest.mark.skipif(os.name != "posix", reason="an open file cannot be replaced there")
def test_a_folder_that_was_taken_away_is_not_made_anew(
    service: StoreService, heard: Heard, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.conversations.store_service._RETRY_SECONDS", 0.1)
    service.start()
    result_of(service, lambda store: store.save(talk("ours")))
    away = file.parent.with_name("away")
    file.parent.rename(away)
    wait_until(lambda: [error.code for error in heard.failures] == ["store_unreadable"], "the notice")
    assert not file.parent.exists()
    away.rename(file.parent)
    wait_until(lambda: heard.opened > 1, "the file again")
    assert result_of(service, lambda store: store.ids()) == ("ours",)


def test_a_file_that_was_emptied_is_noticed(service: StoreService, heard: Heard, file: Path) -> None:
    service.start()
    result_of(service, lambda store: store.save(talk("ours")))
    file.write_bytes(b"")
    wait_until(lambda: heard.opened > 1, "the file again")


def test_the_days_backup_is_made_once_the_window_has_settled(
    service: StoreService, heard: Heard, folder: Path, clock: Clock
) -> None:
    service.start()
    result_of(service, lambda store: store.save(talk("a")))
    assert backups(folder) == ()
    service.settle()
    wait_until(lambda: len(backups(folder)) == 1, "the backup")
    service._back_up_daily()
    clock.at += DAY
    service._back_up_daily()
    wait_until(lambda: len(backups(folder)) == 2, "the next day's backup")
    assert [backup.kind for backup in backups(folder)] == ["daily", "daily"]
    assert heard.failures == []


def test_a_backup_is_asked_for_and_restored(service: StoreService, heard: Heard) -> None:
    service.start()
    result_of(service, lambda store: store.save(talk("old")))
    made: list[Any] = []
    service.back_up_now(made.append)
    wait_until(lambda: bool(made), "the backup")
    result_of(service, lambda store: store.save(talk("new")))
    listed: list[Any] = []
    service.list_backups(listed.append)
    wait_until(lambda: bool(listed), "the list")
    assert listed[0] == (made[0],)
    restored: list[bool] = []
    service.restore(made[0].path, lambda: restored.append(True))
    wait_until(lambda: bool(restored), "the restore")
    assert heard.elsewhere == 1
    assert [row.id for row in result_of(service, lambda store: store.summaries())] == ["old"]
    service.list_backups(listed.append)
    wait_until(lambda: len(listed) == 2, "the list")
    assert [backup.kind for backup in listed[1]] == ["restore", "asked"]


def test_a_backup_that_is_none_changes_nothing(service: StoreService, heard: Heard, tmp_path: Path) -> None:
    service.start()
    result_of(service, lambda store: store.save(talk("a")))
    false = tmp_path / "false.db"
    false.write_bytes(b"no database at all" * 1000)
    errors: list[AppError] = []
    service.restore(false, failed=errors.append)
    wait_until(lambda: bool(errors), "the refusal")
    assert errors[0].code == "backup_unusable"
    assert heard.failures == []
    assert [row.id for row in result_of(service, lambda store: store.summaries())] == ["a"]


def test_deleting_securely_leaves_nothing_in_any_file(
    service: StoreService, file: Path, folder: Path
) -> None:
    secret = "the password of the swan"
    service.start()
    result_of(service, lambda store: store.save(talk("kept")))
    result_of(service, lambda store: store.save(talk("gone", secret * 500)))
    made: list[Any] = []
    service.back_up_now(made.append)
    wait_until(lambda: bool(made), "the backup")
    assert secret.encode() in made[0].path.read_bytes()
    result_of(service, lambda store: store.delete("gone", 5.0))
    removed: list[int] = []
    service.purge(5.0, secure=True, done=removed.append)
    wait_until(lambda: bool(removed), "the purge")
    assert removed == [1]
    for path in [*file.parent.glob("conversations.db*"), *folder.iterdir()]:
        assert path.is_dir() or secret.encode() not in path.read_bytes()
    assert [row.id for row in result_of(service, lambda store: store.summaries())] == ["kept"]


def test_deleting_plainly_and_size(service: StoreService) -> None:
    result_of(service, lambda store: store.save(talk("kept")))
    result_of(service, lambda store: store.save(talk("gone")))
    result_of(service, lambda store: store.delete("gone", 5.0))
    removed: list[int] = []
    service.purge(4.0, done=removed.append)
    service.purge(5.0, done=removed.append)
    sizes: list[StoreSize] = []
    service.size(sizes.append)
    wait_until(lambda: bool(sizes), "the size")
    assert removed == [0, 1]
    assert sizes[0].conversations == 1
    assert sizes[0].bytes > 4096


def damage(file: Path, pages: int = 2) -> None:
    """Writes noise over pages in the middle of a file."""
    with file.open("r+b") as stream:
        stream.seek(file.stat().st_size // 2 // 4096 * 4096)
        stream.write(b"\xa5" * 4096 * pages)


def filled(file: Path, folder: Path) -> None:
    """Makes a store of some pages."""
    store = open_store(file, folder).store
    for number in range(40):
        store.save(talk(f"c{number}", "swan " * 300))
    store.close()


def test_what_became_of_a_damaged_file_is_told(
    service: StoreService, heard: Heard, file: Path, folder: Path
) -> None:
    filled(file, folder)
    damage(file)
    service.start()
    wait_until(lambda: heard.opened == 1, "the opening")
    assert [repair.aside.name for repair in heard.repairs] == ["conversations.db.damaged-1"]
    assert heard.repairs[0].conversations > 0
    assert heard.failures == []


def test_damage_that_shows_while_the_window_is_open_is_mended_without_a_restart(
    service: StoreService, heard: Heard, file: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.conversations.store_service._RETRY_SECONDS", 0.0)
    filled(file, folder)
    service.start()
    wait_until(lambda: heard.opened == 1, "the opening")
    damage(file, 8)

    def read_all(store: ConversationStore) -> int:
        store._connection.execute("PRAGMA shrink_memory")
        return len([store.load(key) for key in store.ids()])

    with pytest.raises(StorageError, match="store_damaged"):
        result_of(service, read_all)
    wait_until(lambda: bool(heard.repairs), "the repair")
    assert result_of(service, read_all) > 0
    assert [error.code for error in heard.failures] == ["store_damaged"]


def test_a_full_check_that_fails_is_told_and_makes_no_backup(
    service: StoreService, heard: Heard, file: Path, folder: Path
) -> None:
    filled(file, folder)
    service.start()
    wait_until(lambda: heard.opened == 1, "the opening")
    damage(file)
    service.settle()
    wait_until(lambda: bool(heard.failures), "the failure")
    assert [error.code for error in heard.failures] == ["store_damaged"]
    assert backups(folder) == ()
    assert file.with_name("conversations.db.suspect").exists()
