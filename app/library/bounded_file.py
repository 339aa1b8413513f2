"""A file read forwards with a limit on how far, for formats whose numbers may lie about how much follows."""

import os
import stat
import struct
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self

from app.errors import ModelFileError

_U32 = struct.Struct("<I")
_U64 = struct.Struct("<Q")
_CHUNK = 2**18
# No file system holds a larger file; a number above it is damage, not a file that was cut.
LARGEST_FILE = 2**50


class BoundedFile:
    """A reader of little-endian values that knows how long its file is and never passes `limit` bytes.

    Raises ModelFileError: `file_missing`, `file_is_folder`, `file_unreadable` (`reason`) when made, `gguf_truncated`
    (`expected`, `actual`) and `gguf_invalid` (`reason`, `offset`) while reading. OSError while reading is the caller's.
    """

    def __init__(self, path: Path, limit: int) -> None:
        self._path = path
        self._limit = limit
        # Opening a pipe would block, so what it is gets asked first.
        _refuse_unreadable(path)
        self._file = path.open("rb", buffering=0)
        self.size = os.fstat(self._file.fileno()).st_size
        self.window = b""
        self.at = 0
        self._start = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    @property
    def position(self) -> int:
        """How many bytes from the file's start the next read begins."""
        return self._start + self.at

    def need(self, count: int) -> None:
        """Makes `window` hold at least `count` bytes from `at` on."""
        if len(self.window) - self.at >= count:
            return
        position = self.position
        self.require(count)
        self._file.seek(position)
        self.window, self.at, self._start = self._read(max(count, _CHUNK)), 0, position
        if len(self.window) < count:  # the file shrank since it was opened
            self.truncated(position + count)

    def require(self, count: int) -> None:
        """Refuses a count of bytes that the file, or the limit, does not have left."""
        end = self.position + count
        if end > LARGEST_FILE:
            self.invalid("length")
        if end > self.size:
            self.truncated(end)
        if end > self._limit:
            self.invalid("header_size")

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        self.need(count)
        begin = self.at
        self.at += count
        return self.window[begin : self.at]

    def skip(self, count: int) -> None:
        """Passes `count` bytes without reading them."""
        self.require(count)
        self.at += count
        if self.at > len(self.window):
            self._start, self.at, self.window = self.position, 0, b""

    def u32(self) -> int:
        """The next four bytes as an unsigned number."""
        value: int = _U32.unpack(self.take(4))[0]
        return value

    def u64(self) -> int:
        """The next eight bytes as an unsigned number."""
        value: int = _U64.unpack(self.take(8))[0]
        return value

    def pass_strings(self, count: int) -> None:
        """Passes `count` strings, each led by its length in eight bytes.

        This loop is most of the time that a header takes (300,000 strings are common), hence its local names.
        """
        unpack = _U64.unpack_from
        while count:
            self.need(8)
            window, at, last = self.window, self.at, len(self.window) - 8
            while count and at <= last:
                at += 8 + unpack(window, at)[0]
                count -= 1
            self.skip(at - self.at)

    def truncated(self, expected: int) -> NoReturn:
        """The file ends before `expected` bytes."""
        raise ModelFileError("gguf_truncated", path=str(self._path), expected=expected, actual=self.size)

    def invalid(self, reason: str) -> NoReturn:
        """What stands at this position cannot be right."""
        raise ModelFileError("gguf_invalid", path=str(self._path), reason=reason, offset=self.position)

    def _read(self, count: int) -> bytes:
        """Up to `count` bytes: an unbuffered file may give less than asked before its end."""
        parts = []
        while count > 0 and (part := self._file.read(count)):
            parts.append(part)
            count -= len(part)
        return b"".join(parts)


def _refuse_unreadable(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: a NUL in the name
        raise ModelFileError("file_missing", path=str(path)) from None
    if stat.S_ISDIR(mode):
        raise ModelFileError("file_is_folder", path=str(path))
    if not stat.S_ISREG(mode):
        raise ModelFileError("file_unreadable", path=str(path), reason="not a regular file")
