"""What is chosen for a conversation counts for it alone, over the settings, over the model; and it is kept."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from app.chat.options import Capabilities, Choices, ChosenSampling, Sampling, SamplingAdvice, Thinking
from app.errors import StorageError
from app.services.conversations.chat_service import GenerationChoices
from tests.doubles.services import EFFORTS, Played, capabilities
from tests.waiting import wait_until

ADVICE = SamplingAdvice(
    Sampling(1.0, 64, 0.9), {"temperature": "file", "top_k": "published"}, "https://a.example"
)
QUICK = SamplingAdvice(Sampling(0.7, 20, 0.8), {"temperature": "published"}, "https://b.example")

Start = Callable[[], Played]


def advised() -> Capabilities:
    """A model with efforts that is sampled in another way when it does not think."""
    return msgspec.structs.replace(capabilities(thinking=EFFORTS), advice=ADVICE, quick_advice=QUICK)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts the services on one folder, as often as one likes."""
    made: list[Played] = []

    def make() -> Played:
        if made:
            made[-1].close()
        made.append(Played(tmp_path))
        made[-1].played.be_ready(advised())
        return made[-1]

    yield make
    made[-1].close()


def choices_of(played: Played, conversation_id: str) -> Choices:
    """What is stored of a conversation's choices, once nothing waits."""
    played.conversations.hand_over()
    return played.stored(conversation_id).choices


def test_each_conversation_keeps_its_own_over_a_restart(start: Start) -> None:
    played = start()
    played.answered("one")
    first, choosing = played.chat.conversation.id, played.chat.choosing
    mine = Choices("high", own_language=True, sampling=ChosenSampling(temperature=0.3))
    choosing.choose(mine)
    second = played.another()
    choosing.choose(Choices("low"))
    played.answered("two")
    assert [choices_of(played, one).thinking for one in (first, second)] == ["high", "low"]
    again = start()
    shown = []
    for one in (first, second):
        again.chat.open(one)
        shown.append((again.chat.choosing.choices, again.chat.choosing.thinking_now))
    assert shown == [(mine, "high"), (Choices("low"), "low")]


def test_an_empty_conversation_keeps_what_was_chosen_and_stores_it_with_its_first_question(
    start: Start,
) -> None:
    played = start()
    wanted = Choices("max", sampling=ChosenSampling(top_k=5))
    played.chat.choosing.choose(wanted)
    assert played.kept.real.ids() == ()
    played.answered("one")
    assert choices_of(played, played.chat.conversation.id) == wanted
    assert played.played.requests[0].options.thinking == "max"


def test_a_draft_brings_its_choices_back(start: Start) -> None:
    played = start()
    played.chat.choosing.choose(Choices("low"))
    played.chat.draft_changed("half a")
    key = played.chat.conversation.id
    played.chat.choosing.choose(Choices("high"))
    assert choices_of(played, key) == Choices("high")


def test_a_new_conversation_begins_with_what_was_chosen_last_and_keeps_it(start: Start) -> None:
    played = start()
    choosing = played.chat.choosing
    choosing.choose(Choices("high"))
    played.answered("one")
    second = played.another()
    assert choosing.thinking_now == "high"
    played.answered("two")
    played.another()
    choosing.choose(Choices("off"))
    played.answered("three")
    played.chat.open(second)
    assert choosing.thinking_now == "high"


def test_one_that_was_begun_with_the_model_s_own_stays_with_it(start: Start) -> None:
    played = start()
    played.answered("one")
    first = played.chat.conversation.id
    played.another()
    played.chat.choosing.choose(Choices("off"))
    played.chat.open(first)
    assert played.chat.choosing.thinking_now == "medium"


def test_a_choice_that_a_model_lacks_waits_and_is_not_erased(start: Start) -> None:
    played = start()
    played.chat.choosing.choose(Choices("high"))
    played.answered("one")
    asked = [played.chat.choosing.thinking_now]
    for model in (capabilities(), capabilities(thinking=Thinking()), advised()):
        played.played.be_ready(model)
        asked.append(played.chat.choosing.thinking_now)
        played.answered("and")
    assert asked == ["high", "on", None, "high"]
    assert [one.options.thinking for one in played.played.requests] == ["high", None, None, "high"]
    assert played.chat.choosing.choices.thinking == "high"


def test_the_last_choice_stands_in_for_one_that_the_model_lacks(start: Start) -> None:
    played = start()
    played.chat.choosing.choose(Choices("high"))
    played.answered("one")
    played.chat.choosing.last_thinking = "off"
    played.played.be_ready(capabilities())
    assert played.chat.choosing.thinking_now == "off"


def test_sampling_says_where_each_value_is_from(start: Start) -> None:
    played = start()
    choosing = played.chat.choosing
    choosing.set_settings(GenerationChoices(ChosenSampling(top_p=0.5, min_p=0.1)))
    choosing.choose(Choices("high", sampling=ChosenSampling(min_p=0.2, seed=7)))
    now = choosing.sampling_now
    assert now.values == Sampling(1.0, 64, 0.5, 0.2, seed=7)
    assert now.reference == "https://a.example"
    assert now.sources == {
        "temperature": "file",
        "top_k": "published",
        "top_p": "settings",
        "min_p": "conversation",
        "repeat_penalty": "guess",
        "presence_penalty": "guess",
        "seed": "conversation",
    }
    choosing.choose(Choices("off"))
    now = choosing.sampling_now
    assert (now.values, now.reference) == (Sampling(0.7, 20, 0.5, 0.1), "https://b.example")
    assert "seed" not in now.sources
    choosing.set_settings(GenerationChoices())
    assert choosing.sampling_now.values == QUICK.values


def test_where_nobody_decides_the_model_is_asked_to_do_as_it_likes(start: Start) -> None:
    played = start()
    played.answered("one")
    assert played.played.requests[0].options.sampling is None
    told = played.chat.conversation.branch()[-1].options
    assert told is not None
    assert told.sampling == played.chat.choosing.sampling_now.values
    played.chat.choosing.choose(Choices("off", sampling=ChosenSampling(temperature=0.1)))
    played.answered("two")
    assert played.played.requests[1].options.sampling == Sampling(0.1, 20, 0.8)


def test_one_that_waits_is_sampled_as_the_model_asks_that_is_there_when_its_turn_comes(start: Start) -> None:
    played = start()
    first = played.ask("one")
    played.another()
    played.chat.choosing.choose(Choices(sampling=ChosenSampling(temperature=0.1)))
    played.ask("two")
    played.played.be_ready(capabilities())
    played.end(first)
    assert played.played.requests[1].options.sampling == Sampling(temperature=0.1)


def test_another_version_of_an_old_reply_is_asked_for_as_is_chosen_today(start: Start) -> None:
    played = start()
    old = played.answered("one")
    played.chat.choosing.choose(Choices("off", own_language=True))
    played.chat.choosing.set_settings(GenerationChoices(language="Finnish"))
    played.chat.regenerate(old)
    options = played.played.requests[-1].options
    assert (options.thinking, options.think_in) == ("off", "Finnish")
    new = played.chat.answering
    assert new is not None
    # What nobody decided is told in numbers too.
    assert played.chat.message(new).options == msgspec.structs.replace(
        options, sampling=played.chat.choosing.sampling_now.values
    )


def test_more_of_a_reply_thinks_as_it_began_to_whatever_is_chosen_meanwhile(start: Start) -> None:
    """Asked not to think, the model would write the rest of the thought as its answer."""
    played = start()
    played.chat.choosing.choose(Choices("high"))
    reply = played.ask("one")
    played.write(reply, "Let me", "thinking")
    played.end(reply, "stopped")
    played.chat.choosing.set_settings(GenerationChoices(language="Finnish"))
    played.chat.choosing.choose(Choices("off", own_language=True))
    played.chat.continue_reply(reply)
    request = played.played.requests[-1]
    assert request.continuing
    assert (request.options.thinking, request.options.think_in) == ("high", "")
    played.end(reply, "stopped")
    # A model without this effort has it think as it does by itself.
    played.played.be_ready(capabilities())
    played.chat.continue_reply(reply)
    assert played.played.requests[-1].options.thinking is None


def test_more_of_a_thought_of_which_nothing_else_is_known_is_not_asked_for_as_an_answer(start: Start) -> None:
    played = start()
    reply = played.ask("one")
    played.write(reply, "Let me", "thinking")
    played.end(reply, "stopped")
    value = played.chat.conversation
    played.conversations.put(value.replacing(msgspec.structs.replace(value.message(reply), options=None)))
    for choice, asked in (("off", None), ("high", "high")):
        played.chat.choosing.choose(Choices(choice))
        played.chat.continue_reply(reply)
        assert played.played.requests[-1].options.thinking == asked
        played.end(reply, "stopped")
        value = played.chat.conversation
        played.conversations.put(value.replacing(msgspec.structs.replace(value.message(reply), options=None)))


def test_while_another_conversation_s_reply_grows_choices_are_for_the_open_one(start: Start) -> None:
    played = start()
    first = played.ask("one")
    first_id = played.chat.conversation.id
    second = played.another()
    played.chat.choosing.choose(Choices("low"))
    played.write(first, "Yes.")
    played.end(first)
    assert played.stored(first_id).choices == Choices("medium")
    assert played.chat.conversation.id == second
    assert played.chat.choosing.thinking_now == "low"


def test_those_of_a_temporary_conversation_stay_in_memory(start: Start) -> None:
    played = start()
    played.chat.new_conversation(temporary=True)
    played.chat.choosing.choose(Choices("low"))
    played.answered("one")
    played.conversations.hand_over()
    assert played.chat.choosing.choices == Choices("low")
    assert played.kept.real.ids() == ()


def test_a_store_that_takes_nothing_leaves_them_in_memory_and_they_follow(start: Start) -> None:
    played = start()
    played.answered("one")
    key = played.chat.conversation.id
    played.kept.error = StorageError("store_read_only")
    played.chat.choosing.choose(Choices("high"))
    played.conversations.hand_over()
    assert played.chat.choosing.thinking_now == "high"
    assert played.conversations.writing.unsaved_text == ()
    played.kept.error = None
    assert choices_of(played, key) == Choices("high")


def test_what_others_write_meanwhile_does_not_undo_a_choice(start: Start) -> None:
    played = start()
    played.answered("one")
    key = played.chat.conversation.id
    played.chat.choosing.choose(Choices("high"))
    played.kept.real.rename(key, "Theirs")
    played.kept.changed_elsewhere.emit()
    assert played.chat.conversation.title == "Theirs"
    assert played.chat.choosing.choices == Choices("high")
    assert choices_of(played, key) == Choices("high")


def test_whoever_shows_them_hears_of_every_change(start: Start) -> None:
    played = start()
    heard: list[str | None] = []
    played.chat.choosing.changed.connect(lambda: heard.append(played.chat.choosing.thinking_now))
    played.chat.choosing.choose(Choices("high"))
    played.chat.choosing.choose(Choices("high"))
    played.chat.choosing.set_settings(GenerationChoices(max_tokens=5))
    played.played.be_ready(capabilities())
    assert heard == ["high", "high", "on"]
    heard.clear()
    played.answered("one")
    played.another()
    wait_until(lambda: len(heard) == 1, "the new conversation")
