"""The frozen program begins here, in whatever role it is started."""

import sys

from app.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
