"""The packaged program: how large it is, how soon it shows its window, and whether it decodes as fast as the source.

`./dev package` and `./dev package --empty-window` make what is measured. The empty window is packaged as
PyInstaller does it by itself; what lets our program start sooner is not done for it.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from tests.benchmarks.bench_start import x_server
from tests.benchmarks.data_folder import prepare
from tests.benchmarks.figures import Figure, MissingError, in_turn
from tests.benchmarks.setup import QWEN, ROOT, Setup, child_environment

_PROGRAMS = ROOT / "build" / "package" / "programs"
_MEGABYTE = 1_000_000
_LARGEST_FILE = 51.7
_LARGEST_FOLDER = 220.0
_START_BAR = 1.5
_DECODE_BAR = 0.98
_LONGEST_SECONDS = 300


def package(setup: Setup) -> Iterator[Figure]:
    """Everything that is asked of the packages. Raises MissingError where they were not made."""
    program = _PROGRAMS / "soliloquy" / "soliloquy"
    if not program.is_file():
        raise MissingError("there is no package: run ./dev package")
    yield from _sizes(program.parent)
    yield _start(setup, program)
    yield _decode(setup, program)


def _sizes(folder: Path) -> Iterator[Figure]:
    for pattern, name in (("*.deb", ".deb"), ("*.tar.xz", "portable archive")):
        found = sorted((ROOT / "dist").glob(pattern), key=lambda path: path.stat().st_mtime)
        size = found[-1].stat().st_size / _MEGABYTE if found else None
        yield Figure(
            f"package, {name}", size, _LARGEST_FILE, "at most", "MB", note="" if found else "not made"
        )
    whole = sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())
    yield Figure("package, installed", whole / _MEGABYTE, _LARGEST_FOLDER, "at most", "MB")


def _start(setup: Setup, program: Path) -> Figure:
    """From exec to the first picture, as Qt's log tells it; beside an empty window in the same kind of package."""
    name = "package, start, X11"
    empty = _PROGRAMS / "empty-window" / "empty-window"
    if not empty.is_file():
        return Figure(name, None, _START_BAR, "at most", note="run ./dev package --empty-window")
    with x_server() as display, tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "soliloquy"
        prepare(data)
        ours = [str(program), "--data-dir", str(data)]
        in_turn(1, lambda _i: _painted(ours, display), lambda _i: _painted([str(empty)], display))
        pairs = in_turn(
            setup.times(11), lambda _i: _painted(ours, display), lambda _i: _painted([str(empty)], display)
        )
    return pairs.figure(name, _START_BAR, "at most", "s")


def _painted(command: Sequence[str], display: str) -> float:
    environment = {
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "QT_LOGGING_RULES": "qt.widgets.painting=true",
        "PATH": os.environ["PATH"],
        "HOME": os.environ["HOME"],
    }
    began = time.monotonic()
    running = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert running.stderr is not None
    try:
        for line in running.stderr:
            if "Flushing" in line:
                return time.monotonic() - began
    finally:
        running.kill()
        running.wait()
        running.stderr.close()
    raise RuntimeError("no window was painted")


def _decode(setup: Setup, program: Path) -> Figure:
    model = setup.model(QWEN)
    source = [sys.executable, "-m", "app"]
    with tempfile.TemporaryDirectory() as folder:

        def ours(_index: int) -> float:
            return _speed([str(program)], model, Path(folder))

        def other(_index: int) -> float:
            return _speed(source, model, Path(folder))

        in_turn(1, ours, other)
        return in_turn(setup.times(7), ours, other).figure(
            "package, decode", _DECODE_BAR, "at least", "tok/s"
        )


def _speed(program: Sequence[str], model: Path, folder: Path) -> float:
    """Tokens a second, as the program tells them of its answer."""
    words = [
        "--data-dir",
        str(folder),
        "ask",
        "--model",
        str(model),
        "--json",
        "--max-tokens",
        "64",
        "--seed",
        "1",
    ]
    ended = subprocess.run(
        [*program, *words, "Tell a story."],
        cwd=ROOT,
        env=child_environment(),
        check=True,
        capture_output=True,
        timeout=_LONGEST_SECONDS,
    )
    return float(msgspec.json.decode(ended.stdout.splitlines()[-1])["done"]["tokens_per_second"])
