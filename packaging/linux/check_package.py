"""Tries the packages in dist/ as a person would get them: unpacked in an empty folder, nothing on PATH, no network.

Uses only the standard library, and what it tries has nothing of this tree on its path. Prints one line a step and ends
with 1 when one fails; what cannot be tried on this machine is said and is no failure.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent))

from bundle import sbom, sizes  # noqa: E402  # the path is set above, since this is a script
from bundle.release import Release  # noqa: E402

QUESTION, ANSWER = "What is 12 + 35?", "47"
_SECONDS = 180
_LAVAPIPE = "/usr/share/vulkan/icd.d/lvp_icd.*.json"


class StepError(Exception):
    """What was tried does not work; the text says how."""


class SkipError(Exception):
    """This machine cannot try it; the text says why."""


Step = Callable[[Path, Path], str]


def main() -> int:
    """Reads where the packages lie and tries each step."""
    parser = argparse.ArgumentParser(prog="./dev package check", description=__doc__)
    parser.add_argument("--target", type=Path, default=ROOT / "dist", help="where the packages lie")
    chosen = parser.parse_args()
    release = Release.here()
    portable = chosen.target / f"{release.portable_name}.tar.xz"
    deb = chosen.target / release.deb_name
    missing = [str(path) for path in (portable, deb) if not path.is_file()]
    if missing:
        sys.stderr.write(f"There is no {' and no '.join(missing)}: run ./dev package.\n")
        return 1
    with tempfile.TemporaryDirectory(prefix="soliloquy-package-") as name:
        empty = Path(name)
        subprocess.run(["tar", "-xJf", portable, "-C", empty], check=True)
        return run_steps(empty / release.portable_name, empty, [portable, deb])


def run_steps(program: Path, scratch: Path, files: list[Path]) -> int:
    """Tries everything on the unpacked folder and on the files; 1 when something fails."""
    steps: dict[str, Step] = {
        "sizes": lambda folder, _scratch: check_sizes(folder, files),
        "list of contents": check_sbom,
        "answer on the CPU": answers_on_the_cpu,
        "answer on a Vulkan device": answers_on_vulkan,
        "answer on an old CPU": answers_on_an_old_cpu,
        "window": opens_a_window,
        "its folder is left alone": check_untouched,
        ".deb in a clean root": lambda _folder, place: check_deb(files[1], place),
    }
    failed = 0
    for name, step in steps.items():
        began = time.monotonic()
        try:
            verdict, told = "ok", step(program, scratch)
        except SkipError as error:
            verdict, told = "skipped", str(error)
        except (StepError, OSError, subprocess.SubprocessError) as error:
            verdict, told, failed = "FAILED", str(error), 1
        sys.stdout.write(f"{verdict:8} {name} ({time.monotonic() - began:.1f} s): {told}\n")
        sys.stdout.flush()
    return failed


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


def check_sbom(folder: Path, _scratch: Path) -> str:
    """Each file is in the list of contents with its digest, and the list names no other."""
    listed = sbom.digests((folder / sbom.NAME).read_text(encoding="utf-8"))
    there = sbom.digests_of(folder)
    if listed != there:
        raise StepError(f"these differ: {sorted(set(listed.items()) ^ set(there.items()))[:4]}")
    return f"{len(listed)} files"


def answers_on_the_cpu(folder: Path, scratch: Path) -> str:
    """The demo model answers with nothing on PATH and without a network."""
    return _asked([*_without_network(), str(folder / "soliloquy")], scratch, {})


def answers_on_vulkan(folder: Path, scratch: Path) -> str:
    """And on a Vulkan device in software, to which all layers go."""
    drivers = sorted(Path("/").glob(_LAVAPIPE.lstrip("/")))
    if not drivers:
        raise SkipError("no Vulkan device in software: install mesa-vulkan-drivers")
    told = _asked(
        [str(folder / "soliloquy")],
        scratch,
        {"VK_DRIVER_FILES": str(drivers[0]), "GGML_VK_VISIBLE_DEVICES": "0"},
    )
    log = "".join(path.read_text(encoding="utf-8") for path in scratch.rglob("soliloquy.log"))
    if "Vulkan0 model buffer" not in log:
        raise StepError("the answer came, but no Vulkan device was used")
    return told


def answers_on_an_old_cpu(folder: Path, scratch: Path) -> str:
    """And on a processor without AVX, as qemu shows one."""
    qemu = shutil.which("qemu-x86_64") or shutil.which("qemu-x86_64-static")
    if qemu is None:
        raise SkipError("qemu-user is not installed")
    if _proves("x64", qemu, folder, scratch) != 0:
        raise StepError("the library for every processor does not decode a token without AVX")
    if _proves("haswell", qemu, folder, scratch) == 0:
        raise StepError("qemu did not take AVX away, so nothing was shown")
    return "a token was decoded without AVX"


def _proves(library: str, qemu: str, folder: Path, scratch: Path) -> int:
    """What the engine's own proof of a CPU library ends with on a processor of 2008.

    The loader would start itself anew, and that process would run without qemu: it is told that this has been done.
    """
    inner = folder / "_internal"
    environment = {
        "LD_LIBRARY_PATH": str(inner),
        "_PYI_APPLICATION_HOME_DIR": str(inner),
        "_PYI_ARCHIVE_FILE": str(folder / "soliloquy"),
        "_PYI_PARENT_PROCESS_LEVEL": "0",
    }
    proof = ["--engine-worker", "--prove-cpu", str(inner / "llama_cpp" / "lib" / f"libggml-cpu-{library}.so")]
    command = [qemu, "-cpu", "Nehalem", str(folder / "soliloquy"), *proof]
    return _run(
        [*command, str(inner / "resources" / "models" / "demo.gguf")], scratch, environment
    ).returncode


def opens_a_window(folder: Path, scratch: Path) -> str:
    """The window paints on an X server in memory."""
    with x_server() as display:
        environment = {
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "QT_LOGGING_RULES": "qt.widgets.painting=true",
        }
        command = [str(folder / "soliloquy"), "--data-dir", str(scratch / "window")]
        seconds = first_paint(command, _clean(scratch) | environment)
    return f"painted {seconds:.2f} s after its start"


def first_paint(command: list[str], environment: dict[str, str]) -> float:
    """Seconds from the program's start to the first picture of its window, as Qt's own log tells it."""
    began = time.monotonic()
    running = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr is not None
    heard: list[str] = []
    try:
        for line in running.stderr:
            heard.append(line)
            if "Flushing" in line or "flush" in line.lower():
                return time.monotonic() - began
    finally:
        running.terminate()
        running.wait(timeout=20)
    raise StepError(f"no window was painted: {''.join(heard)[-300:]}")


def check_untouched(folder: Path, _scratch: Path) -> str:
    """Nothing that ran has written into the program's folder."""
    return check_sbom(folder, _scratch)


def check_deb(deb: Path, scratch: Path) -> str:
    """Installs, upgrades, removes and purges the package in a root of its own, without its dependencies."""
    if os.geteuid() != 0 or shutil.which("dpkg") is None:
        raise SkipError("only root can install into a root of its own")
    root = scratch / "root"
    for name in ("var/lib/dpkg/info", "var/lib/dpkg/updates", "etc", "home/person"):
        (root / name).mkdir(parents=True, exist_ok=True)
    for name in ("status", "available"):
        (root / "var/lib/dpkg" / name).touch()
    kept = root / "home/person/conversations.db"
    kept.write_text("kept", encoding="utf-8")
    dpkg = ["dpkg", f"--root={root}", "--force-depends", "--force-script-chrootless"]
    for words in (
        ["--install", str(deb)],
        ["--install", str(deb)],
        ["--remove", "soliloquy"],
        ["--purge", "soliloquy"],
    ):
        ended = subprocess.run([*dpkg, *words], check=False, capture_output=True, text=True)
        if ended.returncode != 0:
            raise StepError(f"dpkg {words[0]}: {ended.stderr.strip()[-300:]}")
        if words[0] == "--install":
            _asked([str(root / "usr/bin/soliloquy")], scratch, {})
    left = (
        [str(path.relative_to(root)) for path in (root / "usr").rglob("*")] if (root / "usr").exists() else []
    )
    if left or not kept.exists():
        raise StepError(f"left behind: {left[:5]}")
    return "installed, upgraded, removed and purged; what a person wrote stayed"


def _asked(command: list[str], scratch: Path, environment: dict[str, str]) -> str:
    ended = _run([*command, "--data-dir", str(scratch / "data"), "ask", QUESTION], scratch, environment)
    if ended.returncode != 0 or ANSWER not in ended.stdout:
        raise StepError(f"code {ended.returncode}, said {ended.stdout!r} and {ended.stderr.strip()[-300:]!r}")
    return ended.stdout.strip()


def _run(command: list[str], scratch: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=scratch,
        env=_clean(scratch) | environment,
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=_SECONDS,
    )


def _clean(scratch: Path) -> dict[str, str]:
    """The environment of somebody who has nothing: an empty PATH, and a home folder that is empty too."""
    return {"PATH": "", "HOME": str(scratch), "LANG": "C.UTF-8"}


def _without_network() -> list[str]:
    """What starts a program without a network, where this machine may do that."""
    unshare = shutil.which("unshare")
    if (
        unshare is None
        or subprocess.run([unshare, "-n", "true"], check=False, capture_output=True).returncode != 0
    ):
        return []
    return [unshare, "-n"]


@contextmanager
def x_server() -> Iterator[str]:
    """An X server in memory; its display's name."""
    program = shutil.which("Xvfb")
    if program is None:
        raise SkipError("Xvfb is not installed")
    reading, writing = os.pipe()
    command = [program, "-displayfd", str(writing), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    server = subprocess.Popen(
        command, pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            yield f":{pipe.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    sys.exit(main())
