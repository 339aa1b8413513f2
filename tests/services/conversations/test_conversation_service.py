"""The list and the values of conversations, through failures, other processes, and a clock that jumps."""

import pytest
from PySide6.QtCore import QCoreApplication

from app.chat.conversation import Conversation, Place
from app.errors import AppError, StorageError
from tests.doubles.services import Played, PlayedEngine, Services
from tests.services.conftest import MakeServices
from tests.waiting import wait_until


def titles(played: Services) -> list[str]:
    """The list as it reads."""
    return [row.title for row in played.conversations.summaries]


def test_the_list_is_newest_first_and_survives_a_restart(services: MakeServices) -> None:
    engine = PlayedEngine()
    engine.be_ready()
    first = services(engine)
    for question in ("one", "two"):
        assert first.chat.send(question)
        first.replies.stop_all_of(first.chat.conversation.id)
        first.chat.new_conversation()
    assert titles(first) == ["two", "one"]
    first.close()
    assert titles(services(PlayedEngine())) == ["two", "one"]


def test_a_conversation_is_read_when_it_is_asked_for(played: Played) -> None:
    played.answered("one", "The answer.")
    first = played.chat.conversation
    played.another()
    assert played.conversations.live(first.id) is None
    got: list[Conversation] = []
    played.conversations.get(first.id, got.append)
    assert got[0].branch()[-1].text == "The answer."
    missing: list[AppError] = []
    played.conversations.get("nowhere", got.append, missing.append)
    assert [error.code for error in missing] == ["conversation_missing"]


def test_empty_conversations_are_neither_stored_nor_listed(played: Played) -> None:
    played.another()
    played.another()
    assert titles(played) == []
    assert played.kept.real.ids() == ()
    assert played.conversations.unsent_id == ""


def test_a_name_that_a_person_gave_is_never_changed(played: Played) -> None:
    reply_id = played.ask("What is it?")
    conversation_id = played.chat.conversation.id
    played.conversations.rename(conversation_id, "  My   name ")
    played.write(reply_id, "# A heading")
    played.end(reply_id)
    played.conversations.rename(conversation_id, "   ")
    assert titles(played) == ["My name"]
    assert played.stored(conversation_id).title == "My name"
    assert played.stored(conversation_id).named


def test_a_conversation_that_is_not_open_is_renamed_all_the_same(played: Played) -> None:
    played.answered("one")
    conversation_id = played.chat.conversation.id
    played.another()
    played.conversations.rename(conversation_id, "Another")
    assert titles(played) == ["Another"]
    assert played.kept.real.summaries()[0].title == "Another"


def test_a_title_comes_with_the_question_and_is_better_once_there_is_an_answer(played: Played) -> None:
    reply_id = played.ask("hi")
    assert titles(played) == ["hi"]
    played.write(reply_id, "Hello! What shall we talk about?")
    played.end(reply_id)
    assert titles(played) == ["What shall we talk about?"]
    played.answered("Something else entirely")
    assert titles(played) == ["What shall we talk about?"]


def test_what_was_deleted_last_comes_back_first(played: Played) -> None:
    ids = []
    for question in ("one", "two"):
        played.answered(question)
        ids.append(played.chat.conversation.id)
        played.another()
    told: list[str] = []
    played.conversations.removed.connect(lambda one: told.append(f"removed {one}"))
    played.conversations.restored.connect(lambda one: told.append(f"restored {one}"))
    for one in ids:
        played.conversations.delete(one)
    assert titles(played) == []
    assert played.kept.real.summaries() == ()
    assert played.conversations.undo_delete()
    assert titles(played) == ["two"]
    assert played.conversations.undo_delete()
    assert not played.conversations.undo_delete()
    assert titles(played) == ["two", "one"]
    assert [row.title for row in played.kept.real.summaries()] == ["two", "one"]
    one, two = ids
    assert told == [f"removed {one}", f"removed {two}", f"restored {two}", f"restored {one}"]


def test_a_deletion_that_the_disk_does_not_take_is_done_later(played: Played) -> None:
    played.answered("one")
    conversation_id = played.chat.conversation.id
    played.another()
    played.kept.error = StorageError("store_locked")
    played.conversations.delete(conversation_id)
    played.kept.error = None
    played.kept.changed_elsewhere.emit()
    assert titles(played) == []
    played.conversations.writing.try_again()
    assert played.kept.real.summaries() == ()
    assert played.errors == ["store_locked"]


def test_what_was_deleted_before_it_was_ever_stored_stays_deleted(played: Played) -> None:
    played.kept.error = StorageError("disk_full")
    played.answered("one")
    conversation_id = played.chat.conversation.id
    played.kept.error = None
    played.conversations.delete(conversation_id)
    played.conversations.writing.try_again()
    assert played.kept.real.summaries() == ()
    assert played.conversations.undo_delete()
    assert [row.title for row in played.kept.real.summaries()] == ["one"]
    assert played.errors == ["disk_full"]


def test_undo_brings_back_what_was_being_typed(played: Played) -> None:
    played.answered("one")
    conversation_id = played.chat.conversation.id
    played.chat.draft_changed("half a thought")
    played.conversations.delete(conversation_id)
    assert played.chat.conversation.draft == ""
    assert played.conversations.undo_delete()
    played.chat.open(conversation_id)
    assert played.chat.conversation.draft == "half a thought"


def test_at_the_end_all_that_failed_is_tried_once_more(played: Played) -> None:
    played.kept.error = StorageError("store_locked")
    played.answered("one")
    played.chat.draft_changed("half")
    played.kept.error = None
    conversation_id = played.chat.conversation.id
    played.conversations.hand_over()
    stored = played.stored(conversation_id)
    assert [message.text for message in stored.branch()] == ["one", "Yes."]
    assert stored.draft == "half"


def test_a_failure_is_told_once_and_so_is_that_all_is_well_again(played: Played) -> None:
    played.kept.error = StorageError("disk_full")
    saved: list[bool] = []
    played.conversations.saved.connect(lambda: saved.append(True))
    played.answered("one")
    played.answered("two")
    played.conversations.rename(played.chat.conversation.id, "Named")
    played.conversations.writing.try_again()
    assert played.errors == ["disk_full"]
    states = [bool(played.conversations.writing.unsaved_text)]
    played.kept.error = None
    played.conversations.writing.try_again()
    states.append(bool(played.conversations.writing.unsaved_text))
    assert (saved, states) == ([True], [True, False])
    stored = played.stored(played.chat.conversation.id)
    assert stored == played.chat.conversation
    played.kept.error = StorageError("disk_full")
    played.answered("three")
    assert played.errors == ["disk_full", "disk_full"]


def test_what_is_missing_in_the_store_is_made_up_for_by_the_next_write(played: Played) -> None:
    played.kept.error = StorageError("disk_full")
    reply_id = played.ask("one")
    played.kept.error = None
    played.write(reply_id, "Yes.")
    played.end(reply_id)
    stored = played.stored(played.chat.conversation.id)
    assert [message.text for message in stored.branch()] == ["one", "Yes."]


def test_a_clock_that_is_set_back_makes_nothing_older_than_what_was_before(played: Played) -> None:
    played.answered("one")
    before = played.chat.conversation
    played.time -= 50_000
    played.answered("two")
    after = played.chat.conversation
    assert after.updated >= before.updated
    times = [message.created for message in after.branch()]
    assert times == sorted(times)


def test_drafts_are_kept_per_conversation_and_stored_when_typing_pauses(played: Played) -> None:
    played.answered("one")
    conversation_id = played.chat.conversation.id
    played.chat.draft_changed("half a thou")
    assert played.stored(conversation_id).draft == ""
    wait_until(lambda: played.stored(conversation_id).draft == "half a thou", "the pause", 2.0)
    played.chat.draft_changed("half a thought")
    played.another()
    assert played.stored(conversation_id).draft == "half a thought"
    assert played.chat.conversation.draft == ""
    played.chat.open(conversation_id)
    assert played.chat.conversation.draft == "half a thought"
    played.ask("half a thought, and more")
    assert played.stored(conversation_id).draft == ""


def test_the_draft_of_a_new_conversation_comes_back_after_a_restart(
    qt_app: QCoreApplication, services: MakeServices
) -> None:
    first = services(PlayedEngine())
    first.chat.draft_changed("not sent yet")
    first.close()
    again = services(PlayedEngine())
    wait_until(lambda: again.chat.conversation.draft == "not sent yet", "the draft")
    assert again.conversations.summaries == ()


def test_what_is_typed_at_once_is_not_replaced_by_the_draft_of_last_time(played: Played) -> None:
    played.kept.real.save_row(Conversation("old", draft="old draft", created=1.0, updated=1.0))
    again = Services(PlayedEngine(), played.kept)
    played.kept.held = []
    played.kept.start()
    again.chat.draft_changed("new")
    played.kept.let_go()
    assert again.chat.conversation.draft == "new"


def test_new_comes_back_to_the_draft_that_was_left(played: Played) -> None:
    played.answered("one")
    first = played.chat.conversation.id
    unsent = played.another()
    played.chat.draft_changed("later")
    played.chat.open(first)
    assert played.another() == unsent
    assert played.chat.conversation.draft == "later"
    assert played.another() == unsent


def test_where_a_person_was_reading_is_remembered(played: Played) -> None:
    reply_id = played.answered("one")
    conversation_id = played.chat.conversation.id
    played.chat.remember_place(Place(reply_id, -12))
    played.another()
    assert played.stored(conversation_id).place == Place(reply_id, -12)


def test_a_temporary_conversation_never_reaches_the_store(
    played: Played, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    played.chat.new_conversation(temporary=True)
    conversation_id = played.chat.conversation.id
    before = played.kept.works
    played.chat.draft_changed("secret draft")
    reply_id = played.ask("secret question")
    played.write(reply_id, "secret answer")
    wait_until(lambda: played.chat.message(reply_id).text == "secret answer")
    played.replies._journal.flush()
    played.end(reply_id)
    played.chat.remember_place(Place(reply_id, 3))
    played.conversations.rename(conversation_id, "secret name")
    played.chat.regenerate(reply_id)
    played.end(played.chat.answering or "")
    played.conversations.delete(conversation_id)
    assert played.conversations.undo_delete()
    played.conversations.hand_over()
    assert played.kept.works == before
    assert played.conversations.summaries[0].temporary
    assert "secret" not in caplog.text


def test_a_temporary_conversation_lives_as_long_as_the_window(played: Played) -> None:
    played.chat.new_conversation(temporary=True)
    played.answered("secret")
    conversation_id = played.chat.conversation.id
    played.another()
    assert not played.chat.conversation.temporary
    played.kept.changed_elsewhere.emit()
    assert titles(played) == ["secret"]
    played.chat.open(conversation_id)
    assert played.chat.conversation.branch()[-1].text == "Yes."


def test_a_reply_that_ends_in_another_conversation_is_unread_until_that_is_opened(played: Played) -> None:
    first = played.ask("one")
    conversation_id = played.chat.conversation.id
    played.another()
    played.write(first, "Yes.")
    played.end(first)
    assert [row.unread for row in played.conversations.summaries] == [True]
    assert played.kept.real.summaries()[0].unread
    played.chat.open(conversation_id)
    assert [row.unread for row in played.conversations.summaries] == [False]
    assert not played.kept.real.summaries()[0].unread
