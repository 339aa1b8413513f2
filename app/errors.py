"""Every error that a person may be shown: a code and its parameters, never a sentence.

    AppError
    ├── ModelFileError    a model file that cannot be used: missing, a folder, not a GGUF, cut short, unknown
    ├── EngineError       the engine process: cannot load, ran out of memory, died, lost a device
    ├── PromptError       a conversation that cannot become a prompt: template fails, context too small
    ├── ChoiceError       a choice that this model or this version does not have
    ├── StorageError      the file of conversations: full disk, locked, damaged, newer than the app
    └── ExchangeError     a file that is written by an export or read by an import

Codes of AppError itself: `folder_unusable` (`path`), `already_open` (`path`), `output_failed` (`reason`), `bug`.

Sentences are made from codes in `services/words/messages.py`, in the person's language.
"""

from collections.abc import Mapping

ParameterValue = str | int | float
Parameters = Mapping[str, ParameterValue]


class AppError(Exception):
    """A failure with a stable `code` and the `parameters` that its sentence needs."""

    def __init__(self, code: str, **parameters: ParameterValue) -> None:
        super().__init__(code, parameters)
        self.code = code
        self.parameters: Parameters = parameters

    def __str__(self) -> str:
        """Code and parameters, for logs."""
        details = ", ".join(f"{key}={value!r}" for key, value in self.parameters.items())
        return f"{self.code}({details})"


class ModelFileError(AppError):
    """The model file itself is the problem.

    Codes: `file_missing`, `file_unreadable`, `file_is_folder`, `not_gguf`, `gguf_truncated`, `gguf_invalid`,
    `gguf_version`, `architecture_unknown`, `no_vocabulary`; parameters: `path` and what the code needs.
    """


class EngineError(AppError):
    """The engine process or what it runs on is the problem.

    Codes: `engine_missing`, `load_failed`, `load_memory`, `engine_crashed`, `engine_killed`, `engine_protocol`,
    `decode_failed`, `device_failed`, `no_model`, `engine_busy`, `model_changed` (while it answered; `unloaded` where no
    other takes its place),
    `engine_silent` (no answer after the machine slept).
    """


class PromptError(AppError):
    """The conversation cannot become a prompt.

    Codes: `context_full` (parameters: `needed` and `context`, in tokens), `prompt_empty`; of the model's chat template
    `template_syntax` (`line`), `template_runaway` (it did not end, or nobody lets it), `template_too_long` (its text),
    `template_forbidden` (it reaches for what is not its business), `template_refused` (`reason`, in its own words),
    `template_tools` (it works with tools alone) and `template_failed` (`reason`).
    """


class ChoiceError(AppError):
    """A choice that is not to be had. Codes: `thinking_choice` (`choice`, `choices`), `option_later` (`option`)."""


class StorageError(AppError):
    """The file of conversations, or the disk under it, is the problem.

    Codes: `disk_full`, `store_read_only`, `store_locked`, `store_damaged`, `store_newer`,
    `store_unreadable` (`reason`), `conversation_missing` (`id`), `backup_unusable` (`path`).
    """


class ExchangeError(AppError):
    """An export or an import is the problem.

    Codes: `export_failed` (`path`, `reason`), `nothing_to_export`, `import_unreadable` (`path`, `reason`),
    `import_unknown` (`path`: no format that the app knows), `import_newer` (`path`, `version`),
    `import_empty` (`path`); of one conversation `import_present` (`title`), `import_refused` (`title`, `number`,
    `reason`, `detail`); and
    `conversation_ambiguous` (`id`, `count`: an id's beginning that several have).
    """


TEMPLATE_STOPPED = frozenset({"template_runaway", "template_too_long", "template_forbidden"})
"""What a chat template did that none may: it is not run again."""


def error_from(code: str, parameters: Parameters) -> AppError:
    """The error of the family that `code` belongs to; how an error crosses a process boundary."""
    return _FAMILIES.get(code, AppError)(code, **parameters)


_FAMILIES: dict[str, type[AppError]] = {
    **dict.fromkeys(
        (
            "file_missing",
            "file_unreadable",
            "file_is_folder",
            "not_gguf",
            "gguf_truncated",
            "gguf_invalid",
            "gguf_version",
            "architecture_unknown",
            "no_vocabulary",
        ),
        ModelFileError,
    ),
    **dict.fromkeys(
        (
            "engine_missing",
            "load_failed",
            "load_memory",
            "engine_crashed",
            "engine_killed",
            "engine_protocol",
            "decode_failed",
            "device_failed",
            "no_model",
            "model_changed",
            "engine_busy",
            "engine_silent",
        ),
        EngineError,
    ),
    **dict.fromkeys(
        (
            "context_full",
            "prompt_empty",
            "template_syntax",
            "template_runaway",
            "template_too_long",
            "template_forbidden",
            "template_refused",
            "template_tools",
            "template_failed",
        ),
        PromptError,
    ),
    **dict.fromkeys(("thinking_choice", "option_later"), ChoiceError),
    **dict.fromkeys(
        (
            "disk_full",
            "store_read_only",
            "store_locked",
            "store_damaged",
            "store_newer",
            "store_unreadable",
            "conversation_missing",
            "backup_unusable",
        ),
        StorageError,
    ),
    **dict.fromkeys(
        (
            "export_failed",
            "nothing_to_export",
            "import_unreadable",
            "import_unknown",
            "import_newer",
            "import_empty",
            "import_present",
            "import_refused",
            "conversation_ambiguous",
        ),
        ExchangeError,
    ),
}
