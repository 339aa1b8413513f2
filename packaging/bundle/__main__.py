"""Lets `python packaging/bundle COMMAND` run from the root of the repository."""

import sys
from pathlib import Path

if __name__ == "__main__":
    packaging = Path(__file__).resolve().parent.parent
    # The folder `packaging` for this package, and the root for the app's colours and version.
    sys.path[0:1] = [str(packaging), str(packaging.parent)]
    from bundle.command import main

    sys.exit(main(sys.argv[1:]))
