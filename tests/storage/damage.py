"""Files of conversations that are damaged on purpose."""

import contextlib
import sqlite3
from pathlib import Path

import msgspec

from app.chat.conversation import Conversation
from app.chat.options import Choices
from app.storage.database import OpenedStore, open_store
from tests.storage.talks import all_of, talk

PAGE = 4096
COUNT = 30


def filled(file: Path, folder: Path) -> dict[str, Conversation]:
    """Makes a store of some pages; what stands in it."""
    store = open_store(file, folder).store
    for number in range(COUNT):
        # Some texts are longer than a page, and for one conversation something was chosen.
        conversation = talk(f"c{number}", 4, 1 if number % 5 else 200)
        choices = Choices("high") if number == 7 else Choices()
        store.save(msgspec.structs.replace(conversation, choices=choices))
    whole = all_of(store)
    store.close()
    assert not file.with_name(f"{file.name}-wal").exists()
    return whole


def content(opened: OpenedStore) -> dict[str, Conversation]:
    """What stands in a store, which is closed."""
    try:
        return all_of(opened.store)
    finally:
        opened.store.close()


def write_at(file: Path, offset: int, data: bytes) -> None:
    """Writes over a part of a file."""
    with file.open("r+b") as stream:
        stream.seek(offset)
        stream.write(data)


def pages_of(file: Path, table: str) -> list[int]:
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
