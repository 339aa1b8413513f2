"""Looks at a model file before it takes the place of the one that is loaded, in a process that is thrown away."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.errors import TEMPLATE_STOPPED, AppError, EngineError, PromptError
from app.protocol.engine import Event, Failed, Inspect, Inspected, Rendering
from app.services.models.template_watch import PATIENCE_MS

if TYPE_CHECKING:
    # A window that has not been painted yet starts no process.
    from app.services.worker_process import Ending, WorkerProcess

_PATIENCE_MS = 20_000
"""The process has a few seconds of processor time; a busy machine may take longer to give them."""


class ModelInspector(QObject):
    """One file at a time: a new one takes the place of the one that is being looked at.

    Signals: `accepted` with the path of a file that is a model, and before it `distrusted` where its chat template
    did what none may do or does not end within `template_ms`; what it did is told after it by `stopped`, with an
    AppError. `refused` with the AppError that says why a file is no model.
    """

    accepted = Signal(object)
    distrusted = Signal(object)
    stopped = Signal(object)
    refused = Signal(object)

    def __init__(
        self, command: Sequence[str], parent: QObject | None = None, *, template_ms: int = PATIENCE_MS
    ) -> None:
        super().__init__(parent)
        self._command = list(command)
        self._worker: WorkerProcess | None = None
        self._path = Path()
        self._template_ms = template_ms
        self._rendering = False
        self._patience = QTimer(self, singleShot=True)
        self._patience.timeout.connect(lambda: self._give_up(""))

    def inspect(self, path: Path) -> None:
        """Looks at a file; the answer comes as a signal."""
        from app.services.worker_process import WorkerProcess

        self.close()
        self._path = path
        self._worker = WorkerProcess(self._command, Event, self)
        self._worker.word.connect(self._on_word)
        self._worker.ended.connect(self._on_ended)
        self._worker.start()
        self._worker.send(Inspect(str(path)))
        self._patience.start(_PATIENCE_MS)

    def close(self) -> None:
        """Forgets the file that is being looked at."""
        self._patience.stop()
        self._rendering = False
        if self._worker is not None:
            self._worker.close()
            self._worker.deleteLater()
            self._worker = None

    def _on_word(self, word: Event) -> None:
        if isinstance(word, Inspected):
            self._accept(next((code for code in word.problems if code in TEMPLATE_STOPPED), ""))
        elif isinstance(word, Rendering):
            self._rendering = word.active
            self._patience.start(self._template_ms if word.active else _PATIENCE_MS)
        elif isinstance(word, Failed):
            self._refuse(word.error())

    def _on_ended(self, ending: "Ending") -> None:
        self._give_up(ending.reason)

    def _give_up(self, reason: str) -> None:
        """No word will come; where the template was at work, the model itself may be whole."""
        if self._rendering:
            self._accept("template_runaway")
        else:
            self._refuse(EngineError("engine_crashed", detail=reason))

    def _accept(self, why_stopped: str) -> None:
        self.close()
        if why_stopped:
            self.distrusted.emit(self._path)
        self.accepted.emit(self._path)
        if why_stopped:
            self.stopped.emit(PromptError(why_stopped))

    def _refuse(self, error: AppError) -> None:
        self.close()
        self.refused.emit(error)
