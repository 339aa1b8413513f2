"""How much memory the window takes after a conversation that was held in it and scrolled through."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import msgspec

from tests.benchmarks.data_folder import prepare
from tests.benchmarks.figures import Figure
from tests.benchmarks.paced_engine import Pace
from tests.benchmarks.setup import ROOT, Setup, child_environment
from tests.benchmarks.stored_conversations import markdown, thinking

_WINDOW = "tests.benchmarks.talkative_window"
MESSAGES = 50
_BAR_MB = 170.0
_LONGEST_SECONDS = 300


def window_memory(setup: Setup) -> Iterator[Figure]:
    """Megabytes that the window's process holds in physical memory."""
    messages = 6 if setup.quick else MESSAGES
    measured = [_measured(setup, messages) for _ in range(setup.times(3))]
    runs = ", ".join(f"{megabytes:.0f}" for megabytes in measured)
    name = f"window after {messages} messages"
    yield Figure(name, median(measured), _BAR_MB, "at most", "MB", note=f"runs: {runs}")


def _measured(setup: Setup, messages: int) -> float:
    with tempfile.TemporaryDirectory(dir=setup.paths.data) as name:
        folder = Path(name)
        prepare(folder / "data")
        texts = folder / "texts.json"
        told = [(thinking(1500, seed), markdown(2500, seed)) for seed in range(messages // 2)]
        texts.write_bytes(msgspec.json.encode(told))
        pace = Pace(rate=2000.0, size=16, texts=str(texts))
        command = [sys.executable, "-m", _WINDOW, str(folder / "data"), str(messages // 2)]
        ended = subprocess.run(
            [*command, msgspec.json.encode(pace).decode()],
            cwd=ROOT,
            env=child_environment(QT_QPA_PLATFORM="offscreen"),
            capture_output=True,
            text=True,
            timeout=_LONGEST_SECONDS,
            check=True,
        )
        return float(ended.stdout)
