"""What the app keeps on this machine: how much of which kind, where, and whether others can read it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.paths import Paths

Kind = Literal["conversations", "backups", "settings", "models", "log", "cache"]

_OTHERS = 0o077


@dataclass(frozen=True)
class Kept:
    """One kind of files: how many there are, their bytes, and the folder or file where they lie."""

    kind: Kind
    place: Path
    files: int
    bytes: int


@dataclass(frozen=True)
class KeptData:
    """All kinds; `private` where the system lets nobody else into the data folder."""

    kinds: tuple[Kept, ...]
    private: bool

    def bytes_of(self, *kinds: Kind) -> int:
        """The bytes of some kinds together."""
        return sum(kept.bytes for kept in self.kinds if kept.kind in kinds)


def kept_data(paths: Paths) -> KeptData:
    """Looks at every folder; what cannot be read counts as nothing. It waits for the disk: not for the GUI thread."""
    data = paths.data
    kinds = (
        _kept("conversations", data, data.glob("conversations.db*")),
        _kept("backups", data / "backups", _files(data / "backups")),
        _kept("settings", data, data.glob("settings.json*")),
        _kept("models", paths.models, _files(paths.models)),
        _kept("log", paths.logs, _files(paths.logs)),
        _kept("cache", paths.cache, _files(paths.cache)),
    )
    return KeptData(kinds, _is_private(data))


def _kept(kind: Kind, place: Path, files: Iterator[Path]) -> Kept:
    sizes = [size for size in map(_size, files) if size is not None]
    return Kept(kind, place, len(sizes), sum(sizes))


def _files(folder: Path) -> Iterator[Path]:
    for at, _folders, names in os.walk(folder):
        yield from (Path(at) / name for name in names)


def _size(file: Path) -> int | None:
    """The bytes of a file; None where it is gone, or is none. A link to another place takes nothing here."""
    try:
        return file.lstat().st_size if file.is_file() else None
    except OSError:
        return None


def _is_private(folder: Path) -> bool:
    if os.name != "posix":
        # A person's folders are closed to others by Windows itself, whose modes tell nothing.
        return True
    try:
        return folder.stat().st_mode & _OTHERS == 0
    except OSError:
        return False
