"""Takes out of programs where the machine that built them looks for libraries: a person has no such folders.

Somebody who could make one would have their own library loaded. A list that begins at the program itself stays.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_ELF_64_LITTLE = b"\x7fELF\x02\x01"
_LOADED, _DYNAMIC = 1, 2
_END, _TEXTS, _RPATH, _RUNPATH = 0, 5, 15, 29
_ENTRY = struct.Struct("<qQ")
_OWN = b"$ORIGIN"


class _Segment(NamedTuple):
    kind: int
    offset: int
    address: int
    size: int


def forget_foreign_folders(folder: Path) -> list[str]:
    """Mends every program and library below a folder; the names of those that were changed."""
    changed = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
        with path.open("rb") as file:
            if file.read(len(_ELF_64_LITTLE)) != _ELF_64_LITTLE:
                continue
        data = path.read_bytes()
        mended = without_foreign_folders(data)
        if mended != data:
            path.write_bytes(mended)
            changed.append(path.relative_to(folder).as_posix())
    return changed


def without_foreign_folders(data: bytes) -> bytes:
    """The same program, which looks for libraries only from its own place and where the system does."""
    segments = list(_segments(data))
    dynamic = next((segment for segment in segments if segment.kind == _DYNAMIC), None)
    if dynamic is None:
        return data
    entries = list(_entries(data, dynamic))
    texts = next(value for tag, value in entries if tag == _TEXTS)
    mended = bytearray(data)
    kept = []
    for tag, value in entries:
        if tag in (_RPATH, _RUNPATH) and _blanked(mended, _place(segments, texts) + value):
            continue
        kept.append((tag, value))
    kept += [(_END, 0)] * (len(entries) - len(kept))
    packed = b"".join(_ENTRY.pack(*entry) for entry in kept)
    mended[dynamic.offset : dynamic.offset + len(packed)] = packed
    return bytes(mended)


def _segments(data: bytes) -> Iterator[_Segment]:
    (start,) = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    for place in range(start, start + size * count, size):
        kind, _flags, offset, address, _physical, length = struct.unpack_from("<IIQQQQ", data, place)
        yield _Segment(kind, offset, address, length)


def _entries(data: bytes, dynamic: _Segment) -> Iterator[tuple[int, int]]:
    for place in range(dynamic.offset, dynamic.offset + dynamic.size, _ENTRY.size):
        tag, value = _ENTRY.unpack_from(data, place)
        if tag == _END:
            return
        yield tag, value


def _place(segments: list[_Segment], address: int) -> int:
    """Where in the file something lies that is at this address in memory."""
    return next(
        segment.offset + address - segment.address
        for segment in segments
        if segment.kind == _LOADED and segment.address <= address < segment.address + segment.size
    )


def _blanked(data: bytearray, start: int) -> bool:
    """Whether a list of folders is foreign; it is made unreadable then.

    What follows the last `/` is left as it is: linkers let another name end in the same bytes.
    """
    folders = bytes(data[start : data.index(b"\0", start)])
    if any(folder.startswith(_OWN) for folder in folders.split(b":")):
        return False
    blank = folders.rfind(b"/") + 1
    data[start : start + blank] = bytes(blank)
    return True
