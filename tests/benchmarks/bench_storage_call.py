"""How long the window stands still for what it stores, while a reply is written."""

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

_WINDOW = "tests.benchmarks.watched_storage"
_BAR_MS = 2.0
_RATE = 200.0
_LONG = 200_000
_LONGEST_SECONDS = 120


class Slowest(msgspec.Struct, frozen=True):
    """The call that took longest, in seconds without those in which other processes had every processor.

    `whole` is the longest with them, and `calls` how many there were.
    """

    name: str = ""
    seconds: float = 0.0
    whole: float = 0.0
    calls: int = 0


def storage_call(setup: Setup) -> Iterator[Figure]:
    """The longest call that stores something: of a usual reply, and of a very long one."""
    tokens = int(_RATE * (2 if setup.quick else 15)) // 2
    usual = Pace(rate=_RATE, thinking=tokens, answer=tokens)
    long = Pace(rate=_RATE, thinking=tokens // 2, answer=tokens // 2, burst=_LONG)
    for what, pace in (("200 tokens/s", usual), (f"reply of {_LONG:,} characters", long)):
        found = [_slowest(setup, pace) for _ in range(setup.times(3))]
        runs = ", ".join(f"{1000 * one.seconds:.2f} ({one.name})" for one in found)
        whole = ", ".join(f"{1000 * one.whole:.2f}" for one in found)
        milliseconds = 1000 * median(one.seconds for one in found)
        name = f"storage call, {what}"
        note = f"runs: {runs}; with the wait for a processor: {whole}; {found[0].calls} calls"
        yield Figure(name, milliseconds, _BAR_MS, "at most", "ms", note=note)


def _slowest(setup: Setup, pace: Pace) -> Slowest:
    with tempfile.TemporaryDirectory(dir=setup.paths.data) as folder:
        prepare(Path(folder))
        ended = subprocess.run(
            [sys.executable, "-m", _WINDOW, folder, msgspec.json.encode(pace).decode()],
            cwd=ROOT,
            env=child_environment(QT_QPA_PLATFORM="offscreen"),
            capture_output=True,
            timeout=_LONGEST_SECONDS,
            check=True,
        )
        return msgspec.json.decode(ended.stdout, type=Slowest)
