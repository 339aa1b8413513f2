"""`conversations` and `export`, as a script uses them: processes of their own on a real store."""

import json
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from app.chat.conversation import Conversation
from app.export.json_format import to_json
from app.storage.conversation_store import ConversationStore
from app.storage.database import open_store
from tests.end_to_end.test_ask import ask
from tests.export.samples import rich, simple

FIRST = msgspec.structs.replace(simple(), id="aaaa1111")
SECOND = msgspec.structs.replace(rich(), id="aaaa2222")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    """A store that another process (this one) has open, as the window has."""
    opened = open_store(tmp_path / "conversations.db", tmp_path / "backups").store
    opened.save(FIRST)
    opened.save(SECOND)
    yield opened
    opened.close()


@pytest.fixture
def data(store: ConversationStore, tmp_path: Path) -> Path:
    """Its data folder."""
    return tmp_path


def test_the_list_has_the_newest_first(data: Path) -> None:
    ended = ask(data, "conversations", "list", "--json")
    assert (ended.returncode, ended.stderr) == (0, "")
    first, second = map(json.loads, ended.stdout.splitlines())
    assert first == {
        "id": "aaaa1111",
        "title": "Sums",
        "created": "1970-01-02T00:00:00Z",
        "updated": "1970-01-02T01:00:00Z",
        "branches": 1,
        "messages": 2,
    }
    assert (second["id"], second["branches"], second["messages"]) == ("aaaa2222", 2, 4)


def test_the_list_for_people_is_a_line_each(data: Path) -> None:
    lines = ask(data, "conversations", "list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["aaaa1111", "aaaa2222"]
    assert lines[0].endswith("Sums")


def test_one_is_shown_by_the_beginning_of_its_id(data: Path) -> None:
    ended = ask(data, "conversations", "show", "aaaa2", "--json")
    shown = json.loads(ended.stdout)
    assert list(shown) == ["id", "title", "created", "system", "messages"]
    assert [message["role"] for message in shown["messages"]] == ["user", "assistant", "user"]
    assert shown["messages"][1] == {
        "role": "assistant",
        "text": "A cat.",
        "thinking": "Hm. Look at the ears.That is enough thinking.",
    }
    assert "And the tail?" in ask(data, "conversations", "show", "aaaa2").stdout


@pytest.mark.parametrize(
    ("beginning", "said"),
    [("aaaa", "Several conversations (2)"), ("b", ""), ("", ""), ("%", ""), ("_aaa", "")],
)
def test_an_id_that_is_not_one_is_refused(data: Path, beginning: str, said: str) -> None:
    for words in (["conversations", "show", beginning], ["export", beginning, "-o", str(data / "x.md")]):
        ended = ask(data, *words)
        assert (ended.returncode, ended.stdout) == (1, "")
        assert said in ended.stderr
        assert ended.stderr.count("\n") == 1
    assert not (data / "x.md").exists()


def test_an_export_replaces_the_file_that_was_named(data: Path) -> None:
    file = data / "x.md"
    file.write_text("old", encoding="utf-8")
    ended = ask(data, "export", "aaaa1", "--format", "md", "--thinking", "collapsed", "-o", str(file))
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == f"Exported to {file}.\n"
    assert file.read_text(encoding="utf-8").startswith("# Sums\n")
    assert sys.platform == "win32" or file.stat().st_mode & 0o777 == 0o600


def test_in_a_folder_that_is_there_nothing_is_replaced(data: Path) -> None:
    folder = data / "out"
    for _ in range(2):
        assert (
            ask(
                data, "export", "--all", "--format", "txt", "--thinking", "none", "-o", str(folder)
            ).returncode
            == 0
        )
    assert sorted(file.name for file in folder.iterdir()) == [
        *("A cat 🐈 (2).txt", "A cat 🐈.txt", "Sums (2).txt", "Sums.txt")
    ]
    ask(data, "export", "aaaa1", "--format", "txt", "-o", str(folder))
    assert (folder / "Sums (3).txt").exists()


def test_what_is_exported_comes_back_identical_elsewhere(data: Path, tmp_path: Path) -> None:
    assert (
        ask(
            data, "export", "--all", "--format", "json", "--thinking", "appendix", "-o", str(data / "out")
        ).returncode
        == 0
    )
    other = tmp_path / "other"
    ended = ask(other, "conversations", "import", str(data / "out"), "--json")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert json.loads(ended.stdout)["imported"] == 2
    opened = open_store(other / "conversations.db", other / "backups").store
    stored: list[Conversation] = [opened.load("aaaa1111"), opened.load("aaaa2222")]
    opened.close()
    assert stored == [FIRST, SECOND]


def test_a_second_import_skips_and_says_why(data: Path) -> None:
    file = data / "x.json"
    file.write_text(
        to_json([FIRST, msgspec.structs.replace(SECOND, id="n", leaf="no")], "none"), encoding="utf-8"
    )
    file.write_text(
        to_json([FIRST, msgspec.structs.replace(SECOND, id="n", leaf="no")], "appendix"), encoding="utf-8"
    )
    ended = ask(data, "conversations", "import", str(file), "--json")
    assert ended.returncode == 1
    result = json.loads(ended.stdout)
    assert (result["imported"], result["skipped"], len(result["reasons"])) == (0, 2, 2)
    assert ended.stderr.count("\n") == 2
    assert "is here already" in ended.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "holds no conversations of this program"),
        (b"# Sums\n", "holds no conversations of this program"),
        (b'{"format": "soliloquy-conversations", "version": 9}', "newer version"),
        (b'{"format": "soliloquy-conversations", "version": 1, "conversations": [', "cut short or damaged"),
        (b'{"format": "soliloquy-conversations\xff', "not text in UTF-8"),
        (None, "There is no file"),
    ],
)
def test_a_file_that_is_not_ours_is_refused_in_one_sentence(
    data: Path, content: bytes | None, said: str
) -> None:
    file = data / "x.json"
    if content is not None:
        file.write_bytes(content)
    ended = ask(data, "conversations", "import", str(file))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert said in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_file_that_cannot_be_written_is_told(data: Path) -> None:
    ended = ask(data, "export", "aaaa1", "-o", str(data / "none" / "x.md"))
    assert ended.returncode == 1
    assert "There is no folder for" in ended.stderr
    (data / "file").write_text("", encoding="utf-8")
    ended = ask(data, "export", "--all", "-o", str(data / "file"))
    assert "is a file, and a folder is needed" in ended.stderr


def test_without_conversations_there_is_nothing_to_export(tmp_path: Path) -> None:
    ended = ask(tmp_path / "new", "export", "--all", "-o", str(tmp_path / "out"))
    assert ended.returncode == 1
    assert "There is no conversation to export yet" in ended.stderr
    assert not (tmp_path / "out").exists()
    assert ask(tmp_path / "new", "conversations", "list").stdout == ""


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "conversations.db")
    connection.execute("PRAGMA user_version = 1000")
    connection.close()
    ended = ask(tmp_path, "conversations", "list")
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1


def test_a_damaged_store_is_mended_and_that_is_told(store: ConversationStore, tmp_path: Path) -> None:
    store.close()
    file = tmp_path / "conversations.db"
    content = bytearray(file.read_bytes())
    content[: len(content) // 2] = bytes(len(content) // 2)
    file.write_bytes(content)
    ended = ask(tmp_path, "conversations", "list")
    assert ended.returncode == 0
    assert "was damaged" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_the_log_holds_no_word_of_a_conversation(data: Path) -> None:
    ask(data, "export", "aaaa1", "-o", str(data / "x.md"))
    (data / "x.json").write_text(to_json([FIRST], "none"), encoding="utf-8")
    ask(data, "conversations", "import", str(data / "x.json"))
    text = (data / "logs" / "soliloquy.log").read_text(encoding="utf-8")
    assert "Sums" not in text
    assert "35" not in text.replace("0.35", "")
