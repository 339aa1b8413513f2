"""Puts our own short modules in the place of those of a library that would bring what is not used here.

`packaging/bare` holds them; all else in those packages is the library's.
"""

import importlib.util
import py_compile
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

BARE = Path(__file__).resolve().parent.parent / "bare"

SIGNATURE = "signature"
"""The folder in which they are staged; `shiboken6/files.dir` is where shiboken6 looks for them."""

_MSGSPEC_PARTS = ("_core.*", "_utils.py", "_version.py", "structs.py")

_NO_CACHE = shutil.ignore_patterns("__pycache__")

_UNPACK = """
import sys
import PySide6.QtCore
from shibokensupport import feature
archive = feature.__loader__.zfile
archive.extractall(sys.argv[1], [name for name in archive.namelist() if name.startswith("shibokensupport/")])
"""


def stage(target: Path) -> None:
    """Puts msgspec without its schemas, and typing's stand-in, into `target`, from where the program takes them."""
    shutil.copyfile(BARE / "typing_extensions.py", target / "typing_extensions.py")
    package = target / "msgspec"
    shutil.copytree(BARE / "msgspec", package, ignore=_NO_CACHE)
    found = importlib.util.find_spec("msgspec")
    assert found is not None
    assert found.submodule_search_locations is not None
    installed = Path(next(iter(found.submodule_search_locations)))
    for pattern in _MSGSPEC_PARTS:
        for file in sorted(installed.glob(pattern)):
            shutil.copyfile(file, package / file.name)


def stage_signature_modules(target: Path) -> None:
    """Unpacks PySide's signature modules into `target`, compiled, with our loader before theirs.

    Left inside PySide's library they would be compiled at each start.
    """
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory() as name:
        subprocess.run([sys.executable, "-c", _UNPACK, name], check=True)
        signature = Path(name) / "shibokensupport" / "signature"
        (signature / "loader.py").rename(signature / "whole_loader.py")
        shutil.copyfile(BARE / "shibokensupport" / "loader.py", signature / "loader.py")
        for file in sorted(Path(name).rglob("*.py")):
            place = file.relative_to(name).as_posix()
            compiled = target / f"{place}c"
            compiled.parent.mkdir(parents=True, exist_ok=True)
            # Neither a date nor a place of this machine is in what is compiled.
            unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
            py_compile.compile(
                str(file), str(compiled), dfile=place, doraise=True, invalidation_mode=unchecked
            )
