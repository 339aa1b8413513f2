"""Disks and folders that fail: full, read-only, locked by another; each has its code, and what was stored stays."""

import contextlib
import errno
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import StorageError
from app.storage import connection as db
from app.storage import ownership
from app.storage.backup import back_up, backups
from app.storage.conversation_store import ConversationStore
from app.storage.database import open_store
from app.storage.failures import translated
from tests.storage.conftest import Open
from tests.storage.talks import all_of, growing, talk


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of two megabytes."""
    place = Path(tempfile.mkdtemp(prefix="small-disk-"))
    mount = shutil.which("mount")
    options = ["-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    if mount is None or subprocess.run([mount, *options], capture_output=True, check=False).returncode:
        place.rmdir()
        pytest.skip("a small disk cannot be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)
    place.rmdir()


def fill(store: ConversationStore) -> None:
    """Saves until something fails."""
    for number in range(200):
        store.save(talk(f"c{number}", 2, 200))


def test_a_full_disk_is_said_and_what_was_stored_stays(small_disk: Path) -> None:
    file, folder = small_disk / "conversations.db", small_disk / "backups"
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * 600_000)
    with contextlib.closing(open_store(file, folder).store) as store:
        store.save(talk("kept"))
        store.save(growing())
        with pytest.raises(StorageError, match="disk_full"):
            fill(store)
        kept = all_of(store)
        assert {"kept", "g", "c0"} <= set(kept)
        with pytest.raises(StorageError, match="disk_full"):
            store.save(talk("huge", 2, 20_000))
        assert all_of(store) == kept
        with pytest.raises(StorageError, match="disk_full"):
            back_up(file, folder, "asked")
        assert list(folder.iterdir()) == []
        filler.unlink()
        store.save(talk("after"))
    with contextlib.closing(open_store(file, folder).store) as store:
        assert set(store.ids()) == {*kept, "after"}


def test_a_disk_without_any_room_is_said_at_the_opening(small_disk: Path) -> None:
    (small_disk / "filler").write_bytes(b"x" * 1_900_000)
    with contextlib.suppress(OSError), (small_disk / "filler").open("ab", buffering=0) as stream:
        while True:
            stream.write(b"x" * 4096)
    with pytest.raises(StorageError, match="disk_full"):
        open_store(small_disk / "conversations.db", small_disk / "backups")
    (small_disk / "filler").unlink()
    open_store(small_disk / "conversations.db", small_disk / "backups").store.close()


@pytest.mark.parametrize("is_there", [True, False])
def test_a_disk_that_is_read_only_is_said(small_disk: Path, is_there: bool) -> None:
    file, folder = small_disk / "conversations.db", small_disk / "backups"
    if is_there:
        with contextlib.closing(open_store(file, folder).store) as store:
            store.save(talk("a"))
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(StorageError, match="store_read_only"):
        open_store(file, folder)
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    with contextlib.closing(open_store(file, folder).store) as store:
        assert store.ids() == (("a",) if is_there else ())


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="everything is open to root")
def test_a_folder_that_may_not_be_written_to_is_said(file: Path, folder: Path) -> None:
    file.parent.chmod(0o500)
    try:
        with pytest.raises(StorageError, match="store_read_only"):
            open_store(file, folder)
    finally:
        file.parent.chmod(0o700)
    open_store(file, folder).store.close()


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (sqlite3.SQLITE_READONLY_DIRECTORY, "store_read_only"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "store_locked"),
        (sqlite3.SQLITE_CORRUPT_INDEX, "store_damaged"),
        (sqlite3.SQLITE_NOTADB, "store_damaged"),
        (sqlite3.SQLITE_FULL, "disk_full"),
        (sqlite3.SQLITE_IOERR_READ, "store_unreadable"),
        (sqlite3.SQLITE_CONSTRAINT_CHECK, "store_unreadable"),
    ],
)
def test_sqlites_errors_have_codes(file: Path, code: int, says: str) -> None:
    error = sqlite3.OperationalError("so it is")
    error.sqlite_errorcode = code
    with pytest.raises(StorageError) as caught, translated(file):
        raise error
    assert caught.value.code == says


def test_a_file_that_another_program_holds_is_said(
    file: Path, folder: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "LOCK_SECONDS", 0.2)
    store = opened()
    store.save(talk("a"))
    store._connection.execute("PRAGMA busy_timeout = 200")
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="store_locked"):
        store.save(talk("b"))
    assert store.ids() == ("a",)
    other.execute("COMMIT")
    other.close()
    store.save(talk("b"))
    assert store.ids() == ("a", "b")


def test_an_opening_waits_for_another_but_not_for_ever(
    file: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ownership, "LOCK_SECONDS", 0.2)
    with (
        ownership.gate(file.with_name("conversations.db.processes")),
        pytest.raises(StorageError, match="store_locked"),
    ):
        open_store(file, folder)
    open_store(file, folder).store.close()


def test_a_restore_that_others_block_says_so(
    file: Path, folder: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened()
    store.save(talk("a"))
    backup = back_up(file, folder, "asked")
    store.save(talk("b"))
    monkeypatch.setattr(db, "LOCK_SECONDS", 0.3)
    store._connection.execute("PRAGMA busy_timeout = 100")
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="store_locked"):
        store.replace_from(backup.path, folder)
    other.execute("COMMIT")
    other.close()
    assert store.ids() == ("a", "b")
    store.replace_from(backup.path, folder)
    assert store.ids() == ("a",)
    assert len(backups(folder)) == 3


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk_full"),
        (errno.EROFS, "store_read_only"),
        (errno.EACCES, "store_read_only"),
        (errno.EIO, "store_unreadable"),
    ],
)
def test_the_systems_errors_have_codes(file: Path, number: int, code: str) -> None:
    with pytest.raises(StorageError) as caught, translated(file):
        raise OSError(number, os.strerror(number))
    assert caught.value.code == code


def test_a_folder_in_the_files_place_is_said(file: Path, folder: Path) -> None:
    file.mkdir()
    with pytest.raises(StorageError, match="store_unreadable"):
        open_store(file, folder)
