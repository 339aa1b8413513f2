"""Takes what the program needs of llama-cpp-python's wheel: the bindings and each library once.

The wheel holds every library three times, since wheels know no links, and two that are not used.
"""

import re
import shutil
import zipfile
from pathlib import Path, PurePosixPath

BARE = Path(__file__).resolve().parent.parent / "bare" / "llama_cpp"

_BINDINGS = ("llama_cpp/llama_cpp.py", "llama_cpp/_ctypes_extensions.py")

_LIBRARIES = re.compile(
    # libllama is opened by this name, the two below it by the name that it asks for.
    r"llama_cpp/lib/(libllama\.so|libggml\.so\.\d+|libggml-base\.so\.\d+"
    r"|libllama\.dylib|libggml(-base)?\.\d+\.dylib|(lib)?llama\.dll|(lib)?ggml(-base)?\.dll)"
    # One of these is chosen at run time. The one for AMX crashes on virtual machines.
    r"|bin/(lib)?ggml-(cpu-(?!sapphirerapids)\w+|vulkan|cuda|metal|blas)\.(so|dll|dylib)"
)


def stage(wheel: Path, target: Path) -> list[str]:
    """Unpacks them into `target`, which is emptied before; returns the names there, sorted, with `/`."""
    shutil.rmtree(target, ignore_errors=True)
    package = target / "llama_cpp"
    shutil.copytree(BARE, package, ignore=shutil.ignore_patterns("__pycache__"))
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            place = place_of(name)
            if place is not None:
                file = target / place
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(archive.read(name))
    return sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file())


def place_of(name: str) -> PurePosixPath | None:
    """Where a file of the wheel goes, or None where it is not needed."""
    path = PurePosixPath(name)
    if name in _BINDINGS or (path.parent.suffix == ".dist-info" and path.name == "METADATA"):
        return path
    return PurePosixPath("llama_cpp", "lib", path.name) if _LIBRARIES.fullmatch(name) else None
