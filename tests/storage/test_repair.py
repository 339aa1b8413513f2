"""A damaged store: nothing is deleted, what can be read is there again, and the rest comes from a backup."""

import contextlib
import os
import random
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
from app.storage.database import OpenedStore, full_check, open_store
from app.storage.failures import suspect
from tests.storage.talks import all_of, files_beside, growing, talk

PAGE = 4096
COUNT = 30


@pytest.fixture
def whole(file: Path, folder: Path) -> dict[str, Conversation]:
    """What stands in the file that is going to be damaged."""
    return _filled(file, folder)


def _filled(file: Path, folder: Path) -> dict[str, Conversation]:
    store = open_store(file, folder).store
    for number in range(COUNT):
        # Some texts are longer than a page.
        store.save(talk(f"c{number}", 4, 1 if number % 5 else 200))
    whole = all_of(store)
    store.close()
    assert not file.with_name(f"{file.name}-wal").exists()
    return whole


def _content(opened: OpenedStore) -> dict[str, Conversation]:
    try:
        return all_of(opened.store)
    finally:
        opened.store.close()


def _write(file: Path, offset: int, data: bytes) -> None:
    with file.open("r+b") as stream:
        stream.seek(offset)
        stream.write(data)


def _pages_of(file: Path, table: str) -> list[int]:
    """The numbers (from 0) of a table's leaf pages, found by what stands in them."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    data = file.read_bytes()
    found: list[int] = []
    waiting = [root - 1]
    while waiting:
        page = waiting.pop()
        head = data[page * PAGE : page * PAGE + PAGE]
        if head[0] == 13:
            found.append(page)
        elif head[0] == 5:
            cells = int.from_bytes(head[3:5])
            pointers = [int.from_bytes(head[12 + 2 * i : 14 + 2 * i]) for i in range(cells)]
            waiting += [int.from_bytes(head[at : at + 4]) - 1 for at in pointers]
            waiting.append(int.from_bytes(head[8:12]) - 1)
    return sorted(found)


def test_a_bad_page_of_texts_costs_only_what_stood_in_it(
    file: Path, folder: Path, whole: dict[str, Conversation]
) -> None:
    pages = _pages_of(file, "segments")
    assert len(pages) > 8
    _write(file, pages[4] * PAGE, b"\xa5" * PAGE)
    damaged = file.read_bytes()
    opened = open_store(file, folder)
    assert opened.repair is not None
    assert opened.repair.aside.read_bytes() == damaged
    assert opened.repair.conversations == COUNT
    assert 1 <= opened.repair.lost <= 4
    there = _content(opened)
    assert set(there) == set(whole)
    unlike = [key for key in whole if there[key] != whole[key]]
    assert len(unlike) == opened.repair.lost
    for key in unlike:
        assert [m.id for m in there[key].messages] == [m.id for m in whole[key].messages]
    assert files_beside(file) == ["conversations.db", "conversations.db.damaged-1"]
    again = open_store(file, folder)
    assert again.repair is None
    again.store.close()


def test_what_a_bad_page_took_comes_from_the_backup(
    file: Path, folder: Path, whole: dict[str, Conversation]
) -> None:
    daily(file, folder)
    for table in ("segments", "messages", "conversations"):
        _write(file, _pages_of(file, table)[0] * PAGE + 8, b"\xa5" * 2000)
    opened = open_store(file, folder)
    assert opened.repair is not None
    assert (opened.repair.conversations, opened.repair.lost) == (COUNT, 0)
    assert _content(opened) == whole


def test_what_was_removed_does_not_come_back_from_the_backup(
    file: Path, folder: Path, whole: dict[str, Conversation]
) -> None:
    daily(file, folder)
    store = open_store(file, folder).store
    store.delete("c3", 1.0)
    store.purge(1.0)
    store.close()
    _write(file, _pages_of(file, "segments")[-2] * PAGE, b"\xa5" * PAGE)
    opened = open_store(file, folder)
    assert opened.repair is not None
    del whole["c3"]
    assert _content(opened) == whole


def test_without_its_first_page_and_without_a_backup_all_is_still_found(
    file: Path, folder: Path, whole: dict[str, Conversation]
) -> None:
    _write(file, 0, b"\0" * PAGE)
    opened = open_store(file, folder)
    assert opened.repair is not None
    assert _content(opened) == whole
    assert opened.repair.lost == 0


def test_a_table_without_its_root_comes_from_the_backup(
    file: Path, folder: Path, whole: dict[str, Conversation]
) -> None:
    daily(file, folder)
    with contextlib.closing(sqlite3.connect(file)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'messages'").fetchone()[0]
    _write(file, (root - 1) * PAGE, os.urandom(PAGE))
    opened = open_store(file, folder)
    assert opened.repair is not None
    assert opened.repair.lost == 0
    assert _content(opened) == whole


def test_texts_whose_messages_are_lost_are_kept(
    file: Path, folder: Path, whole: dict[str, Conversation]
) -> None:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        roots = [
            connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
            for name in ("messages", "conversations")
        ]
    for root in roots:
        _write(file, (root - 1) * PAGE, b"\xff" * PAGE)
    opened = open_store(file, folder)
    assert opened.repair is not None
    assert opened.repair.lost >= 1
    there = _content(opened)
    assert len(there) == 1
    recovered = next(iter(there.values()))
    replies = [message.text for message in recovered.branch()]
    assert replies == [
        message.text
        for number in range(COUNT)
        for message in whole[f"c{number}"].messages
        if message.role == "assistant"
    ]


@pytest.mark.parametrize("share", [0.9, 0.5, 0.1])
def test_a_file_that_was_cut_gives_what_is_left(
    file: Path, folder: Path, whole: dict[str, Conversation], share: float
) -> None:
    daily(file, folder)
    cut = int(file.stat().st_size * share)
    os.truncate(file, cut)
    opened = open_store(file, folder)
    assert opened.repair is not None
    assert opened.repair.aside.stat().st_size == cut
    assert _content(opened) == whole


@pytest.mark.parametrize("left", [0, 10, 2000])
def test_a_file_of_which_almost_nothing_is_left_comes_back_from_the_backup(
    file: Path, folder: Path, whole: dict[str, Conversation], left: int
) -> None:
    daily(file, folder)
    os.truncate(file, left)
    opened = open_store(file, folder)
    assert opened.repair is not None
    assert _content(opened) == whole


@pytest.mark.parametrize("content", [b"", b"no database", b"\0" * 100_000, b"<html>" * 50_000])
def test_a_file_that_is_something_else_is_set_aside(file: Path, folder: Path, content: bytes) -> None:
    file.write_bytes(content)
    opened = open_store(file, folder)
    assert _content(opened) == {}
    if content:
        assert opened.repair is not None
        assert opened.repair.aside.read_bytes() == content


def test_flipped_bits_anywhere_never_stop_it(
    file: Path, folder: Path, whole: dict[str, Conversation], tmp_path: Path
) -> None:
    daily(file, folder)
    original = file.read_bytes()
    choose = random.Random(4)
    places = [*range(0, 100, 3), *(choose.randrange(len(original)) for _ in range(90))]
    for place in places:
        room = tmp_path / f"flip-{place}"
        room.mkdir()
        flipped = bytearray(original)
        flipped[place] ^= 1 << choose.randrange(8)
        target = room / "conversations.db"
        target.write_bytes(flipped)
        opened, refused = None, ""
        try:
            opened = open_store(target, folder)
        except StorageError as error:
            refused = error.code
        if opened is None:
            # The number of the version itself was hit, which cannot be told from a newer one.
            assert (refused, place in range(60, 64)) == ("store_newer", True)
            assert target.read_bytes() == flipped
            continue
        there = _content(opened)
        assert set(there) >= set(whole), place
        unlike = [key for key in whole if there.get(key) != whole[key]]
        # A bit of a text itself may be flipped, which nothing can know.
        assert len(unlike) <= 1, place
        if opened.repair is not None:
            assert opened.repair.aside.read_bytes() == flipped
        shutil.rmtree(room)


def test_pages_that_a_tree_passes_over_without_a_word_come_from_the_backup(
    file: Path, folder: Path, whole: dict[str, Conversation]
) -> None:
    daily(file, folder)
    with contextlib.closing(sqlite3.connect(file)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'segments'").fetchone()[0]
    data = file.read_bytes()
    start = (root - 1) * PAGE
    assert data[start] == 5
    # The second child's place is taken by the first child once more.
    first, second = (int.from_bytes(data[start + at : start + at + 2]) for at in (12, 14))
    _write(file, start + second, data[start + first : start + first + 4])
    opened = open_store(file, folder)
    assert opened.repair is not None
    assert _content(opened) == whole


def test_a_hole_in_a_long_text_leaves_its_beginning(file: Path, folder: Path) -> None:
    store = open_store(file, folder).store
    store.save(talk("long", 1, 4000))
    whole = store.load("long")
    store.close()
    data = file.read_bytes()
    middle = next(
        at
        for at in range(len(data) // PAGE // 2, 0, -1)
        if b"Thought 0 of" in data[at * PAGE : at * PAGE + 200]
    )
    _write(file, middle * PAGE, b"\xff\xff\xff\xff")
    opened = open_store(file, folder)
    assert opened.repair is not None
    assert opened.repair.lost == 1
    there = _content(opened)["long"]
    texts = [segment.text for message in there.messages for segment in message.segments]
    originals = [segment.text for message in whole.messages for segment in message.segments]
    assert len(texts) == 3
    assert all(original.startswith(text) for text, original in zip(texts, originals, strict=True))
    assert sum(map(len, texts)) > 10_000


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
    _write(room / "conversations.db", 24, b"\xff" * 40)
    _write(room / "conversations.db", _pages_of(file, "conversations")[0] * PAGE, b"\xff" * 8)
    opened = open_store(room / "conversations.db", folder)
    assert set(_content(opened)) == {"early", "late"}


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
        _write(file, _pages_of(file, "segments")[0] * PAGE, b"\xa5" * PAGE)
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
    _write(file, _pages_of(file, "segments")[0] * PAGE, b"\xa5" * PAGE)
    damaged = file.read_bytes()

    def die(_file: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(repairing, "finish", die)
    with pytest.raises(KeyboardInterrupt):
        open_store(file, folder)
    monkeypatch.undo()
    assert file.read_bytes() == damaged
    opened = open_store(file, folder)
    assert _content(opened) == whole
    assert file.with_name("conversations.db.damaged-1").read_bytes() == damaged
    assert files_beside(file) == ["conversations.db", "conversations.db.damaged-1"]


def test_a_repair_for_which_there_is_no_room_changes_nothing(
    file: Path, folder: Path, whole: dict[str, Conversation], monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(file, _pages_of(file, "segments")[0] * PAGE, b"\xa5" * PAGE)
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
        _write(file, _pages_of(file, "segments")[0] * PAGE, b"\xa5" * PAGE)
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
    _write(file, _pages_of(file, "segments")[0] * PAGE, b"\xa5" * PAGE)
    opened = open_store(file, folder)
    assert opened.repair is not None
    reply = _content(opened)["g"].message("g-r")
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
    assert _content(opened) == whole
    assert full_check(file)
    again = open_store(file, folder)
    assert again.repair is None
    again.store.close()
