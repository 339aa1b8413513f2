"""What the compiled llama-cpp-python is made of, and under which name a finished wheel is kept.

A wheel is right for every machine of its kind: all CPU libraries are in it and one is chosen at run time. A wheel
with more GPU libraries does all that a wheel with fewer does, so a larger one is taken where a smaller one is asked
for.
"""

import hashlib
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

VERSION = "0.3.36"

# Raise it when the build changes in a way that the flags do not show, so that kept wheels are made anew.
RECIPE = 1

GPU_FLAGS = {"vulkan": "GGML_VULKAN", "cuda": "GGML_CUDA", "metal": "GGML_METAL"}

CPU_FLAGS = {
    # A build for this very processor crashes where it has AMX, and is wrong on any other machine.
    "GGML_NATIVE": "OFF",
    # Every CPU and GPU is a library of its own, loaded at run time.
    "GGML_BACKEND_DL": "ON",
    "GGML_CPU_ALL_VARIANTS": "ON",
}


@dataclass(frozen=True)
class Recipe:
    """One way to build: the GPU libraries that come with the CPU's, and the flags that only they need."""

    gpus: frozenset[str]
    gpu_flags: tuple[tuple[str, str], ...] = ()

    def flags(self) -> dict[str, str]:
        """Every CMake definition; libraries that are not wanted are switched off, since the build folder is kept."""
        wanted = {flag: "ON" if gpu in self.gpus else "OFF" for gpu, flag in GPU_FLAGS.items()}
        return CPU_FLAGS | wanted | dict(self.gpu_flags)

    def key(self) -> str:
        """The folder's name for this wheel, such as `0.3.36-linux-x86_64-cpu+vulkan-1f2e3d4c`."""
        parts = "+".join(["cpu", *sorted(self.gpus)])
        return f"{machine()}-{parts}-{self.digest()}"

    def digest(self) -> str:
        """Eight hex digits over the recipe's number and the CPU's flags, the same for every set of GPU libraries.

        Flags of one GPU library (the CUDA architectures) count when the wheel has it.
        """
        text = repr((RECIPE, sorted(CPU_FLAGS.items()), sorted(self.gpu_flags)))
        return hashlib.sha256(text.encode()).hexdigest()[:8]


def machine() -> str:
    """Version, Python tag, system and processor; the bindings use ctypes, so any Python 3 takes the same wheel."""
    return f"{VERSION}-py3-{sys.platform}-{platform.machine().lower()}"


def default_gpus() -> frozenset[str]:
    """Metal on a Mac, since nothing has to be installed for it; nothing elsewhere."""
    return frozenset({"metal"}) if sys.platform == "darwin" else frozenset()


def kept_wheel(wheels: Path, recipe: Recipe) -> Path | None:
    """The smallest kept wheel that has all libraries of the recipe, or None."""
    found = [
        wheel
        for folder in wheels.glob(f"{machine()}-cpu*-*")
        for wheel in folder.glob("llama_cpp_python-*.whl")
        if _serves(folder.name, recipe)
    ]
    return min(found, key=lambda wheel: (len(gpus_in(wheel.parent.name)), wheel.name), default=None)


def gpus_in(key: str) -> frozenset[str]:
    """The GPU libraries that a key names."""
    parts = key.removeprefix(f"{machine()}-").rsplit("-", 1)[0]
    return frozenset(parts.split("+")) - {"cpu"}


def _serves(key: str, recipe: Recipe) -> bool:
    return recipe.gpus <= gpus_in(key) and key.endswith(recipe.digest())
