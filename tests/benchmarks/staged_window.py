"""The app's own window on a paced engine: it is started as a person starts it, and something happens in it."""

import os
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

from app import application
from app.services.models.engine_service import EngineState
from tests.benchmarks.paced_engine import Pace

Act = Callable[[application.Application], object]
"""What happens in a window; the object that it returns lives as long as the window."""


def open_window(folder: Path, pace: Pace, act: Act) -> int:
    """Opens the window on a data folder; `act` is called once, when the model is loaded. Returns the exit code."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

    class Staged(application.Application):
        """The application, in which something happens as soon as a question can be asked."""

        def open(self, model: Path | None) -> None:
            """Opens, and waits for the model."""
            super().open(model)
            acting: list[object] = []

            def on_state(state: EngineState) -> None:
                if state.phase == "ready" and not acting:
                    acting.append(None)
                    acting[0] = act(self)

            self.engine.state_changed.connect(on_state)

    with (
        patch.object(application, "engine_command", lambda _paths: pace.command()),
        patch.object(application, "Application", Staged),
    ):
        return application.main(["--data-dir", str(folder)])
