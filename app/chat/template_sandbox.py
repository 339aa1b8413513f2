"""jinja2's immutable sandbox with limits on what one rendering may take: text, loop steps and seconds."""

import operator
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import MAX_RANGE, ImmutableSandboxedEnvironment


@dataclass(frozen=True)
class Allowance:
    """What one rendering may cost: `characters` of any one text, `steps` of all its ranges together, `seconds`.

    A silent loop over a long text meets none of the checks: what a limit here cannot catch, the end of the process
    that renders has to.
    """

    characters: int = 64_000_000
    steps: int = 2_000_000
    seconds: float = 5.0


class Meter:
    """Counts what one rendering has taken so far; raises SecurityError when that is more than allowed."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._steps = 0
        self._ends = time.monotonic() + allowance.seconds

    def joined(self, pieces: Iterable[str]) -> str:
        """The rendered text."""
        taken: list[str] = []
        length = 0
        for piece in pieces:
            length += len(piece)
            self.size(length)
            self.tick()
            taken.append(piece)
        return "".join(taken)

    def size(self, length: int) -> None:
        """A text of `length` characters, or a list of as many items, is about to exist."""
        if length > self._allowance.characters:
            raise SecurityError("the template makes too much text")

    def tick(self) -> None:
        """Time has passed."""
        if time.monotonic() > self._ends:
            raise SecurityError("the template takes too long")

    def range(self, *arguments: int) -> range:
        """Python's range, as long as all ranges of this rendering together stay within the allowance."""
        steps = range(*arguments)
        self._steps += len(steps)
        if len(steps) > MAX_RANGE or self._steps > self._allowance.steps:
            raise SecurityError("the template loops too often")
        self.tick()
        return steps


class BoundedSandbox(ImmutableSandboxedEnvironment):
    """The sandbox in which a model's template runs; every rendering happens inside `running()`."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, allowance: Allowance, **options: Any) -> None:
        self._allowance = allowance
        self._meter = Meter(allowance)
        super().__init__(**options)
        self.globals["range"] = self._range

    def _range(self, *arguments: int) -> range:
        return self._meter.range(*arguments)

    @contextmanager
    def running(self) -> Iterator[Meter]:
        """One rendering, with a fresh meter."""
        self._meter = Meter(self._allowance)
        yield self._meter

    def call(self, __context: Context, __obj: Any, *arguments: Any, **named: Any) -> Any:
        """A call in the template: checked by the sandbox, and timed."""
        self._meter.tick()
        return super().call(__context, __obj, *arguments, **named)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ARG002 (jinja2's)
        """An operator that can make much out of little."""
        self._meter.tick()
        _SIZERS[operator](self._meter, left, right)
        return _OPERATORS[operator](left, right)


def _sum_size(meter: Meter, left: Any, right: Any) -> None:
    if isinstance(left, str | list | tuple) and isinstance(right, str | list | tuple):
        meter.size(len(left) + len(right))


def _product_size(meter: Meter, left: Any, right: Any) -> None:
    for sequence, times in ((left, right), (right, left)):
        if isinstance(sequence, str | list | tuple) and isinstance(times, int):
            meter.size(len(sequence) * times)
    if isinstance(left, int) and isinstance(right, int):
        meter.size(left.bit_length() + right.bit_length())


def _power_size(meter: Meter, left: Any, right: Any) -> None:
    if isinstance(left, int) and isinstance(right, int):
        # A number's digits take time to compute long before they take room.
        meter.size(left.bit_length() * max(right, 0) * 1000)


def _format_size(meter: Meter, left: Any, right: Any) -> None:
    if isinstance(left, str):
        # A width is spelled in the text, as in "%999999999d", or comes with the values, as in "%*d".
        widths = [int(digits) for digits in re.findall(r"\d{1,18}", left)]
        values = right if isinstance(right, tuple) else (right,)
        widths.extend(value for value in values if isinstance(value, int) and "*" in left)
        meter.size(sum(widths))


_SIZERS: dict[str, Callable[[Meter, Any, Any], None]] = {
    "+": _sum_size,
    "*": _product_size,
    "**": _power_size,
    "%": _format_size,
}
_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "*": operator.mul,
    "**": operator.pow,
    "%": operator.mod,
}
