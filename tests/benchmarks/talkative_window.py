"""A window in which a conversation is held, and then scrolled through from its end to its beginning.

    python -m tests.benchmarks.talkative_window FOLDER QUESTIONS PACE

Prints the megabytes that it holds in physical memory afterwards; 1 when the conversation was not held.
"""

import os
import sys
from pathlib import Path

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.application import Application
from app.services.models.process_memory import resident_memory
from tests.benchmarks.paced_engine import Pace
from tests.benchmarks.staged_window import open_window

_STEP_MS = 20


class _Talk:
    """Asks when the last reply has ended; after the last one it scrolls, then tells and closes."""

    def __init__(self, window: Application, questions: int) -> None:
        self._window = window
        self._questions = self._left = questions
        self._seen = 0
        window.chat.answering_changed.connect(self._on_answering_changed)
        self._steps = QTimer(window, interval=_STEP_MS)
        self._steps.timeout.connect(self._on_step)
        self._ask()

    def _ask(self) -> None:
        self._left -= 1
        self._window.chat.send(f"How is it with number {self._left}, and what follows from that?")

    def _on_answering_changed(self, answering: bool) -> None:
        if answering:
            return
        # The reply is taken in by the window before anything else is done.
        QTimer.singleShot(_STEP_MS, self._window, self._ask if self._left else self._steps.start)

    def _on_step(self) -> None:
        bar = self._window.window.page.transcript.verticalScrollBar()
        if bar.value() > bar.minimum():
            bar.setValue(bar.value() - bar.pageStep() * 3 // 4)
            self._seen += 1
            return
        self._steps.stop()
        sys.stdout.write(f"{resident_memory(os.getpid()) / 1e6}\n")
        sys.stdout.flush()
        # Every exchange is longer than a screen.
        held = len(self._window.chat.conversation.branch()) == 2 * self._questions <= self._seen
        QApplication.exit(0 if held else 1)


if __name__ == "__main__":
    questions, pace = int(sys.argv[2]), msgspec.json.decode(sys.argv[3], type=Pace)
    sys.exit(open_window(Path(sys.argv[1]), pace, lambda window: _Talk(window, questions)))
