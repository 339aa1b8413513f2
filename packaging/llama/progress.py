"""Turns the output of a long compilation into one live line on a terminal, or a few sparse lines elsewhere."""

import re
import time
from collections.abc import Callable
from typing import TextIO

_STEP = re.compile(r"^\s*\[(\d+)/(\d+)\] ")

# The shader generator is a small project inside the large one and counts its own few steps.
_FEWEST_STEPS = 20

# On something that is not a terminal, a line for every tenth is enough to see that it lives.
_SPARSE_SHARE = 0.1


class Progress:
    """Watches lines such as `[12/440] ...`; everything else passes by unseen."""

    def __init__(self, out: TextIO, what: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._out = out
        self._what = what
        self._clock = clock
        self._live = out.isatty()
        self._began: tuple[float, int] | None = None
        self._next_share = 0.0

    def see(self, line: str) -> None:
        """Takes one line of the build's output."""
        match = _STEP.match(line)
        if match is None or int(match[2]) <= _FEWEST_STEPS:
            return
        done, total = int(match[1]), int(match[2])
        if self._began is None:
            self._began = (self._clock(), done)
        self._show(done, total)

    def end(self) -> None:
        """Leaves the live line behind."""
        if self._live and self._began is not None:
            self._write("\n")

    def _show(self, done: int, total: int) -> None:
        text = f"{self._what}: {done} of {total}{self._remaining(done, total)}"
        if self._live:
            self._write(f"\r\x1b[2K{text}")
        elif done / total >= self._next_share:
            self._next_share = done / total + _SPARSE_SHARE
            self._write(f"{text}\n")

    def _remaining(self, done: int, total: int) -> str:
        if self._began is None or done <= self._began[1]:
            return ""
        seconds = self._clock() - self._began[0]
        left = seconds / (done - self._began[1]) * (total - done)
        return f", about {max(1, round(left / 60))} min left" if done < total else ""

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()
