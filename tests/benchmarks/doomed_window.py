"""Stands for a window that is going to be killed: an engine service with a loaded model, idle or answering.

Prints the engine process's number once it is at that moment, then goes on until it is killed.
"""

import argparse
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from app.chat.options import GenerateOptions
from app.paths import Paths
from app.protocol.engine import Generate
from app.services.models.engine_command import engine_command
from app.services.models.engine_service import EngineService, EngineState
from tests.benchmarks.questions import STORY


def main() -> int:
    """Runs until it is killed; 1 when the model cannot be loaded."""
    parser = argparse.ArgumentParser(prog="doomed_window", description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("moment", choices=("idle", "answering"))
    parser.add_argument("--data-dir", type=Path, required=True)
    chosen = parser.parse_args()
    app = QCoreApplication(["window"])
    engine = EngineService(engine_command(Paths.under(chosen.data_dir)))
    told: list[int] = []

    def tell() -> None:
        if not told:
            told.append(engine.pid)
            sys.stdout.write(f"{engine.pid}\n")
            sys.stdout.flush()

    def on_state(state: EngineState) -> None:
        if state.phase == "ready" and chosen.moment == "idle":
            tell()
        elif state.phase == "ready" and not told:
            engine.generate(Generate("reply", STORY, GenerateOptions()))

    engine.state_changed.connect(on_state)
    engine.delta.connect(lambda _delta: tell())
    engine.failed.connect(lambda _error: app.exit(1))
    engine.load(chosen.model)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
