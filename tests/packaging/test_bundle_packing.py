"""A folder that is packed twice gives the same packages, byte for byte."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from bundle.debian import changelog_text, write_deb
from bundle.portable import write_portable
from bundle.release import IDENTIFIER, MAINTAINER, Release

_RELEASE = Release("1.2.3", 1_700_000_000, "x86_64")

Write = Callable[[Path, Path, Release], Path]


def _program(folder: Path, names: tuple[str, ...]) -> Path:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name * 100, encoding="utf-8")
        file.chmod(0o755 if name == "soliloquy" else 0o644)
    return folder


@pytest.mark.parametrize("write", [write_portable, write_deb])
def test_packed_twice_it_is_the_same(write: Write, tmp_path: Path) -> None:
    names = ("soliloquy", "_internal/b.so", "_internal/a/model.gguf", "README.txt")
    first = _program(tmp_path / "first", names)
    second = _program(tmp_path / "second", names[::-1])
    for path in second.rglob("*"):
        os.utime(path, (1, 1))
    packed = write(first, tmp_path, _RELEASE).read_bytes()
    assert write(second, tmp_path, _RELEASE).read_bytes() == packed


@pytest.mark.parametrize("write", [write_portable, write_deb])
def test_another_file_gives_another_package(write: Write, tmp_path: Path) -> None:
    folder = _program(tmp_path / "program", ("soliloquy",))
    before = write(folder, tmp_path, _RELEASE).read_bytes()
    _program(folder, ("_internal/new",))
    assert write(folder, tmp_path, _RELEASE).read_bytes() != before


@pytest.mark.skipif(shutil.which("dpkg-parsechangelog") is None, reason="dpkg-dev is not installed")
def test_debian_reads_the_changelog(tmp_path: Path) -> None:
    file = tmp_path / "changelog"
    file.write_text(changelog_text(_RELEASE), encoding="utf-8")
    command = ["dpkg-parsechangelog", "--file", str(file)]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    assert told.stderr == ""
    assert "\nVersion: 1.2.3\n" in told.stdout
    assert f"\nMaintainer: {MAINTAINER}\n" in told.stdout


def test_the_name_for_software_centres_is_well_formed() -> None:
    parts = IDENTIFIER.split(".")
    assert len(parts) >= 3
    assert all(part.isalnum() and part == part.lower() for part in parts)
