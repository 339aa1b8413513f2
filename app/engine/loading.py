"""Loads a model file: reads what it is, decides where it runs, and falls back to the CPU when a GPU fails."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from app.chat.options import Capabilities, Device, LoadOptions, Placement
from app.chat.prompt import folds_system
from app.chat.reasoning_format import ReasoningFormat, detect
from app.chat.template import PLAIN, ChatTemplate
from app.engine.advice import advice
from app.engine.llama_backend import LlamaModel, Runtime
from app.engine.placement import Decision, decide
from app.engine.session import Session, Voice
from app.errors import EngineError, ModelFileError, PromptError
from app.library.hardware import this_machine
from app.library.model_file import ModelFile, read_model_file

log = logging.getLogger(__name__)

_SHARE_STEP = 0.01


class Loader:
    """Loads models in one process; `report` is told how far a load is, from 0 to 1.

    `watch` is told before a stranger's chat template is at work (True), and after it (False).
    """

    def __init__(
        self,
        runtime: Runtime,
        report: Callable[[float], None],
        watch: Callable[[bool], None] = lambda _active: None,
    ) -> None:
        self._runtime = runtime
        self._report = report
        self._watch = watch
        self._reported = 0.0

    def load(self, path: Path, options: LoadOptions) -> Session:
        """The model, ready to answer. Raises ModelFileError or EngineError."""
        file = read_model_file(path)
        devices = self._runtime.devices()
        decision = decide(file, options, this_machine(), devices)
        notices: list[str] = []
        try:
            model = self._open(file, decision)
        except EngineError as error:
            if decision.gpu_layers == 0:
                raise self._explained(error, file) from error
            log.warning("the GPU failed, the CPU takes over: %s", error)
            notices.append("device_failed")
            decision = Decision(decision.context, 0, decision.threads)
            model = self._reopened(file, decision)
        voice = self._voice(file, model, options, notices)
        return Session(model, voice, self._capabilities(file, model, voice, decision, devices, notices))

    def _open(self, file: ModelFile, decision: Decision) -> LlamaModel:
        self._reported = 0.0
        return LlamaModel(
            self._runtime,
            file.path,
            context=decision.context,
            gpu_layers=decision.gpu_layers,
            threads=decision.threads,
            progress=self._progress,
        )

    def _reopened(self, file: ModelFile, decision: Decision) -> LlamaModel:
        try:
            return self._open(file, decision)
        except EngineError as error:
            raise self._explained(error, file) from error

    def _progress(self, share: float) -> None:
        if share - self._reported >= _SHARE_STEP or share >= 1.0:
            self._reported = share
            self._report(share)

    def _explained(self, error: EngineError, file: ModelFile) -> EngineError | ModelFileError:
        detail = str(error.parameters.get("detail", ""))
        if "unknown model architecture" in detail:
            return ModelFileError("architecture_unknown", path=str(file.path), architecture=file.architecture)
        return error

    def _voice(self, file: ModelFile, model: LlamaModel, options: LoadOptions, notices: list[str]) -> Voice:
        source = file.chat_template
        if source is None:
            notices.append("template_missing")
        elif options.plain_template:
            notices.append("template_distrusted")
        else:
            try:
                return self._own_voice(source, model)
            except PromptError as error:
                log.warning("the chat template cannot be used: %s", error)
                notices.append(error.code)
        return Voice(ChatTemplate(PLAIN, bos=model.bos, eos=model.eos), ReasoningFormat())

    def _own_voice(self, source: str, model: LlamaModel) -> Voice:
        """The file's own template. Raises PromptError when it is none, or never comes to an end."""
        with self._watched():
            template = ChatTemplate(source, bos=model.bos, eos=model.eos, watch=self._watch)
        if template.runs_away:
            raise PromptError("template_runaway")
        with self._watched():
            return Voice(template, detect(source))

    @contextmanager
    def _watched(self) -> Iterator[None]:
        self._watch(True)
        try:
            yield
        finally:
            self._watch(False)

    @staticmethod
    def _capabilities(
        file: ModelFile,
        model: LlamaModel,
        voice: Voice,
        decision: Decision,
        devices: Sequence[Device],
        notices: Sequence[str],
    ) -> Capabilities:
        thinking = voice.format.thinking()
        usual, quick = advice(file, thinking)
        return Capabilities(
            model=file.name,
            architecture=file.architecture,
            thinking=thinking,
            context=model.context,
            trained_context=model.trained_context,
            placement=Placement(
                decision.device, min(decision.gpu_layers, model.layers), model.layers, decision.threads
            ),
            devices=tuple(devices),
            advice=usual,
            quick_advice=quick,
            notices=tuple(notices),
            folds_system=folds_system(voice.template, voice.format),
            budget=False,
        )
