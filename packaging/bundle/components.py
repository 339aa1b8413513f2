"""Whose work lies in the program's folder: each file belongs to one component, with its version and its licence."""

import importlib.metadata
import platform
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bundle.release import Release


class UnknownFileError(Exception):
    """A file in the folder belongs to nobody that is known, so its licence is not known either."""


@dataclass(frozen=True)
class Component:
    """One work: `pattern` matches the places of its files in the program's folder; `licence` is an SPDX expression."""

    name: str
    version: str
    licence: str
    pattern: str
    supplier: str = ""


def components(release: Release, folder: Path) -> tuple[Component, ...]:
    """Everything that can be in the folder of this release."""
    return (*_program(release), *_libraries(folder), *_qt(folder), *_fonts(), *_extensions())


def _program(release: Release) -> Iterator[Component]:
    yield Component(
        "Soliloquy",
        release.version,
        "MIT",
        r"_internal/(app|resources/(icons/|models/|licences/|recommended|themes/|translations/|mark)).*"
        r"|sbom\.cdx\.json|LICENSE|README\.txt|soliloquy-portable|_internal/llama_cpp/__init__.*",
        "The Soliloquy authors",
    )
    yield Component(
        "PyInstaller bootloader",
        _installed("pyinstaller"),
        "GPL-2.0-or-later WITH Bootloader-exception",
        r"(soliloquy|soliloquy-console|empty-window)(\.exe)?",
        "The PyInstaller Development Team",
    )


def _libraries(folder: Path) -> Iterator[Component]:
    yield Component(
        "Python",
        platform.python_version(),
        "PSF-2.0",
        r"_internal/(libpython.*|python\d.*|base_library\.zip|lib-dynload/.*)",
        "Python Software Foundation",
    )
    yield Component("SQLite", sqlite3.sqlite_version, "blessing", r"_internal/libsqlite3.*", "SQLite")
    yield Component("libffi", _from_file_name(folder, "libffi.so."), "MIT", r"_internal/libffi.*", "libffi")
    yield Component(
        "GNU OpenMP runtime",
        _from_file_name(folder, "libgomp.so."),
        "GPL-3.0-or-later WITH GCC-exception-3.1",
        r"_internal/libgomp.*",
        "Free Software Foundation",
    )
    yield Component(
        "llama.cpp and llama-cpp-python",
        _llama_version(folder),
        "MIT",
        r"_internal/(llama_cpp/(?!__init__).*|llama_cpp_python-.*)",
        "The ggml authors, Andrei Betlen",
    )


def _qt(folder: Path) -> Iterator[Component]:
    yield Component(
        "ICU",
        _from_file_name(folder, "libicudata.so."),
        "Unicode-3.0",
        r"_internal/PySide6/Qt/lib/libicu.*",
        "Unicode, Inc.",
    )
    yield Component(
        "Qt and PySide6",
        _installed("PySide6-Essentials"),
        "LGPL-3.0-only",
        r"_internal/(PySide6|shiboken6)/(?!Qt/lib/libicu).*",
        "The Qt Company",
    )


def _fonts() -> Iterator[Component]:
    fonts = "_internal/resources/fonts/"
    yield Component("Inter", "3.19", "OFL-1.1", rf"{fonts}Inter.*", "The Inter authors")
    yield Component("JetBrains Mono", "2.242", "OFL-1.1", rf"{fonts}JetBrainsMono.*", "JetBrains")


def _extensions() -> Iterator[Component]:
    for name in ("MarkupSafe", "msgspec"):
        yield Component(name, _installed(name), "BSD-3-Clause", rf"_internal/{name.lower()}[/-].*")


def inside_the_program() -> tuple[Component, ...]:
    """Works of Python code alone, which lie in the program file itself."""
    licences = {"Jinja2": "BSD-3-Clause", "platformdirs": "MIT"}
    return tuple(Component(name, _installed(name), licence, "") for name, licence in licences.items())


def claimed(names: Iterable[str], known: Iterable[Component]) -> dict[Component, list[str]]:
    """Which files belong to which component. Raises UnknownFileError for one that belongs to none, or to two."""
    belongs: dict[Component, list[str]] = {component: [] for component in known}
    for name in names:
        owners = [component for component in belongs if re.fullmatch(component.pattern, name)]
        if len(owners) != 1:
            listed = ", ".join(owner.name for owner in owners) or "nobody"
            raise UnknownFileError(f"{name} belongs to {listed}: say whose it is in bundle/components.py.")
        belongs[owners[0]].append(name)
    return belongs


def _installed(distribution: str) -> str:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


def _from_file_name(folder: Path, start: str) -> str:
    """A library's version as far as its file's name tells it, such as 73 of libicudata.so.73."""
    found = sorted(folder.rglob(f"{start}*"))
    return found[0].name.removeprefix(start) if found else "unknown"


def _llama_version(folder: Path) -> str:
    found = sorted(folder.rglob("llama_cpp_python-*.dist-info"))
    return found[0].name.removeprefix("llama_cpp_python-").removesuffix(".dist-info") if found else "unknown"
