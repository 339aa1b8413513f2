"""Lets `python packaging/demo_model COMMAND` run from the root of the repository."""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    from demo_model.command import main

    sys.exit(main(sys.argv[1:]))
