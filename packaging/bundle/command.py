"""Makes the packages for the system that it runs on; or, with `--empty-window`, what they are measured by."""

import argparse
import shutil
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bundle import sbom
from bundle.components import UnknownFileError
from bundle.debian import LINUX, write_deb
from bundle.frozen import EMPTY_WINDOW, FreezeError, freeze
from bundle.portable import write_portable
from bundle.release import ROOT, Release
from bundle.search_paths import forget_foreign_folders
from bundle.sizes import MEGABYTE, folder_size


def main(arguments: Sequence[str]) -> int:
    """Makes what is asked for and prints where it lies; 1 when it cannot."""
    parser = argparse.ArgumentParser(prog="./dev package", description=__doc__)
    parser.add_argument(
        "--wheel", type=Path, required=True, help="llama-cpp-python as packaging/llama builds it"
    )
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "package", help="where to work")
    parser.add_argument("--target", type=Path, default=ROOT / "dist", help="where the packages go")
    parser.add_argument(
        "--folder-only", action="store_true", help="only the program's folder, no packages of it"
    )
    parser.add_argument("--empty-window", action="store_true", help="the folder of an empty window instead")
    chosen = parser.parse_args(arguments)
    release = Release.here()
    chosen.build.mkdir(parents=True, exist_ok=True)
    try:
        made = _made(chosen, release)
    except (FreezeError, UnknownFileError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("".join(f"{path}\n" for path in made))
    return 0


def _made(chosen: argparse.Namespace, release: Release) -> list[Path]:
    build, target = chosen.build.absolute(), chosen.target.absolute()
    if chosen.empty_window:
        return [freeze(release, chosen.wheel, build, EMPTY_WINDOW)]
    _say("Gathering the program's folder.")
    folder = freeze(release, chosen.wheel, build)
    if sys.platform.startswith("linux"):
        forget_foreign_folders(folder)
    add_texts(folder)
    sbom.write(folder, release)
    if chosen.folder_only or not sys.platform.startswith("linux"):
        return [folder]
    target.mkdir(parents=True, exist_ok=True)
    _say(
        f"The folder has {folder_size(folder) / MEGABYTE:.1f} MB. Packing it twice, which takes some minutes."
    )
    # Side by side: each is one long compression, during which Python lets the other work.
    with ThreadPoolExecutor() as threads:
        ways = (write_portable, write_deb)
        made = list(threads.map(lambda write: write(folder, target, release), ways))
    for path in made:
        _say(f"{path.stat().st_size / MEGABYTE:6.1f} MB  {path.name}")
    return made


def add_texts(folder: Path) -> None:
    """What a person finds beside the program: how to start it, and on which terms."""
    shutil.copyfile(ROOT / "LICENSE", folder / "LICENSE")
    if sys.platform.startswith("linux"):
        shutil.copyfile(LINUX / "README.txt", folder / "README.txt")
        shutil.copyfile(LINUX / "soliloquy-portable", folder / "soliloquy-portable")
        (folder / "soliloquy-portable").chmod(0o755)
    for name in ("LICENSE", "README.txt"):
        if (folder / name).exists():
            (folder / name).chmod(0o644)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
