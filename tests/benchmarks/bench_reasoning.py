"""What understanding a model's thinking costs, and how much of it is right: splitting, probing, recorded replies."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

from app.chat.options import Sampling
from app.chat.reasoning import Splitter
from app.chat.reasoning_format import ReasoningFormat, detect
from tests.benchmarks.bare_client import BareClient
from tests.benchmarks.figures import Figure, MissingError
from tests.benchmarks.questions import STORY, filler
from tests.benchmarks.setup import ROOT, SHARED, SMOLLM, Setup, child_environment

_SHARE_BAR = 0.005
_PROBE_BAR_MS = 50.0
_CONFORMANCE_BAR = 0.99
_TOKENS = 256
_LONGEST_SECONDS = 300
_FORMATS = {
    "tags": ReasoningFormat.from_markers("<think>", "</think>"),
    "channels": ReasoningFormat.from_markers("<|channel|>analysis<|message|>", "<|end|>"),
}


def reasoning(setup: Setup) -> Iterator[Figure]:
    """All of it."""
    yield from _shares(setup)
    yield _slowest_probe(setup)
    yield _conformance()


def _shares(setup: Setup) -> Iterator[Figure]:
    """Seconds that a token takes in the splitter, beside those that it takes to be decoded."""
    try:
        decoded = _decoding(setup)
    except MissingError as error:
        yield Figure(f"splitter / decode, {SMOLLM}", None, _SHARE_BAR, "at most", note=str(error))
        return
    for name, fmt in _FORMATS.items():
        split = median(_splitting(fmt) for _ in range(setup.times(7)))
        yield Figure(
            f"splitter / decode, {SMOLLM}, {name}",
            split / decoded,
            _SHARE_BAR,
            "at most",
            ours=split * 1e6,
            other=decoded * 1e6,
            side_unit="us",
            note=f"{split / decoded:.3%}",
        )


def _decoding(setup: Setup) -> float:
    tokens = _TOKENS // (4 if setup.quick else 1)
    with BareClient(setup, setup.model(SMOLLM), 2048) as bare:
        bare.measure(STORY, Sampling(), tokens=8)  # the first time touches every page of the file
        found = [bare.measure(STORY, Sampling(seed=seed), tokens=tokens) for seed in range(setup.times(3))]
    return min(each.drawn_seconds / each.drawn for each in found)


def _splitting(fmt: ReasoningFormat) -> float:
    """Seconds a token of a long reply that thinks, answers and thinks again, where no token is known by its id."""
    marks = fmt.marks
    part = f"{marks.opening}{filler(2000, 1)} a < b{marks.closing}{filler(1000, 2)}\n\n`x` <y>\n"
    # Tokens of ordinary text are about four letters long.
    tokens = re.findall(r"(?s).{1,4}", part * 2)
    splitter = Splitter(fmt, "")
    started = time.process_time()
    for token in tokens:
        splitter.feed(token)
    splitter.finish()
    return (time.process_time() - started) / len(tokens)


def _slowest_probe(setup: Setup) -> Figure:
    """Milliseconds of the processor for the template that takes longest to be understood."""
    name = "slowest template understood"
    if not SHARED.is_dir():
        return Figure(name, None, _PROBE_BAR_MS, "at most", "ms", note="the shared material is not here")
    took: dict[str, float] = {}
    for path in sorted((SHARED / "data" / "templates").glob("*.jinja")):
        source = path.read_text(encoding="utf-8")
        took[path.stem] = median(_probing(source) for _ in range(setup.times(5)))
    slowest = sorted(took, key=lambda template: took[template])[-3:]
    told = ", ".join(f"{template} {took[template]:.0f}" for template in reversed(slowest))
    return Figure(name, took[slowest[-1]], _PROBE_BAR_MS, "at most", "ms", note=told)


def _probing(source: str) -> float:
    started = time.process_time()
    detect(source)
    return 1000 * (time.process_time() - started)


def _conformance() -> Figure:
    """The share of recorded replies that are split right."""
    name = "recorded replies split right"
    if not SHARED.is_dir():
        return Figure(name, None, _CONFORMANCE_BAR, note="the shared material is not here")
    data = SHARED / "data"
    ended = subprocess.run(
        [
            sys.executable,
            str(SHARED / "tools" / "reasoning_conformance.py"),
            str(data / "reasoning_cases.jsonl"),
            str(data / "templates"),
        ],
        cwd=ROOT,
        env=child_environment(),
        capture_output=True,
        text=True,
        timeout=_LONGEST_SECONDS,
        check=True,
    )
    passed, total = map(int, re.findall(r"(\d+)/(\d+) cases", ended.stdout)[-1])
    return Figure(name, passed / total, _CONFORMANCE_BAR, note=f"{passed} of {total}")
