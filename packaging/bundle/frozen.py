"""Makes the program's folder: stages llama.cpp's files and has PyInstaller gather the rest."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from bundle import bare_packages, llama_files
from bundle.release import ROOT, Release

PROGRAM = "soliloquy"
EMPTY_WINDOW = "empty-window"


_SOON = {
    # What is read at each start is not compressed: the packages are, as a whole, better and once.
    "PYINSTALLER_ZLIB_COMPRESSION_LEVEL": "0",
    # Which columns of a line an error stands in is left out too.
    "PYTHONNODEBUGRANGES": "1",
}
"""Lets the program start sooner; the empty window, by which its start is measured, is packaged as anybody's is."""


class FreezeError(Exception):
    """PyInstaller could not make the folder; the text is what it said last."""


def freeze(release: Release, wheel: Path, build: Path, name: str = PROGRAM) -> Path:
    """The finished folder inside `build`. Raises FreezeError."""
    staged = build / "staged"
    llama_files.stage(wheel, staged)
    bare_packages.stage(staged)
    bare_packages.stage_signature_modules(build / bare_packages.SIGNATURE)
    if sys.platform in ("win32", "darwin"):
        from bundle.icons import write_program_icons

        write_program_icons(build)
    folder = build / "programs" / name
    shutil.rmtree(folder, ignore_errors=True)
    _run_pyinstaller(release, build, staged, name)
    _set_modes(folder, name)
    return folder


def _run_pyinstaller(release: Release, build: Path, staged: Path, name: str) -> None:
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    command += ["--workpath", str(build / "work"), "--distpath", str(build / "programs")]
    log = build / f"{name}.log"
    with log.open("w", encoding="utf-8") as out:
        done = subprocess.run(
            [*command, str(ROOT / "packaging" / "app.spec")],
            cwd=build,
            env=_environment(release, build, staged, name),
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    if done.returncode != 0:
        last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
        raise FreezeError("\n".join([*last, f"PyInstaller failed; its whole output is in {log}."]))


def _environment(release: Release, build: Path, staged: Path, name: str) -> dict[str, str]:
    """The same bytes come out only where the order of sets and the dates are the same."""
    return (
        os.environ
        | (_SOON if name == PROGRAM else {})
        | {
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYINSTALLER_CONFIG_DIR": str(build / "pyinstaller"),
            "SOURCE_DATE_EPOCH": str(release.epoch),
            "SOLILOQUY_BUNDLE": name,
            "SOLILOQUY_STAGED": str(staged),
            "SOLILOQUY_VERSION": release.version,
        }
    )


def _set_modes(folder: Path, name: str) -> None:
    """The program can be run, and nothing else is; what whoever builds it allows to whom plays no part."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            path.chmod(0o755 if path.parent == folder and path.stem.startswith(name) else 0o644)
