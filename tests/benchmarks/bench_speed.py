"""Decode, prefill and the follow-up turn through worker and wire, beside a bare loop on the same file and tokens."""

from collections.abc import Iterator

from app.chat.conversation import Turn
from app.chat.options import GenerateOptions, Sampling
from app.library.hardware import this_machine
from tests.benchmarks.bare_client import BareClient
from tests.benchmarks.engine_client import EngineClient
from tests.benchmarks.figures import Figure, MissingError, Pairs, in_turn
from tests.benchmarks.questions import STORY, of_length, turn
from tests.benchmarks.setup import QWEN, SMOLLM, SMOLLM2, Setup

_DECODE_BARS = {QWEN: 0.97, SMOLLM: 0.92, SMOLLM2: 0.92}
_DECODE_TOKENS = {QWEN: 96, SMOLLM: 256, SMOLLM2: 256}
_PREFILL_BAR = 0.97
_PREFILL_TOKENS = 1000
_HISTORY_TOKENS = 2000
_FOLLOW_UP_TOKENS = 50
_CONTEXT = 4096


def decode(setup: Setup) -> Iterator[Figure]:
    """Tokens per second from the prompt's end to the last token, on each file."""
    for name, bar in _DECODE_BARS.items():
        figure = f"decode, {name}"
        try:
            yield _decode(setup, name).figure(figure, bar, "at least", "tok/s")
        except MissingError as error:
            yield Figure(figure, None, bar, note=str(error))


def _decode(setup: Setup, name: str) -> Pairs:
    model = setup.model(name)
    tokens = _DECODE_TOKENS[name] // (4 if setup.quick else 1)
    with EngineClient(setup, model, _CONTEXT) as engine, BareClient(setup, model, _CONTEXT) as bare:

        def ours(index: int) -> float:
            return engine_speed(engine, tokens, index)

        def other(index: int) -> float:
            found = bare.measure(STORY, Sampling(seed=index), tokens=tokens)
            return (found.drawn - 1) / found.drawn_seconds

        in_turn(1, ours, other)  # the first time touches every page of the file
        return in_turn(setup.times(7), ours, other)


def engine_speed(engine: EngineClient, tokens: int, seed: int) -> float:
    """Tokens per second that a reader sees, from the prompt's end to the reply's end."""
    reply = engine.ask(STORY, GenerateOptions(None, tokens, Sampling(seed=seed)))
    # The first token needs no decode of its own.
    return (reply.tokens - 1) / (reply.ended - reply.read)


def prefill(setup: Setup) -> Iterator[Figure]:
    """Tokens per second of a prompt of 1,000 tokens, from asking to its end, on each file."""
    for name in _DECODE_BARS:
        figure = f"prefill, {name}"
        try:
            yield _prefill(setup, name).figure(figure, _PREFILL_BAR, "at least", "tok/s")
        except MissingError as error:
            yield Figure(figure, None, _PREFILL_BAR, note=str(error))


def _prefill(setup: Setup, name: str) -> Pairs:
    model = setup.model(name)
    tokens = _PREFILL_TOKENS // (4 if setup.quick else 1)
    with EngineClient(setup, model, _CONTEXT) as engine, BareClient(setup, model, _CONTEXT) as bare:
        cached: list[int] = []

        def ours(index: int) -> float:
            reply = engine.ask(of_length(tokens, index, bare.count), GenerateOptions(None, 1, Sampling()))
            statistics = reply.end.statistics
            cached.append(statistics.cached_tokens)
            return (statistics.prompt_tokens - statistics.cached_tokens) / (reply.read - reply.sent)

        def other(index: int) -> float:
            turns = of_length(tokens, index, bare.count)
            found = bare.measure(turns, Sampling(), unmeasured=cached[-1])
            return found.read / found.read_seconds

        engine.ask(STORY, GenerateOptions(None, 1, Sampling()))
        bare.measure(STORY, Sampling())
        return in_turn(setup.times(5), ours, other)


def follow_up(setup: Setup) -> Iterator[Figure]:
    """Time to the first token of a second turn, beside the bare prefill of the tokens that are new in it."""
    name, bar = f"follow-up turn, {SMOLLM2}", 1.2
    try:
        pairs, note = _follow_up(setup)
        yield pairs.figure(name, bar, "at most", "s", note)
    except MissingError as error:
        yield Figure(name, None, bar, "at most", note=str(error))


def _follow_up(setup: Setup) -> tuple[Pairs, str]:
    model = setup.model(SMOLLM2)
    history = _HISTORY_TOKENS // (4 if setup.quick else 1)
    with EngineClient(setup, model, _CONTEXT) as engine, BareClient(setup, model, _CONTEXT) as bare:
        first = of_length(history, 1, bare.count)
        answer = engine.ask(first, GenerateOptions(None, 16, Sampling(temperature=0.0)))
        talk = (*first, turn("assistant", answer.text, "answer"))
        cached: list[int] = []

        def asked(index: int) -> tuple[Turn, ...]:
            spoken = bare.count((*talk, turn("user", "")))
            return of_length(spoken + _FOLLOW_UP_TOKENS, index + 2, bare.count, talk)

        def ours(index: int) -> float:
            reply = engine.ask(asked(index), GenerateOptions(None, 8, Sampling(temperature=0.0)))
            cached.append(reply.end.statistics.cached_tokens)
            return reply.first - reply.sent

        def other(index: int) -> float:
            return bare.measure(asked(index), Sampling(), unmeasured=cached[-1]).read_seconds

        pairs = in_turn(setup.times(7), ours, other)
        total = bare.count(asked(0))
        return pairs, f"{total - cached[0]} new of {total} tokens"


_BUSY = (0.0, 0.05, 0.35)


def threads(setup: Setup) -> Iterator[Figure]:
    """Tokens per second that a reader sees with each number of threads, the reader idle or busy beside reading."""
    for name in _DECODE_BARS:
        for count in range(1, this_machine().usable_cores + 1):
            try:
                yield from _with_threads(setup, name, count)
            except MissingError as error:
                yield Figure(f"threads {count}, {name}", None, note=str(error))


def _with_threads(setup: Setup, name: str, count: int) -> Iterator[Figure]:
    tokens = _DECODE_TOKENS[name] // (4 if setup.quick else 2)
    chosen = Setup(count, setup.quick, setup.cache)
    for busy in _BUSY:
        with EngineClient(chosen, setup.model(name), _CONTEXT, busy) as engine:
            engine_speed(engine, tokens, 0)
            speeds = sorted(engine_speed(engine, tokens, 1 + index) for index in range(setup.times(3)))
        reader = f"reader busy {busy:.0%}" if busy else "reader"
        yield Figure(f"threads {count}, {name}, {reader}", speeds[len(speeds) // 2], unit="tok/s")
