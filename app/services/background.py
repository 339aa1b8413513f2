"""The one way to run a function off the GUI thread: a thread that works in order and hands results back."""

import itertools
import logging
import queue
import threading
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from app.errors import AppError

log = logging.getLogger(__name__)

T = TypeVar("T")


class _Job(NamedTuple):
    work: Callable[[], Any]
    done: Callable[[Any], None] | None
    failed: Callable[[AppError], None] | None


class Background(QObject):
    """One thread with a queue. `done` and `failed` are called on the thread that this object lives in.

    The thread starts with the first job and ends with `close`, after what was queued before. An `AppError` goes to the
    job's `failed`, or to the signal `failed` where it has none; any other exception is a bug: it is logged, and arrives
    as the code `bug`. A job belongs to the asking thread: what it refers to, perhaps a part of the window, is let go
    there.
    """

    failed = Signal(object)
    _finished = Signal(int, object, object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._jobs: dict[int, _Job] = {}
        self._queue: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self._numbers = itertools.count()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._finished.connect(self._on_finished, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[AppError], None] | None = None,
    ) -> None:
        """Queues `work`; after `close` nothing is taken any more."""
        if self._closed:
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._loop, name=self._name, daemon=True)
            self._thread.start()
        number = next(self._numbers)
        self._jobs[number] = _Job(work, done, failed)
        self._queue.put(number)

    def close(self, seconds: float = 10.0) -> bool:
        """Finishes what is queued; False when that took longer than `seconds`. Results are no longer handed back."""
        self._closed = True
        if self._thread is None:
            return True
        self._queue.put(None)
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _loop(self) -> None:
        while (number := self._queue.get()) is not None:
            result, error = self._outcome(number)
            if not self._closed:
                self._finished.emit(number, result, error)

    def _outcome(self, number: int) -> tuple[object, AppError | None]:
        try:
            return self._jobs[number].work(), None
        except AppError as error:
            return None, error
        except Exception:
            log.exception("a job of %s failed", self._name)
            return None, AppError("bug")

    def _on_finished(self, number: int, result: object, error: AppError | None) -> None:
        job = self._jobs.pop(number)
        if self._closed:
            return
        if error is None:
            if job.done is not None:
                job.done(result)
        elif job.failed is not None:
            job.failed(error)
        else:
            self.failed.emit(error)
