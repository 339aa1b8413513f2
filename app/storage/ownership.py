"""Which process writes a growing reply: each store that is open holds a locked file, and its lock dies with it."""

import contextlib
import os
import re
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from app.errors import StorageError
from app.storage.connection import LOCK_SECONDS

_GATE = "gate"
_NAME = re.compile(r"\d+-[0-9a-f]{12}")
_TICK = 0.02


class Ownership:
    """The lock of one open store; `name` stands beside the replies that it writes. Made while the gate is held."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.name = f"{os.getpid()}-{uuid.uuid4().hex[:12]}"
        self._file: BinaryIO | None = _opened(self._path)
        if not _lock(self._file):
            self.release()
            raise StorageError("store_locked")

    @property
    def _path(self) -> Path:
        return self._folder / self.name

    def is_alive(self, name: str) -> bool:
        """Whether the process of that name still runs; this one does."""
        return name == self.name or (_NAME.fullmatch(name) is not None and _is_held(self._folder / name))

    def alone(self) -> bool:
        """Whether no other process has the store open."""
        return self.tidy() == 0

    def tidy(self) -> int:
        """Removes what dead processes left behind; how many others live.

        Asked while the gate is held, so that nobody is just about to lock a file of theirs.
        """
        others = [path for path in self._folder.iterdir() if path.name not in {_GATE, self.name}]
        dead = [path for path in others if not _is_held(path)]
        for path in dead:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        return len(others) - len(dead)

    def release(self) -> None:
        """Gives the lock back."""
        if self._file is not None:
            self._file.close()
            self._file = None
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)


class Nobody:
    """Stands in the place of an ownership where nothing can be written, so that no reply is anybody's."""

    name = ""

    def is_alive(self, _name: str) -> bool:
        """Nobody can tell, and nothing is done about it."""
        return False

    def release(self) -> None:
        """There is nothing to give back."""


@contextlib.contextmanager
def gate(folder: Path) -> Iterator[None]:
    """Held by one process at a time, while it opens, mends or replaces the file. `store_locked` after 5 s."""
    folder.mkdir(mode=0o700, exist_ok=True)
    with _opened(folder / _GATE) as file:
        end = time.monotonic() + LOCK_SECONDS
        while not _lock(file):
            if time.monotonic() > end:
                raise StorageError("store_locked")
            time.sleep(_TICK)
        yield


def _opened(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")


def _is_held(path: Path) -> bool:
    """Whether somebody holds the lock of that file."""
    try:
        file = path.open("r+b")
    except OSError:
        return False
    with file:
        return not _lock(file)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO) -> bool:
        """Takes the lock, which closing the file gives back; False when somebody has it."""
        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(file: BinaryIO) -> bool:
        """Takes the lock, which closing the file gives back; False when somebody has it."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
