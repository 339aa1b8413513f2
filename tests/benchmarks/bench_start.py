"""From starting the program to its first painted window, beside an empty window in the same interpreter.

And with many stored conversations beside none.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests.benchmarks.data_folder import prepare, store_in
from tests.benchmarks.figures import Figure, MissingError, in_turn
from tests.benchmarks.setup import ROOT, Setup, child_environment
from tests.benchmarks.stored_conversations import conversations

_BAR = 2.0
_STORED_BAR = 1.2
_STORED = 1000
_LONGEST_SECONDS = 60
_OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}


def start(setup: Setup) -> Iterator[Figure]:
    """Without a screen, and on an X server in memory."""
    yield _started(setup, "start, offscreen", _OFFSCREEN)
    try:
        with x_server() as display:
            yield _started(setup, "start, X11", {"QT_QPA_PLATFORM": "xcb", "DISPLAY": display})
    except MissingError as error:
        yield Figure("start, X11", None, _BAR, "at most", note=str(error))


def stored_start(setup: Setup) -> Iterator[Figure]:
    """A person who comes back to a thousand conversations, and one who comes back to none."""
    count = 100 if setup.quick else _STORED
    with tempfile.TemporaryDirectory(dir=setup.paths.data) as name:
        many, none = Path(name) / "many", Path(name) / "none"
        _fill(many, count)
        _fill(none, 0)

        def ours(_index: int) -> float:
            return _seconds("app", many, _OFFSCREEN)

        def other(_index: int) -> float:
            return _seconds("app", none, _OFFSCREEN)

        in_turn(1, ours, other)
        pairs = in_turn(setup.times(21), ours, other)
        yield pairs.figure(f"start, {count:,} stored conversations / none", _STORED_BAR, "at most", "s")
        listed = [_seconds("listed", many, _OFFSCREEN) for _ in range(setup.times(3))]
        yield Figure(f"start, {count:,} stored conversations: listed", median(listed), unit="s")


def _fill(folder: Path, count: int) -> None:
    """Makes what the app finds in a home folder: settings, and so many conversations, the last one open."""
    stored = list(conversations(count))
    data = folder / "soliloquy"
    prepare(data, last_conversation=stored[-1].id if stored else "")
    store_in(data, stored)


def _started(setup: Setup, name: str, platform: dict[str, str]) -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        _fill(Path(folder), 0)

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
