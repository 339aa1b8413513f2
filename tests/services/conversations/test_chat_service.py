"""The chat service keeps what was typed and written, through stops, crashes and refusals."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.chat.conversation import Conversation
from app.errors import AppError
from app.protocol.engine import Delta, Planned
from app.services.conversations.chat_service import ChatService, ContextUse
from tests.conftest import Noise
from tests.doubles.services import Played, PlayedEngine
from tests.services.conftest import MakeEngine, MakeServices
from tests.waiting import wait_until

MODEL = Path("/models/scripted.gguf")
MakeChat = Callable[[str], ChatService]


class Heard:
    """What a chat service said."""

    def __init__(self, chat: ChatService) -> None:
        self.added: list[str] = []
        self.errors: list[AppError] = []
        self.uses: list[ContextUse] = []
        self.answering: list[bool] = []
        self.prefilled: list[tuple[int, int]] = []
        chat.message_added.connect(self.added.append)
        chat.failed.connect(self.errors.append)
        chat.context_changed.connect(self.uses.append)
        chat.answering_changed.connect(self.answering.append)
        chat.prefilling.connect(lambda _id, done, total: self.prefilled.append((done, total)))


@pytest.fixture
def chat(engine: MakeEngine, services: MakeServices) -> MakeChat:
    """Makes a chat service on a scripted engine that has loaded."""

    def make(script: str) -> ChatService:
        service = engine(script)
        made = services(service).chat
        service.load(MODEL)
        wait_until(lambda: service.state.phase == "ready", "the load")
        return made

    return make


def ended(chat: ChatService) -> Callable[[], bool]:
    """Whether no reply is growing."""
    return lambda: chat.answering is None


def test_a_question_and_its_reply_stand_in_the_conversation(chat: MakeChat) -> None:
    service = chat("plain")
    heard = Heard(service)
    assert service.send("12 + 3")
    wait_until(ended(service), "the reply")
    question, reply = service.conversation.branch()
    assert [question.id, reply.id] == heard.added
    assert question.text == "12 + 3"
    assert (reply.thinking, reply.answer) == ("12 + 3 = 15", "It is 15.")
    assert reply.state == "finished"
    assert reply.reason == "end"
    assert reply.model == "Scripted model"
    assert [segment.tokens for segment in reply.segments] == [4, 3]
    assert reply.statistics is not None
    assert heard.answering == [True, False]
    assert heard.prefilled[-1] == (20, 20)


def test_a_growing_reply_is_seen_while_it_grows(chat: MakeChat) -> None:
    service = chat("waits")
    service.send("12 + 3")
    reply_id = service.answering
    assert reply_id is not None
    wait_until(lambda: service.message(reply_id).thinking == "12 + 3 ", "the first words")
    assert service.message(reply_id).state == "streaming"
    service.stop()
    wait_until(ended(service), "the stop")
    assert service.message(reply_id).reason == "stopped"
    assert service.message(reply_id).stopped_while_thinking


def test_a_stopped_reply_is_continued_in_its_place(chat: MakeChat) -> None:
    service = chat("waits")
    service.send("12 + 3")
    wait_until(lambda: bool(service.conversation.branch()[-1].segments), "the first words")
    service.stop()
    wait_until(ended(service), "the stop")
    reply = service.conversation.branch()[-1]
    service.continue_reply(reply.id)
    wait_until(lambda: service.message(reply.id).thinking == "12 + 3 12 + 3 ", "more words")
    service.stop()
    wait_until(ended(service), "the second stop")
    after = service.message(reply.id)
    assert len(after.segments) == 1
    assert after.segments[0].tokens == 4
    assert after.statistics is not None
    assert after.statistics.thinking_tokens == 8


def test_what_was_written_stays_when_the_engine_dies(chat: MakeChat, noise: Noise) -> None:
    noise.allow("the engine ended")
    service = chat("crashes")
    heard = Heard(service)
    service.send("12 + 3")
    wait_until(ended(service), "the crash")
    reply = service.conversation.branch()[-1]
    assert reply.thinking == "12 + 3 "
    assert (reply.state, reply.reason) == ("interrupted", "interrupted")
    assert [error.code for error in heard.errors].count("engine_crashed") >= 1


def test_a_question_that_cannot_be_sent_is_refused_with_its_reason(
    engine: MakeEngine, services: MakeServices
) -> None:
    service = services(engine("plain")).chat
    heard = Heard(service)
    assert not service.send("12 + 3")
    assert not service.send("   ")
    assert [error.code for error in heard.errors] == ["no_model", "prompt_empty"]
    assert service.conversation.branch() == ()


def test_a_second_question_is_refused_while_a_reply_grows(chat: MakeChat) -> None:
    service = chat("waits")
    heard = Heard(service)
    assert service.send("12 + 3")
    assert not service.send("and 4")
    assert [error.code for error in heard.errors] == ["engine_busy"]
    service.stop()
    wait_until(ended(service), "the stop")


def test_a_draft_that_does_not_fit_is_said_before_it_is_sent(chat: MakeChat) -> None:
    service = chat("plain")
    heard = Heard(service)
    draft = "long " * 400
    service.draft_changed(draft)
    wait_until(lambda: bool(heard.uses) and not heard.uses[-1].fits, "the plan")
    assert heard.uses[-1].room == 0
    assert not service.send(draft)
    assert [error.code for error in heard.errors] == ["context_full"]


def test_a_reply_that_the_engine_refuses_keeps_the_question(chat: MakeChat) -> None:
    service = chat("full")
    heard = Heard(service)
    service.send("12 + 3")
    wait_until(ended(service), "the refusal")
    question, reply = service.conversation.branch()
    assert question.text == "12 + 3"
    assert reply.reason == "context_full"
    assert [error.code for error in heard.errors] == ["context_full"]


def test_regenerating_writes_another_version_beside_the_reply(chat: MakeChat) -> None:
    service = chat("plain")
    service.send("12 + 3")
    wait_until(ended(service), "the reply")
    reply = service.conversation.branch()[-1]
    service.regenerate(reply.id)
    fresh = service.answering
    assert fresh is not None
    assert fresh != reply.id
    wait_until(ended(service), "the second reply")
    assert service.message(fresh).answer == "It is 15."
    assert service.message(fresh).derived_from == reply.id
    assert [message.id for message in service.conversation.branch()][1:] == [fresh]
    assert (service.versions(reply.id), service.versions(fresh)) == ((1, 2), (2, 2))


def test_a_new_conversation_is_empty_and_the_reply_goes_on_behind_it(chat: MakeChat) -> None:
    service = chat("waits")
    service.send("12 + 3")
    first, reply_id = service.conversation.id, service.answering
    assert reply_id is not None
    service.system_prompt = "Be brief."
    service.new_conversation()
    answering = [service.answering]
    assert service.conversation.branch() == ()
    assert service.conversation.system == "Be brief."
    service.open(first)
    answering.append(service.answering)
    assert answering == [None, reply_id]
    wait_until(lambda: service.message(reply_id).thinking == "12 + 3 ", "the first words")
    service.stop()
    wait_until(ended(service), "the stop")
    assert service.conversation.system == ""


def test_an_old_reply_comes_back_when_not_a_word_of_a_new_one_comes(chat: MakeChat) -> None:
    service = chat("plain")
    service.send("12 + 3")
    wait_until(ended(service), "the reply")
    reply = service.conversation.branch()[-1]
    service._engine.unload()
    service.regenerate(reply.id)
    assert service.answering is None
    assert service.message(reply.id) == reply


def test_going_on_without_a_model_keeps_every_word(chat: MakeChat) -> None:
    service = chat("plain")
    heard = Heard(service)
    service.send("12 + 3")
    wait_until(ended(service), "the reply")
    reply = service.conversation.branch()[-1]
    service._engine.unload()
    service.continue_reply(reply.id)
    assert service.message(reply.id).segments == reply.segments
    assert [error.code for error in heard.errors] == ["no_model"]


def test_a_plan_that_arrives_late_says_nothing_about_what_is_there_now(services: MakeServices) -> None:
    engine = PlayedEngine()
    service = services(engine).chat
    engine.be_ready()
    service.draft_changed("a long story")
    late = engine.plans[-1].plan_id
    service.draft_changed("")
    engine.planned.emit(Planned(late, 9000, {}, (), 8192))
    assert service.context_use == ContextUse(0, 8192)


def test_a_growing_reply_is_counted_as_it_grows(services: MakeServices) -> None:
    engine = PlayedEngine()
    service = services(engine).chat
    engine.be_ready()
    service.send("Tell me a story")
    wait_until(lambda: bool(engine.requests), "the request")
    reply_id = engine.requests[0].reply_id
    engine.prefilling.emit(reply_id, 1000, 1000)
    engine.delta.emit(Delta(reply_id, "answer", "model", "Once upon a time", 240))
    wait_until(lambda: service.context_use.tokens == 1240, "the count")


def test_a_short_draft_is_sent_although_the_long_one_before_did_not_fit(services: MakeServices) -> None:
    engine = PlayedEngine()
    service = services(engine).chat
    engine.be_ready()
    service.draft_changed("a long story")
    engine.planned.emit(Planned(engine.plans[-1].plan_id, 9000, {}, (), 8192))
    service.draft_changed("short")
    assert service.send("short")
    wait_until(lambda: bool(engine.requests), "the request")
    assert engine.requests[-1].messages[-1].text == "short"


def test_stop_before_the_model_is_loaded_ends_the_reply_as_stopped(
    engine: MakeEngine, services: MakeServices
) -> None:
    running = engine("never_loads")
    service = services(running).chat
    heard = Heard(service)
    running.load(MODEL)
    service.send("12 + 3")
    service.stop()
    wait_until(ended(service), "the stop")
    assert service.conversation.branch()[-1].reason == "stopped"
    assert heard.errors == []


def test_a_draft_that_leaves_no_room_for_a_reply_does_not_fit(services: MakeServices) -> None:
    engine = PlayedEngine()
    service = services(engine).chat
    engine.be_ready()
    for total, fits in ((8192 - 64, True), (8192 - 63, False)):
        service.draft_changed("a long story")
        engine.planned.emit(Planned(engine.plans[-1].plan_id, total, {}, (), 8192))
        assert service.context_use.fits is fits


def test_a_reply_asked_for_while_the_model_loads_bears_the_model_s_own_name(
    engine: MakeEngine, services: MakeServices
) -> None:
    running = engine("plain")
    service = services(running).chat
    running.load(MODEL, name="scripted")
    service.send("12 + 3")
    wait_until(ended(service), "the reply")
    assert service.conversation.branch()[-1].model == "Scripted model"


def test_a_window_that_died_in_the_middle_of_a_reply_goes_on_with_it(
    engine: MakeEngine, services: MakeServices
) -> None:
    dying = services(engine("waits"))
    dying.engine.load(MODEL)
    dying.chat.send("12 + 3")
    reply_id = dying.chat.answering
    assert reply_id is not None
    wait_until(lambda: dying.chat.message(reply_id).thinking == "12 + 3 ", "the first words")
    dying.replies._journal.flush()
    dying.store.close()
    again = services(engine("plain"))
    again.engine.load(MODEL)
    again.chat.open(dying.chat.conversation.id)
    wait_until(lambda: bool(again.chat.conversation.messages), "the conversation")
    cut = again.chat.message(reply_id)
    assert (cut.thinking, cut.state, cut.model) == ("12 + 3 ", "interrupted", "Scripted model")
    again.chat.continue_reply(reply_id)
    wait_until(ended(again.chat), "the rest")
    stored: list[Conversation] = []
    again.store.run(lambda store: store.load(again.chat.conversation.id), stored.append)
    wait_until(lambda: bool(stored), "the conversation")
    assert stored[0] == again.chat.conversation
    assert stored[0].branch()[-1].thinking == "12 + 3 12 + 3 = 15"


def test_what_is_handed_over_of_a_conversation_has_the_text_so_far(played: Played) -> None:
    reply_id = played.ask("one")
    played.write(reply_id, "Half")
    got: list[Conversation] = []
    played.conversations.get(played.chat.conversation.id, got.append)
    assert got[0].message(reply_id).text == "Half"
