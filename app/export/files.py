"""Files that an export writes and an import reads: safe names, whole or not at all, for their owner alone."""

import contextlib
import errno
import os
import stat
import unicodedata
from pathlib import Path
from typing import Final

from app.errors import ExchangeError
from app.export.choices import Format
from app.export.json_format import MAX_BYTES
from app.export.signs import whole_letters

_MOST_BYTES: Final = 120
"""Of a name without its ending: what every file system takes, numbers included."""

_FORBIDDEN: Final = frozenset('<>:"/\\|?*')
_RESERVED: Final = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$"]
    + [f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"]
)
_JOINERS: Final = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"

_REASONS: Final = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EACCES: "denied",
    errno.EPERM: "denied",
    errno.EROFS: "denied",
    errno.ENOENT: "missing",
    errno.ENOTDIR: "missing",
    errno.EISDIR: "folder",
}
"""Why the system refuses, as far as there are words for it; else its own are used."""


def safe_name(title: str, otherwise: str) -> str:
    """A file's name, without its ending, that every operating system takes; `otherwise` where nothing is left."""
    text = unicodedata.normalize("NFC", whole_letters(title))
    kept = "".join(map(_fit, text))
    name = " ".join(kept.split()).strip(" .-~")
    name = _cut(name).rstrip(" .")
    if not name.strip(_JOINERS):
        return otherwise
    # Windows takes these for devices, whatever ending follows.
    return f"_{name}" if name.split(".")[0].strip().lower() in _RESERVED else name


def _fit(sign: str) -> str:
    """The sign as it may stand in a name; signs that turn the direction of text could disguise an ending."""
    if sign in _FORBIDDEN:
        return "-" if sign in ":/\\|" else ""
    kind = unicodedata.category(sign)
    if kind in ("Cc", "Zl", "Zp") or sign.isspace():
        return " "
    if kind in ("Cf", "Cs", "Co", "Cn") and sign not in _JOINERS:
        return ""
    return sign


def _cut(name: str) -> str:
    """As many whole letters as have room; what belongs to a letter goes with it."""
    data = name.encode()
    if len(data) <= _MOST_BYTES:
        return name
    cut = data[:_MOST_BYTES].decode(errors="ignore")
    following = name[len(cut)]
    while cut and (unicodedata.category(following) in ("Mn", "Me", "Sk") or following in _JOINERS):
        following = cut[-1]
        cut = cut[:-1]
    return cut.rstrip(_JOINERS)


def free_file(folder: Path, name: str, ending: Format) -> Path:
    """An empty file that was not there before, in the folder, numbered where the name is taken; `export_failed`."""
    number = 1
    while True:
        file = folder / (f"{name}.{ending}" if number == 1 else f"{name} ({number}).{ending}")
        try:
            os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            number += 1
        except OSError as error:
            raise _failed(file, error) from error
        else:
            return file


def make_folder(folder: Path) -> None:
    """Makes a folder for its owner alone; one that is there stays as it is. `export_failed`."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError as error:
        raise ExchangeError("export_failed", path=str(folder), reason="no_folder") from error
    except OSError as error:
        raise _failed(folder, error) from error


def write_whole(file: Path, text: str) -> None:
    """Writes the file in UTF-8, in place of an older one, or leaves that as it was; a link stays a link.

    A device or a pipe is written to as it is. ExchangeError: `export_failed` (`path`, `reason`).
    """
    data = whole_letters(text).encode()
    try:
        target = file.resolve()
        if target.exists() and not target.is_file() and not target.is_dir():
            with target.open("wb") as stream:
                stream.write(data)
            return
        _replace(target, data)
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
        raise _failed(file, error) from error


def _replace(target: Path, data: bytes) -> None:
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    fresh = target.with_name(f".soliloquy-{os.urandom(6).hex()}.part")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(target)
    except OSError:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise


def drop(file: Path) -> None:
    """Removes a file that was reserved and could not be written."""
    with contextlib.suppress(OSError):
        file.unlink(missing_ok=True)


def files_to_read(path: Path) -> tuple[Path, ...]:
    """The file itself, or the JSON files of a folder in the order of their names. `import_unreadable`."""
    try:
        if not path.is_dir():
            return (path,)
        return tuple(sorted(file for file in path.iterdir() if file.suffix.lower() == ".json"))
    except OSError as error:
        raise _unreadable(path, error) from error


def read_whole(file: Path) -> bytes:
    """The file's bytes, of which one more than may be read is enough. `import_unreadable` (`path`, `reason`)."""
    try:
        # Without waiting for a pipe that nobody writes to.
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as stream:
            mode = os.fstat(descriptor).st_mode
            if not stat.S_ISREG(mode):
                reason = "folder" if stat.S_ISDIR(mode) else "no_file"
                raise ExchangeError("import_unreadable", path=str(file), reason=reason)
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unreadable(file, error) from error


def _failed(file: Path, error: Exception) -> ExchangeError:
    return ExchangeError("export_failed", path=str(file), reason=_reason(error))


def _unreadable(file: Path, error: OSError) -> ExchangeError:
    return ExchangeError("import_unreadable", path=str(file), reason=_reason(error))


def _reason(error: Exception) -> str:
    if not isinstance(error, OSError):
        return "missing"
    return _REASONS.get(error.errno or 0, error.strerror or type(error).__name__)
