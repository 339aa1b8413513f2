"""One question to one model and its reply, for the command line: load, ask, gather, end."""

import os
from dataclasses import dataclass
from pathlib import Path

import msgspec
from PySide6.QtCore import QCoreApplication, QLocale, QObject, Signal

from app.chat.conversation import Message, Text, turns
from app.chat.options import Capabilities, Choices, ChosenSampling, GenerateOptions, LoadOptions
from app.errors import AppError, ChoiceError, PromptError
from app.protocol.engine import Delta, Finished, Generate
from app.services.exchange.recording import Recording
from app.services.models.engine_service import EngineService, EngineState, offered
from app.services.models.sampling_now import SamplingNow, sampling_now


@dataclass(frozen=True)
class Question:
    """What is asked, and how; None leaves a choice to the model. `think_in` names a language in English, or none."""

    text: str
    system: str = ""
    thinking: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    seed: int | None = None
    think_in: str = ""


class OneQuestion(QObject):
    """Asks once, and once more when a device fails before the first word.

    `over` comes when there is no more to come; then `finished` or `error` says how it went. With a `recording`,
    question and reply are stored. `sampling` says how the reply is drawn, once it is asked for.
    """

    text = Signal(str, str)
    progress = Signal(str)
    notice = Signal(str)
    over = Signal()

    def __init__(
        self,
        engine: EngineService,
        question: Question,
        parent: QObject | None = None,
        *,
        recording: Recording | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._question = question
        self._recording = recording
        self._reply_id = os.urandom(16).hex()
        self._request: Generate | None = None
        self._heard = False
        self._passed_over: AppError | None = None
        self.finished: Finished | None = None
        self.error: AppError | None = None
        self.stopped = False
        self.model = ""
        self.sampling: SamplingNow | None = None
        engine.state_changed.connect(self._on_state)
        engine.prefilling.connect(self._on_prefilling)
        engine.delta.connect(self._on_delta)
        engine.finished.connect(self._on_finished)
        engine.reply_failed.connect(lambda _reply_id, error: self._fail(error))
        engine.failed.connect(self._fail)
        engine.notice.connect(self.notice)

    def start(self, model: Path, options: LoadOptions) -> None:
        """Loads the model and asks as soon as it is ready; after `stop` there is nothing to do."""
        if self.stopped:
            self.over.emit()
        else:
            self._engine.load(model, options)

    def stop(self) -> None:
        """Ends the reply; what came stays. A second time ends the wait for an engine that does not listen."""
        if self._request is not None and not self.stopped:
            self._engine.stop(self._reply_id)
        else:
            self.over.emit()
        self.stopped = True

    def _on_state(self, state: EngineState) -> None:
        if state.phase == "loading":
            percent = QLocale().toString(round(100 * state.share))
            words = QCoreApplication.translate("OneQuestion", "Loading {name}, {percent} %")
            self.progress.emit(words.format(name=state.name, percent=percent))
        elif state.phase == "ready" and state.capabilities is not None and self._request is None:
            self.model = state.name
            refusal = self._refusal(state.capabilities)
            if refusal is not None:
                self._fail(refusal)
                return
            self._request = self._made(state.capabilities)
            if state.capabilities.folds_system and (self._question.system or self._question.think_in):
                self.notice.emit("system_folded")
            self._record(self._request.options, state.name)
            self._engine.generate(self._request)

    def _refusal(self, capabilities: Capabilities) -> ChoiceError | None:
        """Why this model cannot be asked so; a language to think in needs a model that thinks."""
        offered, wanted = capabilities.thinking, self._question.thinking
        if wanted is None and self._question.think_in and offered.kind == "none":
            wanted = self._question.think_in
        elif wanted is None or wanted in offered.choices:
            return None
        return ChoiceError(
            "thinking_choice", choice=wanted, choices=", ".join(offered.choices), kind=offered.kind
        )

    def _made(self, capabilities: Capabilities) -> Generate:
        asked = self._question
        question = Message("question", "user", parts=(Text(asked.text),))
        decided = _decided(asked)
        advice = capabilities.advised(asked.thinking)
        self.sampling = sampling_now(advice, ChosenSampling(), decided)
        options = offered(
            GenerateOptions(asked.thinking, asked.max_tokens, think_in=asked.think_in), capabilities, decided
        )
        return Generate(self._reply_id, turns(asked.system, (question,)), options)

    def _record(self, options: GenerateOptions, model: str) -> None:
        """Keeps the question, and how it was asked: with which numbers, whoever decided on them."""
        asked = self._question
        if self._recording is None:
            return
        if self.sampling is not None:
            options = msgspec.structs.replace(options, sampling=self.sampling.values)
        choices = Choices(asked.thinking, bool(asked.think_in), _decided(asked))
        self._recording.begin(asked.text, asked.system, self._reply_id, model, options, choices)

    def _on_prefilling(self, _reply_id: str, done: int, total: int) -> None:
        if done == total and self._recording is not None:
            self._recording.read(total)
        locale = QLocale()
        words = QCoreApplication.translate("OneQuestion", "Reading {done} of {total} tokens")
        self.progress.emit(words.format(done=locale.toString(done), total=locale.toString(total)))

    def _on_delta(self, delta: Delta) -> None:
        self._heard = True
        if self._recording is not None:
            self._recording.add(delta)
        if delta.text:
            self.text.emit(delta.channel, delta.text)

    def _on_finished(self, finished: Finished) -> None:
        self.finished = finished
        if self._recording is not None:
            self._recording.end(finished.reason, finished.statistics)
        self.over.emit()

    def _fail(self, error: AppError) -> None:
        if error is self._passed_over:  # the engine tells of it as the reply's end and as its own
            return
        silent = not (self._heard or self.stopped) and self._passed_over is None
        if error.code == "device_failed" and silent and self._request is not None:
            self._passed_over = error
            self._engine.generate(self._request)  # now without the device
        elif self.error is None and self.finished is None:
            self.error = error
            self._record_failure(error)
            self.over.emit()

    def _record_failure(self, error: AppError) -> None:
        """What came of the reply is kept; a question that was refused is none."""
        if self._recording is None:
            return
        if isinstance(error, ChoiceError | PromptError) and not self._heard:
            self._recording.refuse()
        else:
            self._recording.end("context_full" if error.code == "context_full" else "interrupted")


def _decided(asked: Question) -> ChosenSampling:
    return ChosenSampling(temperature=asked.temperature, seed=asked.seed)
