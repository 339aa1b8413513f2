"""Runs first in the frozen program: gives the programs that it starts the environment that it was started with.

PyInstaller's loader puts the program's own libraries before the system's; a browser, a file manager or nvidia-smi
that inherited this would load the wrong ones.
"""

import os
import sys

if sys.platform.startswith("linux"):
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    os.environ.pop("LD_LIBRARY_PATH", None)
    if before:
        os.environ["LD_LIBRARY_PATH"] = before
    # The engine is this program again: without this its loader takes the libraries as found already.
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
