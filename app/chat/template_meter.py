"""Counts what rendering a template takes: text, lists, steps of its loops, seconds; what is too much ends it."""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass
from itertools import chain
from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext
from jinja2.utils import Namespace

_LIGHT = 64
_MOST_DIGITS = 1000
_MOST_ORDERED = 100_000
_PER_LETTER = 16


class RunawayError(SecurityError):
    """The template does not come to an end."""


class TooLongError(SecurityError):
    """The template makes too much text."""


@dataclass(frozen=True)
class Allowance:
    """What rendering may cost: `characters` of any one text, `steps` of all loops together, `seconds`.

    No list has more items than there are steps, and none more characters when it is written out. It holds for each
    rendering, or, `in_all`, for every rendering of a template together. Memory that one operation asks for at once is
    beyond it: the process that renders has limits of its own.
    """

    characters: int = 16_000_000
    steps: int = 2_000_000
    seconds: float = 4.0
    in_all: bool = False


class Meter:
    """Counts what was taken so far; raises RunawayError or TooLongError when that is more than allowed."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._steps = 0
        self._ends = time.monotonic() + allowance.seconds
        self._weights: dict[int, tuple[object, int]] = {}

    def joined(self, pieces: Iterable[str]) -> str:
        """The rendered text."""
        taken: list[str] = []
        length = 0
        for piece in pieces:
            length += len(piece)
            self.size(length)
            self.look()
            taken.append(piece)
        return "".join(taken)

    def counted(self, items: Iterable[Any]) -> Iterator[Any]:
        """The items of a loop."""
        for item in items:
            self._steps += 1
            if self._steps > self._allowance.steps:
                raise RunawayError("it loops too often")
            self.look()
            yield item

    def look(self) -> None:
        """Looks at the clock."""
        if time.monotonic() > self._ends:
            raise RunawayError("it takes too long")

    # What is about to exist

    def size(self, length: int) -> None:
        """A text of `length` characters."""
        if length > self._allowance.characters:
            raise TooLongError("it makes too much text")

    def items(self, count: int) -> None:
        """A list of so many items."""
        if count > self._allowance.steps:
            raise TooLongError("it makes too long a list")

    def number(self, bits: int) -> None:
        """A whole number, whose digits take time long before they take room."""
        self.size(bits * 1000)

    def digits(self, count: Any) -> None:
        """A number rounded to so many digits."""
        if isinstance(count, int) and abs(count) > _MOST_DIGITS:
            raise TooLongError("it asks for too many digits")

    def asked(self, arguments: Iterable[Any], named: Mapping[str, Any]) -> None:
        """What a function is about to be given: no number of it may be a size out of all proportion."""
        self.look()
        for value in chain(arguments, named.values()):
            if isinstance(value, int):
                self.size(abs(value))

    def replaced(self, text: str, arguments: Sequence[Any]) -> None:
        """A text of which every occurrence of another is replaced."""
        if len(arguments) > 1 and all(isinstance(argument, str) for argument in arguments[:2]):
            self.size(len(text) + text.count(arguments[0]) * len(arguments[1]))

    def formatted(self, form: str, values: Iterable[Any]) -> None:
        """What a format such as "%99d" or "{:99}" makes of values."""
        self.size(sum(int(digits) for digits in re.findall(r"\d{1,18}", form)))
        self.size((form.count("%") + form.count("{")) * sum(self.weigh(value) for value in values))

    def product(self, left: Any, right: Any) -> None:
        """One value times another."""
        for sequence, times in ((left, right), (right, left)):
            if isinstance(sequence, str | list | tuple) and isinstance(times, int):
                measure = self.size if isinstance(sequence, str) else self.items
                measure(len(sequence) * times)
        if isinstance(left, int) and isinstance(right, int):
            self.number(left.bit_length() + right.bit_length())

    def power(self, left: Any, right: Any) -> None:
        """One value to the power of another."""
        if isinstance(left, int) and isinstance(right, int):
            self.number(left.bit_length() * max(right, 0))

    # What is there

    def given(self, result: Any) -> Any:
        """What a function has returned; what comes one after the other is counted as it comes."""
        if isinstance(result, str):
            self.size(len(result))
        elif isinstance(result, list | tuple | dict):
            self.weigh(result)
        elif isinstance(result, int):
            self.number(result.bit_length())
        elif isinstance(result, Iterator) and not isinstance(result, LoopContext):
            return self.counted(result)
        return result

    def weigh(self, value: Any) -> int:
        """How many characters a value has when it is written out, about.

        A list that holds one list twice, which holds one twice, and so on, is small and is written out in more than
        all memory.
        """
        if isinstance(value, str):
            return len(value)
        if isinstance(value, Namespace):
            # It can be changed after it was weighed.
            raise SecurityError("it uses a namespace as a value")
        if not isinstance(value, list | tuple | dict):
            return 1
        known = self._weights.get(id(value))
        if known is not None:
            return known[1]
        self.items(len(value))
        parts = chain.from_iterable(value.items()) if isinstance(value, dict) else value
        weight = 1
        for part in parts:
            weight += self.weigh(part)
            self.size(weight)
        if weight > _LIGHT:
            # It is kept with its weight, so that no other takes its place in memory; it cannot change.
            self._weights[id(value)] = (value, weight)
        return weight


ORDERING = frozenset({"sort", "unique", "groupby", "min", "max", "dictsort"})
"""Filters that ask something of each item, and return when they have all answers."""

# What a filter is about to make, by its name, of the values and names that it is given.
Measure = Callable[[Meter, Sequence[Any], Mapping[str, Any]], None]


def _replace(meter: Meter, values: Sequence[Any], _named: Mapping[str, Any]) -> None:
    if values and isinstance(values[0], str):
        meter.replaced(values[0], values[1:])


def _format(meter: Meter, values: Sequence[Any], named: Mapping[str, Any]) -> None:
    if values and isinstance(values[0], str):
        meter.formatted(values[0], [*values[1:], *named.values()])


def _indent(meter: Meter, values: Sequence[Any], named: Mapping[str, Any]) -> None:
    text, width = str(values[0]), named.get("width", values[1] if len(values) > 1 else 4)
    meter.size((text.count("\n") + 1) * (len(width) if isinstance(width, str) else abs(int(width))))


def _batch(meter: Meter, values: Sequence[Any], named: Mapping[str, Any]) -> None:
    meter.items(int(named.get("linecount", values[1] if len(values) > 1 else 1)))


def _round(meter: Meter, values: Sequence[Any], named: Mapping[str, Any]) -> None:
    meter.digits(named.get("precision", values[1] if len(values) > 1 else 0))


def _sum(_meter: Meter, values: Sequence[Any], named: Mapping[str, Any]) -> None:
    start = named.get("start", values[2] if len(values) > 2 else 0)
    if not isinstance(start, int | float):
        raise TooLongError("it adds up more than numbers")


def _list(meter: Meter, values: Sequence[Any], _named: Mapping[str, Any]) -> None:
    if values and isinstance(values[0], str):
        meter.items(len(values[0]))


def _ordered(_meter: Meter, values: Sequence[Any], _named: Mapping[str, Any]) -> None:
    if values and isinstance(values[0], Sized) and len(values[0]) > _MOST_ORDERED:
        raise TooLongError("it sorts too long a list")


def _title(meter: Meter, values: Sequence[Any], _named: Mapping[str, Any]) -> None:
    # It is cut into its words on the way.
    meter.size(len(str(values[0])) * _PER_LETTER)


FILTERS: Mapping[str, Measure] = {
    "replace": _replace,
    "format": _format,
    "indent": _indent,
    "batch": _batch,
    "round": _round,
    "sum": _sum,
    "list": _list,
    "title": _title,
    **dict.fromkeys(ORDERING, _ordered),
}
