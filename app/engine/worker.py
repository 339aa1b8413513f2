"""The engine's main loop: reads requests from standard input, answers on the wire, ends when its input ends."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from app.chat.conversation import Statistics
from app.diagnostics import describe
from app.errors import AppError, EngineError
from app.protocol.engine import (
    Event,
    Failed,
    Finished,
    Generate,
    Inspect,
    Load,
    Loaded,
    Loading,
    Plan,
    Quit,
    Rendering,
    Request,
    Stop,
)
from app.protocol.wire import LineDecoder, WireError, encode

if TYPE_CHECKING:  # llama.cpp is started at the first load: an inspection does without
    from app.chat.options import LoadOptions
    from app.engine.generation import Generation
    from app.engine.session import Session

log = logging.getLogger(__name__)

_CHUNK = 1 << 16
_OOM_SCORE = "800"
"""Of 1000: the system takes the engine long before the window when memory runs out."""


def private_wire() -> BinaryIO:
    """The only way to the parent's ears: standard output is kept for us, and all other prints go to standard error."""
    wire = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    return wire


def offer_to_the_oom_killer() -> None:
    """Lets the system end this process first when memory runs out (Linux; nothing elsewhere)."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_OOM_SCORE, encoding="ascii")


Watch = Callable[[bool], None]
"""Is told before a stranger's chat template is at work (True), and after it (False)."""


class Loads(Protocol):
    """What loads models (`loading.Loader`)."""

    def load(self, path: Path, options: LoadOptions) -> Session:
        """The model, ready to answer."""


class Inbox:
    """Reads requests on a thread of its own, so that Stop is heard while the engine decodes.

    Ends the whole process at once when standard input ends: the parent is gone, and nothing here is worth saving.
    """

    def __init__(self, stream: BinaryIO, on_stop: Callable[[str], None], end: Callable[[int], None]) -> None:
        self._stream = stream
        self._on_stop = on_stop
        self._end = end
        self._requests: deque[Request] = deque()
        self._serving: Request | None = None
        self._stop_asked = False
        self._arrived = threading.Condition()
        self._thread = threading.Thread(target=self._read, name="inbox", daemon=True)

    def start(self) -> None:
        """Begins to read."""
        self._thread.start()

    def take(self) -> Request:
        """The next request, waiting for it."""
        with self._arrived:
            self._serving = None
            self._arrived.wait_for(lambda: bool(self._requests))
            self._serving = self._requests.popleft()
            self._stop_asked = False
            return self._serving

    @property
    def stop_asked(self) -> bool:
        """Whether the reply that was taken last is to stop."""
        return self._stop_asked

    def stop(self, reply_id: str) -> bool:
        """Takes a reply that has not begun out of the queue (True), or marks the one that was taken.

        A reply that is over or was never asked for is nothing to stop, and no later one of that id is meant.
        """
        with self._arrived:
            for request in self._requests:
                if isinstance(request, Generate) and request.reply_id == reply_id:
                    self._requests.remove(request)
                    return True
            if isinstance(self._serving, Generate) and self._serving.reply_id == reply_id:
                self._stop_asked = True
        return False

    def _read(self) -> None:
        decoder: LineDecoder[Request] = LineDecoder(Request)
        fd = self._stream.fileno()
        while data := os.read(fd, _CHUNK):
            try:
                words = decoder.feed(data)
            except WireError as error:
                log.error("not a request: %s", error)
                break
            for word in words:
                self._put(word)
        self._end(0)

    def _put(self, word: Request) -> None:
        if isinstance(word, Stop):
            self._on_stop(word.reply_id)
            return
        with self._arrived:
            self._requests.append(word)
            self._arrived.notify()


class Worker:
    """Answers requests one after the other. `make_loader` starts llama.cpp, at the first load and not before.

    It is given a function that is to be told how far a load is, from 0 to 1, and, as `inspect` is too, one that is to
    be told before a stranger's chat template is at work (True), and after it (False).
    """

    def __init__(
        self,
        wire: BinaryIO,
        stream: BinaryIO,
        make_loader: Callable[[Callable[[float], None], Watch], Loads],
        inspect: Callable[[Path, Watch], Event],
        end: Callable[[int], None] = os._exit,
    ) -> None:
        self._wire = wire
        self._make_loader = make_loader
        self._inspect = inspect
        self._end = end
        self._loader: Loads | None = None
        self._session: Session | None = None
        self._generation: Generation | None = None
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._inbox = Inbox(stream, self._stop, end)

    def run(self) -> None:
        """Serves until Quit."""
        self._inbox.start()
        while True:
            request = self._inbox.take()
            if isinstance(request, Quit):
                return
            self._serve(request)

    def _serve(self, request: Request) -> None:
        reply_id = request.reply_id if isinstance(request, Generate) else None
        try:
            self._answer(request)
        except AppError as error:
            self._emit(Failed(reply_id, error.code, dict(error.parameters)))
        except MemoryError:
            self._emit(Failed(reply_id, "load_memory", {"context": 0, "detail": ""}))
        except Exception as error:  # the loop of a worker: a bug must become a word, not a silent end
            log.error("a request failed\n%s", describe(error))  # not its message: that may quote a text
            self._emit(Failed(reply_id, "engine_crashed", {"detail": type(error).__name__}))

    def _answer(self, request: Request) -> None:
        if isinstance(request, Inspect):
            self._emit(self._inspect(Path(request.path), self._watch))
        elif isinstance(request, Load):
            self._load(request)
        elif isinstance(request, Plan):
            self._emit(self._loaded().planned(request))
        elif isinstance(request, Generate):
            self._generate(request)

    def _load(self, request: Load) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None
        if self._loader is None:
            self._loader = self._make_loader(lambda share: self._emit(Loading(share)), self._watch)
        self._session = self._loader.load(Path(request.path), request.options)
        self._emit(Loaded(self._session.capabilities))

    def _loaded(self) -> Session:
        if self._session is None:
            raise EngineError("no_model")
        return self._session

    def _generate(self, request: Generate) -> None:
        try:
            generation = self._loaded().generation(request, self._emit)
            with self._lock:
                self._generation = generation
            if self._inbox.stop_asked:
                generation.stop()
            self._emit(generation.run())
        finally:
            with self._lock:
                self._generation = None

    def _stop(self, reply_id: str) -> None:
        """On the inbox's thread: stops the running reply, or one that is about to begin."""
        if self._inbox.stop(reply_id):
            self._emit(Finished(reply_id, "stopped", Statistics()))
            return
        with self._lock:
            if self._generation is not None and self._generation.reply_id == reply_id:
                self._generation.stop()

    def _watch(self, active: bool) -> None:
        self._emit(Rendering(active))

    def _emit(self, event: Event) -> None:
        line = encode(event)
        try:
            with self._writing:  # two threads write, and a long line is no single write to a full pipe
                self._wire.write(line)
        except BrokenPipeError:
            self._end(0)  # nobody listens any more
