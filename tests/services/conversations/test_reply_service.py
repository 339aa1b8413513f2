"""One reply grows at a time, the others wait their turn, and no word of any of them is lost."""

from collections.abc import Sequence
from typing import get_args

import pytest

from app.chat.conversation import FinishReason, Segment, Statistics
from app.chat.options import Choices
from app.errors import EngineError, PromptError, StorageError
from app.services.models.engine_service import EngineState
from app.storage.conversation_store import ConversationStore
from tests.doubles.services import EFFORTS, Played, capabilities
from tests.waiting import wait_until


def test_a_question_is_on_disk_before_the_engine_is_asked(played: Played) -> None:
    played.kept.held = []
    reply_id = played.ask("What is it?")
    assert played.played.requests == []
    played.kept.let_go()
    assert [request.reply_id for request in played.played.requests] == [reply_id]
    stored = played.stored(played.chat.conversation.id)
    assert [message.text for message in stored.branch()] == ["What is it?", ""]
    assert stored.branch()[-1].state == "streaming"


def test_replies_are_written_one_after_the_other_in_the_order_of_their_questions(played: Played) -> None:
    states: list[str] = []
    ids = []
    for question in ("one", "two", "three"):
        ids.append(played.ask(question))
        states.append(played.chat.message(ids[-1]).state)
        played.another()
    assert states == ["streaming", "queued", "queued"]
    assert played.asked() == ["one"]
    assert [job.reply_id for job in played.replies.waiting] == ids[1:]
    played.end(ids[0])
    assert played.asked() == ["one", "two"]
    played.end(ids[1])
    played.end(ids[2])
    assert played.asked() == ["one", "two", "three"]
    assert played.replies.running is None


def test_what_was_chosen_when_a_question_was_asked_counts_when_its_turn_comes(played: Played) -> None:
    played.played.be_ready(capabilities(thinking=EFFORTS))
    first = played.ask("one")
    played.another()
    played.chat.choosing.choose(Choices("high"))
    second = played.ask("two")
    conversation_id = played.chat.conversation.id
    played.chat.choosing.choose(Choices("low"))
    assert [job.conversation_id for job in played.replies.waiting] == [conversation_id]
    played.end(first)
    assert played.played.requests[-1].options.thinking == "high"
    options = played.stored(conversation_id).message(second).options
    assert options is not None
    assert options.thinking == "high"


def test_a_reply_that_waits_can_be_stopped(played: Played) -> None:
    first = played.ask("one")
    played.another()
    second = played.ask("two")
    played.chat.stop()
    assert played.chat.answering is None
    assert played.chat.message(second).reason == "stopped"
    assert played.stored(played.chat.conversation.id).message(second).state == "finished"
    played.end(first)
    assert played.asked() == ["one"]


def test_another_model_leaves_the_text_and_takes_over_those_that_wait(played: Played) -> None:
    first = played.ask("one")
    first_id = played.chat.conversation.id
    played.write(first, "Half a")
    played.another()
    second = played.ask("two")
    played.played.load(played.kept._file, name="Other")
    played.settle()
    kept = played.stored(first_id).message(first)
    assert (kept.text, kept.state, kept.reason) == ("Half a", "interrupted", "stopped")
    assert played.asked() == ["one", "two"]
    played.played.be_ready(capabilities("Other"))
    assert played.chat.message(second).model == "Other"
    assert played.errors == []


def test_a_reply_without_a_word_goes_to_the_new_model_first(played: Played) -> None:
    first = played.ask("one")
    played.another()
    played.ask("two")
    played.played.load(played.kept._file, name="Other")
    assert played.replies.waiting[0].reply_id == first
    played.settle()
    assert played.asked() == ["one", "one"]
    assert played.replies.running is not None
    assert played.replies.running.reply_id == first


def test_without_a_model_the_queue_waits_for_one(played: Played) -> None:
    first = played.ask("one")
    first_id = played.chat.conversation.id
    played.write(first, "x")
    played.another()
    played.ask("two")
    played.played.unload()
    played.settle()
    kept = played.stored(first_id).message(first)
    assert (kept.text, kept.state, kept.reason) == ("x", "finished", "stopped"), "no other model was chosen"
    assert played.asked() == ["one"]
    assert len(played.replies.waiting) == 1
    played.played.be_ready()
    played.settle()
    assert played.asked() == ["one", "two"]


def test_a_model_that_fails_without_a_word_does_not_use_up_the_queue(played: Played) -> None:
    ids = []
    for question in ("one", "two", "three"):
        ids.append(played.ask(question))
        played.another()
    played.played.become(EngineState("failed", "/m"))
    played.played.reply_failed.emit(ids[0], EngineError("load_failed", detail=""))
    played.settle()
    assert played.asked() == ["one"]
    played.played.be_ready(capabilities("Other"))
    played.settle()
    assert played.asked() == ["one", "two"]


def test_after_a_crash_in_the_middle_the_next_one_is_tried(played: Played) -> None:
    first = played.ask("one")
    first_id = played.chat.conversation.id
    played.write(first, "Half")
    played.another()
    played.ask("two")
    played.played.reply_failed.emit(first, EngineError("engine_crashed", detail=""))
    played.settle()
    assert played.stored(first_id).message(first).state == "interrupted"
    assert played.asked() == ["one", "two"]


def test_a_model_that_is_taken_away_while_the_disk_is_slow_is_waited_for(played: Played) -> None:
    played.kept.held = []
    reply_id = played.ask("one")
    played.played.unload()
    played.kept.let_go()
    assert played.asked() == []
    assert played.chat.message(reply_id).state == "queued"
    played.played.be_ready()
    played.settle()
    assert played.asked() == ["one"]
    assert played.errors == []


def test_a_conversation_that_is_too_long_holds_nobody_up(played: Played) -> None:
    first = played.ask("one")
    played.another()
    played.ask("two")
    played.played.reply_failed.emit(first, PromptError("context_full", needed=9, context=8))
    played.settle()
    assert played.asked() == ["one", "two"]


def test_deleting_a_conversation_stops_its_reply_and_undo_brings_its_text_back(played: Played) -> None:
    first = played.ask("one")
    first_id = played.chat.conversation.id
    played.write(first, "Half a sen")
    played.another()
    played.ask("two")
    played.conversations.delete(first_id)
    assert played.played.stopped == [first]
    played.settle()
    assert played.asked() == ["one", "two"]
    played.write(first, "tence that comes late")
    assert [row.title for row in played.conversations.summaries] == ["two"]
    assert played.conversations.undo_delete()
    kept = played.stored(first_id).message(first)
    assert (kept.text, kept.reason) == ("Half a sen", "stopped")
    assert [row.title for row in played.conversations.summaries] == ["two", "one"]


def test_deleting_a_conversation_takes_its_question_out_of_the_queue(played: Played) -> None:
    first = played.ask("one")
    second_id = played.another()
    second = played.ask("two")
    played.conversations.delete(second_id)
    assert played.replies.waiting == ()
    played.end(first)
    assert played.asked() == ["one"]
    assert played.conversations.undo_delete()
    assert played.stored(second_id).message(second).reason == "stopped"


def test_new_text_is_handed_to_the_store_in_time_and_only_once(played: Played) -> None:
    reply_id = played.ask("one")
    conversation_id = played.chat.conversation.id
    for word in ("a ", "b ", "c "):
        played.write(reply_id, word)
    works = played.kept.works
    wait_until(lambda: played.kept.works > works, "the journal", 2.0)
    assert played.stored(conversation_id).message(reply_id).text == "a b c "
    played.write(reply_id, "d")
    wait_until(lambda: played.stored(conversation_id).message(reply_id).text == "a b c d", "the journal")
    played.end(reply_id)
    stored = played.stored(conversation_id).message(reply_id)
    assert stored.segments == (Segment("answer", "model", "a b c d", 4, stored.segments[0].seconds),)


def test_storing_a_long_reply_costs_what_its_text_costs(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[int] = []
    append = ConversationStore.append

    def counted(store: ConversationStore, message_id: str, deltas: Sequence[Segment]) -> None:
        handed.append(sum(len(delta.text) for delta in deltas))
        append(store, message_id, deltas)

    monkeypatch.setattr(ConversationStore, "append", counted)
    reply_id = played.ask("one")
    for _ in range(100):
        played.write(reply_id, "x" * 1000)
        played.replies._journal.flush()
    assert handed == [1000] * 100


def test_text_is_stored_although_the_window_is_too_busy_for_its_timers(played: Played) -> None:
    reply_id = played.ask("one")
    clock = [0.0]
    played.replies._journal._clock = lambda: clock[0]
    for word in ("a ", "b ", "c "):
        played.write(reply_id, word)
        clock[0] += 0.2
    assert played.stored(played.chat.conversation.id).message(reply_id).text == "a b c "


def test_a_disk_that_takes_nothing_stops_no_reply_and_loses_no_word(played: Played) -> None:
    played.kept.error = StorageError("disk_full")
    reply_id = played.ask("one")
    conversation_id = played.chat.conversation.id
    assert played.errors == ["disk_full"]
    assert played.asked() == ["one"]
    saved: list[bool] = []
    played.conversations.saved.connect(lambda: saved.append(True))
    played.write(reply_id, "Half ")
    played.kept.error = None
    played.conversations.writing.try_again()
    assert saved == [True]
    assert played.stored(conversation_id).message(reply_id).text == "Half "
    played.write(reply_id, "more")
    wait_until(lambda: played.stored(conversation_id).message(reply_id).text == "Half more", "the journal")
    played.end(reply_id)
    assert played.stored(conversation_id).message(reply_id).text == "Half more"
    assert played.errors == ["disk_full"]


def test_a_disk_that_fails_in_the_middle_of_a_reply_gets_all_of_it_later(played: Played) -> None:
    reply_id = played.ask("one")
    conversation_id = played.chat.conversation.id
    played.write(reply_id, "first ")
    played.kept.error = StorageError("disk_full")
    wait_until(lambda: bool(played.errors), "the failure")
    played.write(reply_id, "second ")
    played.end(reply_id)
    played.another()
    assert played.conversations.live(conversation_id) is not None
    played.kept.error = None
    played.conversations.writing.try_again()
    assert played.stored(conversation_id).message(reply_id).text == "first second "
    assert played.conversations.live(conversation_id) is None


def test_closing_stores_every_reply_as_stopped(played: Played) -> None:
    first = played.ask("one")
    first_id = played.chat.conversation.id
    played.write(first, "Half")
    second_id = played.another()
    second = played.ask("two")
    played.replies.close()
    played.settle()
    assert played.stored(first_id).message(first).text == "Half"
    assert played.stored(first_id).message(first).reason == "stopped"
    assert played.stored(second_id).message(second).state == "finished"
    assert played.asked() == ["one"]


@pytest.mark.parametrize("phase", ["ready", "answering"])
def test_a_reply_that_ends_twice_ends_once(played: Played, phase: str) -> None:
    reply_id = played.answered("one")
    ended: list[str] = []
    played.replies.ended.connect(lambda _id, message: ended.append(message.id))
    played.played.become(EngineState("ready" if phase == "ready" else "answering", "/m"))
    played.end(reply_id)
    played.played.reply_failed.emit(reply_id, EngineError("engine_crashed"))
    assert ended == []


@pytest.mark.parametrize("reason", get_args(FinishReason))
def test_how_a_reply_ended_is_stored_with_what_it_cost(played: Played, reason: FinishReason) -> None:
    reply_id = played.ask("one")
    played.write(reply_id, "Yes.", "thinking")
    played.end(reply_id, reason)
    reply = played.stored(played.chat.conversation.id).message(reply_id)
    assert (reply.reason, reply.thinking) == (reason, "Yes.")
    assert reply.state == ("interrupted" if reason == "interrupted" else "finished")
    assert reply.statistics == Statistics(10, 0, 0, 2, 0.0, 0.1, 20.0, 0.1)


def test_a_reply_that_the_context_cannot_hold_says_so(played: Played) -> None:
    reply_id = played.ask("one")
    played.played.reply_failed.emit(reply_id, PromptError("context_full", needed=9, context=5))
    assert played.stored(played.chat.conversation.id).message(reply_id).reason == "context_full"


def test_a_reply_whose_engine_died_is_stored_with_what_its_text_tells(played: Played) -> None:
    reply_id = played.ask("one")
    played.played.prefilling.emit(reply_id, 12, 12)
    for text in ("Hm", ", yes"):
        played.write(reply_id, text, "thinking")
    played.played.reply_failed.emit(reply_id, EngineError("engine_crashed"))
    reply = played.stored(played.chat.conversation.id).message(reply_id)
    assert (reply.state, reply.reason) == ("interrupted", "interrupted")
    assert reply.statistics is not None
    assert (reply.statistics.prompt_tokens, reply.statistics.thinking_tokens) == (12, 2)


def test_what_a_continued_reply_cost_adds_up(played: Played) -> None:
    reply_id = played.ask("one")
    played.write(reply_id, "Hm", "thinking")
    played.end(reply_id, "limit")
    played.chat.continue_reply(reply_id)
    played.settle()
    played.write(reply_id, "Yes.")
    played.end(reply_id)
    reply = played.stored(played.chat.conversation.id).message(reply_id)
    assert reply.statistics is not None
    assert (reply.reason, reply.statistics.answer_tokens, reply.statistics.prompt_tokens) == ("end", 4, 10)
