"""Which window has a data folder: the one that holds the lock in it, which the system takes back at its death."""

import contextlib
import errno
import logging
import os
import sys
from pathlib import Path
from typing import Literal

log = logging.getLogger(__name__)

LOCK_NAME = "window.lock"

Claim = Literal["ours", "taken", "unknown"]

# What the system says where another holds the lock; anything else says that locks do not work there.
_TAKEN = frozenset({errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK})


class FolderLock:
    """The lock of one data folder. A file that a killed window left behind is no lock."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / LOCK_NAME
        self._descriptor: int | None = None

    def claim(self) -> Claim:
        """Takes the lock; "unknown" where a disk is read-only or knows no locks, and nobody can tell."""
        try:
            descriptor = self._opened()
        except OSError as error:
            log.warning("there is no lock for the data folder: %s", error.strerror)
            return "unknown"
        try:
            _lock(descriptor)
        except OSError as error:
            os.close(descriptor)
            if error.errno in _TAKEN:
                return "taken"
            log.warning("the data folder cannot be locked: %s", error.strerror)
            return "unknown"
        self._descriptor = descriptor
        return "ours"

    def release(self) -> None:
        """Gives the lock back; its file stays, or a window that opens it this moment would hold a nameless one."""
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                os.close(self._descriptor)
            self._descriptor = None

    def _opened(self) -> int:
        try:
            return os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            # A lock needs no right to write: an older start may have left the file.
            return os.open(self._file, os.O_RDONLY)


def _lock(descriptor: int) -> None:
    """Locks without waiting. Raises OSError where it is taken and where locks do not work."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
