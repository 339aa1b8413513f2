"""Lets `python packaging/demo_model COMMAND` run from the root of the repository."""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    packaging = Path(__file__).resolve().parent.parent
    # The folder `packaging` for this package, and the root for the app that measuring asks.
    sys.path[0:1] = [str(packaging), str(packaging.parent)]
    from demo_model.command import main

    sys.exit(main(sys.argv[1:]))
