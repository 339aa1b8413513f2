"""Errors and notices in words for people: one sentence for what is so, one for what to do."""

from collections.abc import Callable

from app.errors import AppError, Parameters
from app.services.words.exchange_messages import EXCHANGE_ERRORS
from app.services.words.explanation import Explanation, number, path, size, tr
from app.services.words.storage_messages import STORAGE_ERRORS
from app.services.words.template_messages import TEMPLATE_ERRORS, template_notice


def explain(error: AppError) -> Explanation:
    """The error in words; one that has none of its own is named by its code."""
    words = _ERRORS.get(error.code)
    if words is None:
        return Explanation(
            tr("Something went wrong ({code}).").format(code=error.code),
            tr("The log file has the details."),
        )
    return words(error.parameters)


def notice(code: str) -> Explanation:
    """Something to tell once about a model that was loaded all the same."""
    if code == "device_failed":
        return Explanation(tr("The graphics driver failed."), tr("The model now runs on the processor."))
    return template_notice(code) or Explanation(code, "")


def _file_missing(parameters: Parameters) -> Explanation:
    return Explanation(
        tr("There is no file at {path}.").format(path=path(parameters)),
        tr("Choose the file again; it may have been moved or renamed."),
    )


def _file_unreadable(parameters: Parameters) -> Explanation:
    return Explanation(
        tr("The file {path} cannot be read.").format(path=path(parameters)),
        tr("Check its permissions, or whether its disk is still connected."),
    )


def _file_is_folder(parameters: Parameters) -> Explanation:
    return Explanation(
        tr("{path} is a folder.").format(path=path(parameters)),
        tr("Choose a model file in it; its name ends in .gguf."),
    )


def _not_gguf(parameters: Parameters) -> Explanation:
    return Explanation(
        tr("{path} is not a GGUF model.").format(path=path(parameters)),
        tr("Choose another file, or download this one again."),
    )


def _gguf_truncated(parameters: Parameters) -> Explanation:
    return Explanation(
        tr("{path} is cut short.").format(path=path(parameters)),
        tr("Download or copy the file again; a part of it is missing."),
    )


def _gguf_invalid(parameters: Parameters) -> Explanation:
    return Explanation(
        tr("{path} is damaged.").format(path=path(parameters)),
        tr("Download or copy the file again."),
    )


def _gguf_version(parameters: Parameters) -> Explanation:
    return Explanation(
        tr("{path} has a GGUF version that is not understood.").format(path=path(parameters)),
        tr("Look for a newer file of this model, or a newer version of this program."),
    )


def _architecture_unknown(parameters: Parameters) -> Explanation:
    return Explanation(
        tr("This engine does not know the architecture “{name}” yet.").format(
            name=parameters.get("architecture", "")
        ),
        tr("A newer version of this program may; until then choose another model."),
    )


def _no_vocabulary(parameters: Parameters) -> Explanation:
    return Explanation(
        tr("{path} has no vocabulary.").format(path=path(parameters)),
        tr("It may be a part of a model, such as a vision file; choose the model itself."),
    )


def _engine_missing(_parameters: Parameters) -> Explanation:
    return Explanation(
        tr("The engine does not run on this processor."),
        tr("Report this with the log file; no part of the engine could be started."),
    )


def _load_failed(parameters: Parameters) -> Explanation:
    detail = str(parameters.get("detail", ""))
    title = tr("The model could not be loaded.")
    if detail:
        title = tr("The model could not be loaded: {detail}.").format(detail=detail.rstrip("."))
    return Explanation(title, tr("Download the file again, or choose another model."))


def _load_memory(parameters: Parameters) -> Explanation:
    needed, available = parameters.get("needed", 0), parameters.get("available", 0)
    title = tr("There is not enough memory for this model.")
    if isinstance(needed, (int, float)) and isinstance(available, (int, float)) and needed:
        title = tr("This model needs {needed} at this context, and {available} are free.").format(
            needed=size(needed), available=size(available)
        )
    return Explanation(title, tr("Choose a smaller context or a smaller model, or close other programs."))


def _engine_crashed(parameters: Parameters) -> Explanation:
    detail = str(parameters.get("detail", ""))
    if parameters.get("loading") and detail:
        return Explanation(
            tr("The engine stopped while it loaded the model; its last words were “{detail}”.").format(
                detail=detail.rstrip(".")
            ),
            tr("Your text is safe. Choose another model, or report this with the log file."),
        )
    return Explanation(
        tr("The engine stopped unexpectedly."),
        tr("Your text is safe. Continue the reply or ask again; the model is loaded anew."),
    )


def _engine_killed(_parameters: Parameters) -> Explanation:
    return Explanation(
        tr("The system ended the engine, most likely because memory ran out."),
        tr("Your text is safe. Close other programs, or choose a smaller model or context."),
    )


def _engine_silent(_parameters: Parameters) -> Explanation:
    return Explanation(
        tr("The engine did not wake up with this machine and was started again."),
        tr("Your text is safe. Continue the reply or ask again."),
    )


def _decode_failed(_parameters: Parameters) -> Explanation:
    return Explanation(
        tr("The engine could not go on with this reply."),
        tr("Your text is safe. Continue the reply or ask again."),
    )


def _device_failed(_parameters: Parameters) -> Explanation:
    return Explanation(
        tr("The graphics device failed while answering."),
        tr("Your text is safe. The next question runs on the processor."),
    )


def _no_model(_parameters: Parameters) -> Explanation:
    return Explanation(tr("No model is loaded."), tr("Choose one in the bar at the top."))


def _engine_busy(_parameters: Parameters) -> Explanation:
    return Explanation(tr("A reply is still being written."), tr("Wait for its end, or stop it first."))


def _context_full(parameters: Parameters) -> Explanation:
    return Explanation(
        tr("This needs {needed} tokens, and the model reads at most {context}.").format(
            needed=number(parameters, "needed"), context=number(parameters, "context")
        ),
        tr("Shorten the message, begin a new conversation, or load the model with a larger context."),
    )


def _prompt_empty(_parameters: Parameters) -> Explanation:
    return Explanation(tr("There is nothing to send yet."), tr("Write a message first."))


def _thinking_choice(parameters: Parameters) -> Explanation:
    if parameters.get("kind") == "none":
        return Explanation(tr("This model does not think."), tr("Ask it without a choice of thinking."))
    if parameters.get("kind") == "always":
        return Explanation(tr("This model always thinks."), tr("Ask it without a choice of thinking."))
    choices = str(parameters.get("choices", ""))
    advice = tr("It has: {choices}.").format(choices=choices) if choices else tr("Leave the choice out.")
    return Explanation(
        tr("This model has no thinking choice “{choice}”.").format(choice=parameters.get("choice", "")),
        advice,
    )


def _option_later(parameters: Parameters) -> Explanation:
    return Explanation(
        tr("{option} is not available in this version.").format(option=parameters.get("option", "")),
        tr("Leave it out."),
    )


def _folder_unusable(parameters: Parameters) -> Explanation:
    return Explanation(
        tr("The folder {path} cannot hold this program’s files.").format(path=path(parameters)),
        tr("Check its permissions, or name another one with --data-dir."),
    )


def _already_open(parameters: Parameters) -> Explanation:
    return Explanation(
        tr("Soliloquy is open already with the folder {path}, but its window does not answer.").format(
            path=path(parameters)
        ),
        tr("Wait for it, or end it and start again."),
    )


def _output_failed(parameters: Parameters) -> Explanation:
    return Explanation(
        tr("The reply could not be written: {reason}.").format(reason=parameters.get("reason", "")),
        tr("Check where standard output goes."),
    )


def _bug(_parameters: Parameters) -> Explanation:
    return Explanation(
        tr("Something went wrong in the program itself."),
        tr("Your text is safe. The log file has the details, without a word of yours."),
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
    "engine_silent": _engine_silent,
    "decode_failed": _decode_failed,
    "device_failed": _device_failed,
    "no_model": _no_model,
    "engine_busy": _engine_busy,
    "context_full": _context_full,
    "prompt_empty": _prompt_empty,
    "thinking_choice": _thinking_choice,
    "option_later": _option_later,
    "folder_unusable": _folder_unusable,
    "already_open": _already_open,
    "output_failed": _output_failed,
    "bug": _bug,
    **TEMPLATE_ERRORS,
    **STORAGE_ERRORS,
    **EXCHANGE_ERRORS,
}
