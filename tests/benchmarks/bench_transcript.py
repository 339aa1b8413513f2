"""The transcript at its limits: opening a million characters, streaming at their end, scrolling through, folding.

It needs a window, and the other benchmarks must not have one: so it measures in a process of its own, which prints its
figures as JSON.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from app.chat.conversation import Message, Segment, Text
from app.ui.icons import Icons
from app.ui.theme import Theme
from app.ui.transcript.spots import ControlKind, Key
from app.ui.transcript.view import TranscriptView
from tests.benchmarks.figures import Figure
from tests.benchmarks.setup import ROOT, Setup, child_environment

MESSAGES = 2000
CHARACTERS = 1_000_000
_UPDATE_MS = 40
_CHARACTERS_PER_SECOND = 800  # 200 tokens
_LATENESS_MS = 5

_PROSE = (
    "The half-life of caffeine is about five hours in most healthy adults, and anything between three and seven is "
    "ordinary. Smoking shortens it, while pregnancy, liver disease and some medicines lengthen it.\n\n"
)
_CODE = (
    "```python\ndef left(dose, hours, half_life=5.0):\n    return dose * 0.5 ** (hours / half_life)\n```\n\n"
)
_MIXED = _PROSE * 3 + _CODE

Measured = tuple[str, float, str]


def transcript(setup: Setup) -> Iterator[Figure]:
    """The figures with the bars that the finished transcript has to meet."""
    seconds = 3 if setup.quick else 20
    command = [sys.executable, "-m", "tests.benchmarks.bench_transcript", str(seconds)]
    environment = child_environment(QT_QPA_PLATFORM="offscreen")
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    for name, value, unit in json.loads(ended.stdout):
        yield Figure(name, value, _BARS.get(name), "at most", unit)


_BARS = {
    "open 2,000 messages: first screen": 200.0,
    "stream at the end of 1,000,000 characters: CPU": 200.0,
    "stream at the end of 1,000,000 characters: longest gap": 50.0,
    "stream, long / empty conversation": 1.2,
    "scroll from top to bottom: longest gap": 50.0,
    "fold and unfold a trace of 200,000 characters": 50.0,
}


def run(seconds: float = 20.0) -> list[Measured]:
    """All figures: name, value, unit. Needs a QApplication."""
    empty, _ = _streamed((), seconds)
    first_screen, scroll_gap = _opened()
    long, gap = _streamed(conversation(), seconds)
    return [
        ("open 2,000 messages: first screen", first_screen, "ms"),
        ("scroll from top to bottom: longest gap", scroll_gap, "ms"),
        ("stream in an empty conversation: CPU", empty, "ms/s"),
        ("stream at the end of 1,000,000 characters: CPU", long, "ms/s"),
        ("stream at the end of 1,000,000 characters: longest gap", gap, "ms"),
        ("stream, long / empty conversation", long / empty, ""),
        ("fold and unfold a trace of 200,000 characters", _folded(), "ms"),
    ]


def conversation() -> tuple[Message, ...]:
    """2,000 messages of 1,000,000 characters, a third of them thinking."""
    each = CHARACTERS // (MESSAGES // 2) - 60
    messages = []
    for number in range(MESSAGES // 2):
        question = Text(f"Question {number}: how much of it is still there, and why?")
        messages.append(Message(id=f"q{number}", role="user", parts=(question,)))
        text = (_MIXED * 3)[number % 50 :]
        messages.append(_reply(f"r{number}", text[: each // 3], text[: each - each // 3], "finished"))
    return tuple(messages)


def _reply(message_id: str, thinking: str, answer: str, state: str) -> Message:
    segments = (
        Segment("thinking", "model", thinking, 500, 20.0),
        Segment("answer", "model", answer, 500, 20.0),
    )
    streaming = state == "streaming"
    return Message(
        id=message_id,
        role="assistant",
        segments=tuple(segment for segment in segments if segment.text),
        state="streaming" if streaming else "finished",
        reason=None if streaming else "end",
        model="Qwen3 8B",
    )


def _view() -> TranscriptView:
    theme = Theme()
    theme.load_remaining_fonts()
    view = TranscriptView(theme, Icons(theme))
    theme.setParent(view)
    view.setStyleSheet(theme.stylesheet())
    view.resize(1016, 756)
    view.show()
    QApplication.processEvents()
    return view


def _opened() -> tuple[float, float]:
    """Milliseconds to the first screen, and the longest step while scrolling through all of it."""
    messages = conversation()
    view = _view()
    started = time.perf_counter()
    view.set_messages(messages)
    QApplication.processEvents()
    first_screen = time.perf_counter() - started
    bar = view.verticalScrollBar()
    bar.setValue(0)
    longest = 0.0
    while bar.value() < bar.maximum():
        started = time.perf_counter()
        bar.setValue(bar.value() + bar.pageStep() * 3 // 4)
        QApplication.processEvents()
        longest = max(longest, time.perf_counter() - started)
    view.deleteLater()
    return 1000 * first_screen, 1000 * longest


def _streamed(before: tuple[Message, ...], seconds: float) -> tuple[float, float]:
    """Milliseconds of CPU a second, and the longest time in which the event loop did not turn."""
    view = _view()
    view.set_messages(before)
    view.add_message(_reply("new", "", "", "streaming"))
    text = _MIXED * (1 + int(seconds) * _CHARACTERS_PER_SECOND // len(_MIXED))
    gap, spent = _watched(seconds, lambda share: view.update_message(_growing(text, share * seconds)))
    view.deleteLater()
    QApplication.processEvents()
    return 1000 * spent / seconds, 1000 * gap


def _growing(text: str, second: float) -> Message:
    return _reply("new", "", text[: int(second * _CHARACTERS_PER_SECOND)], "streaming")


def _watched(seconds: float, update: Callable[[float], None]) -> tuple[float, float]:
    loop = QEventLoop()
    started = last = time.perf_counter()
    gap = 0.0

    def on_tick() -> None:
        nonlocal last, gap
        now = time.perf_counter()
        gap, last = max(gap, now - last - _LATENESS_MS / 1000), now

    updates, ticks = QTimer(), QTimer()
    updates.timeout.connect(lambda: update(min((time.perf_counter() - started) / seconds, 1.0)))
    ticks.timeout.connect(on_tick)
    QTimer.singleShot(int(1000 * seconds), loop.quit)
    cpu = time.process_time()
    updates.start(_UPDATE_MS)
    ticks.start(_LATENESS_MS)
    loop.exec()
    updates.stop()
    ticks.stop()
    return gap, time.process_time() - cpu


def _folded() -> float:
    """Milliseconds to open a long trace and to fold it again, both painted."""
    view = _view()
    thinking = _PROSE * (200_000 // len(_PROSE))
    view.set_messages((_reply("only", thinking, _PROSE, "finished"),))
    QApplication.processEvents()
    longest = 0.0
    for _ in range(2):
        started = time.perf_counter()
        view.stage.tools.clicked.emit(Key(0, ControlKind.THINKING, 0))
        QApplication.processEvents()
        longest = max(longest, time.perf_counter() - started)
    view.deleteLater()
    return 1000 * longest


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication(["bench"])
    sys.stdout.write(json.dumps(run(float(sys.argv[1]) if len(sys.argv) > 1 else 20.0)))
