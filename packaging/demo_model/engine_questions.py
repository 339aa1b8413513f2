"""Asks the model through the app's own engine process, one question after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

from app.chat.conversation import Text, Turn
from app.chat.options import GenerateOptions, LoadOptions
from app.paths import Paths
from app.protocol.engine import Delta, Event, Failed, Finished, Generate, Load, Loaded
from app.services.models.engine_command import engine_command
from app.services.worker_process import Ending, WorkerProcess

LONGEST_REPLY = 400
PATIENCE_MS = 120_000


class MeasuringError(Exception):
    """The engine gave up; the text says what it said."""


@dataclass
class Reply:
    """The two channels of a reply and whether it ended by itself (an end marker, not a limit)."""

    thinking: str = ""
    answer: str = ""
    ended: bool = False


@dataclass
class Exchange:
    """What is asked: earlier questions and answers, a system prompt, and perhaps a reply that has begun."""

    question: str
    history: Sequence[tuple[str, str]] = ()
    system: str = ""
    thinking: str = "on"
    begun: tuple[str, str] | None = None

    def turns(self) -> tuple[Turn, ...]:
        """The exchange in the words of the protocol."""
        said = [("system", self.system)] if self.system else []
        for question, answer in self.history:
            said += [("user", question), ("assistant", answer)]
        said.append(("user", self.question))
        turns = [
            Turn(str(place), role, (Text(text),))  # type: ignore[arg-type]
            for place, (role, text) in enumerate(said)
        ]
        if self.begun is not None:
            turns.append(Turn("begun", "assistant", (Text(self.begun[1]),), self.begun[0]))
        return tuple(turns)


@dataclass
class _State:
    reply: Reply = field(default_factory=Reply)
    failure: str = ""


class EngineQuestions:
    """One engine process with the model loaded on the CPU; a context manager. Needs a QCoreApplication."""

    def __init__(self, model: Path, cache: Path) -> None:
        self._application = QCoreApplication.instance() or QCoreApplication([])
        paths = Paths.under(cache)
        paths.prepare()
        self._loop = QEventLoop()
        self._state = _State()
        self._asked = 0
        self._worker = WorkerProcess([*engine_command(paths), "--no-gpu"], Event)
        self._worker.word.connect(self._on_word)
        self._worker.ended.connect(self._on_ended)
        self._worker.start()
        self._worker.send(Load(str(model), LoadOptions(gpu_layers=0, threads=1)))
        self._wait()

    def __enter__(self) -> EngineQuestions:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._worker.close()

    def ask(self, exchange: Exchange) -> Reply:
        """The reply, with the model's own sampling (temperature 0). Raises MeasuringError."""
        self._asked += 1
        self._state = _State()
        options = GenerateOptions(exchange.thinking, LONGEST_REPLY)
        reply_id = str(self._asked)
        self._worker.send(Generate(reply_id, exchange.turns(), options, exchange.begun is not None))
        self._wait()
        return self._state.reply

    def _wait(self) -> None:
        guard = QTimer(singleShot=True, interval=PATIENCE_MS)
        guard.timeout.connect(lambda: self._fail("the engine said nothing for minutes"))
        guard.start()
        self._loop.exec()
        guard.stop()
        if self._state.failure:
            raise MeasuringError(self._state.failure)

    def _on_word(self, event: Event) -> None:
        if isinstance(event, Delta) and event.channel == "thinking":
            self._state.reply.thinking += event.text
        elif isinstance(event, Delta):
            self._state.reply.answer += event.text
        elif isinstance(event, Finished):
            self._state.reply.ended = event.reason == "end"
            self._loop.quit()
        elif isinstance(event, Failed):
            self._fail(f"{event.code} {event.parameters}")
        elif isinstance(event, Loaded):
            self._loop.quit()

    def _on_ended(self, ending: Ending) -> None:
        self._fail(f"the engine ended with code {ending.code}: {ending.reason}")

    def _fail(self, text: str) -> None:
        self._state.failure = text
        self._loop.quit()
