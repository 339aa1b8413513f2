"""The list and the open conversations follow the file, whoever writes in it."""

from pathlib import Path

import msgspec

from app.chat.conversation import Conversation, Message, Segment, Text
from app.errors import StorageError
from app.storage.conversation_store import ConversationStore
from app.storage.database import open_store
from tests.doubles.services import Played, Services


def titles(played: Services) -> list[str]:
    """The list as it reads."""
    return [row.title for row in played.conversations.summaries]


def elsewhere(played: Played) -> ConversationStore:
    """The same file as another process has it."""
    return open_store(played.kept._file, played.kept._backups).store


def test_what_another_process_wrote_is_seen(played: Played) -> None:
    played.answered("one")
    value = played.chat.conversation
    other = elsewhere(played)
    more = Message("more", "user", value.leaf, parts=(Text("from elsewhere"),), created=played.time)
    other.save_messages(value.adding(more), more)
    other.save_messages(
        Conversation("x", "Theirs", created=1.0, updated=2.0).adding(Message("y", "user")),
        Message("y", "user"),
    )
    changed: list[bool] = []
    played.chat.conversation_changed.connect(lambda: changed.append(True))
    played.chat.draft_changed("being typed")
    played.kept.changed_elsewhere.emit()
    assert changed == [True]
    assert played.chat.conversation.branch()[-1].text == "from elsewhere"
    assert played.chat.conversation.draft == "being typed"
    assert titles(played) == ["one", "Theirs"]
    played.kept.changed_elsewhere.emit()
    assert changed == [True]
    other.close()


def test_what_another_process_wrote_while_the_disk_took_nothing_stays(played: Played) -> None:
    played.answered("one")
    value = played.chat.conversation
    played.kept.error = StorageError("disk_full")
    played.answered("two")
    other = elsewhere(played)
    theirs = Message("theirs", "user", value.leaf, parts=(Text("from elsewhere"),), created=played.time)
    other.save_messages(value.adding(theirs), theirs)
    changed = msgspec.structs.replace(value.messages[1], segments=(Segment("answer", "model", "Changed."),))
    other.save_messages(value.replacing(changed), changed)
    played.kept.changed_elsewhere.emit()
    played.kept.error = None
    played.conversations.writing.try_again()
    stored = played.stored(value.id)
    assert [message.text for message in stored.messages] == [
        "one",
        "Changed.",
        "two",
        "Yes.",
        "from elsewhere",
    ]
    assert [message.text for message in stored.branch()] == ["one", "Changed.", "two", "Yes."]
    assert played.chat.conversation == stored
    other.close()


def test_an_empty_version_goes_and_takes_nothing_of_another_process_along(played: Played) -> None:
    reply_id = played.answered("one")
    value = played.chat.conversation
    played.chat.regenerate(reply_id)
    version = played.chat.answering
    assert version is not None
    other = elsewhere(played)
    theirs = Message("theirs", "user", value.leaf, parts=(Text("from elsewhere"),), created=played.time)
    other.save_messages(value.adding(theirs), theirs)
    played.kept.error = StorageError("disk_full")
    played.end(version, "stopped")
    played.kept.error = None
    played.conversations.writing.try_again()
    assert [message.text for message in played.stored(value.id).messages] == ["one", "Yes.", "from elsewhere"]
    other.close()


def test_a_conversation_that_was_deleted_elsewhere_makes_room_for_a_new_one(played: Played) -> None:
    played.answered("one")
    conversation_id = played.chat.conversation.id
    other = elsewhere(played)
    other.delete(conversation_id, played.time)
    other.close()
    played.kept.changed_elsewhere.emit()
    assert played.chat.conversation.id != conversation_id
    assert played.chat.conversation.messages == ()
    assert titles(played) == []


def test_a_conversation_whose_reply_grows_is_left_alone_until_it_has_ended(played: Played) -> None:
    reply_id = played.ask("one")
    conversation_id = played.chat.conversation.id
    other = elsewhere(played)
    other.rename(conversation_id, "Theirs")
    played.kept.changed_elsewhere.emit()
    played.write(reply_id, "Yes.")
    assert played.chat.message(reply_id).text == "Yes."
    played.end(reply_id)
    assert played.chat.message(reply_id).text == "Yes."
    other.close()


def test_a_change_made_while_the_list_is_read_is_not_undone_by_it(played: Played) -> None:
    played.answered("one")
    conversation_id = played.chat.conversation.id
    played.another()
    played.kept.held = []
    played.kept.changed_elsewhere.emit()
    held, played.kept.held = played.kept.held, []
    read = held[:1]
    for act in read:
        act()
    played.conversations.rename(conversation_id, "Renamed")
    for act in (*held[1:], *played.kept.held):
        act()
    played.kept.let_go()
    assert titles(played) == ["Renamed"]


def test_a_backup_that_was_restored_is_read(played: Played, tmp_path: Path) -> None:
    played.answered("one")
    conversation_id = played.chat.conversation.id
    backup = tmp_path / "before.db"
    played.kept.real.backup(backup)
    played.answered("two")
    played.another()
    played.answered("three")
    lost = played.chat.conversation.id
    played.kept.real.replace_from(backup, played.kept._backups)
    played.kept.changed_elsewhere.emit()
    assert titles(played) == ["one"]
    assert played.chat.conversation.id != lost
    played.chat.open(conversation_id)
    assert [message.text for message in played.chat.conversation.branch()] == ["one", "Yes."]


def test_a_reply_that_grew_through_the_restoring_of_a_backup_is_kept(played: Played, tmp_path: Path) -> None:
    backup = tmp_path / "empty.db"
    played.kept.real.backup(backup)
    reply_id = played.ask("one")
    conversation_id = played.chat.conversation.id
    played.kept.real.replace_from(backup, played.kept._backups)
    played.kept.changed_elsewhere.emit()
    played.write(reply_id, "Yes.")
    played.replies._journal.flush()
    played.end(reply_id)
    assert [message.text for message in played.stored(conversation_id).branch()] == ["one", "Yes."]
    assert played.errors == []


def test_a_file_that_was_taken_away_gets_back_what_is_in_memory(played: Played) -> None:
    reply_id = played.ask("one")
    conversation_id = played.chat.conversation.id
    played.write(reply_id, "Yes")
    played.kept.real.close()
    for file in played.kept._file.parent.glob("conversations.db*"):
        if file.is_file():
            file.unlink()
    played.kept._real = None
    played.kept.start()
    assert played.stored(conversation_id).message(reply_id).text == "Yes"
    played.write(reply_id, ".")
    played.replies._journal.flush()
    assert played.stored(conversation_id).message(reply_id).text == "Yes."
