"""Which of the built CPU libraries runs on this machine: the best by score, proven once in a throw-away process.

llama.cpp is built with one library for each generation of processors. Each says by `ggml_backend_score` how well it
suits this one (0: not at all). Scores alone cannot be trusted (the library for AMX crashes at its first decode on
virtual machines), so the choice decodes one token in a process of its own before a person's model meets it. What was
proven, and what died, is remembered for this processor and this build.
"""

import ctypes
import hashlib
import json
import logging
import os
import platform
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.errors import EngineError
from app.paths import ENGINE_ROLE, own_command

log = logging.getLogger(__name__)

_AMX = "sapphirerapids"
PROOF_SECONDS = 60
"""A proof takes under a second; a machine that swaps may take longer, a hang must end."""

PROVE = "--prove-cpu"
_KILLED = -9
CANNOT_TELL = 3
"""What a proof ends with when its model could not be loaded: no fault of the library's."""


def backend_folder() -> Path:
    """Where the wheel puts the backend libraries: site-packages/bin, or beside libllama in a package."""
    import llama_cpp  # only once the role is known: the import takes a third of a second

    package = Path(llama_cpp.__file__).resolve().parent
    for folder in (package.parent / "bin", package / "lib"):
        if any(folder.glob("*ggml-cpu*")):
            return folder
    return package / "lib"


def cpu_libraries(folder: Path) -> list[Path]:
    """Every CPU library that was built but the AMX one, in the order of their names."""
    found = [path for path in folder.glob("*ggml-cpu*") if path.suffix in (".so", ".dll", ".dylib")]
    return sorted(path for path in found if _AMX not in path.stem)


def gpu_libraries(folder: Path) -> list[Path]:
    """Every other backend library in the folder: Vulkan, CUDA, Metal."""
    names = ("vulkan", "cuda", "metal", "hip")
    return sorted(
        path
        for path in folder.glob("*ggml-*")
        if path.suffix in (".so", ".dll", ".dylib") and path.stem.rpartition("-")[2] in names
    )


def score(library: Path) -> int:
    """How well the library suits this processor; 0 when it does not run here or cannot be opened."""
    try:
        function = ctypes.CDLL(str(library)).ggml_backend_score
    except (OSError, AttributeError) as error:
        log.warning("cannot ask %s for its score: %s", library.name, error)
        return 0
    function.restype = ctypes.c_int
    return int(function())


def processor_fingerprint(folder: Path) -> str:
    """Changes when the processor or the build does."""
    flags = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        flags = "\n".join(
            sorted({line for line in lines if line.startswith(("flags", "model name", "Features"))})
        )
    except OSError:
        pass  # not Linux: the platform's own name has to do
    built = [f"{path.name} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in cpu_libraries(folder)]
    return hashlib.sha256("\n".join([flags, *built]).encode()).hexdigest()


@dataclass(frozen=True)
class Record:
    """What is known of the CPU libraries on this processor: the proven one (or ""), and those that died."""

    fingerprint: str
    proven: str = ""
    died: tuple[str, ...] = ()


def read_record(file: Path, fingerprint: str) -> Record:
    """The remembered record, or an empty one when there is none for this processor and build."""
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        record = Record(str(stored["fingerprint"]), str(stored["proven"]), tuple(map(str, stored["died"])))
    except (OSError, ValueError, KeyError, TypeError):
        return Record(fingerprint)
    return record if record.fingerprint == fingerprint else Record(fingerprint)


def write_record(file: Path, record: Record) -> None:
    """Remembers the record; a cache folder that cannot be written costs the next start another proof, no more."""
    text = json.dumps({"fingerprint": record.fingerprint, "proven": record.proven, "died": record.died})
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = file.with_suffix(f".{os.getpid()}.tmp")
        partial.touch(0o600)
        partial.write_text(text, encoding="utf-8")
        partial.replace(file)
    except OSError as error:
        log.warning("cannot remember the CPU library: %s", error)


def prove(library: Path, model: Path) -> bool | None:
    """Whether a process of its own loads the library and decodes a token with it.

    None when that cannot be told: `model` could not be loaded, or somebody killed the process, as the system does when
    memory runs out.
    """
    command = [*own_command(ENGINE_ROLE), PROVE, str(library), str(model)]
    try:
        ended = subprocess.run(
            command, timeout=PROOF_SECONDS, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
    except subprocess.TimeoutExpired:
        log.warning("%s did not decode a token in %d s", library.name, PROOF_SECONDS)
        return False
    if ended.returncode in (CANNOT_TELL, _KILLED):
        log.warning("%s could not be proven: code %d", library.name, ended.returncode)
        return None
    if ended.returncode != 0:
        last = ended.stderr.decode(errors="replace").strip().splitlines()[-3:]
        log.warning("%s failed its proof with code %d: %s", library.name, ended.returncode, " | ".join(last))
        return False
    return True


def choose(
    libraries: Sequence[Path],
    record: Record,
    scored: Callable[[Path], int],
    proven: Callable[[Path], bool | None],
) -> tuple[str, Record]:
    """The name of the best library that decodes a token ("" when none does), and what to remember.

    A library that died is never tried again; one that is proven already is taken without another proof, and one of
    which a proof cannot tell is taken this once.
    """
    by_name = {path.name: path for path in libraries}
    if record.proven in by_name:
        return record.proven, record
    died = list(record.died)
    for path in sorted(libraries, key=scored, reverse=True):
        if path.name in died or scored(path) <= 0:
            continue
        verdict = proven(path)
        if verdict is None:
            return path.name, Record(record.fingerprint, "", tuple(died))
        if verdict:
            return path.name, Record(record.fingerprint, path.name, tuple(died))
        log.warning("%s is not used again on this machine", path.name)
        died.append(path.name)
    # With nothing left to run on, a second chance costs nothing: the machine may have been the one that failed.
    return "", Record(record.fingerprint)


def chosen_library(folder: Path, cache: Path, model: Path) -> Path | None:
    """The CPU library for this machine, proven with `model`; None when the build has none of its own.

    Raises EngineError `engine_missing` when none runs.
    """
    libraries = cpu_libraries(folder)
    if not libraries:
        return None
    file = cache / "cpu_library.json"
    known = read_record(file, processor_fingerprint(folder))
    name, record = choose(libraries, known, score, lambda path: prove(path, model))
    if record != known:
        write_record(file, record)
        log.info("CPU library: %s", name or "none runs")
    if not name:
        raise EngineError("engine_missing")
    return folder / name
