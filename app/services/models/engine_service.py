"""The loaded model: loads, asks and stops it in an engine process, and survives that process's death."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
from PySide6.QtCore import QObject, Signal

from app.chat.conversation import Statistics
from app.chat.options import Capabilities, ChosenSampling, GenerateOptions, LoadOptions, SamplingAdvice
from app.errors import AppError, EngineError
from app.protocol.engine import (
    Delta,
    Event,
    Failed,
    Finished,
    Generate,
    Load,
    Loaded,
    Loading,
    Plan,
    Planned,
    Prefilling,
    Stop,
)
from app.services.models.template_trust import TemplateTrust

if TYPE_CHECKING:
    # A window that has not been painted yet starts no process.
    from app.services.worker_process import Ending, WorkerProcess

log = logging.getLogger(__name__)

Phase = Literal["empty", "loading", "ready", "answering", "resting", "failed"]


class EngineState(msgspec.Struct, frozen=True):
    """What the model bar shows. `share` is loading progress from 0 to 1.

    In phase `failed` a model was chosen but does not run; in phase `resting` it was unloaded to free its memory, and
    its capabilities are still known. In both the next question loads it again.
    """

    phase: Phase = "empty"
    path: str = ""
    name: str = ""
    share: float = 0.0
    capabilities: Capabilities | None = None

    @property
    def on_gpu(self) -> bool:
        """Whether any of the model lies on a GPU."""
        return self.capabilities is not None and self.capabilities.placement.gpu_layers > 0


def offered(
    options: GenerateOptions, capabilities: Capabilities | None, decided: ChosenSampling
) -> GenerateOptions:
    """The options as this model has them, whichever they were made for.

    A choice of thinking that it lacks is left to it, and so is the language of thoughts where it has none. What was
    `decided` of the sampling goes over what it asks for; where nothing was, all is left to it.
    """
    thinking, think_in = options.thinking, options.think_in
    advice = SamplingAdvice()
    if capabilities is not None:
        thinking = thinking if thinking in capabilities.thinking.choices else None
        think_in = think_in if capabilities.thinking.kind != "none" else ""
        advice = capabilities.advised(thinking)
    sampling = decided.over(advice.values) if decided != ChosenSampling() else None
    return msgspec.structs.replace(options, thinking=thinking, think_in=think_in, sampling=sampling)


class EngineService(QObject):
    """One model in one engine process. `command` starts the process; `--no-gpu` is appended where the GPU failed.

    `templates` knows the files that are asked in plain words. Signal `heard` with every word of the engine, before it
    is acted upon.
    """

    state_changed = Signal(object)
    heard = Signal(object)
    prefilling = Signal(str, int, int)
    delta = Signal(object)
    finished = Signal(object)
    reply_failed = Signal(str, object)
    planned = Signal(object)
    failed = Signal(object)
    notice = Signal(str)

    def __init__(
        self, command: Sequence[str], parent: QObject | None = None, templates: TemplateTrust | None = None
    ) -> None:
        super().__init__(parent)
        self._command = list(command)
        self._worker: WorkerProcess | None = None
        self._state = EngineState()
        self.defaults = LoadOptions()
        self.templates = templates or TemplateTrust()
        self._options = self.defaults
        self._without_gpu = False
        self._retrying = False
        self._waiting: Generate | None = None
        self._decided: ChosenSampling | None = None
        self._running: str | None = None

    @property
    def state(self) -> EngineState:
        """The state of now."""
        return self._state

    @property
    def pid(self) -> int:
        """The engine process's number, 0 when there is none."""
        return self._worker.pid if self._worker else 0

    # Loading

    def load(self, path: Path, options: LoadOptions | None = None, name: str = "") -> None:
        """Loads a model in place of the one that is loaded; a running reply ends as interrupted.

        Without `options` it is loaded with `defaults`, which are the person's settings.
        """
        self._interrupt(EngineError("model_changed"))
        self._options = options or self.defaults
        self._without_gpu = self._retrying = False
        self._start(path, name or path.stem)

    def _start(self, path: Path, name: str) -> None:
        from app.services.worker_process import WorkerProcess

        self._end_worker()
        command = [*self._command, *(["--no-gpu"] if self._without_gpu else [])]
        self._worker = WorkerProcess(command, Event, self)
        self._worker.word.connect(self._on_word)
        self._worker.ended.connect(self._on_ended)
        self._worker.start()
        distrusted = self.templates.distrusts(path)
        options = msgspec.structs.replace(self._options, plain_template=True) if distrusted else self._options
        self._worker.send(Load(str(path), options))
        self._become(EngineState("loading", str(path), name))

    def cancel_load(self) -> None:
        """Gives up a load that is running."""
        if self._state.phase == "loading":
            self.unload()

    def unload(self) -> None:
        """Ends the engine process, so all its memory comes back; a running reply ends as interrupted."""
        self._interrupt(EngineError("model_changed", unloaded=1))
        self._end_worker()
        self._become(EngineState())

    def rest(self) -> bool:
        """Ends the process of a model that has nothing to do; the next question loads it again. False if it has."""
        if self._state.phase != "ready":
            return False
        self._end_worker()
        self._become(msgspec.structs.replace(self._state, phase="resting"))
        return True

    def restart(self, error: AppError) -> None:
        """Begins anew with the same model in a new process; a running reply ends with `error`.

        A reply that waits for a load still does.
        """
        phase = self._state.phase
        if phase in ("loading", "ready", "answering"):
            self._start(Path(self._state.path), self._state.name)
            if phase != "loading":
                self._interrupt(error)

    def close(self) -> None:
        """Ends the engine process without telling anybody: the app closes."""
        self._end_worker()

    def _end_worker(self) -> None:
        if self._worker is not None:
            self._worker.close()
            self._worker.deleteLater()
            self._worker = None

    # Replies

    def generate(self, request: Generate, decided: ChosenSampling | None = None) -> None:
        """Asks for a reply; a model that is not running is loaded first. Answers come as signals.

        Then what was `decided` of its sampling goes over what that model asks for. Emits `reply_failed` when there is
        no model at all.
        """
        self._decided = decided
        if self._state.phase in ("ready", "answering"):
            self._ask(request)
        elif self._state.phase == "loading":
            self._waiting = request
        elif self._state.path:
            self._waiting = request
            self._start(Path(self._state.path), self._state.name)
        else:
            self.reply_failed.emit(request.reply_id, EngineError("no_model"))

    def _ask(self, request: Generate) -> None:
        self._running = request.reply_id
        self._send(request)
        self._become(msgspec.structs.replace(self._state, phase="answering"))

    def stop(self, reply_id: str) -> None:
        """Asks a reply to end; its `finished` follows, at once for one that still waits for its model."""
        if self._waiting is not None and self._waiting.reply_id == reply_id:
            self._waiting = None
            self.finished.emit(Finished(reply_id, "stopped", Statistics()))
        elif self._running == reply_id:
            self._send(Stop(reply_id))

    def plan(self, request: Plan) -> bool:
        """Asks what the next prompt takes; False when the model is not ready to say."""
        if self._state.phase != "ready":
            return False
        self._send(request)
        return True

    def _send(self, word: msgspec.Struct) -> None:
        if self._worker is not None:
            self._worker.send(word)

    def _interrupt(self, error: AppError) -> None:
        ended = (self._running, self._waiting.reply_id if self._waiting else None)
        # Forgotten first: whoever hears of the end may ask again at once.
        self._running = self._waiting = None
        for reply_id in ended:
            if reply_id is not None:
                self.reply_failed.emit(reply_id, error)

    # What the engine says

    def _on_word(self, word: Event) -> None:
        self.heard.emit(word)
        if isinstance(word, Delta):
            self.delta.emit(word)
        elif isinstance(word, Prefilling):
            self.prefilling.emit(word.reply_id, word.done, word.total)
        elif isinstance(word, Finished):
            self._over(word.reply_id)
            self.finished.emit(word)
        elif isinstance(word, Loading):
            self._become(msgspec.structs.replace(self._state, share=word.share))
        elif isinstance(word, Loaded):
            self._on_loaded(word.capabilities)
        elif isinstance(word, Planned):
            self.planned.emit(word)
        elif isinstance(word, Failed):
            self._on_failed(word)

    def _on_loaded(self, capabilities: Capabilities) -> None:
        path = self._state.path
        self._become(EngineState("ready", path, capabilities.model, 1.0, capabilities))
        for code in capabilities.notices:
            self.notice.emit(code)
        if self._retrying and "device_failed" not in capabilities.notices:
            self.notice.emit("device_failed")
        self._retrying = False
        if self._waiting is not None:
            request, self._waiting = self._waiting, None
            # It was asked before anybody knew what this model can do.
            if self._decided is not None:
                options = offered(request.options, capabilities, self._decided)
                request = msgspec.structs.replace(request, options=options)
            self._ask(request)

    def _over(self, reply_id: str) -> None:
        """A reply is over; another may have been asked for while this one was being stopped."""
        if reply_id == self._running:
            self._running = None
            self._become(msgspec.structs.replace(self._state, phase="ready"))

    def _on_failed(self, word: Failed) -> None:
        error = word.error()
        if word.code == "decode_failed" and self._state.on_gpu:
            self._give_up(self._without_device(str(word.parameters.get("detail", ""))))
        elif word.reply_id is not None:
            self._over(word.reply_id)
            self.reply_failed.emit(word.reply_id, error)
        elif self._state.phase == "loading":
            self._give_up(error)
        else:
            # The code alone: what a template says of its failure may quote the conversation.
            log.warning("the engine refused: %s", error.code)

    def _give_up(self, error: AppError) -> None:
        """A load failed for good: the next question tries again."""
        self._end_worker()
        self._become(EngineState("failed", self._state.path, self._state.name))
        self._interrupt(error)
        self.failed.emit(error)

    def _on_ended(self, ending: "Ending") -> None:
        log.error("the engine ended with code %d: %s", ending.code, ending.reason)
        code = "engine_killed" if ending.killed else "engine_crashed"
        state = self._state
        error = EngineError(
            code, detail=ending.reason.rpartition("llama.cpp: ")[2], loading=int(state.phase == "loading")
        )
        if (
            state.phase == "loading"
            and not self._without_gpu
            and self._options.gpu_layers != 0
            and ending.crashed
            and not ending.killed
        ):
            # Perhaps a driver: once more without it. That it helps is what tells the person that it was the driver.
            self._without_gpu = self._retrying = True
            self._start(Path(state.path), state.name)
            return
        self._give_up(
            self._without_device(ending.reason) if self._state.on_gpu and not ending.killed else error
        )

    def _without_device(self, reason: str) -> EngineError:
        """From now on this model runs on the CPU; the error that says so."""
        self._without_gpu = self._retrying = True
        return EngineError("device_failed", detail=reason)

    def _become(self, state: EngineState) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)
