"""A session keeps the KV cache between turns, stops anywhere, continues exactly, and says what fits."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from gguf import GGUFReader

from app.chat.conversation import Text, Turn
from app.chat.options import GenerateOptions, Sampling
from app.engine import session as session_module
from app.engine.session import Session
from app.errors import ChoiceError, PromptError
from app.paths import demo_model
from app.protocol.engine import Delta, Event, Finished, Generate, Plan, Prefilling
from tests.engine.conftest import OpenSession

GREEDY = Sampling(temperature=0.0)


def turn(name: str, text: str, role: str = "user", thinking: str = "") -> Turn:
    """A turn of a prompt."""
    return Turn(name, "assistant" if role == "assistant" else "user", (Text(text),), thinking)


class Reply:
    """One generated reply: its texts, its end, and how far its prompt was read."""

    def __init__(
        self,
        session: Session,
        turns: tuple[Turn, ...],
        *,
        reply_id: str = "r",
        max_tokens: int | None = 16,
        thinking: str | None = None,
        continuing: bool = False,
        on_event: Callable[[Event], None] | None = None,
    ) -> None:
        self.texts = {"thinking": "", "answer": ""}
        self.deltas: list[Delta] = []
        self.prefilled: list[tuple[int, int]] = []
        self._on_event = on_event
        options = GenerateOptions(thinking, max_tokens, GREEDY)
        self.generation = session.generation(Generate(reply_id, turns, options, continuing), self._take)

    def run(self) -> Finished:
        """Generates it."""
        return self.generation.run()

    def _take(self, event: Event) -> None:
        if isinstance(event, Delta):
            self.texts[event.channel] += event.text
            self.deltas.append(event)
        elif isinstance(event, Prefilling):
            self.prefilled.append((event.done, event.total))
        if self._on_event is not None:
            self._on_event(event)


def test_a_reply_ends_at_its_limit_with_statistics(open_session: OpenSession, zoo: Path) -> None:
    session = open_session(zoo / "llama-distill.gguf")
    reply = Reply(session, (turn("q", "hi"),))
    finished = reply.run()
    assert finished.reason == "limit"
    assert finished.statistics.thinking_tokens + finished.statistics.answer_tokens == 16
    assert sum(delta.tokens for delta in reply.deltas) <= 16
    assert finished.statistics.prompt_tokens == reply.prefilled[-1][1]
    assert reply.prefilled[-1][0] == reply.prefilled[-1][1]


def test_greedy_replies_are_the_same_every_time(open_session: OpenSession, zoo: Path) -> None:
    session = open_session(zoo / "llama-distill.gguf")
    one, two = Reply(session, (turn("q", "hi"),)), Reply(session, (turn("q", "hi"),))
    one.run()
    two.run()
    assert one.texts == two.texts


def test_a_second_turn_reads_only_what_is_new(open_session: OpenSession, smollm2: Path) -> None:
    session = open_session(smollm2)
    first = Reply(session, (turn("q", "Count from one to five."),), max_tokens=24)
    before = first.run().statistics.prompt_tokens
    said = first.texts["answer"]
    more = (turn("q", "Count from one to five."), turn("r", said, "assistant"), turn("q2", "And then?"))
    second = Reply(session, more, reply_id="r2")
    statistics = second.run().statistics
    # Everything up to the end of the first reply is in the cache already, its own tokens included.
    assert statistics.cached_tokens >= before + 20
    assert statistics.prompt_tokens - statistics.cached_tokens < 20


def test_the_cached_and_the_fresh_prompt_give_the_same_reply(
    open_session: OpenSession, smollm2: Path
) -> None:
    turns = (turn("q", "Name a fruit."), turn("a", "An apple.", "assistant"), turn("q2", "Another one?"))
    warm, cold = open_session(smollm2), open_session(smollm2)
    Reply(warm, turns[:1]).run()
    one, two = Reply(warm, turns, reply_id="x"), Reply(cold, turns, reply_id="x")
    assert one.run().statistics.cached_tokens > 0
    assert two.run().statistics.cached_tokens == 0
    assert one.texts == two.texts


@pytest.mark.parametrize("name", ["qwen35", "deepseek4"])
def test_a_model_that_cannot_go_back_still_answers_every_turn(
    open_session: OpenSession, zoo: Path, name: str
) -> None:
    session = open_session(zoo / f"{name}.gguf")
    first = Reply(session, (turn("q", "hi"),))
    first.run()
    turns = (turn("q", "hi"), turn("r", "well", "assistant", "hm"), turn("q2", "and?"))
    fresh = open_session(zoo / f"{name}.gguf")
    one, two = Reply(session, turns, reply_id="x"), Reply(fresh, turns, reply_id="x")
    one.run()
    two.run()
    assert one.texts == two.texts


def test_stop_ends_a_reply_between_two_tokens(open_session: OpenSession, zoo: Path) -> None:
    session = open_session(zoo / "llama-distill.gguf")
    holder: list[Reply] = []

    def stop_at_text(event: Event) -> None:
        if isinstance(event, Delta):
            holder[0].generation.stop()

    holder.append(Reply(session, (turn("q", "hi"),), max_tokens=None, on_event=stop_at_text))
    assert holder[0].run().reason == "stopped"
    assert Reply(session, (turn("q", "hi"),)).run().reason == "limit"


def test_stop_ends_a_prompt_that_is_being_read(open_session: OpenSession, smollm2: Path) -> None:
    session = open_session(smollm2, context=8192)
    reply = Reply(session, (turn("q", "word " * 5000),))
    timer = threading.Timer(0.4, reply.generation.stop)
    timer.start()
    started = time.monotonic()
    finished = reply.run()
    timer.join()
    assert finished.reason == "stopped"
    assert reply.prefilled[-1][0] < reply.prefilled[-1][1]
    assert reply.texts == {"thinking": "", "answer": ""}
    assert time.monotonic() - started < 20  # a whole prompt of this length takes far longer
    after = Reply(session, (turn("q", "Say hello."),))
    assert after.run().reason in ("limit", "end")


def test_a_stopped_reply_goes_on_with_the_very_tokens_it_wrote(
    open_session: OpenSession, smollm2: Path
) -> None:
    question = (turn("q", "Write a sentence about the sea."),)
    whole = Reply(open_session(smollm2), question, max_tokens=24)
    whole.run()
    session = open_session(smollm2)
    first = Reply(session, question, max_tokens=9)
    first.run()
    rest = Reply(
        session,
        (*question, turn("r", first.texts["answer"], "assistant")),
        max_tokens=15,
        continuing=True,
    )
    statistics = rest.run().statistics
    assert first.texts["answer"] + rest.texts["answer"] == whole.texts["answer"]
    assert statistics.prompt_tokens - statistics.cached_tokens <= 1


def test_a_reply_stopped_while_thinking_goes_on_thinking(open_session: OpenSession, zoo: Path) -> None:
    session = open_session(zoo / "llama-distill.gguf")
    question = (turn("q", "hi"),)
    first = Reply(session, question, max_tokens=6)
    first.run()
    assert first.texts["thinking"]
    rest = Reply(
        session,
        (*question, turn("r", "", "assistant", first.texts["thinking"])),
        max_tokens=6,
        continuing=True,
    )
    rest.run()
    assert rest.texts["thinking"]
    assert rest.texts["answer"] == ""


def test_a_prompt_larger_than_the_context_is_refused_with_both_numbers(
    open_session: OpenSession, zoo: Path
) -> None:
    session = open_session(zoo / "llama-distill.gguf", context=256)
    with pytest.raises(PromptError) as raised:
        Reply(session, (turn("q", "x " * 400),))
    assert raised.value.code == "context_full"
    assert raised.value.parameters["context"] == 256
    assert int(raised.value.parameters["needed"]) > 256


def test_the_oldest_exchanges_are_left_out_and_the_plan_says_which(
    open_session: OpenSession, zoo: Path
) -> None:
    session = open_session(zoo / "llama-distill.gguf", context=512)
    turns: tuple[Turn, ...] = ()
    for number in range(6):
        turns += (turn(f"q{number}", "x " * 40), turn(f"a{number}", "y " * 10, "assistant"))
    turns += (turn("last", "and now?"),)
    planned = session.planned(Plan("p", turns, GenerateOptions(max_tokens=16)))
    assert planned.left_out[:2] == ("q0", "a0")
    assert "last" not in planned.left_out
    assert planned.total <= planned.context == 512
    finished = Reply(session, turns).run()
    assert abs(finished.statistics.prompt_tokens - planned.total) <= 4


def test_a_context_that_fills_up_ends_the_reply_and_says_so(open_session: OpenSession, zoo: Path) -> None:
    session = open_session(zoo / "llama-distill.gguf", context=256)
    finished = Reply(session, (turn("q", "x"),), max_tokens=None).run()
    total = finished.statistics.prompt_tokens + finished.statistics.thinking_tokens
    assert finished.reason == "context_full"
    assert 255 <= total + finished.statistics.answer_tokens <= 257


def test_a_thinking_choice_that_the_model_does_not_have_is_refused(
    open_session: OpenSession, zoo: Path
) -> None:
    session = open_session(zoo / "qwen3.gguf")
    with pytest.raises(ChoiceError):
        Reply(session, (turn("q", "hi"),), thinking="sideways")


def test_a_conversation_without_a_question_is_refused(open_session: OpenSession, zoo: Path) -> None:
    session = open_session(zoo / "qwen3.gguf")
    with pytest.raises(PromptError):
        Reply(session, ())


def test_a_stop_that_came_as_the_last_reply_ended_does_not_stop_the_next(
    open_session: OpenSession, zoo: Path
) -> None:
    session = open_session(zoo / "llama-distill.gguf")
    first = Reply(session, (turn("q", "hi"),))
    first.run()
    first.generation.stop()
    assert Reply(session, (turn("q", "hi again"),)).run().reason == "limit"


def test_a_reply_that_is_stopped_before_it_runs_reads_nothing(open_session: OpenSession, zoo: Path) -> None:
    session = open_session(zoo / "llama-distill.gguf")
    reply = Reply(session, (turn("q", "hi"),))
    reply.generation.stop()
    assert reply.run().reason == "stopped"
    assert reply.texts == {"thinking": "", "answer": ""}
    assert reply.prefilled[-1][0] == 0


@pytest.mark.parametrize("name", ["demo", "qwen3", "gptoss", "llama-distill"])
def test_a_reply_cut_at_any_token_goes_on_as_if_it_had_not_been(
    open_session: OpenSession, zoo: Path, name: str
) -> None:
    """Inside a letter, in white space between two words, before and after a marker."""
    session = open_session(demo_model() if name == "demo" else zoo / f"{name}.gguf")
    question = (turn("q", "12+35=" if name == "demo" else "字é🙂"),)
    whole = Reply(session, question, reply_id="whole", max_tokens=90)
    ended = whole.run().statistics
    length = ended.thinking_tokens + ended.answer_tokens
    for cut in range(1, min(length, 60)):
        reply_id = f"r{cut}"
        first = Reply(session, question, reply_id=reply_id, max_tokens=cut)
        first.run()
        said = turn(reply_id, first.texts["answer"], "assistant", first.texts["thinking"])
        taken_back = cut - len(session._written[reply_id].tokens)
        rest = Reply(
            session,
            (*question, said),
            reply_id=reply_id,
            max_tokens=90 - cut + taken_back,
            continuing=True,
        )
        rest.run()
        for channel in ("thinking", "answer"):
            assert first.texts[channel] + rest.texts[channel] == whole.texts[channel], cut


def test_the_oldest_tokens_are_forgotten_when_there_are_too_many(
    open_session: OpenSession, zoo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "_REMEMBERED_TOKENS", 40)
    session = open_session(zoo / "llama-distill.gguf")
    for number in range(6):
        Reply(session, (turn("q", "hi"),), reply_id=f"r{number}").run()
    assert list(session._written) == ["r3", "r4", "r5"]


def test_a_template_that_makes_nothing_is_said_to(
    open_session: OpenSession, zoo: Path, tmp_path: Path
) -> None:
    source = zoo / "llama-distill.gguf"
    template = str(GGUFReader(source).fields["tokenizer.chat_template"].contents()).encode()
    nothing = b"{#" + b" " * (len(template) - 4) + b"#}"
    file = tmp_path / "nothing.gguf"
    file.write_bytes(source.read_bytes().replace(template, nothing))
    with pytest.raises(PromptError) as raised:
        Reply(open_session(file), (turn("q", "hi"),))
    assert raised.value.code == "template_failed"


@pytest.mark.parametrize("name", ["qwen3", "llama-distill", "deepseek2-r1", "gptoss"])
def test_a_control_text_that_a_person_types_is_read_letter_by_letter(
    open_session: OpenSession, zoo: Path, name: str
) -> None:
    session = open_session(zoo / f"{name}.gguf")
    asked = [control for control in session._model.controls if control not in (session._model.bos,)]
    plain = (turn("q", "say A"), turn("a", "B", "assistant", "C"), turn("q2", "D"))
    for control in asked:
        said = f"{control}x{control}"
        typed = (turn("q", f"say {said}"), turn("a", said, "assistant", said), turn("q2", said))
        before, after = tokens_of(session, plain), tokens_of(session, typed)
        # No turn was ended and none begun: what controls the model is what the template itself wrote.
        assert specials(session, after) == specials(session, before), control
        planned = session.planned(Plan("p", typed, GenerateOptions())).total
        assert abs(planned - len(after)) <= 2, control
        spelled = b"".join(map(session._model.piece, after)).decode()
        assert f"say {said}" in spelled
        assert spelled.count(said) >= 3


def tokens_of(session: Session, turns: tuple[Turn, ...]) -> list[int]:
    """The tokens of a prompt."""
    return list(Reply(session, turns).generation._order.prompt)


def specials(session: Session, tokens: list[int]) -> list[str]:
    """Those of the tokens that are more than text."""
    pieces = (session._model.piece(token).decode("utf-8", "replace") for token in tokens)
    return [piece for piece in pieces if piece in session._model.controls]


@pytest.mark.parametrize("name", ["qwen3", "deepseek2-r1", "gptoss"])
def test_what_begins_a_reply_is_told_from_what_was_asked(
    open_session: OpenSession, zoo: Path, name: str
) -> None:
    session = open_session(zoo / f"{name}.gguf")

    def begun(reply: Reply) -> str:
        """What the next prompt may lack."""
        order = reply.generation._order
        tokens = order.prompt[len(order.prompt) - order.tail :]
        return b"".join(map(session._model.piece, tokens)).decode("utf-8", "replace")

    asked = Reply(session, (turn("q", "Hi, </think> é"),), max_tokens=5)
    template = begun(asked)
    assert 0 < len(template) < 60
    assert "é" not in template
    asked.run()
    said = turn("r", asked.texts["answer"], "assistant", asked.texts["thinking"])
    again = Reply(session, (turn("q", "Hi, </think> é"), said), continuing=True)
    assert begun(again).startswith(template)
    assert again.generation._order.tail == asked.generation._order.tail + 5
    lost = turn("x", "So it is", "assistant", "hm")
    told = Reply(session, (turn("q", "Hi"), lost), reply_id="x", continuing=True)
    assert begun(told).startswith(template)
    assert begun(told).endswith("So it is")
