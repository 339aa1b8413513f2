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

from app.chat.conversation import Segment
from app.errors import StorageError
from app.storage import connection as db
from app.storage import ownership
from app.storage.backup import back_up, backups
from app.storage.conversation_store import ConversationStore
from app.storage.database import open_store
from app.storage.failures import translated
from tests.storage.conftest import Open
from tests.storage.talks import all_of, growing, talk

_NOBODY = 65534


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


def test_a_disk_that_is_read_only_and_empty_is_said(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(StorageError, match="store_read_only"):
        open_store(small_disk / "conversations.db", small_disk / "backups")
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    open_store(small_disk / "conversations.db", small_disk / "backups").store.close()


@pytest.fixture
def no_root() -> Iterator[None]:
    """Without the rights of root, to whom everything is open."""
    if os.name != "posix":
        pytest.skip("modes of Unix")
    if os.geteuid() != 0:
        yield
        return
    os.setresuid(_NOBODY, _NOBODY, 0)
    yield
    os.setresuid(0, 0, 0)


@pytest.fixture
def own_folder(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A folder of whoever has no rights of root."""
    folder = Path(tempfile.mkdtemp(prefix="own-folder-"))
    if os.name == "posix" and os.geteuid() == 0:
        os.chown(folder, _NOBODY, _NOBODY)
    request.getfixturevalue("no_root")
    yield folder
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o700)
    shutil.rmtree(folder)


def is_read_and_not_written(file: Path, folder: Path) -> None:
    """Opens what cannot be written."""
    opened = open_store(file, folder)
    with contextlib.closing(opened.store) as store:
        assert opened.why_read_only is not None
        assert opened.why_read_only.code == "store_read_only"
        assert [summary.id for summary in store.summaries()] == ["g", "kept"]
        assert store.load("kept") == talk("kept")
        reply = store.load("g").branch()[-1]
        assert (reply.text, reply.state) == ("It is so.", "interrupted")
        with pytest.raises(StorageError, match="store_read_only"):
            store.save(talk("new"))
        with pytest.raises(StorageError, match="store_read_only"):
            store.rename("kept", "New")
        assert store.purge(1e12) == 0
        assert store.is_in_place()
        assert store.data_version() == store.data_version()


def keep_two(file: Path, folder: Path) -> ConversationStore:
    """Stores two conversations, a growing reply in one of them."""
    store = open_store(file, folder).store
    store.save(talk("kept"))
    store.save(growing())
    store.append("g-r", (Segment("answer", "model", "It is so."),))
    return store


def test_what_lies_on_a_disk_that_is_read_only_is_read(small_disk: Path) -> None:
    file, folder = small_disk / "conversations.db", small_disk / "backups"
    keep_two(file, folder).close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    is_read_and_not_written(file, folder)
    reader = open_store(file, folder).store
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert not reader.is_in_place(), "it can be opened to be written now"
    reader.close()
    with contextlib.closing(open_store(file, folder).store) as store:
        store.save(talk("new"))


def test_what_lies_in_a_folder_that_may_not_be_written_to_is_read(own_folder: Path) -> None:
    file, folder = own_folder / "conversations.db", own_folder / "backups"
    keep_two(file, folder).close()
    own_folder.chmod(0o500)
    file.with_name(f"{file.name}.processes").chmod(0o500)
    is_read_and_not_written(file, folder)


def test_a_log_that_a_dead_process_left_is_read_too(own_folder: Path) -> None:
    file, folder = own_folder / "conversations.db", own_folder / "backups"
    store = keep_two(file, folder)
    copied = own_folder / "copied"
    copied.mkdir()
    for path in own_folder.glob("conversations.db*"):
        if path.is_file():
            shutil.copyfile(path, copied / path.name)
    store.close()
    assert (copied / "conversations.db-wal").stat().st_size
    copied.chmod(0o500)
    try:
        is_read_and_not_written(copied / "conversations.db", copied / "backups")
    finally:
        copied.chmod(0o700)


def test_a_file_that_may_not_be_written_stays_so_and_is_read(own_folder: Path) -> None:
    file, folder = own_folder / "conversations.db", own_folder / "backups"
    keep_two(file, folder).close()
    file.chmod(0o444)
    is_read_and_not_written(file, folder)
    assert file.stat().st_mode & 0o777 == 0o400
    reader = open_store(file, folder).store
    file.chmod(0o600)
    assert not reader.is_in_place()
    reader.close()
    with contextlib.closing(open_store(file, folder).store) as store:
        store.save(talk("new"))


def test_what_others_write_beside_a_reader_is_noticed(own_folder: Path) -> None:
    file, folder = own_folder / "conversations.db", own_folder / "backups"
    keep_two(file, folder).close()
    own_folder.chmod(0o500)
    reader = open_store(file, folder).store
    own_folder.chmod(0o700)
    with contextlib.closing(open_store(file, folder).store) as store:
        store.save(talk("new"))
    own_folder.chmod(0o500)
    assert not reader.is_in_place()
    reader.close()
    with contextlib.closing(open_store(file, folder).store) as store:
        assert "new" in store.ids()


def test_what_lies_on_a_full_disk_is_read(small_disk: Path) -> None:
    file, folder = small_disk / "conversations.db", small_disk / "backups"
    keep_two(file, folder).close()
    with contextlib.suppress(OSError), (small_disk / "filler").open("ab", buffering=0) as stream:
        while True:
            stream.write(b"x" * 4096)
    opened = open_store(file, folder)
    with contextlib.closing(opened.store) as store:
        assert store.load("kept") == talk("kept")
        with pytest.raises(StorageError, match="disk_full"):
            store.save(talk("long", 3, 5000))


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
