"""The ways in which people put a question, read from the lists beside this module."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

FOLDER = Path(__file__).parent
CHOICE = re.compile(r"\[([^\[\]]*)\]")
SLOT = re.compile(r"\{([a-z0-9_]+)\}")


@dataclass(frozen=True)
class Pattern:
    """One line of a list: fixed text and, between square brackets, alternatives."""

    parts: tuple[tuple[str, ...], ...]

    @classmethod
    def parse(cls, line: str) -> Pattern:
        """Read `What is [a|b]`; every odd piece of the split is a group of alternatives."""
        pieces = CHOICE.split(line)
        return cls(
            tuple(tuple(piece.split("|")) if odd % 2 else (piece,) for odd, piece in enumerate(pieces))
        )

    @property
    def size(self) -> int:
        """In how many ways the line can be said."""
        total = 1
        for part in self.parts:
            total *= len(part)
        return total

    def choose(self, random: Random) -> str:
        """One of the ways, with its slots still open."""
        return "".join(random.choice(part) for part in self.parts)

    def every(self) -> list[str]:
        """All of the ways."""
        return ["".join(combination) for combination in itertools.product(*self.parts)]


def fill(text: str, values: dict[str, str]) -> str:
    """Put the values into the slots; a slot without a value stays as it is."""
    return SLOT.sub(lambda match: values.get(match[1], match[0]), text)


def read_lines(*path: str) -> list[str]:
    """The lines of a file beside this module that are not empty."""
    return [line for line in FOLDER.joinpath(*path).read_text("utf-8").splitlines() if line.strip()]


@cache
def patterns(kind: str, name: str) -> tuple[Pattern, ...]:
    """The lines of phrasings/KIND/NAME.txt, where KIND is `trained` or `held_out`."""
    return tuple(Pattern.parse(line) for line in read_lines("phrasings", kind, f"{name}.txt"))


def choose(kind: str, name: str, random: Random) -> str:
    """One phrasing with open slots; long lists of alternatives do not drown the short ones."""
    lines = patterns(kind, name)
    weights = [min(line.size, 300) ** 0.5 for line in lines]
    return random.choices(lines, weights)[0].choose(random)
