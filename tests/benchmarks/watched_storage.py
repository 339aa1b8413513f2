"""A window that stores a reply while it is written, and how long its GUI thread is inside the calls that store it.

    python -m tests.benchmarks.watched_storage FOLDER PACE

Prints a `Slowest` as JSON.
"""

import functools
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.application import Application
from app.services.conversations.conversation_notes import ConversationNotes
from app.services.conversations.conversation_writing import ConversationWriting
from app.services.conversations.reply_journal import ReplyJournal
from app.services.conversations.store_service import StoreService
from tests.benchmarks.bench_storage_call import Slowest
from tests.benchmarks.paced_engine import Pace
from tests.benchmarks.staged_window import open_window

_REST_MS = 1000

_WATCHED: tuple[tuple[type, tuple[str, ...]], ...] = (
    (StoreService, ("run", "settle", "_on_poll", "_back_up_daily")),
    (ConversationWriting, ("save", "write", "rewrite", "not_saved", "try_again")),
    (ConversationNotes, ("flush", "later")),
    (ReplyJournal, ("note", "flush", "end")),
)
"""Everything through which the GUI thread hands something to the store."""


class Watch:
    """Times the calls of one thread; a call inside another belongs to that one.

    The time in which the thread could have gone on, had the system not given every processor to others, is told apart.
    """

    def __init__(self) -> None:
        self.slowest = Slowest()
        self._thread = threading.get_ident()
        self._schedule = os.open("/proc/thread-self/schedstat", os.O_RDONLY)
        self._inside = False

    def over(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, watched."""

        @functools.wraps(function)
        def watched(*given: Any, **named: Any) -> Any:
            if self._inside or threading.get_ident() != self._thread:
                return function(*given, **named)
            self._inside = True
            waited, started = self._waited(), time.perf_counter()
            try:
                return function(*given, **named)
            finally:
                self._inside = False
                seconds = time.perf_counter() - started
                self._note(name, seconds, self._waited() - waited)

        return watched

    def begin(self) -> None:
        """Forgets what was measured before."""
        self.slowest = Slowest()

    def close(self) -> None:
        """Ends; nothing that is watched may be called any more."""
        os.close(self._schedule)

    def _waited(self) -> float:
        """Seconds for which the thread has waited for a processor until now."""
        return int(os.pread(self._schedule, 100, 0).split()[1]) / 1e9

    def _note(self, name: str, seconds: float, waited: float) -> None:
        old = self.slowest
        own = max(0.0, seconds - waited)
        if own > old.seconds:
            old = msgspec.structs.replace(old, name=name, seconds=own)
        self.slowest = msgspec.structs.replace(old, whole=max(seconds, old.whole), calls=old.calls + 1)


class _Question:
    """Asks once, and ends the program a second after the reply, when all of it is stored."""

    def __init__(self, window: Application, watch: Watch) -> None:
        self._window = window
        watch.begin()
        window.chat.answering_changed.connect(self._on_answering_changed)
        window.chat.send("What is known about it?")

    def _on_answering_changed(self, answering: bool) -> None:
        if not answering:
            QTimer.singleShot(_REST_MS, self._window, QApplication.quit)


def main(folder: Path, pace: Pace) -> int:
    """Runs until the reply is stored."""
    watch = Watch()
    for room, names in _WATCHED:
        for name in names:
            setattr(room, name, watch.over(f"{room.__name__}.{name}", getattr(room, name)))
    code = open_window(folder, pace, lambda window: _Question(window, watch))
    sys.stdout.buffer.write(msgspec.json.encode(watch.slowest))
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), msgspec.json.decode(sys.argv[2], type=Pace)))
