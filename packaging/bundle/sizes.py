"""How large a package may be, and why it has parts of more than five megabytes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1_000_000

LARGEST_FILE = 51_700_000
"""Bytes of a .deb or of a portable archive."""

LARGEST_FOLDER = 220_000_000
"""Bytes when installed."""

LARGE_PART = 5_000_000

REASONS: Mapping[str, str] = {
    r"_internal/PySide6/Qt/lib/libicudata\.so\.\d+": "Qt is linked to it: how each language sorts, cuts and writes",
    r"_internal/PySide6/Qt/lib/libQt6Gui\.so\.6": "draws the window",
    r"_internal/PySide6/Qt/lib/libQt6Widgets\.so\.6": "the window's parts",
    r"_internal/PySide6/Qt/lib/libQt6Core\.so\.6": "everything of Qt stands on it",
    r"_internal/PySide6/QtWidgets\.abi3\.so": "Qt's parts of a window for Python",
    r"_internal/PySide6/QtGui\.abi3\.so": "Qt's drawing for Python",
    r"_internal/libpython3\.\d+\.so\.1\.0": "Python itself",
    r"soliloquy": "the app and the modules of Python that it uses, uncompressed, so that the window starts sooner",
    r"_internal/llama_cpp/lib/libggml-vulkan\.so": "runs models on GPUs of every maker; holds its shaders",
}


@dataclass(frozen=True)
class Part:
    """A file of the folder with its size in bytes, and why it is there (empty where nobody has said)."""

    name: str
    size: int
    reason: str


def large_parts(folder: Path) -> list[Part]:
    """Every file of more than five megabytes, the largest first."""
    found = [
        Part(name, path.stat().st_size, reason_for(name))
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
        for name in [path.relative_to(folder).as_posix()]
        if path.stat().st_size > LARGE_PART
    ]
    return sorted(found, key=lambda part: (-part.size, part.name))


def reason_for(name: str) -> str:
    """Why a part is there, or nothing."""
    return next((reason for pattern, reason in REASONS.items() if re.fullmatch(pattern, name)), "")


def folder_size(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() or path.is_symlink())
