"""A parent that loads the demo model in an engine process, prints its number, and waits to be killed.

python -m tests.doubles.parent DATA_FOLDER
"""

import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from app.paths import Paths, demo_model
from app.services.models.engine_command import engine_command
from app.services.models.engine_service import EngineService, EngineState


def main(folder: Path) -> None:
    """Runs until it is killed."""
    app = QCoreApplication([])
    paths = Paths.under(folder)
    paths.prepare()
    engine = EngineService(engine_command(paths))

    def on_state(state: EngineState) -> None:
        if state.phase == "ready":
            sys.stdout.write(f"{engine.pid}\n")
            sys.stdout.flush()

    engine.state_changed.connect(on_state)
    engine.load(demo_model())
    app.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
