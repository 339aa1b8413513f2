"""What no file of ours says, be it code, a script or prose."""

import re
from collections.abc import Iterator

from tests.rules.source import Breach, Source

# Each pattern is written so that it does not find itself.
_UNFINISHED = re.compile(r"\b(TO[D]O|FIX[M]E|XX[X]|HAC[K])\b")
_MACHINES_FOLDER = re.compile(r"(?<![\w.~}>])/(?:root|work)/[\w.]")
_PERSONS_FOLDER = re.compile(r"(?<![\w.~}>])/(?:home|Users)/[\w.]|[A-Z]:\\+Users\\")
_REGISTRY = re.compile(r"\b(?:pypi\.or[g]|pythonhosted\.or[g]|deb\.debian\.or[g]|registry\.npmjs\.or[g])")


def finished(source: Source) -> Iterator[Breach]:
    """What is to be done stands in an issue, not in the code."""
    yield from _found(source, _UNFINISHED, "is a note to oneself")


def no_ones_folders(source: Source) -> Iterator[Breach]:
    """Nothing depends on where one person keeps their files; a test may have an invented person as a sample."""
    yield from _found(source, _MACHINES_FOLDER, "is a path on one machine")
    if not source.path.startswith("tests/"):
        yield from _found(source, _PERSONS_FOLDER, "is a path on one machine")


def no_registry_addresses(source: Source) -> Iterator[Breach]:
    """Packages are named; where they come from is each machine's own setting."""
    yield from _found(source, _REGISTRY, "is a registry's address")


def _found(source: Source, pattern: re.Pattern[str], message: str) -> Iterator[Breach]:
    for number, line in enumerate(source.text.splitlines(), start=1):
        match = pattern.search(line)
        if match is not None:
            yield source.breach(number, f"{match[0]} {message}")
