"""What a benchmark finds: one figure with its bar and both raw sides, and the table that people read."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

Sense = Literal["at least", "at most"]


class Figure(msgspec.Struct, frozen=True):
    """One figure: a ratio (`unit` "") or an absolute value in `unit`.

    `bar` None means that it is only to be known. `ours` and `other` are the two sides in `side_unit`; `value` None
    means that it could not be measured here, and `note` says why.
    """

    name: str
    value: float | None
    bar: float | None = None
    sense: Sense = "at least"
    unit: str = ""
    ours: float | None = None
    other: float | None = None
    side_unit: str = ""
    note: str = ""

    @property
    def verdict(self) -> str:
        """How the value stands to the bar: ok, miss, skipped, or nothing where there is no bar."""
        if self.value is None:
            return "skipped"
        if self.bar is None:
            return ""
        good = self.value >= self.bar if self.sense == "at least" else self.value <= self.bar
        return "ok" if good else "miss"


class MissingError(Exception):
    """What a figure needs is not here; the text says what."""


@dataclass(frozen=True)
class Pairs:
    """Both sides of something that was measured several times in turn."""

    ours: tuple[float, ...]
    other: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """The median of ours / other, pair by pair: what slows both sides at one time cancels out."""
        return statistics.median(one / two for one, two in zip(self.ours, self.other, strict=True))

    def figure(self, name: str, bar: float, sense: Sense, side_unit: str, note: str = "") -> Figure:
        """The ratio as a figure."""
        ours, other = statistics.median(self.ours), statistics.median(self.other)
        return Figure(name, self.ratio, bar, sense, "", ours, other, side_unit, note)


def in_turn(count: int, ours: Callable[[int], float], other: Callable[[int], float]) -> Pairs:
    """Measures both sides `count` times, one after the other; each is told which time it is."""
    measured = [(ours(index), other(index)) for index in range(count)]
    return Pairs(tuple(one for one, _ in measured), tuple(two for _, two in measured))


def median_of(name: str, seconds: Sequence[float], bar: float) -> Figure:
    """The median of several times as a figure in milliseconds; `bar` in milliseconds too."""
    spread = ", ".join(f"{1000 * second:.0f}" for second in seconds)
    return Figure(name, 1000 * statistics.median(seconds), bar, "at most", "ms", note=f"runs: {spread}")


_HEADER = ("figure", "value", "bar", "", "ours", "other", "")


def table(figures: Iterable[Figure]) -> str:
    """The figures in columns, one a line."""
    rows = [_HEADER, *map(_row, figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADER))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _row(figure: Figure) -> tuple[str, ...]:
    bar = "" if figure.bar is None else f"{'>=' if figure.sense == 'at least' else '<='} {figure.bar:g}"
    return (
        figure.name,
        _cell(figure.value, figure.unit),
        f"{bar} {figure.unit}".strip() if bar else "",
        figure.verdict,
        _cell(figure.ours, figure.side_unit),
        _cell(figure.other, figure.side_unit),
        figure.note,
    )


def _cell(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    digits = 3 if not unit or unit == "s" else 1
    return f"{value:.{digits}f} {unit}".strip()
