"""The course of a repair: alone, whole or not at all, finished after a crash, and the log carried over."""

import contextlib
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from app.chat.conversation import Conversation, Segment
from app.errors import StorageError
from app.storage import repair as repairing
from app.storage.backup import back_up, daily
from app.storage.database import full_check, open_store
from app.storage.failures import suspect
from tests.storage.damage import COUNT, PAGE, content, pages_of, write_at
from tests.storage.talks import files_beside, growing, talk


def test_what_stands_in_the_log_alone_is_carried_over(file: Path, folder: Path, tmp_path: Path) -> None:
    store = open_store(file, folder).store
    store.save(talk("early"))
    store._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.save(talk("late"))
    room = tmp_path / "copy"
    room.mkdir()
    for name in ("conversations.db", "conversations.db-wal"):
        shutil.copyfile(file.with_name(name), room / name)
    store.close()
    suspect(room / "conversations.db")
    write_at(room / "conversations.db", 24, b"\xff" * 40)
    write_at(room / "conversations.db", pages_of(file, "conversations")[0] * PAGE, b"\xff" * 8)
    opened = open_store(room / "conversations.db", folder)
    assert set(content(opened)) == {"early", "late"}


def test_a_damaged_file_that_another_process_has_open_is_left_alone(
    file: Path, folder: Path, whole: dict[str, Conversation]
) -> None:
    script = (
        "import sys; from pathlib import Path; from app.storage.database import open_store;"
        "store = open_store(Path(sys.argv[1]), Path(sys.argv[2])).store; print('open', flush=True);"
        "sys.stdin.read(); store.close()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", script, file, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdin is not None
    assert other.stdout is not None
    assert other.stdout.readline() == b"open\n"
    try:
        write_at(file, pages_of(file, "segments")[0] * PAGE, b"\xa5" * PAGE)
        damaged = file.read_bytes()
        with pytest.raises(StorageError, match="store_damaged"):
            open_store(file, folder)
        assert file.read_bytes() == damaged
    finally:
        other.stdin.close()
        assert other.wait(20) == 0
        other.stdout.close()
    opened = open_store(file, folder)
    opened.store.close()
    assert opened.repair is not None


def test_a_repair_that_dies_between_is_finished_by_the_next_opening(
    file: Path, folder: Path, whole: dict[str, Conversation], monkeypatch: pytest.MonkeyPatch
) -> None:
    daily(file, folder)
    write_at(file, pages_of(file, "segments")[0] * PAGE, b"\xa5" * PAGE)
    damaged = file.read_bytes()

    def die(_file: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(repairing, "finish", die)
    with pytest.raises(KeyboardInterrupt):
        open_store(file, folder)
    monkeypatch.undo()
    assert file.read_bytes() == damaged
    opened = open_store(file, folder)
    assert content(opened) == whole
    assert file.with_name("conversations.db.damaged-1").read_bytes() == damaged
    assert files_beside(file) == ["conversations.db", "conversations.db.damaged-1"]


def test_a_repair_for_which_there_is_no_room_changes_nothing(
    file: Path, folder: Path, whole: dict[str, Conversation], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_at(file, pages_of(file, "segments")[0] * PAGE, b"\xa5" * PAGE)
    damaged = file.read_bytes()

    def full(*_paths: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(StorageError, match="disk_full"):
        open_store(file, folder)
    assert file.read_bytes() == damaged
    assert files_beside(file) == ["conversations.db"]


def test_two_damages_are_kept_apart(file: Path, folder: Path, whole: dict[str, Conversation]) -> None:
    back_up(file, folder, "asked")
    for number in (1, 2):
        write_at(file, pages_of(file, "segments")[0] * PAGE, b"\xa5" * PAGE)
        opened = open_store(file, folder)
        opened.store.close()
        assert opened.repair is not None
        assert opened.repair.aside.name == f"conversations.db.damaged-{number}"
    assert len(files_beside(file)) == 3


def test_a_growing_reply_of_a_damaged_file_is_interrupted_with_its_text(file: Path, folder: Path) -> None:
    store = open_store(file, folder).store
    for number in range(COUNT):
        store.save(talk(f"c{number}"))
    conversation = growing()
    store.save(conversation)
    store.append("g-r", [Segment("thinking", "model", "Let me see", 3, 0.1)])
    store.close()
    write_at(file, pages_of(file, "segments")[0] * PAGE, b"\xa5" * PAGE)
    opened = open_store(file, folder)
    assert opened.repair is not None
    reply = content(opened)["g"].message("g-r")
    assert (reply.state, reply.thinking) == ("interrupted", "Let me see")


def test_what_only_the_full_check_finds_is_mended_at_the_next_opening(
    file: Path, folder: Path, whole: dict[str, Conversation]
) -> None:
    assert full_check(file)
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = replace(sql, '(id)', '(model)') WHERE name = 'messages_by_id'"
        )
        connection.commit()
    assert not full_check(file)
    opened = open_store(file, folder)
    assert opened.repair is not None
    assert content(opened) == whole
    assert full_check(file)
    again = open_store(file, folder)
    assert again.repair is None
    again.store.close()
