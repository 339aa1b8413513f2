"""A command that records a growing reply until it is killed: prints each word once it has been handed over.

    python -m tests.doubles.doomed_recording FOLDER

A word comes every ten milliseconds.
"""

import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer

from app.chat.options import GenerateOptions
from app.protocol.engine import Delta
from app.services.exchange.recording import Recording
from app.storage.database import open_store

WORDS_A_SECOND = 100


def main(folder: Path) -> int:
    """Records for ever."""
    app = QCoreApplication([])
    recording = Recording(lambda: open_store(folder / "conversations.db", folder / "backups").store)
    recording.begin("A long story?", "", "r1", "M", GenerateOptions())
    recording.read()
    count = 0

    def on_tick() -> None:
        nonlocal count
        recording.add(Delta("r1", "answer", "model", f"{count} ", 1))
        sys.stdout.write(f"{count}\n")
        sys.stdout.flush()
        count += 1

    timer = QTimer(interval=1000 // WORDS_A_SECOND)
    timer.timeout.connect(on_tick)
    timer.start()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
