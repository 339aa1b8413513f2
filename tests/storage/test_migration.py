"""Older files are brought up to date step by step, with a backup before each; newer ones are left as they are."""

import contextlib
import shutil
import sqlite3
from pathlib import Path

import msgspec
import pytest

from app.chat.options import Choices
from app.errors import StorageError
from app.storage import migration
from app.storage.backup import backups
from app.storage.database import open_store
from app.storage.read_only import open_to_read
from tests.storage.talks import all_of, talk

_SECOND = """
-- A column; with a comment; and a text that a comment follows
ALTER TABLE conversations ADD COLUMN colour TEXT NOT NULL DEFAULT 'red';
CREATE INDEX by_colour ON conversations (colour);
"""
_THIRD = """
CREATE TABLE notes (
    key INTEGER PRIMARY KEY, -- a number
    conversation INTEGER NOT NULL REFERENCES conversations (key) ON DELETE CASCADE,
    text TEXT NOT NULL
) STRICT;
INSERT INTO notes (conversation, text) SELECT key, title || '; ' || colour FROM conversations;
CREATE TRIGGER noted AFTER DELETE ON notes BEGIN
    SELECT 1;
    SELECT 2;
END;
"""


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    """A history of three versions, of which the first is today's."""
    folder = tmp_path / "migrations"
    shutil.copytree(migration.FOLDER, folder)
    first = migration.latest()
    (folder / f"{first + 1:04d}_colour.sql").write_text(_SECOND, encoding="utf-8")
    (folder / f"{first + 2:04d}_notes.sql").write_text(_THIRD, encoding="utf-8")
    return folder


def version_of(file: Path) -> int:
    """The version that a file says it has."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def test_the_versions_are_numbered_without_a_gap() -> None:
    assert list(migration.migrations()) == list(range(1, migration.latest() + 1))


def test_an_older_file_is_brought_up_with_a_backup_before_each_step(
    file: Path, folder: Path, schema: Path
) -> None:
    first = migration.latest()
    store = open_store(file, folder).store
    store.save(talk("a"))
    store.close()
    opened = open_store(file, folder, schema=schema)
    assert opened.repair is None
    assert opened.store.load("a") == talk("a")
    notes = opened.store._connection.execute("SELECT text FROM notes").fetchall()
    opened.store.close()
    assert notes == [("Title of a; red",)]
    assert version_of(file) == first + 2
    made = backups(folder)
    assert [(backup.kind, version_of(backup.path)) for backup in made] == [
        ("update", first + 1),
        ("update", first),
    ]
    again = open_store(file, folder, schema=schema)
    again.store.close()
    assert len(backups(folder)) == 2


@pytest.mark.parametrize("steps", [1, 2])
def test_every_step_can_be_where_one_starts(file: Path, folder: Path, schema: Path, steps: int) -> None:
    first = migration.latest()
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        migration.migrate(connection, lambda _version: None, schema, first + steps)
    open_store(file, folder, schema=schema).store.close()
    assert version_of(file) == first + 2


def test_a_step_that_fails_leaves_the_file_as_it_was(file: Path, folder: Path, schema: Path) -> None:
    first = migration.latest()
    store = open_store(file, folder).store
    store.save(talk("a"))
    store.close()
    last = next(schema.glob("*_notes.sql"))
    last.write_text("CREATE TABLE notes (x);\nINSERT INTO nowhere VALUES (1);\n", encoding="utf-8")
    with pytest.raises(StorageError, match="store_unreadable"):
        open_store(file, folder, schema=schema)
    assert version_of(file) == first + 1
    with contextlib.closing(sqlite3.connect(file)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master")]
    assert "notes" not in names
    last.write_text(_THIRD, encoding="utf-8")
    opened = open_store(file, folder, schema=schema)
    assert set(all_of(opened.store)) == {"a"}
    opened.store.close()


def test_a_step_may_not_leave_rows_without_owners(file: Path, folder: Path, schema: Path) -> None:
    store = open_store(file, folder).store
    store.save(talk("a"))
    store.close()
    last = next(schema.glob("*_notes.sql"))
    last.write_text("DELETE FROM conversations;\n", encoding="utf-8")
    with pytest.raises(StorageError, match="store_unreadable"):
        open_store(file, folder, schema=schema)
    last.write_text(_THIRD, encoding="utf-8")
    opened = open_store(file, folder, schema=schema)
    assert opened.store.load("a") == talk("a")
    opened.store.close()


def test_a_newer_file_is_refused_and_not_touched(file: Path, folder: Path, schema: Path) -> None:
    open_store(file, folder, schema=schema).store.close()
    before = file.read_bytes()
    with pytest.raises(StorageError, match="store_newer"):
        open_store(file, folder)
    assert file.read_bytes() == before
    assert not file.with_name("conversations.db-wal").exists()


def test_nothing_is_changed_under_an_open_window(file: Path, folder: Path, schema: Path) -> None:
    window = open_store(file, folder).store
    window.save(talk("a"))
    with pytest.raises(StorageError, match="store_locked"):
        open_store(file, folder, schema=schema)
    assert window.load("a") == talk("a")
    window.close()
    open_store(file, folder, schema=schema).store.close()


def test_a_damaged_older_file_is_mended_and_brought_up(file: Path, folder: Path, schema: Path) -> None:
    store = open_store(file, folder).store
    for number in range(30):
        store.save(talk(f"c{number}", 4, 5))
    whole = all_of(store)
    store.close()
    with file.open("r+b") as stream:
        stream.write(b"\0" * 100)
    opened = open_store(file, folder, schema=schema)
    assert opened.repair is not None
    assert all_of(opened.store) == whole
    opened.store.close()


def test_a_file_of_the_first_version_has_no_choices_and_takes_some(file: Path, folder: Path) -> None:
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        migration.migrate(connection, lambda _version: None, newest=1)
        connection.execute(
            "INSERT INTO conversations (id, title, named, created, updated, system, draft)"
            " VALUES ('old', 'Swans', 1, 1, 2, '', 'half')"
        )
    opened = open_store(file, folder)
    old = opened.store.load("old")
    assert (old.title, old.choices) == ("Swans", Choices())
    opened.store.save_choices("old", Choices("low"))
    assert opened.store.load("old") == msgspec.structs.replace(old, choices=Choices("low"))
    opened.store.close()
    assert [(made.kind, version_of(made.path)) for made in backups(folder)] == [("update", 1)]


def test_a_file_of_the_first_version_that_cannot_be_written_is_read_and_left_as_it_is(file: Path) -> None:
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        migration.migrate(connection, lambda _version: None, newest=1)
        connection.execute(
            "INSERT INTO conversations (id, title, named, created, updated, system, draft)"
            " VALUES ('old', 'Swans', 1, 1, 2, '', 'half')"
        )
    before = file.read_bytes()
    store = open_to_read(file, StorageError("store_read_only"))
    assert [(row.id, row.title) for row in store.summaries()] == [("old", "Swans")]
    assert store.load("old").choices == Choices()
    assert store.is_in_place()
    with pytest.raises(StorageError, match="store_read_only"):
        store.save_choices("old", Choices("low"))
    store.close()
    assert file.read_bytes() == before


def test_a_backup_of_the_first_version_is_taken_back(file: Path, folder: Path) -> None:
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        migration.migrate(connection, lambda _version: None, newest=1)
    opened = open_store(file, folder)
    opened.store.save(talk("a"))
    (old,) = backups(folder)
    opened.store.replace_from(old.path, folder)
    assert all_of(opened.store) == {}
    opened.store.save(talk("b"))
    assert all_of(opened.store) == {"b": talk("b")}
    opened.store.close()
