"""Whether the engine still answers after the machine slept; one that does not is started again."""

import logging

from PySide6.QtCore import QObject, QTimer

from app.chat.conversation import Text, Turn
from app.errors import EngineError
from app.protocol.engine import Event, Plan, Planned, Rendering
from app.services.models.engine_service import EngineService

log = logging.getLogger(__name__)

_ID = "heartbeat"

READY_MS = 8_000
"""An idle engine answers within milliseconds; one whose memory was swapped out takes seconds."""
ANSWERING_MS = 45_000
"""A large model on a slow machine reads a batch of a prompt for many seconds without a word."""


class Heartbeat(QObject):
    """Waits for a word of the engine once it was asked to; times are in milliseconds.

    A template that fails is a sign of life too; so is any word of a reply.
    """

    def __init__(
        self,
        engine: EngineService,
        parent: QObject | None = None,
        *,
        ready_ms: int = READY_MS,
        answering_ms: int = ANSWERING_MS,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._ready_ms = ready_ms
        self._answering_ms = answering_ms
        self._silence = QTimer(self, singleShot=True)
        self._silence.timeout.connect(self._on_silence)
        engine.heard.connect(self._on_heard)
        engine.state_changed.connect(self._on_state_changed)

    @property
    def waiting(self) -> bool:
        """Whether a sign of life is still awaited."""
        return self._silence.isActive()

    def check(self) -> None:
        """Asks for a sign of life; an engine that gives none in time is started again."""
        phase = self._engine.state.phase
        if phase == "ready":
            self._engine.plan(Plan(_ID, (Turn(_ID, "user", (Text("?"),)),)))
            self._silence.start(self._ready_ms)
        elif phase == "answering":
            self._silence.start(self._answering_ms)

    def _on_heard(self, word: Event) -> None:
        # What another plan brings about may have been on its way since before the sleep.
        of_a_plan = isinstance(word, Rendering | Planned)
        if not of_a_plan or (isinstance(word, Planned) and word.plan_id == _ID):
            self._silence.stop()

    def _on_state_changed(self) -> None:
        if self._engine.state.phase not in ("ready", "answering"):
            self._silence.stop()

    def _on_silence(self) -> None:
        log.warning("the engine did not answer after the machine slept; it is started again")
        self._engine.restart(EngineError("engine_silent"))
