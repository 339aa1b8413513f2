"""Files come into a real store: once, whole, and without taking the place of anything."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from app.chat.conversation import Conversation, Segment
from app.errors import ExchangeError, StorageError
from app.export.json_format import to_json
from app.services.exchange.importing import Found, found_in, import_into
from app.services.words.messages import explain
from app.storage.conversation_store import ConversationStore
from app.storage.database import open_store
from tests.export.samples import conversation, question, reply, rich, simple


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    """An empty store."""
    opened = open_store(tmp_path / "data" / "conversations.db", tmp_path / "data" / "backups").store
    yield opened
    opened.close()


def other(title: str = "Sums") -> Conversation:
    """A conversation with the sample's id that says something else."""
    return conversation(question("What is 1 + 1?"), reply(Segment("answer", "model", "2.")), title=title)


def test_what_is_imported_is_stored_identical(store: ConversationStore, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(to_json([simple(), rich()], "appendix"), encoding="utf-8")
    result = import_into(store, found_in(file))
    assert result.ids == ("c1", "c2")
    assert not result.failed
    assert (store.load("c1"), store.load("c2")) == (simple(), rich())


def test_what_is_here_already_is_left_as_it_is(store: ConversationStore) -> None:
    store.save(msgspec.structs.replace(simple(), title="My sums", named=True))
    result = import_into(store, Found((simple(),)))
    assert (result.ids, result.present, result.failed) == ((), 1, False)
    assert explain(result.reasons[0]).title == "The conversation “Sums” is here already."
    assert store.load("c1").title == "My sums"


def test_another_one_with_the_same_id_becomes_a_copy_once(store: ConversationStore) -> None:
    store.save(other())
    first = import_into(store, Found((rich(), simple())))
    (_, copy) = first.ids
    assert copy not in ("c1", "c2")
    assert store.load("c1") == other()
    made = store.load(copy)
    assert [message.text for message in made.branch()] == [message.text for message in simple().branch()]
    assert not {message.id for message in made.messages} & {"q1", "r1"}
    again = import_into(store, Found((simple(),)))
    assert (again.ids, again.present) == ((), 1)


def test_a_copy_keeps_its_tree(store: ConversationStore) -> None:
    store.save(msgspec.structs.replace(other(), id="c2"))
    (copy,) = import_into(store, Found((rich(),))).ids
    made = store.load(copy)
    numbers = {message.id: index for index, message in enumerate(made.messages)}
    old = {message.id: index for index, message in enumerate(rich().messages)}
    for new_message, old_message in zip(made.messages, rich().messages, strict=True):
        assert numbers.get(new_message.parent or "") == old.get(old_message.parent or "")
        assert numbers.get(new_message.derived_from or "") == old.get(old_message.derived_from or "")
    assert made.leaf is not None
    assert numbers[made.leaf] == old["q2"]
    assert made.place is not None
    assert numbers[made.place.message] == old["r1"]


def test_what_was_deleted_comes_back(store: ConversationStore) -> None:
    store.save(simple())
    store.delete("c1", 1.0)
    assert import_into(store, Found((simple(),))).ids == ("c1",)
    assert store.load("c1") == simple()


def test_another_one_that_was_deleted_stays_so(store: ConversationStore) -> None:
    store.save(other())
    store.delete("c1", 1.0)
    (copy,) = import_into(store, Found((simple(),))).ids
    assert copy != "c1"
    assert store.ids() == (copy,)
    store.restore("c1")
    assert store.load("c1") == other()


def test_the_good_ones_of_a_file_are_taken_and_the_others_told(
    store: ConversationStore, tmp_path: Path
) -> None:
    broken = msgspec.structs.replace(rich(), leaf="nobody")
    file = tmp_path / "a.json"
    file.write_text(to_json([broken, simple()], "appendix"), encoding="utf-8")
    result = import_into(store, found_in(file))
    assert result.ids == ("c1",)
    assert result.failed
    assert explain(result.reasons[0]).text == (
        "Conversation 1 of the file, “A cat 🐈”, was not imported. The message that it ends with is not in the file."
    )


def test_a_folder_is_read_file_by_file(store: ConversationStore, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a.json").write_text(to_json([simple()], "none"), encoding="utf-8")
    (folder / "b.json").write_text("nothing", encoding="utf-8")
    result = import_into(store, found_in(folder))
    assert result.ids == ("c1",)
    assert [error.code for error in result.reasons] == ["import_unknown"]


def test_a_file_or_folder_without_any_is_told(tmp_path: Path) -> None:
    folder, file = tmp_path / "folder", tmp_path / "a.json"
    folder.mkdir()
    file.write_text(to_json([], "none"), encoding="utf-8")
    for path in (folder, file):
        with pytest.raises(ExchangeError) as refused:
            found_in(path)
        assert refused.value.code == "import_empty"


def test_a_disk_that_fills_up_keeps_what_came_before(
    store: ConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = store.save

    def full(value: Conversation) -> None:
        if value.id == "c2":
            raise StorageError("disk_full")
        save(value)

    monkeypatch.setattr(store, "save", full)
    result = import_into(store, Found((simple(), rich())))
    assert result.ids == ("c1",)
    assert [error.code for error in result.reasons] == ["disk_full"]
    with pytest.raises(StorageError):
        import_into(store, Found((rich(),)))
