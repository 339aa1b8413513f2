"""Archives that are the same, byte for byte, whenever and by whomever they are made of the same files."""

import gzip
import io
import lzma
import stat
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_DICTIONARY = 64 * 1024 * 1024
"""Bytes; unpacking needs as much memory."""

_BRANCH_FILTERS = {"x86_64": lzma.FILTER_X86}
"""Machine code compresses better by a twentieth when its jumps are made comparable; every xz can undo that."""

_AR_MAGIC = b"!<arch>\n"


@dataclass(frozen=True)
class Entry:
    """One file, link or folder of an archive: exactly one of `file`, `content` and `link`, or none for a folder."""

    name: str
    file: Path | None = None
    content: bytes | None = None
    link: str = ""
    executable: bool = False

    @property
    def data(self) -> bytes:
        """What the file holds; nothing for links and folders."""
        return self.file.read_bytes() if self.file is not None else self.content or b""

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return self.file is None and self.content is None and not self.link


def entries_of(folder: Path, prefix: str) -> Iterator[Entry]:
    """Every file below a folder, in the order of names; a file is executable when its owner may run it."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        executable = bool(path.stat().st_mode & stat.S_IXUSR)
        yield Entry(f"{prefix}{path.relative_to(folder).as_posix()}", file=path, executable=executable)


def tar(entries: Iterable[Entry], epoch: int, root: str = "") -> bytes:
    """A tar archive of the entries and of every folder that they lie in, sorted, owned by root.

    `root` stands before every name, as Debian's `./`.
    """
    given = {entry.name: entry for entry in entries}
    folders = {Entry(str(parent)) for name in given for parent in Path(name).parents if str(parent) != "."}
    everything = sorted({*given.values(), *folders}, key=lambda entry: entry.name)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        if root:
            archive.addfile(_head(Entry("."), "./", epoch))
        for entry in everything:
            archive.addfile(_head(entry, f"{root}{entry.name}", epoch), io.BytesIO(entry.data))
    return out.getvalue()


def _head(entry: Entry, name: str, epoch: int) -> tarfile.TarInfo:
    head = tarfile.TarInfo(name)
    head.mtime = epoch
    head.uname = head.gname = "root"
    head.mode = 0o755 if entry.is_folder or entry.executable else 0o644
    if entry.link:
        head.type, head.linkname, head.mode = tarfile.SYMTYPE, entry.link, 0o777
    elif entry.is_folder:
        head.type = tarfile.DIRTYPE
    else:
        head.size = len(entry.data)
    return head


def xz(data: bytes, machine: str) -> bytes:
    """Compressed as small as xz can."""
    branch = _BRANCH_FILTERS.get(machine)
    filters: list[dict[str, int]] = [{"id": branch}] if branch is not None else []
    filters.append(
        {"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "dict_size": _DICTIONARY, "lc": 3}
    )
    return lzma.compress(data, check=lzma.CHECK_CRC64, filters=filters)


def gz(data: bytes) -> bytes:
    """Compressed by gzip, without a name or a date."""
    return gzip.compress(data, compresslevel=9, mtime=0)


def ar(members: Iterable[tuple[str, bytes]], epoch: int) -> bytes:
    """Unix's plain archive, which a .deb is."""
    parts = [_AR_MAGIC]
    for name, data in members:
        parts.append(f"{name:<16}{epoch:<12}{0:<6}{0:<6}{'100644':<8}{len(data):<10}`\n".encode())
        parts.append(data + b"\n" * (len(data) % 2))
    return b"".join(parts)
