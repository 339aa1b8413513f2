"""How soon a reply stops, and how soon an engine process is gone when its window was killed."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

import psutil

from app.chat.conversation import Turn
from app.chat.options import GenerateOptions, Sampling
from app.protocol.engine import Delta, Event, Prefilling
from tests.benchmarks.bare_client import BareClient
from tests.benchmarks.engine_client import EngineClient
from tests.benchmarks.figures import Figure, MissingError, median_of
from tests.benchmarks.questions import STORY, of_length
from tests.benchmarks.setup import QWEN, ROOT, Setup, child_environment

_RUNS = 3
_STOP_MS = 150.0
_GONE_MS = 2000.0
_LONG_PROMPT = 4000
_CONTEXT = 8192


def stop(setup: Setup) -> Iterator[Figure]:
    """From Stop to the word "stopped", while decoding and inside a long prompt."""
    places: tuple[tuple[str, Callable[[Event], bool]], ...] = (
        ("decoding", lambda event: isinstance(event, Delta)),
        ("inside the prompt", lambda event: isinstance(event, Prefilling)),
    )
    try:
        model = setup.model(QWEN)
    except MissingError as error:
        for where, _ in places:
            yield Figure(f"stop, {where}", None, _STOP_MS, "at most", "ms", note=str(error))
        return
    with BareClient(setup, model, _CONTEXT) as bare:
        prompts = [of_length(_LONG_PROMPT, seed, bare.count) for seed in range(_RUNS)]
    with EngineClient(setup, model, _CONTEXT) as engine:
        questions: tuple[list[tuple[Turn, ...]], ...] = ([STORY] * _RUNS, prompts)
        for (where, at), asked in zip(places, questions, strict=True):
            seconds = [_stopped(engine, turns, at, 400 + 170 * run) for run, turns in enumerate(asked)]
            yield median_of(f"stop, {where}", seconds, _STOP_MS)


def _stopped(
    engine: EngineClient, turns: Sequence[Turn], at: Callable[[Event], bool], after_ms: int
) -> float:
    reply = engine.ask(
        turns, GenerateOptions(None, None, Sampling(seed=1)), stop_at=at, stop_after_ms=after_ms
    )
    if reply.end.reason != "stopped":
        raise RuntimeError(f"the reply ended by itself: {reply.end.reason}")
    return reply.ended - reply.stopped


Moment = Literal["idle", "answering"]


def orphan(setup: Setup) -> Iterator[Figure]:
    """From SIGKILL of the window to the end of its engine process."""
    moments: tuple[Moment, ...] = ("idle", "answering")
    for moment in moments:
        name = f"orphan, {moment}"
        try:
            seconds = [_gone(setup, moment) for _ in range(_RUNS)]
            yield median_of(name, seconds, _GONE_MS)
        except MissingError as error:
            yield Figure(name, None, _GONE_MS, "at most", "ms", note=str(error))


def _gone(setup: Setup, moment: Moment) -> float:
    command = [sys.executable, "-m", "tests.benchmarks.doomed_window", str(setup.model(QWEN)), moment]
    command += ["--data-dir", str(setup.paths.data)]
    window = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env=child_environment())
    if window.stdout is None:
        raise RuntimeError("started without a pipe")
    engine = psutil.Process(int(window.stdout.readline()))
    killed = time.perf_counter()
    window.send_signal(signal.SIGKILL)
    while _lives(engine) and time.perf_counter() - killed < 60:
        time.sleep(0.002)
    gone = time.perf_counter() - killed
    window.communicate()
    return gone


def _lives(process: psutil.Process) -> bool:
    """Whether a process still has memory and threads; one that only waits to be noted as ended has not."""
    try:
        return process.status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
    except psutil.NoSuchProcess:
        return False
