"""Which model files are asked in plain words, because their own chat templates did what none may do."""

from pathlib import Path
from typing import Protocol, TypeVar

from app.settings import DISTRUSTED, Choice

T = TypeVar("T", str, int, float, bool)

_Mark = tuple[str, int, int]
"""A path, and the file's bytes and time of change (ns) as it was: another file in its place is not marked."""


class Kept(Protocol):
    """Where the marks are kept: the settings or their service."""

    def get(self, choice: Choice[T]) -> T:
        """What was kept."""

    def set(self, choice: Choice[T], value: T) -> None:
        """Keeps it."""


class TemplateTrust:
    """Remembers the files; without settings only as long as it lives."""

    def __init__(self, settings: Kept | None = None) -> None:
        self._settings = settings
        self._marks = _read(settings.get(DISTRUSTED)) if settings is not None else []

    def distrusts(self, path: Path) -> bool:
        """Whether this very file was marked."""
        return _mark(path) in self._marks

    def distrust(self, path: Path) -> None:
        """Marks the file; the oldest mark goes where there is no more room."""
        self._marks = [*(mark for mark in self._marks if mark[0] != str(path)), _mark(path)]
        self._keep()

    def trust(self, path: Path) -> None:
        """Takes the mark away."""
        self._marks = [mark for mark in self._marks if mark[0] != str(path)]
        self._keep()

    def _keep(self) -> None:
        import json  # msgspec does not write a file's name whose bytes are no text

        while len(text := json.dumps(self._marks)) > DISTRUSTED.longest:
            self._marks.pop(0)
        if self._settings is not None:
            self._settings.set(DISTRUSTED, text)


def _mark(path: Path) -> _Mark:
    try:
        status = path.stat()
    except OSError:
        return str(path), 0, 0
    return str(path), status.st_size, status.st_mtime_ns


def _read(text: str) -> list[_Mark]:
    """The marks; what is none is left out."""
    if text == DISTRUSTED.default:
        return []
    import json  # most windows start without a mark

    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return [
        (value[0], value[1], value[2])
        for value in (values if isinstance(values, list) else [])
        if isinstance(value, list) and [type(part) for part in value] == [str, int, int]
    ]
