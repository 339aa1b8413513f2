"""Measures what is named, or everything, prints the figures in a table; exits with 1 when one misses its bar."""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from PySide6.QtCore import QCoreApplication

from tests.benchmarks import (
    bench_ending,
    bench_journal,
    bench_kills,
    bench_memory,
    bench_package,
    bench_reasoning,
    bench_server,
    bench_speed,
    bench_start,
    bench_storage_call,
)
from tests.benchmarks.figures import Figure, table
from tests.benchmarks.setup import Setup


def transcript(setup: Setup) -> Iterator[Figure]:
    """The transcript at its limits; its window is imported for it alone."""
    from tests.benchmarks.bench_transcript import transcript as measure

    yield from measure(setup)


BENCHMARKS: dict[str, Callable[[Setup], Iterator[Figure]]] = {
    "decode": bench_speed.decode,
    "prefill": bench_speed.prefill,
    "server": bench_server.server,
    "follow_up": bench_speed.follow_up,
    "start": bench_start.start,
    "stop": bench_ending.stop,
    "orphan": bench_ending.orphan,
    "transcript": transcript,
    "kills": bench_kills.kills,
    "storage_call": bench_storage_call.storage_call,
    "stored_start": bench_start.stored_start,
    "window_memory": bench_memory.window_memory,
    "journal": bench_journal.journal,
    "reasoning": bench_reasoning.reasoning,
}

_ON_DEMAND: dict[str, Callable[[Setup], Iterator[Figure]]] = {
    "threads": bench_speed.threads,
    "package": bench_package.package,
}
"""Measured when they are named: one has no bars, the other needs packages, which take minutes to make."""


def main() -> int:
    """Measures, prints, and returns the exit code."""
    known = {**BENCHMARKS, **_ON_DEMAND}
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of: {', '.join(known)}")
    parser.add_argument("--quick", action="store_true", help="only to see that everything works")
    parser.add_argument("--threads", type=int, help="engine threads (default: cores - 1)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    chosen = parser.parse_args()
    unknown = [name for name in chosen.names if name not in known]
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]}; there are {', '.join(known)}")
    app = QCoreApplication(["bench"])
    setup = Setup.here(quick=chosen.quick, threads=chosen.threads)
    figures = measured(setup, chosen.names or list(BENCHMARKS), known)
    sys.stdout.write(table(figures))
    if chosen.json is not None:
        chosen.json.write_bytes(msgspec.json.format(msgspec.json.encode(figures)) + b"\n")
    del app
    return 1 if any(figure.verdict == "miss" for figure in figures) else 0


def measured(
    setup: Setup, names: list[str], known: dict[str, Callable[[Setup], Iterator[Figure]]]
) -> list[Figure]:
    """The figures of the named benchmarks; each is told on standard error as soon as it is there."""
    figures: list[Figure] = []
    sys.stderr.write(f"Engine threads on both sides: {setup.threads}.\n")
    for name in names:
        for figure in known[name](setup):
            figures.append(figure)
            sys.stderr.write(table([figure]).splitlines()[-1] + "\n")
    return figures


if __name__ == "__main__":
    sys.exit(main())
