"""What benchmarks run with: threads, files, folders, and how often each thing is measured."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from app.library.hardware import this_machine
from app.paths import Paths
from tests.benchmarks.figures import MissingError

ROOT = Path(__file__).resolve().parent.parent.parent
SHARED = ROOT.parent / "shared"

QWEN = "qwen2-1.5b Q4_K_M"
SMOLLM = "smollm-135m Q8_0"
SMOLLM2 = "SmolLM2 Q4_1"

_TEMPLATES = {QWEN: "deepseek-ai-DeepSeek-R1-Distill-Qwen-32B.jinja"}
"""The large shape speaks as a model that thinks, so that its text is really split."""


@dataclass(frozen=True)
class Setup:
    """How to measure: engine threads on both sides, how many pairs, whether only to see that everything works."""

    threads: int
    quick: bool
    cache: Path

    @classmethod
    def here(cls, *, quick: bool, threads: int | None = None) -> "Setup":
        """For this machine: one thread less than there are cores, and at least one."""
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
        chosen = threads or max(1, this_machine().usable_cores - 1)
        return cls(chosen, quick, Path(base) / "soliloquy" / "bench")

    def times(self, usual: int) -> int:
        """How often to measure; a quick run measures once."""
        return 1 if self.quick else usual

    @property
    def paths(self) -> Paths:
        """Folders of the benchmarks' own, where the engine remembers its CPU library."""
        paths = Paths.under(self.cache / "data")
        paths.prepare()
        return paths

    def model(self, name: str) -> Path:
        """The model file of that name; made when it is missing. Raises MissingError."""
        return smollm2() if name == SMOLLM2 else self._shape(name)

    def _shape(self, name: str) -> Path:
        shape, _, kind = name.partition(" ")
        path = self.cache / f"{shape}-{kind}.gguf"
        if path.is_file():
            return path
        if not SHARED.is_dir():
            raise MissingError("the shared material is not beside this checkout")
        self.cache.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".part")
        sys.stderr.write(f"Making {path.name} with random weights.\n")
        make_shape(shape, kind, partial, _TEMPLATES.get(name))
        partial.replace(path)
        return path


def make_shape(shape: str, kind: str, target: Path, template: str | None) -> None:
    """Writes a file of random weights in a real model's shape. Raises MissingError when the tool fails."""
    data = SHARED / "data"
    command = [sys.executable, str(SHARED / "tools" / "make_gguf.py"), shape, str(target)]
    command += ["--vocab", str(data / "vocab" / "qwen2.gguf"), "--quantize", kind]
    if template is not None:
        command += ["--template", str(data / "templates" / template)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        raise MissingError(f"{shape} could not be made")


def smollm2() -> Path:
    """The real model; `./dev bench` fetches it. Raises MissingError."""
    path = Path(os.environ.get("SOLILOQUY_TEST_SMOLLM2", ""))
    if not path.is_file():
        raise MissingError("SmolLM2 is not here: ./dev bench fetches it")
    return path


def server_folder() -> Path:
    """Where llama.cpp's own server lies; `./dev bench` fetches it. Raises MissingError."""
    path = Path(os.environ.get("SOLILOQUY_BENCH_SERVER", ""))
    if not (path / "llama-server").is_file():
        raise MissingError("llama.cpp's own server is not here: ./dev bench fetches it")
    return path


def child_environment(**extra: str) -> dict[str, str]:
    """What child processes of a benchmark see: this tree's packages, and compiled files kept as anywhere else."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **extra}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment
