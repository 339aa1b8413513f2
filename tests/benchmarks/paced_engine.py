"""Stands for an engine process in benchmarks of the window: words at a steady pace, each noted with its time.

    python -m tests.benchmarks.paced_engine PACE

PACE is a `Pace` as JSON. The window cannot tell it from the real one: it speaks the same words.
"""

import os
import queue
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from app.chat.conversation import Channel, Statistics
from app.chat.options import Capabilities, Placement, Thinking
from app.protocol.engine import (
    Delta,
    Event,
    Finished,
    Generate,
    Load,
    Loaded,
    Plan,
    Planned,
    Prefilling,
    Quit,
    Request,
    Stop,
)
from app.protocol.wire import LineDecoder, encode

_CONTEXT = 1_000_000
_PREFILL_STEPS = 10


class Pace(msgspec.Struct, frozen=True):
    """How replies are written: `rate` tokens a second after `prefill` seconds, of `size` characters at least.

    `thinking` and `answer` count tokens; `burst` characters of thinking come first, as fast as they are taken. The
    answer's are numbered words, unless `texts` names a JSON file of (thinking, answer) that are told in turn.
    What is said is noted in `log`.
    """

    rate: float = 200.0
    prefill: float = 0.0
    thinking: int = 300
    answer: int = 300
    burst: int = 0
    size: int = 4
    texts: str = ""
    log: str = ""

    def command(self) -> list[str]:
        """The command that starts an engine of this pace."""
        return [sys.executable, "-m", "tests.benchmarks.paced_engine", msgspec.json.encode(self).decode()]


class Note(msgspec.Struct, frozen=True, array_like=True):
    """One line of the log: when (`time.monotonic()`, which all processes share), of which reply, and what was said.

    `channel` is "asked" for the moment at which a reply was asked for, and "ended" for its end.
    """

    at: float
    reply: str
    channel: str
    text: str = ""


def notes(log: Path) -> list[Note]:
    """What an engine noted; a last line that was cut by a kill is left out."""
    if not log.is_file():
        return []
    lines = log.read_bytes().split(b"\n")[:-1]
    return [msgspec.json.decode(line, type=Note) for line in lines]


def cut(text: str, size: int) -> Iterator[str]:
    """The text in pieces of `size` characters."""
    return (text[start : start + size] for start in range(0, len(text), size))


def numbered(count: int, size: int) -> Iterator[str]:
    """So many words that each say which they are, of `size` characters or more."""
    return (f"{number} ".rjust(size, "w") for number in range(count))


class Engine:
    """Answers one request after the other, and hears Stop while it does."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._texts = msgspec.json.decode(Path(pace.texts).read_bytes()) if pace.texts else []
        self._replies = 0
        self._stopped: set[str] = set()
        self._asked: queue.SimpleQueue[Request] = queue.SimpleQueue()
        self._log = os.open(pace.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) if pace.log else -1

    def play(self) -> None:
        """Answers until the input ends, which ends the process."""
        threading.Thread(target=self._listen, daemon=True).start()
        while True:
            request = self._asked.get()
            if isinstance(request, Load):
                self._say(Loaded(_CAPABILITIES))
            elif isinstance(request, Plan):
                self._say(_planned(request))
            elif isinstance(request, Generate):
                self._reply(request.reply_id)

    def _listen(self) -> None:
        decoder: LineDecoder[Request] = LineDecoder(Request)
        while data := os.read(0, 1 << 16):
            for request in decoder.feed(data):
                if isinstance(request, Quit):
                    os._exit(0)
                if isinstance(request, Stop):
                    self._stopped.add(request.reply_id)
                self._asked.put(request)
        os._exit(0)

    def _say(self, event: Event) -> None:
        line = encode(event)
        try:
            while line:
                line = line[os.write(1, line) :]
        except BrokenPipeError:
            os._exit(0)

    def _note(self, reply: str, channel: str, text: str = "") -> None:
        if self._log >= 0:
            os.write(self._log, msgspec.json.encode(Note(time.monotonic(), reply, channel, text)) + b"\n")

    def _reply(self, reply: str) -> None:
        self._note(reply, "asked")
        self._read_prompt(reply)
        for text in cut("burst " * (self._pace.burst // 6), 1000):
            self._tell(reply, "thinking", text)
        started = time.monotonic()
        for count, (channel, text) in enumerate(self._tokens()):
            if reply in self._stopped:
                break
            time.sleep(max(0.0, started + count / self._pace.rate - time.monotonic()))
            self._tell(reply, channel, text)
        self._note(reply, "ended")
        self._replies += 1
        self._say(Finished(reply, "stopped" if reply in self._stopped else "end", _STATISTICS))

    def _read_prompt(self, reply: str) -> None:
        for step in range(_PREFILL_STEPS + 1):
            self._say(Prefilling(reply, 100 * step, 100 * _PREFILL_STEPS))
            time.sleep(self._pace.prefill / (_PREFILL_STEPS + 1))

    def _tell(self, reply: str, channel: Channel, text: str) -> None:
        # Noted first: what a window has stored must be among what was noted.
        self._note(reply, channel, text)
        self._say(Delta(reply, channel, "model", text, 1))

    def _tokens(self) -> Iterator[tuple[Channel, str]]:
        pace = self._pace
        if self._texts:
            thinking, answer = self._texts[self._replies % len(self._texts)]
            parts = cut(thinking, pace.size), cut(answer, pace.size)
        else:
            parts = numbered(pace.thinking, pace.size), numbered(pace.answer, pace.size)
        for text in parts[0]:
            yield "thinking", text
        for text in parts[1]:
            yield "answer", text


_STATISTICS = Statistics(1000, 900, 300, 300, 1.5, 1.5, 200.0, 0.1)
_CAPABILITIES = Capabilities(
    "A paced model",
    "llama",
    Thinking("switchable", ("off", "on"), "on"),
    context=_CONTEXT,
    trained_context=_CONTEXT,
    placement=Placement("", 0, 4, 1),
)


def _planned(request: Plan) -> Planned:
    """A plan in which four letters are a token."""
    tokens = {turn.id: len(turn.text) // 4 for turn in request.messages}
    return Planned(request.plan_id, sum(tokens.values()), tokens, (), _CONTEXT)


if __name__ == "__main__":
    Engine(msgspec.json.decode(sys.argv[1], type=Pace)).play()
