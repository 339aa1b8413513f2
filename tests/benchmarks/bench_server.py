"""Our engine beside llama.cpp's own server: the same file, threads and samplers, each read by a streaming client."""

from collections.abc import Iterator

from app.chat.conversation import Turn
from app.chat.options import GenerateOptions, Sampling
from tests.benchmarks.bare_client import BareClient
from tests.benchmarks.engine_client import EngineClient
from tests.benchmarks.figures import Figure, MissingError, Pairs, in_turn
from tests.benchmarks.questions import STORY, of_length, turn
from tests.benchmarks.server_client import ServerClient
from tests.benchmarks.setup import SMOLLM2, Setup, server_folder

_SPEED_BAR = 0.97
_FIRST_BAR = 1.1
_CONTEXT = 4096
_TOKENS = 256
_HISTORY_TOKENS = 1100
_FOLLOW_UP_TOKENS = 50
_SPEED = f"server, tok/s, {SMOLLM2}"
_FIRST = f"server, first token of the follow-up, {SMOLLM2}"
_CALM = Sampling(temperature=0.0)


def server(setup: Setup) -> Iterator[Figure]:
    """Tokens per second, and time to the first token of a follow-up turn."""
    try:
        model, folder = setup.model(SMOLLM2), server_folder()
    except MissingError as error:
        yield Figure(_SPEED, None, _SPEED_BAR, note=str(error))
        yield Figure(_FIRST, None, _FIRST_BAR, "at most", note=str(error))
        return
    with BareClient(setup, model, _CONTEXT) as bare:
        history = of_length(_HISTORY_TOKENS, 1, bare.count)
        opening = (turn("system", "Be brief."),)
        alone = bare.count((*opening, turn("user", "word"))) - 1
        questions = [
            of_length(alone + _FOLLOW_UP_TOKENS, 2 + index, bare.count, opening)[-1]
            for index in range(setup.times(7))
        ]
    with EngineClient(setup, model, _CONTEXT) as engine, ServerClient(setup, folder, model, _CONTEXT) as peer:
        pairs, own = _speeds(setup, engine, peer)
        yield pairs.figure(_SPEED, _SPEED_BAR, "at least", "tok/s", f"the server's own timing: {own:.1f}")
        firsts, read = _first_tokens(engine, peer, history, questions)
        yield firsts.figure(_FIRST, _FIRST_BAR, "at most", "s", f"tokens read: {read[0]} and {read[1]}")


def _speeds(setup: Setup, engine: EngineClient, peer: ServerClient) -> tuple[Pairs, float]:
    """Tokens per second from the first text to the end, on both sides; and the server's own word for it."""
    tokens = _TOKENS // (4 if setup.quick else 1)
    own: list[float] = []

    def ours(index: int) -> float:
        reply = engine.ask(STORY, GenerateOptions(None, tokens, Sampling(seed=index)))
        return (reply.tokens - 1) / (reply.ended - reply.first)

    def other(index: int) -> float:
        reply = peer.ask(STORY, tokens, Sampling(seed=index))
        own.append(reply.speed)
        return (reply.tokens - 1) / (reply.last - reply.first)

    in_turn(1, ours, other)
    pairs = in_turn(setup.times(7), ours, other)
    return pairs, sorted(own)[len(own) // 2]


def _first_tokens(
    engine: EngineClient, peer: ServerClient, history: tuple[Turn, ...], questions: list[Turn]
) -> tuple[Pairs, tuple[int, int]]:
    """Seconds to the first text of follow-ups to one conversation, and how many tokens each side read for the first.

    Each side follows up its own answer, as a person would.
    """
    said = engine.ask(history, GenerateOptions(None, 64, _CALM)).text
    served = peer.ask(history, 64, _CALM).text
    ours_read: list[int] = []
    other_read: list[int] = []

    def ours(index: int) -> float:
        turns = (*history, turn("assistant", said, "answer"), questions[index])
        reply = engine.ask(turns, GenerateOptions(None, 8, _CALM))
        statistics = reply.end.statistics
        ours_read.append(statistics.prompt_tokens - statistics.cached_tokens)
        return reply.first - reply.sent

    def other(index: int) -> float:
        reply = peer.ask((*history, turn("assistant", served), questions[index]), 8, _CALM)
        other_read.append(reply.read)
        return reply.first - reply.sent

    pairs = in_turn(len(questions), ours, other)
    return pairs, (ours_read[0], other_read[0])
