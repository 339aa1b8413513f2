"""Tries the packages in dist/ as a person would get them: unpacked in an empty folder, nothing on PATH, no network.

And installed by apt in a root that has Debian's base alone. Uses only the standard library, and what it tries has
nothing of this tree on its path. Prints one line a step and ends with 1 when one fails; what cannot be tried on this
machine is said and is no failure.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# In the place of this folder, so that the names of its modules stand for nothing by themselves.
sys.path[0] = str(HERE.parent)

from bundle import sbom, sizes  # noqa: E402  # the path is set above, since this is a script
from bundle.release import Release  # noqa: E402
from linux import old_processor  # noqa: E402
from linux.debian_steps import DebianTrial  # noqa: E402
from linux.trial import (  # noqa: E402
    SkipError,
    Step,
    StepError,
    answered,
    first_paint,
    nothing,
    run_steps,
    without_network,
    x_server,
)

_LAVAPIPE = "usr/share/vulkan/icd.d/lvp_icd.*.json"


def main() -> int:
    """Reads where the packages lie and tries each step."""
    parser = argparse.ArgumentParser(prog="./dev package check", description=__doc__)
    parser.add_argument("--target", type=Path, default=ROOT / "dist", help="where the packages lie")
    chosen = parser.parse_args()
    release = Release.here()
    portable = chosen.target.absolute() / f"{release.portable_name}.tar.xz"
    deb = chosen.target.absolute() / release.deb_name
    missing = [str(path) for path in (portable, deb) if not path.is_file()]
    if missing:
        sys.stderr.write(f"There is no {' and no '.join(missing)}: run ./dev package.\n")
        return 1
    with tempfile.TemporaryDirectory(prefix="soliloquy-package-") as name:
        empty = Path(name)
        # Whoever is somebody else in the root passes through here too.
        empty.chmod(0o755)
        subprocess.run(["tar", "-xJf", portable, "-C", empty], check=True)
        folder = empty / release.portable_name
        return run_steps(portable_steps(folder, empty, [portable, deb]) | DebianTrial(deb, empty).steps())


def portable_steps(folder: Path, scratch: Path, files: list[Path]) -> dict[str, Step]:
    """What is tried on the unpacked folder and on the files, by name."""
    return {
        "sizes": lambda: check_sizes(folder, files),
        "list of contents": lambda: check_sbom(folder),
        "answer on the CPU": lambda: answers_on_the_cpu(folder, scratch),
        "answer on a Vulkan device": lambda: answers_on_vulkan(folder, scratch),
        "answer on an old processor": lambda: old_processor.answers(folder, scratch),
        "window": lambda: opens_a_window(folder, scratch),
        # After all these.
        "its folder is left alone": lambda: check_sbom(folder),
    }


def check_sizes(folder: Path, files: list[Path]) -> str:
    """Every package and the folder are within their bars, and each large part has its reason."""
    too_large = [path.name for path in files if path.stat().st_size > sizes.LARGEST_FILE]
    whole = sizes.folder_size(folder)
    parts = sizes.large_parts(folder)
    for part in parts:
        sys.stdout.write(f"         {part.size / sizes.MEGABYTE:5.1f} MB  {part.name}: {part.reason}\n")
    unexplained = [part.name for part in parts if not part.reason]
    if too_large or unexplained or whole > sizes.LARGEST_FOLDER:
        raise StepError(
            f"{whole} bytes in the folder; too large: {too_large}; without a reason: {unexplained}"
        )
    told = ", ".join(f"{path.suffix} {path.stat().st_size / sizes.MEGABYTE:.1f} MB" for path in files)
    return f"{told}, installed {whole / sizes.MEGABYTE:.1f} MB"


def check_sbom(folder: Path) -> str:
    """Each file is in the list of contents with its digest, and the list names no other."""
    listed = sbom.digests((folder / sbom.NAME).read_text(encoding="utf-8"))
    there = sbom.digests_of(folder)
    if listed != there:
        raise StepError(f"these differ: {sorted(set(listed.items()) ^ set(there.items()))[:4]}")
    return f"{len(listed)} files"


def answers_on_the_cpu(folder: Path, scratch: Path) -> str:
    """The demo model answers with nothing on PATH and without a network."""
    command = [*without_network(), str(folder / "soliloquy"), "--data-dir", str(scratch / "data")]
    return answered(command, scratch, nothing(scratch))


def answers_on_vulkan(folder: Path, scratch: Path) -> str:
    """And on a Vulkan device in software, to which all layers go."""
    drivers = sorted(Path("/").glob(_LAVAPIPE))
    if not drivers:
        raise SkipError("no Vulkan device in software: install mesa-vulkan-drivers")
    variables = {"VK_DRIVER_FILES": str(drivers[0]), "GGML_VK_VISIBLE_DEVICES": "0"}
    command = [str(folder / "soliloquy"), "--data-dir", str(scratch / "vulkan")]
    answer = answered(command, scratch, nothing(scratch) | variables)
    log = "".join(path.read_text("utf-8") for path in (scratch / "vulkan").rglob("soliloquy.log"))
    if "Vulkan0 model buffer" not in log:
        raise StepError("the answer came, but no Vulkan device was used")
    return answer


def opens_a_window(folder: Path, scratch: Path) -> str:
    """The window paints on an X server in memory."""
    with x_server() as display:
        variables = {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        command = [str(folder / "soliloquy"), "--data-dir", str(scratch / "window")]
        return f"painted {first_paint(command, nothing(scratch) | variables):.2f} s after its start"


if __name__ == "__main__":
    sys.exit(main())
