"""Errors and notices in words for people: one sentence for what is so, one for what to do."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QLocale

from app.errors import AppError, Parameters


@dataclass(frozen=True)
class Explanation:
    """What a person reads: `title` says what is so, `advice` what to do (may be empty)."""

    title: str
    advice: str

    @property
    def text(self) -> str:
        """Both sentences."""
        return f"{self.title} {self.advice}".strip()


def explain(error: AppError) -> Explanation:
    """The error in words; one that has none of its own is named by its code."""
    words = _ERRORS.get(error.code)
    if words is None:
        return Explanation(
            _tr("Something went wrong ({code}).").format(code=error.code),
            _tr("The log file has the details."),
        )
    return words(error.parameters)


def notice(code: str) -> Explanation:
    """Something to tell once about a model that was loaded all the same."""
    if code == "template_missing":
        return Explanation(_tr("This file has no chat template."), _tr("A plain one is used."))
    if code == "template_failed":
        return Explanation(_tr("This file's chat template cannot be used."), _tr("A plain one is used."))
    if code == "device_failed":
        return Explanation(_tr("The graphics driver failed."), _tr("The model now runs on the processor."))
    return Explanation(code, "")


def size(count: float) -> str:
    """A number of bytes in GB or MB, as the locale writes numbers."""
    locale = QLocale()
    if count >= 1e9:
        return _tr("{number} GB").format(number=locale.toString(count / 1e9, "f", 1))
    return _tr("{number} MB").format(number=locale.toString(max(count / 1e6, 1.0), "f", 0))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Messages", text)


def _path(parameters: Parameters) -> str:
    return str(parameters.get("path", ""))


def _number(parameters: Parameters, key: str) -> str:
    value = parameters.get(key, 0)
    return QLocale().toString(int(value)) if isinstance(value, (int, float)) else str(value)


def _file_missing(parameters: Parameters) -> Explanation:
    return Explanation(
        _tr("There is no file at {path}.").format(path=_path(parameters)),
        _tr("Choose the file again; it may have been moved or renamed."),
    )


def _file_unreadable(parameters: Parameters) -> Explanation:
    return Explanation(
        _tr("The file {path} cannot be read.").format(path=_path(parameters)),
        _tr("Check its permissions, or whether its disk is still connected."),
    )


def _file_is_folder(parameters: Parameters) -> Explanation:
    return Explanation(
        _tr("{path} is a folder.").format(path=_path(parameters)),
        _tr("Choose a model file in it; its name ends in .gguf."),
    )


def _not_gguf(parameters: Parameters) -> Explanation:
    return Explanation(
        _tr("{path} is not a GGUF model.").format(path=_path(parameters)),
        _tr("Choose another file, or download this one again."),
    )


def _gguf_truncated(parameters: Parameters) -> Explanation:
    return Explanation(
        _tr("{path} is cut short.").format(path=_path(parameters)),
        _tr("Download or copy the file again; a part of it is missing."),
    )


def _gguf_invalid(parameters: Parameters) -> Explanation:
    return Explanation(
        _tr("{path} is damaged.").format(path=_path(parameters)),
        _tr("Download or copy the file again."),
    )


def _gguf_version(parameters: Parameters) -> Explanation:
    return Explanation(
        _tr("{path} has a GGUF version that is not understood.").format(path=_path(parameters)),
        _tr("Look for a newer file of this model, or a newer version of this program."),
    )


def _architecture_unknown(parameters: Parameters) -> Explanation:
    return Explanation(
        _tr("This engine does not know the architecture “{name}” yet.").format(
            name=parameters.get("architecture", "")
        ),
        _tr("A newer version of this program may; until then choose another model."),
    )


def _no_vocabulary(parameters: Parameters) -> Explanation:
    return Explanation(
        _tr("{path} has no vocabulary.").format(path=_path(parameters)),
        _tr("It may be a part of a model, such as a vision file; choose the model itself."),
    )


def _engine_missing(_parameters: Parameters) -> Explanation:
    return Explanation(
        _tr("The engine does not run on this processor."),
        _tr("Report this with the log file; no part of the engine could be started."),
    )


def _load_failed(parameters: Parameters) -> Explanation:
    detail = str(parameters.get("detail", ""))
    title = _tr("The model could not be loaded.")
    if detail:
        title = _tr("The model could not be loaded: {detail}.").format(detail=detail.rstrip("."))
    return Explanation(title, _tr("Download the file again, or choose another model."))


def _load_memory(parameters: Parameters) -> Explanation:
    needed, available = parameters.get("needed", 0), parameters.get("available", 0)
    title = _tr("There is not enough memory for this model.")
    if isinstance(needed, (int, float)) and isinstance(available, (int, float)) and needed:
        title = _tr("This model needs {needed} at this context, and {available} are free.").format(
            needed=size(needed), available=size(available)
        )
    return Explanation(title, _tr("Choose a smaller context or a smaller model, or close other programs."))


def _engine_crashed(parameters: Parameters) -> Explanation:
    detail = str(parameters.get("detail", ""))
    if parameters.get("loading") and detail:
        return Explanation(
            _tr("The engine stopped while it loaded the model; its last words were “{detail}”.").format(
                detail=detail.rstrip(".")
            ),
            _tr("Your text is safe. Choose another model, or report this with the log file."),
        )
    return Explanation(
        _tr("The engine stopped unexpectedly."),
        _tr("Your text is safe. Continue the reply or ask again; the model is loaded anew."),
    )


def _engine_killed(_parameters: Parameters) -> Explanation:
    return Explanation(
        _tr("The system ended the engine, most likely because memory ran out."),
        _tr("Your text is safe. Close other programs, or choose a smaller model or context."),
    )


def _decode_failed(_parameters: Parameters) -> Explanation:
    return Explanation(
        _tr("The engine could not go on with this reply."),
        _tr("Your text is safe. Continue the reply or ask again."),
    )


def _device_failed(_parameters: Parameters) -> Explanation:
    return Explanation(
        _tr("The graphics device failed while answering."),
        _tr("Your text is safe. The next question runs on the processor."),
    )


def _no_model(_parameters: Parameters) -> Explanation:
    return Explanation(_tr("No model is loaded."), _tr("Choose one in the bar at the top."))


def _engine_busy(_parameters: Parameters) -> Explanation:
    return Explanation(_tr("A reply is still being written."), _tr("Wait for its end, or stop it first."))


def _template_failed(parameters: Parameters) -> Explanation:
    return Explanation(
        _tr("This model's chat template failed: {reason}.").format(reason=parameters.get("reason", "")),
        _tr("Another file of the same model may have a newer template."),
    )


def _context_full(parameters: Parameters) -> Explanation:
    return Explanation(
        _tr("This needs {needed} tokens, and the model reads at most {context}.").format(
            needed=_number(parameters, "needed"), context=_number(parameters, "context")
        ),
        _tr("Shorten the message, begin a new conversation, or load the model with a larger context."),
    )


def _prompt_empty(_parameters: Parameters) -> Explanation:
    return Explanation(_tr("There is nothing to send yet."), _tr("Write a message first."))


def _thinking_choice(parameters: Parameters) -> Explanation:
    choices = str(parameters.get("choices", ""))
    advice = _tr("It has: {choices}.").format(choices=choices) if choices else _tr("Leave the choice out.")
    return Explanation(
        _tr("This model has no thinking choice “{choice}”.").format(choice=parameters.get("choice", "")),
        advice,
    )


def _option_later(parameters: Parameters) -> Explanation:
    return Explanation(
        _tr("{option} is not available in this version.").format(option=parameters.get("option", "")),
        _tr("Leave it out."),
    )


def _folder_unusable(parameters: Parameters) -> Explanation:
    return Explanation(
        _tr("The folder {path} cannot hold this program's files.").format(path=_path(parameters)),
        _tr("Check its permissions, or name another one with --data-dir."),
    )


def _output_failed(parameters: Parameters) -> Explanation:
    return Explanation(
        _tr("The reply could not be written: {reason}.").format(reason=parameters.get("reason", "")),
        _tr("Check where standard output goes."),
    )


def _bug(_parameters: Parameters) -> Explanation:
    return Explanation(
        _tr("Something went wrong in the program itself."),
        _tr("Your text is safe. The log file has the details, without a word of yours."),
    )


_ERRORS: dict[str, Callable[[Parameters], Explanation]] = {
    "file_missing": _file_missing,
    "file_unreadable": _file_unreadable,
    "file_is_folder": _file_is_folder,
    "not_gguf": _not_gguf,
    "gguf_truncated": _gguf_truncated,
    "gguf_invalid": _gguf_invalid,
    "gguf_version": _gguf_version,
    "architecture_unknown": _architecture_unknown,
    "no_vocabulary": _no_vocabulary,
    "engine_missing": _engine_missing,
    "load_failed": _load_failed,
    "load_memory": _load_memory,
    "engine_crashed": _engine_crashed,
    "engine_killed": _engine_killed,
    "decode_failed": _decode_failed,
    "device_failed": _device_failed,
    "no_model": _no_model,
    "engine_busy": _engine_busy,
    "template_failed": _template_failed,
    "context_full": _context_full,
    "prompt_empty": _prompt_empty,
    "thinking_choice": _thinking_choice,
    "option_later": _option_later,
    "folder_unusable": _folder_unusable,
    "output_failed": _output_failed,
    "bug": _bug,
}
