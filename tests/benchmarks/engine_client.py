"""Drives a real engine process over its wire as the window does: QProcess, an event loop, JSON decoded as it comes."""

import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer

from app.chat.conversation import Turn
from app.chat.options import Capabilities, GenerateOptions, LoadOptions
from app.protocol.engine import (
    Delta,
    Event,
    Failed,
    Finished,
    Generate,
    Load,
    Loaded,
    Prefilling,
    Stop,
)
from app.services.models.engine_command import engine_command
from app.services.worker_process import Ending, WorkerProcess
from tests.benchmarks.setup import Setup

_LONGEST_MS = 300_000


@dataclass
class Reply:
    """One reply as the reader saw it; times are `time.perf_counter()`, 0 for what did not happen.

    `sent` when it was asked for, `read` when the prompt was read, `first` at the first text, `ended` at its end.
    """

    sent: float
    read: float = 0.0
    first: float = 0.0
    stopped: float = 0.0
    ended: float = 0.0
    texts: list[str] = field(default_factory=list)
    finished: Finished | None = None

    @property
    def text(self) -> str:
        """All that was said, thinking and answer together."""
        return "".join(self.texts)

    @property
    def end(self) -> Finished:
        """How it ended."""
        if self.finished is None:
            raise RuntimeError("the reply has no end")
        return self.finished

    @property
    def tokens(self) -> int:
        """Tokens that were drawn."""
        return self.end.statistics.thinking_tokens + self.end.statistics.answer_tokens


class EngineClient:
    """One engine process with one model on the CPU, until it is closed; a context manager.

    `busy` is the share of a core that this process burns beside reading, as a window that paints would.
    """

    def __init__(self, setup: Setup, model: Path, context: int, busy: float = 0.0) -> None:
        self._worker = WorkerProcess([*engine_command(setup.paths), "--no-gpu"], Event)
        self._worker.word.connect(self._on_word)
        self._worker.ended.connect(self._on_ended)
        self._take: Callable[[Event], bool] = lambda _event: False
        self._loop = QEventLoop()
        self._failure = ""
        self._burning = burner(busy)
        self._worker.start()
        self._worker.send(Load(str(model), LoadOptions(context, 0, setup.threads)))
        self.capabilities: Capabilities | None = None
        self._wait(self._loaded)

    def __enter__(self) -> "EngineClient":
        return self

    def __exit__(self, *_exception: object) -> None:
        self._burning.stop()
        self._worker.close()

    def ask(
        self,
        turns: Sequence[Turn],
        options: GenerateOptions,
        *,
        stop_at: Callable[[Event], bool] | None = None,
        stop_after_ms: int = 0,
    ) -> Reply:
        """Asks for a reply and waits for its end; `stop_at` says at which word to stop it, some time later."""
        reply_id = uuid.uuid4().hex
        reply = Reply(time.perf_counter())

        def stop() -> None:
            self._worker.send(Stop(reply_id))
            reply.stopped = time.perf_counter()

        def take(event: Event) -> bool:
            over = _note(reply, event)
            nonlocal stop_at
            if stop_at is not None and not over and stop_at(event):
                stop_at = None
                QTimer.singleShot(stop_after_ms, stop)
            return over

        self._worker.send(Generate(reply_id, tuple(turns), options))
        self._wait(take)
        return reply

    def _loaded(self, event: Event) -> bool:
        if isinstance(event, Loaded):
            self.capabilities = event.capabilities
        return isinstance(event, Loaded)

    def _wait(self, take: Callable[[Event], bool]) -> None:
        self._take = take
        guard = QTimer(singleShot=True, interval=_LONGEST_MS)
        guard.timeout.connect(lambda: self._fail("the engine said nothing for minutes"))
        guard.start()
        self._loop.exec()
        guard.stop()
        if self._failure:
            raise RuntimeError(self._failure)

    def _on_word(self, event: Event) -> None:
        if isinstance(event, Failed):
            self._fail(f"{event.code} {event.parameters}")
        elif self._take(event):
            self._loop.quit()

    def _on_ended(self, ending: Ending) -> None:
        self._fail(f"the engine ended with code {ending.code}: {ending.reason}")

    def _fail(self, text: str) -> None:
        self._failure = text
        self._loop.quit()


def _note(reply: Reply, event: Event) -> bool:
    """Notes when what arrived; whether it was the end."""
    now = time.perf_counter()
    if isinstance(event, Prefilling) and event.done == event.total:
        reply.read = now
    elif isinstance(event, Delta):
        reply.first = reply.first or now
        reply.texts.append(event.text)
    elif isinstance(event, Finished):
        reply.ended = now
        reply.finished = event
    return isinstance(event, Finished)


_FRAME_MS = 40


def burner(share: float) -> QTimer:
    """A timer that keeps this process busy for a share of each frame, running if the share is not 0."""
    timer = QTimer(interval=_FRAME_MS)

    def burn() -> None:
        end = time.perf_counter() + share * _FRAME_MS / 1000
        while time.perf_counter() < end:
            pass

    timer.timeout.connect(burn)
    if share > 0:
        timer.start()
    return timer
