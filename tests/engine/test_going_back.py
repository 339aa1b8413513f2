"""Models with a recurrent state do not read a conversation anew at each turn, and lose nothing by that."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from app.chat.conversation import Text, Turn
from app.chat.options import GenerateOptions, Sampling
from app.engine.llama_backend import LlamaModel
from app.engine.session import Session
from app.protocol.engine import Delta, Event, Finished, Generate, Prefilling
from tests.conftest import Noise
from tests.doubles.forced_sampling import Script, force
from tests.engine.conftest import OpenSession

HYBRID = ("qwen35", "deepseek4")
"""Of the zoo, those whose memory cannot be cut back."""

GREEDY = Sampling(temperature=0.0)
LIMIT = 24
QUESTION = "Tell me of the sea, and of those who live by it, in as many words as you like."


class Played:
    """What a model has read since it was empty, in the portions in which it read it.

    Another model that reads the same portions without ever going back is in the very same state: how a text is cut
    into portions changes the last digits of what comes out, and with random weights these decide.
    """

    def __init__(self, model: LlamaModel) -> None:
        self.portions: list[tuple[int, ...]] = []
        self._model = model
        self._keep, self._restore, self._clear = model.keep, model.restore, model.clear
        self._decode_prompt, self._decode_token = model.decode_prompt, model.decode_token
        for name in ("keep", "restore", "clear", "decode_prompt", "decode_token"):
            setattr(model, name, getattr(self, name))

    def keep(self, count: int) -> bool:
        """Drops what was not read of the last portion."""
        kept = self._keep(count)
        if kept:
            self._drop(count)
        return kept

    def restore(self, state: bytearray, count: int) -> bool:
        """Goes back to the end of a portion."""
        self._drop(count)
        return self._restore(state, count)

    def _drop(self, count: int) -> None:
        while sum(map(len, self.portions[:-1])) >= count:
            self.portions.pop()
        self.portions[-1] = self.portions[-1][: count - sum(map(len, self.portions[:-1]))]

    def clear(self) -> None:
        """Empties it."""
        self.portions.clear()
        self._clear()

    def decode_prompt(self, tokens: Sequence[int], progress: Callable[[int], None]) -> int:
        """Reads a portion."""
        self.portions.append(tuple(tokens))
        return self._decode_prompt(tokens, progress)

    def decode_token(self, token: int) -> None:
        """Reads a portion of one."""
        self.portions.append((token,))
        self._decode_token(token)


class Talk:
    """A conversation with a session, whose replies say what `script` has, or what the model likes."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.model = session._model
        self.script: Script | None = Script("so it is</think>It is.")
        self.turns: list[Turn] = []
        self.thinking: str | None = None
        force(self.model, lambda: self.script)
        self.played = Played(self.model)

    def ask(self, text: str, *, on_event: Callable[[Event], None] = lambda _event: None) -> Finished:
        """One more question, and the reply to it."""
        self.turns.append(Turn(f"q{len(self.turns)}", "user", (Text(text),)))
        return self.answer(on_event=on_event)

    def answer(self, *, on_event: Callable[[Event], None] = lambda _event: None) -> Finished:
        """The reply to the question that is the last."""
        said = {"thinking": "", "answer": ""}

        def take(event: Event) -> None:
            if isinstance(event, Delta):
                said[event.channel] += event.text
            on_event(event)

        reply_id = f"r{len(self.turns)}"
        options = GenerateOptions(self.thinking, LIMIT, GREEDY)
        self.generation = self.session.generation(Generate(reply_id, tuple(self.turns), options), take)
        finished = self.generation.run()
        self.turns.append(Turn(reply_id, "assistant", (Text(said["answer"]),), said["thinking"]))
        return finished

    def take_back(self, count: int) -> None:
        """Forgets the last turns."""
        del self.turns[-count:]


@pytest.fixture
def talk(request: pytest.FixtureRequest, open_session: OpenSession, zoo: Path) -> Talk:
    """A conversation with a model that cannot go back."""
    return Talk(open_session(zoo / f"{getattr(request, 'param', HYBRID[0])}.gguf"))


@pytest.fixture
def is_as_if_it_had_never_gone_back(talk: Talk, open_session: OpenSession, zoo: Path) -> Callable[[], bool]:
    """Whether the model, left to itself, gives its last reply anew as another one that only ever read on."""

    def same() -> bool:
        talk.take_back(1)
        talk.script = None
        talk.answer()
        read = [*talk.played.portions]
        other = open_session(zoo / f"{talk.session.capabilities.architecture}.gguf")._model
        while len(read) > 1 and len(read[-1]) == 1:
            read.pop()
        for portion in read:
            other.decode_prompt(portion, lambda _done: None)
        other.set_sampling(GREEDY, ())
        for (token,) in talk.played.portions[len(read) :]:
            if other.sample() != token:
                return False
            other.decode_token(token)
        return len(talk.played.portions) > len(read)

    return same


@pytest.mark.parametrize("talk", HYBRID, indirect=True)
def test_each_further_turn_reads_only_what_is_new(
    talk: Talk, is_as_if_it_had_never_gone_back: Callable[[], bool]
) -> None:
    first = talk.ask(QUESTION).statistics
    assert first.cached_tokens == 0
    read = first.prompt_tokens
    for question in ("And of the sky?", "And of the land?"):
        statistics = talk.ask(question).statistics
        assert statistics.cached_tokens > read - 40
        assert statistics.prompt_tokens - statistics.cached_tokens < 90
        read = statistics.prompt_tokens
    assert talk.turns[-1].thinking == "so it is"
    assert is_as_if_it_had_never_gone_back()


def test_a_reply_is_given_again_from_where_it_began(
    talk: Talk, is_as_if_it_had_never_gone_back: Callable[[], bool]
) -> None:
    prompt = talk.ask(QUESTION).statistics.prompt_tokens
    talk.take_back(1)
    again = talk.answer().statistics
    assert again.cached_tokens > prompt - 40
    assert is_as_if_it_had_never_gone_back()


def test_an_edited_first_question_is_read_and_nothing_of_the_old_one_stays(
    talk: Talk, is_as_if_it_had_never_gone_back: Callable[[], bool]
) -> None:
    for question in (QUESTION, "And of the sky?"):
        talk.ask(question)
    talk.take_back(4)
    talk.ask("Something else: how tall is a house?")
    edited = talk.ask("And a tree?").statistics
    assert edited.cached_tokens > 0
    assert is_as_if_it_had_never_gone_back()


def test_thinking_may_be_switched_from_turn_to_turn(
    talk: Talk, is_as_if_it_had_never_gone_back: Callable[[], bool]
) -> None:
    for thinking, said in (("on", "so</think>It is."), ("off", "It is."), ("on", "hm</think>Yes.")):
        talk.thinking, talk.script = thinking, Script(said)
        statistics = talk.ask(QUESTION).statistics
        assert bool(statistics.thinking_tokens) is (thinking == "on")
        assert bool(statistics.cached_tokens) is (len(talk.turns) > 2)
    assert is_as_if_it_had_never_gone_back()


def test_a_prompt_that_was_stopped_is_read_on_and_not_misread(
    talk: Talk, is_as_if_it_had_never_gone_back: Callable[[], bool]
) -> None:
    talk.ask(QUESTION)

    def stop(event: Event) -> None:
        if isinstance(event, Prefilling) and 0 < event.done < event.total:
            talk.generation.stop()

    talk.model._batch_size = 16
    stopped = talk.ask("word " * 12, on_event=stop)
    assert stopped.reason == "stopped"
    talk.take_back(1)
    assert talk.answer().statistics.cached_tokens > 0
    assert is_as_if_it_had_never_gone_back()


@pytest.mark.parametrize("what", ["save", "restore"])
def test_a_state_that_fails_costs_time_and_no_word(
    talk: Talk,
    is_as_if_it_had_never_gone_back: Callable[[], bool],
    what: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failed = {"save": bytearray, "restore": lambda _state, _count: False}
    monkeypatch.setattr(talk.model, what, failed[what])
    talk.ask(QUESTION)
    assert talk.ask("And of the sky?").statistics.cached_tokens == 0
    assert is_as_if_it_had_never_gone_back()


def test_a_state_that_was_cut_short_is_refused(
    talk: Talk, is_as_if_it_had_never_gone_back: Callable[[], bool], noise: Noise
) -> None:
    noise.allow("error loading state")
    save = talk.model.save
    vars(talk.model)["save"] = lambda: save()[: -len(save()) // 2]
    talk.ask(QUESTION)
    assert talk.ask("And of the sky?").statistics.cached_tokens == 0
    assert is_as_if_it_had_never_gone_back()
