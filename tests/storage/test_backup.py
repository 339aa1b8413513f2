"""Backups: one a day, the last seven, whatever the clock does; whole, private, and back again while others look on."""

import sqlite3
import stat
import sys
from functools import partial
from pathlib import Path

import pytest

from app.chat.conversation import Segment
from app.errors import StorageError
from app.storage.backup import KEPT, back_up, backups, daily
from app.storage.conversation_store import ConversationStore
from tests.storage.conftest import Open
from tests.storage.talks import all_of, growing, talk

DAY = 86_400.0
NOON = 20_000 * DAY + DAY / 2


def made_at(file: Path, folder: Path, at: float) -> bool:
    """Whether a day's backup is made at that time."""
    return daily(file, folder, lambda: at) is not None


def test_there_is_one_a_day_and_seven_are_kept(store: ConversationStore, file: Path, folder: Path) -> None:
    assert not made_at(file, folder, NOON)
    store.save(talk("a"))
    for day in range(10):
        assert made_at(file, folder, NOON + day * DAY)
        assert not made_at(file, folder, NOON + day * DAY + 3600)
    kept = backups(folder)
    assert [backup.made for backup in kept] == [NOON + day * DAY for day in range(9, 2, -1)]
    assert len(kept) == KEPT
    assert all(backup.bytes == backup.path.stat().st_size > 0 for backup in kept)


def test_a_clock_that_jumps_pushes_nothing_out(store: ConversationStore, file: Path, folder: Path) -> None:
    store.save(talk("a"))
    for day in range(5):
        made_at(file, folder, NOON + day * DAY)
    far = NOON + 40_000 * DAY
    assert made_at(file, folder, far)
    # The clock is right again: today is kept, and the newest stands first.
    assert not made_at(file, folder, NOON + 4 * DAY)
    assert made_at(file, folder, NOON + 5 * DAY)
    assert made_at(file, folder, NOON + 6 * DAY)
    assert [round((backup.made - NOON) / DAY) for backup in backups(folder)] == [6, 5, 40_000, 4, 3, 2, 1]
    for strange in (-1e12, 0.0, 1e18):
        made_at(file, folder, strange)
    assert len(backups(folder)) == KEPT


def test_other_kinds_are_kept_apart(store: ConversationStore, file: Path, folder: Path) -> None:
    store.save(talk("a"))
    made_at(file, folder, NOON)
    for number in range(9):
        back_up(file, folder, "asked", partial(float, NOON + number))
    kinds = [backup.kind for backup in backups(folder)]
    assert kinds == ["asked"] * KEPT + ["daily"]


def test_a_backup_is_one_whole_private_file(store: ConversationStore, file: Path, folder: Path) -> None:
    store.save(talk("a"))
    backup = back_up(file, folder, "asked")
    assert [path.name for path in folder.iterdir()] == [backup.path.name]
    with sqlite3.connect(backup.path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT id FROM conversations").fetchall() == [("a",)]
    connection.close()
    if sys.platform != "win32":
        assert stat.S_IMODE(backup.path.stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_damaged_store_pushes_out_no_good_backup(
    store: ConversationStore, file: Path, folder: Path
) -> None:
    for number in range(40):
        store.save(talk(f"c{number}", 4, 20))
    for day in range(KEPT):
        made_at(file, folder, NOON + day * DAY)
    good = backups(folder)
    store.close()
    with file.open("r+b") as stream:
        stream.seek(file.stat().st_size // 2 // 4096 * 4096)
        stream.write(b"\xa5" * 4096 * 3)
    with pytest.raises(StorageError, match="store_damaged"):
        made_at(file, folder, NOON + 20 * DAY)
    assert backups(folder) == good
    assert len(list(folder.iterdir())) == KEPT


def test_other_files_in_the_folder_are_none(folder: Path) -> None:
    assert backups(folder) == ()
    folder.mkdir()
    for name in ("notes.txt", "000001-daily-.db", "000001-weekly-20260101T000000Z.db"):
        (folder / name).write_text("x")
    (folder / "000002-daily-20269901T000000Z.db").write_text("x")
    assert [(backup.made, backup.bytes) for backup in backups(folder)] == [(0.0, 1)]


def test_a_backup_comes_back_while_others_have_the_store_open(opened: Open, file: Path, folder: Path) -> None:
    window, other = opened(), opened()
    window.save(talk("old", 3))
    window.save(growing())
    old = all_of(window)
    backup = back_up(file, folder, "asked")
    window.delete("old", 1.0)
    other.save(talk("new"))
    newer = all_of(other)
    seen = other.data_version()
    window.replace_from(backup.path, folder)
    assert other.data_version() != seen
    assert set(all_of(other)) == {"old", "g"}
    assert other.load("old") == old["old"]
    # Who wrote that reply then does not write it now.
    assert other.load("g").messages[1].state == "interrupted"
    other.save(talk("later"))
    assert window.load("later") == talk("later")
    window.append("g-r", [Segment("answer", "model", "x")])
    before = backups(folder)[0]
    assert before.kind == "restore"
    window.replace_from(before.path, folder)
    assert set(all_of(other)) == set(newer)


def test_what_is_no_backup_is_refused(
    store: ConversationStore, file: Path, folder: Path, tmp_path: Path
) -> None:
    store.save(talk("a"))
    good = back_up(file, folder, "asked").path
    cut = tmp_path / "cut.db"
    cut.write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    foreign = tmp_path / "foreign.db"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE x (y)")
    connection.close()
    for path in (cut, foreign, tmp_path / "missing.db", tmp_path):
        with pytest.raises(StorageError, match="backup_unusable"):
            store.replace_from(path, folder)
    with sqlite3.connect(good) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StorageError, match="store_newer"):
        store.replace_from(good, folder)
    assert len(backups(folder)) == 1
    assert store.load("a") == talk("a")


def test_secure_deletion_leaves_nothing_anywhere(store: ConversationStore, file: Path, folder: Path) -> None:
    secrets = [f"unspeakable {number}" for number in range(3)]
    store.save(talk("kept", 3))
    for secret in secrets:
        store.save(growing("g"))
        store.append("g-r", [Segment("thinking", "model", secret * 300)])
        store.save_draft("g", secret * 300)
        back_up(file, folder, "asked")
    store.delete("g", 5.0)
    (folder / "000099-daily-20260101T000000Z.db").write_bytes(b"damaged " + secrets[0].encode() * 1000)
    assert store.purge(5.0, secure_in=folder) == 1
    for path in [*file.parent.glob("conversations.db*"), *folder.iterdir()]:
        if path.is_file():
            assert b"unspeakable" not in path.read_bytes()
    assert len(backups(folder)) == 3
    assert store.load("kept") == talk("kept", 3)
    with sqlite3.connect(backups(folder)[0].path) as connection:
        assert connection.execute("SELECT id FROM conversations").fetchall() == [("kept",)]
    connection.close()


def test_plain_deletion_leaves_the_backups(store: ConversationStore, file: Path, folder: Path) -> None:
    store.save(talk("a"))
    backup = back_up(file, folder, "asked")
    store.delete("a", 5.0)
    assert store.purge(5.0) == 1
    store.replace_from(backup.path, folder)
    assert store.load("a") == talk("a")


def test_a_copy_for_another_place(store: ConversationStore, tmp_path: Path) -> None:
    store.save(talk("a"))
    store.backup(tmp_path / "copy.db")
    with sqlite3.connect(tmp_path / "copy.db") as connection:
        assert connection.execute("SELECT count(*) FROM messages").fetchone() == (4,)
    connection.close()


def test_secure_deletion_that_a_reader_holds_up_is_finished_by_the_next(
    store: ConversationStore, file: Path, folder: Path
) -> None:
    store.save(growing("g"))
    store.save_draft("g", "unspeakable" * 100)
    store._connection.execute("PRAGMA busy_timeout = 100")
    reader = sqlite3.connect(file, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM conversations").fetchone()
    store.delete("g", 5.0)
    assert store.purge(5.0, secure_in=folder) == 1
    log = file.with_name("conversations.db-wal")
    assert b"unspeakable" in log.read_bytes() + file.read_bytes()
    reader.execute("COMMIT")
    reader.close()
    assert store.purge(5.0, secure_in=folder) == 0
    assert b"unspeakable" not in log.read_bytes() + file.read_bytes()
