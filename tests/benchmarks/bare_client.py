"""Drives the bare loop's process."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from app.chat.conversation import Turn
from app.chat.options import Sampling
from app.protocol.wire import encode
from tests.benchmarks.bare_words import Answer, Count, Counted, Measure, Measured, Order
from tests.benchmarks.setup import ROOT, Setup, child_environment

_Answer = TypeVar("_Answer", Counted, Measured)


class BareClient:
    """One bare loop with one model, until it is closed; a context manager."""

    def __init__(self, setup: Setup, model: Path, context: int) -> None:
        command = [sys.executable, "-m", "tests.benchmarks.bare_loop", str(model), "--context", str(context)]
        command += ["--threads", str(setup.threads), "--cache", str(setup.paths.cache)]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=child_environment(),
        )
        vocabulary: Any = Answer
        self._decoder: msgspec.json.Decoder[Answer] = msgspec.json.Decoder(vocabulary)

    def __enter__(self) -> "BareClient":
        return self

    def __exit__(self, *_exception: object) -> None:
        self._process.communicate()

    def count(self, turns: Sequence[Turn]) -> int:
        """Tokens of the prompt of these turns."""
        return self._ask(Count(tuple(turns)), Counted).tokens

    def measure(
        self, turns: Sequence[Turn], sampling: Sampling, *, unmeasured: int = 0, tokens: int = 0
    ) -> Measured:
        """Reads the prompt and draws; see `bare_words.Measure`."""
        return self._ask(Measure(tuple(turns), unmeasured, tokens, sampling), Measured)

    def _ask(self, order: Order, kind: type[_Answer]) -> _Answer:
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the bare loop was started without pipes")
        self._process.stdin.write(encode(order))
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the bare loop ended")
        answer = self._decoder.decode(line)
        if not isinstance(answer, kind):
            raise TypeError(f"the bare loop answered {answer}")
        return answer
