"""A damaged store: nothing is deleted, what can be read is there again, and the rest comes from a backup."""

import contextlib
import os
import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from app.chat.conversation import Conversation
from app.errors import StorageError
from app.storage.backup import daily
from app.storage.database import open_store
from tests.storage.damage import COUNT, PAGE, content, pages_of, write_at
from tests.storage.talks import files_beside, talk


def test_a_bad_page_of_texts_costs_only_what_stood_in_it(
    file: Path, folder: Path, whole: dict[str, Conversation]
) -> None:
    pages = pages_of(file, "segments")
    assert len(pages) > 8
    write_at(file, pages[4] * PAGE, b"\xa5" * PAGE)
    damaged = file.read_bytes()
    opened = open_store(file, folder)
    assert opened.repair is not None
    assert opened.repair.aside.read_bytes() == damaged
    assert opened.repair.conversations == COUNT
    assert 1 <= opened.repair.lost <= 4
    there = content(opened)
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
        write_at(file, pages_of(file, table)[0] * PAGE + 8, b"\xa5" * 2000)
    opened = open_store(file, folder)
    assert opened.repair is not None
    assert (opened.repair.conversations, opened.repair.lost) == (COUNT, 0)
    assert content(opened) == whole


def test_what_was_removed_does_not_come_back_from_the_backup(
    file: Path, folder: Path, whole: dict[str, Conversation]
) -> None:
    daily(file, folder)
    store = open_store(file, folder).store
    store.delete("c3", 1.0)
    store.purge(1.0)
    store.close()
    write_at(file, pages_of(file, "segments")[-2] * PAGE, b"\xa5" * PAGE)
    opened = open_store(file, folder)
    assert opened.repair is not None
    del whole["c3"]
    assert content(opened) == whole


def test_without_its_first_page_and_without_a_backup_all_is_still_found(
    file: Path, folder: Path, whole: dict[str, Conversation]
) -> None:
    write_at(file, 0, b"\0" * PAGE)
    opened = open_store(file, folder)
    assert opened.repair is not None
    assert content(opened) == whole
    assert opened.repair.lost == 0


def test_a_table_without_its_root_comes_from_the_backup(
    file: Path, folder: Path, whole: dict[str, Conversation]
) -> None:
    daily(file, folder)
    with contextlib.closing(sqlite3.connect(file)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'messages'").fetchone()[0]
    write_at(file, (root - 1) * PAGE, os.urandom(PAGE))
    opened = open_store(file, folder)
    assert opened.repair is not None
    assert opened.repair.lost == 0
    assert content(opened) == whole


def test_texts_whose_messages_are_lost_are_kept(
    file: Path, folder: Path, whole: dict[str, Conversation]
) -> None:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        roots = [
            connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
            for name in ("messages", "conversations")
        ]
    for root in roots:
        write_at(file, (root - 1) * PAGE, b"\xff" * PAGE)
    opened = open_store(file, folder)
    assert opened.repair is not None
    assert opened.repair.lost >= 1
    there = content(opened)
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
    assert content(opened) == whole


@pytest.mark.parametrize("left", [0, 10, 2000])
def test_a_file_of_which_almost_nothing_is_left_comes_back_from_the_backup(
    file: Path, folder: Path, whole: dict[str, Conversation], left: int
) -> None:
    daily(file, folder)
    os.truncate(file, left)
    opened = open_store(file, folder)
    assert opened.repair is not None
    assert content(opened) == whole


@pytest.mark.parametrize("other", [b"", b"no database", b"\0" * 100_000, b"<html>" * 50_000])
def test_a_file_that_is_something_else_is_set_aside(file: Path, folder: Path, other: bytes) -> None:
    file.write_bytes(other)
    opened = open_store(file, folder)
    assert content(opened) == {}
    if other:
        assert opened.repair is not None
        assert opened.repair.aside.read_bytes() == other


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
        there = content(opened)
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
    write_at(file, start + second, data[start + first : start + first + 4])
    opened = open_store(file, folder)
    assert opened.repair is not None
    assert content(opened) == whole


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
    write_at(file, middle * PAGE, b"\xff\xff\xff\xff")
    opened = open_store(file, folder)
    assert opened.repair is not None
    assert opened.repair.lost == 1
    there = content(opened)["long"]
    texts = [segment.text for message in there.messages for segment in message.segments]
    originals = [segment.text for message in whole.messages for segment in message.segments]
    assert len(texts) == 3
    assert all(original.startswith(text) for text, original in zip(texts, originals, strict=True))
    assert sum(map(len, texts)) > 10_000
