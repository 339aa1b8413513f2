"""Compiles llama-cpp-python with every CPU library (and a GPU's where asked) and prints where the wheel lies.

`build_wheel.py --cache FOLDER [--gpu vulkan|cuda|metal ...]` uses only the standard library. A finished wheel is
kept in `FOLDER/wheels/KEY` and taken again; source and build folder stay too, so that a GPU library added later
compiles alone.
"""

import argparse
import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import recipe as recipes
from progress import Progress
from vulkan_files import VulkanFiles, VulkanFilesError, vulkan_files

# Runs with the tools' own Python inside the unpacked source: the build backend is called as pip would call it.
_BUILD = """
import json, sys
from scikit_build_core.build import build_wheel
build_wheel(sys.argv[1], json.loads(sys.argv[2]))
"""

_TOOLS = ("scikit-build-core>=0.9.2,<2", "packaging", "pathspec")


class BuildError(Exception):
    """The wheel cannot be built here; the text says why and what to do."""


def main(arguments: list[str] | None = None) -> int:
    """Reads the command line, builds what is missing and prints the wheel's path; 1 when it cannot."""
    parser = argparse.ArgumentParser(prog="build_wheel.py", description=__doc__)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--gpu", action="append", choices=sorted(recipes.GPU_FLAGS), default=[])
    options = parser.parse_args(arguments)
    gpus = frozenset(options.gpu) | recipes.default_gpus()
    try:
        wheel = kept_or_built(options.cache.absolute(), gpus)
    except (BuildError, VulkanFilesError) as error:
        _say(str(error))
        return 1
    sys.stdout.write(f"{wheel}\n")
    return 0


def kept_or_built(cache: Path, gpus: frozenset[str]) -> Path:
    """The kept wheel that has these libraries, or one built now."""
    recipe = recipes.Recipe(gpus, tuple(cuda_flags().items()) if "cuda" in gpus else ())
    wheels = cache / "wheels"
    kept = recipes.kept_wheel(wheels, recipe)
    if kept is not None:
        return kept
    with _one_at_a_time(cache / "build"):
        # Another ./dev may have built it while this one waited.
        return recipes.kept_wheel(wheels, recipe) or _build(cache, recipe)


def cuda_flags() -> dict[str, str]:
    """The compiler and the architectures of the GPUs in this machine, so that nothing is compiled for others."""
    nvcc = shutil.which("nvcc") or shutil.which("/usr/local/cuda/bin/nvcc")
    if nvcc is None:
        raise BuildError("CUDA's compiler, nvcc, is not here: install NVIDIA's CUDA toolkit and try again.")
    flags = {"CMAKE_CUDA_COMPILER": nvcc}
    query = ["nvidia-smi", "--query-gpu=compute_cap", "--format=csv,noheader"]
    if shutil.which(query[0]) is not None:
        listed = subprocess.run(query, check=False, capture_output=True, text=True).stdout.split()
        if listed:
            flags["CMAKE_CUDA_ARCHITECTURES"] = ";".join(sorted({text.replace(".", "") for text in listed}))
    return flags


def _build(cache: Path, recipe: recipes.Recipe) -> Path:
    began = time.monotonic()
    names = " and ".join(["the CPU", *sorted(recipe.gpus)])
    _say(f"Compiling llama.cpp for {names}. It takes some minutes, once; the result is kept in {cache}.")
    vulkan = vulkan_files(cache / "build" / f"vulkan-{recipes.RECIPE}") if "vulkan" in recipe.gpus else None
    folder = cache / "build" / f"llama-{recipes.VERSION}-{recipes.RECIPE}"
    tools = _tools(cache / "build" / "tools")
    source = _source(folder, tools)
    target = cache / "wheels" / recipe.key()
    with tempfile.TemporaryDirectory(dir=cache / "build") as fresh:
        _compile(
            tools, source, Path(fresh), _definitions(recipe, vulkan), vulkan.environment if vulkan else {}
        )
        target.mkdir(parents=True, exist_ok=True)
        made = next(Path(fresh).glob("*.whl"))
        wheel = made.replace(target / made.name)
    _say(f"Compiled in {_minutes(time.monotonic() - began)}.")
    return wheel


def _definitions(recipe: recipes.Recipe, vulkan: VulkanFiles | None) -> dict[str, str]:
    return recipe.flags() | (vulkan.flags if vulkan else {})


def _tools(folder: Path) -> Path:
    """A Python of its own for the build: it stays where it is, which lets CMake keep its build folder."""
    python = folder / "bin" / "python"
    probe = [str(python), "-c", "import scikit_build_core"]
    # It is made anew when the system's Python has changed under it.
    if not python.exists() or subprocess.run(probe, check=False, capture_output=True).returncode != 0:
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        missing = [name for name in ("cmake", "ninja") if shutil.which(name) is None]
        _pip(python, "install", "--quiet", *_TOOLS, *missing)
    return python


def _source(folder: Path, python: Path) -> Path:
    """The unpacked source archive, fetched when it is not there yet."""
    source = folder / "source"
    if source.exists():
        return source
    _say(f"Fetching the source of llama-cpp-python {recipes.VERSION}.")
    with tempfile.TemporaryDirectory(dir=folder.parent) as fresh:
        package = f"llama-cpp-python=={recipes.VERSION}"
        options = ["--quiet", "--no-deps", "--no-binary", ":all:", "--no-build-isolation", "--dest", fresh]
        _pip(python, "download", *options, package)
        archive = next(Path(fresh).glob("*.tar.gz"))
        # Python's own unpacking is safe by default only since 3.12.
        subprocess.run(["tar", "-xzf", archive, "-C", fresh], check=True)
        unpacked = next(path for path in Path(fresh).iterdir() if path.is_dir())
        _leave_out_what_the_compiler_lacks(unpacked)
        folder.mkdir(parents=True, exist_ok=True)
        unpacked.rename(source)
    return source


def _leave_out_what_the_compiler_lacks(source: Path) -> None:
    """On arm64 two of the CPU libraries need a compiler that knows SME (GCC 14); without it the other six are built."""
    probe = ["c++", "-march=armv9.2-a+sme", "-x", "c++", "-fsyntax-only", os.devnull]
    if (
        recipes.machine().endswith("aarch64")
        and subprocess.run(probe, check=False, capture_output=True).returncode
    ):
        listing = source / "vendor/llama.cpp/ggml/src/CMakeLists.txt"
        lines = listing.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if "ggml_add_cpu_backend_variant(armv9.2_" not in line]
        listing.write_text("".join(kept), encoding="utf-8")


def _compile(
    python: Path, source: Path, target: Path, definitions: dict[str, str], environment: dict[str, str]
) -> None:
    """Runs the build backend; its whole output goes to a log file beside the source."""
    log = source.parent / "build.log"
    settings = {f"cmake.define.{name}": value for name, value in definitions.items()}
    settings["build-dir"] = str(source.parent / "objects")
    command = [str(python), "-c", _BUILD, str(target), json.dumps(settings)]
    if shutil.which("nice") is not None:
        command = ["nice", "-n", "5", *command]
    with log.open("w", encoding="utf-8", errors="replace") as out:
        code = _watch(command, source, _environment(python) | environment, out.write)
    if code != 0:
        raise BuildError(
            f"llama.cpp could not be compiled; the last lines are\n{_tail(log)}\nand all are in {log}."
        )


def _watch(
    command: list[str], folder: Path, environment: dict[str, str], keep: Callable[[str], object]
) -> int:
    """Runs the command with its progress on standard error, and gives each line to `keep`; returns the exit status."""
    progress = Progress(sys.stderr, "Compiling llama.cpp")
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            keep(line)
            progress.see(line)
    progress.end()
    return running.returncode


def _environment(python: Path) -> dict[str, str]:
    """The caller's environment, with the tools found first and nothing that would change the build's flags."""
    kept = {
        name: value for name, value in os.environ.items() if name not in ("CMAKE_ARGS", "SKBUILD_CMAKE_ARGS")
    }
    kept["PATH"] = f"{python.parent}{os.pathsep}{kept.get('PATH', os.defpath)}"
    kept.setdefault("CMAKE_BUILD_PARALLEL_LEVEL", str(os.cpu_count() or 1))
    return kept


def _pip(python: Path, *words: str) -> None:
    command = [str(python), "-m", "pip", "--disable-pip-version-check", *words]
    # Standard output is for the wheel's path alone.
    if subprocess.run(command, check=False, stdout=sys.stderr).returncode != 0:
        raise BuildError("pip could not fetch what the compilation needs; its message stands above.")


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Waits for another build in the same cache to end."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("Waiting for another compilation to end.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _tail(log: Path, lines: int = 15) -> str:
    """The last lines of the log, or those around the first error of the compiler."""
    text = log.read_text(encoding="utf-8", errors="replace").splitlines()
    first = next((number for number, line in enumerate(text) if "error:" in line.lower()), None)
    shown = text[-lines:] if first is None else text[max(0, first - 2) : first + lines]
    return "\n".join(line[:300] for line in shown)


def _minutes(seconds: float) -> str:
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
