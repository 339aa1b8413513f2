"""Takes pictures of every page and state: python tests/screenshots.py OUTDIR [NAME ...].

Every picture is of the real window with the real services; only the engine is played, so that the pictures are the
same each time. With QT_QPA_PLATFORM=xcb (and a display, or under xvfb-run) the platform that people use draws them.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication

from tests.doubles import sample_conversations as sample
from tests.pictures.scenes import NEW, SCENES
from tests.pictures.studio import Studio

_SIZES: Final = {"": (1280, 840), "-narrow": (800, 600), "-smallest": (640, 480), "-wide": (2560, 1440)}


def take(folder: Path, name: str, scheme: str, sizes: Sequence[str], text: int) -> None:
    """Takes the pictures of one state into `folder`, each in a new window."""
    for size in sizes:
        talks = () if name in NEW else sample.conversations()
        if name.startswith("hard"):
            talks = (*sample.hard_conversations(), *talks)
        studio = Studio(scheme, talks, text)
        studio.window.resize(*_SIZES[size])
        studio.settle(50)
        part = (NEW | SCENES)[name](studio)
        studio.settle(250)
        (part or studio.window).grab().save(str(folder / f"{name}{size}-{scheme}.png"))
        if part is not None:
            part.close()
        studio.close()
        if part is not None:
            # What lies over the window looks the same in every size.
            break


def main() -> int:
    """Takes the pictures that the command line asks for."""
    parser = argparse.ArgumentParser(description="Takes pictures of the window in all its states.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", help="states, or beginnings of their names; all without any")
    parser.add_argument("--rtl", action="store_true", help="as in a language that is read from the right")
    parser.add_argument("--scale", help="device pixels for each pixel, such as 1.25 or 2")
    parser.add_argument("--text", type=int, default=100, help="the text size in per cent")
    parser.add_argument("--scheme", choices=("light", "dark"), action="append")
    parser.add_argument("--size", choices=[size.strip("-") for size in _SIZES], action="append")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if chosen.scale:
        os.environ["QT_SCALE_FACTOR"] = chosen.scale
    application = QApplication(sys.argv[:1])
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    if chosen.rtl:
        application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    sizes = [size for size in _SIZES if not chosen.size or size.strip("-") in chosen.size]
    for name in NEW | SCENES:
        if not chosen.names or name.startswith(tuple(chosen.names)):
            for scheme in chosen.scheme or ("light", "dark"):
                take(chosen.folder, name, scheme, sizes, chosen.text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
