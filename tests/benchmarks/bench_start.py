"""From starting the program to its first painted window, beside an empty window in the same interpreter."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.figures import Figure, MissingError, in_turn
from tests.benchmarks.setup import ROOT, Setup, child_environment

_BAR = 2.0
_LONGEST_SECONDS = 60


def start(setup: Setup) -> Iterator[Figure]:
    """Without a screen, and on an X server in memory."""
    yield _started(setup, "start, offscreen", {"QT_QPA_PLATFORM": "offscreen"})
    try:
        with x_server() as display:
            yield _started(setup, "start, X11", {"QT_QPA_PLATFORM": "xcb", "DISPLAY": display})
    except MissingError as error:
        yield Figure("start, X11", None, _BAR, "at most", note=str(error))


def _started(setup: Setup, name: str, platform: dict[str, str]) -> Figure:
    with tempfile.TemporaryDirectory() as folder:

        def ours(_index: int) -> float:
            return _seconds("app", Path(folder), platform)

        def other(_index: int) -> float:
            return _seconds("empty", Path(folder), platform)

        in_turn(1, ours, other)  # the first time compiles and fills caches
        return in_turn(setup.times(11), ours, other).figure(name, _BAR, "at most", "s")


def _seconds(what: str, folder: Path, platform: dict[str, str]) -> float:
    command = [sys.executable, "-m", "tests.benchmarks.first_paint", what, str(folder)]
    started = time.monotonic()
    ended = subprocess.run(
        command,
        cwd=ROOT,
        env=child_environment(**platform),
        capture_output=True,
        text=True,
        timeout=_LONGEST_SECONDS,
        check=False,
    )
    if ended.returncode != 0:
        last = ended.stderr.strip().splitlines()[-1:]
        raise RuntimeError(f"no window was painted: {' '.join(last)}")
    return float(ended.stdout) - started


@contextmanager
def x_server() -> Iterator[str]:
    """An X server in memory; its display's name. Raises MissingError."""
    program = shutil.which("Xvfb")
    if program is None:
        raise MissingError("Xvfb is not installed")
    reading, writing = os.pipe()
    command = [program, "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    server = subprocess.Popen(
        command, pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise MissingError("Xvfb does not start")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()
