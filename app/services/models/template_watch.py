"""Ends an engine that a stranger's chat template keeps busy, and asks that file in plain words from then on."""

import logging
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from app.errors import TEMPLATE_STOPPED, AppError, PromptError
from app.protocol.engine import Event, Failed, Loaded, Rendering
from app.services.models.engine_service import EngineService

log = logging.getLogger(__name__)

PATIENCE_MS = 5_000
"""An honest template is done within milliseconds."""
_LAST_CHANCE_MS = 100
"""Where this process itself was kept from reading, the word may lie in the pipe."""


class TemplateWatch(QObject):
    """Waits for a word of the engine once a template began its work.

    The reply that was asked for fails with `template_runaway`; one that waits for the load is answered after all.
    """

    def __init__(
        self, engine: EngineService, parent: QObject | None = None, *, patience_ms: int = PATIENCE_MS
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._process = 0
        self._patience = QTimer(self, singleShot=True, interval=patience_ms)
        self._patience.timeout.connect(self._on_silence)
        self._last_chance = QTimer(self, singleShot=True, interval=_LAST_CHANCE_MS)
        self._last_chance.timeout.connect(self._give_up)
        engine.heard.connect(self._on_heard)
        engine.state_changed.connect(self._on_state_changed)

    @property
    def waiting(self) -> bool:
        """Whether a template is at work."""
        return self._patience.isActive() or self._last_chance.isActive()

    def _on_heard(self, word: Event) -> None:
        self._stop()
        if isinstance(word, Rendering):
            if word.active:
                self._process = self._engine.pid
                self._patience.start()
        elif isinstance(word, Failed) and word.code in TEMPLATE_STOPPED and self._mark(word.code):
            error = word.error()
            # After the one who is told now, who ends the reply.
            QTimer.singleShot(0, self, lambda: self._begin_anew(error))
        elif isinstance(word, Loaded):
            for code in TEMPLATE_STOPPED.intersection(word.capabilities.notices):
                # It is loaded in plain words already; the next time nobody waits for it again.
                self._mark(code)

    def _on_state_changed(self) -> None:
        if self._engine.state.phase not in ("loading", "ready", "answering"):
            self._stop()

    def _on_silence(self) -> None:
        self._last_chance.start()

    def _stop(self) -> None:
        self._patience.stop()
        self._last_chance.stop()

    def _give_up(self) -> None:
        if self._engine.pid != self._process:
            return  # the one that was silent has ended since, and its silence with it
        error = PromptError("template_runaway")
        if self._mark(error.code):
            self._begin_anew(error)

    def _begin_anew(self, error: AppError) -> None:
        """Starts the engine again; where no reply would tell why, it is told as a failure of its own."""
        untold = self._engine.state.phase == "ready"
        self._engine.restart(error)
        if untold:
            self._engine.failed.emit(error)

    def _mark(self, code: str) -> bool:
        """Marks the file; False where it is marked already, and no template of its own can have been at work."""
        path = Path(self._engine.state.path)
        if self._engine.templates.distrusts(path):
            return False
        log.warning("a chat template was stopped (%s); its model is asked in plain words now", code)
        self._engine.templates.distrust(path)
        return True
