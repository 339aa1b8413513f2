"""Every section and every setting by name, with its words: pages show them, and the search looks into them."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication

APPEARANCE: Final = "appearance"
GENERATION: Final = "generation"
SYSTEM_PROMPT: Final = "system_prompt"
MODELS: Final = "models"
BACKUPS: Final = "backups"
PRIVACY: Final = "privacy"
SHORTCUTS: Final = "shortcuts"
ABOUT: Final = "about"


@dataclass(frozen=True)
class Section:
    """A page of the settings."""

    name: str
    title: str
    icon: str


@dataclass(frozen=True)
class Entry:
    """One setting; `words` are others that somebody may call it by."""

    name: str
    section: str
    title: str
    about: str
    words: str = ""


def sections() -> tuple[Section, ...]:
    """The sections in their order."""
    return (
        Section(APPEARANCE, _tr("Appearance"), "palette"),
        Section(GENERATION, _tr("Generation"), "sliders-horizontal"),
        Section(SYSTEM_PROMPT, _tr("System prompt"), "message-square-text"),
        Section(MODELS, _tr("Models"), "box"),
        Section(BACKUPS, _tr("Conversations and backups"), "archive"),
        Section(PRIVACY, _tr("Privacy"), "shield-check"),
        Section(SHORTCUTS, _tr("Shortcuts"), "keyboard"),
        Section(ABOUT, _tr("About"), "info"),
    )


def entries() -> tuple[Entry, ...]:
    """Every setting but the single shortcuts, in the order of the pages."""
    return (
        *_appearance(),
        *_generation(),
        *_sampling(),
        *_reply(),
        *_models(),
        *_stored(),
        *_about(),
    )


def _appearance() -> tuple[Entry, ...]:
    return (
        Entry(
            "theme",
            APPEARANCE,
            _tr("Theme"),
            _tr("Light, dark, or as this machine is set."),
            _tr("dark mode night light colours colors"),
        ),
        Entry(
            "text_size",
            APPEARANCE,
            _tr("Text size"),
            _tr("The size of what is read: questions, thinking and answers."),
            _tr("font zoom larger smaller letters"),
        ),
        Entry(
            "reading_width",
            APPEARANCE,
            _tr("Reading width"),
            _tr("The width of the text. Short lines are easier to follow."),
            _tr("column line length margins"),
        ),
        Entry(
            "language",
            APPEARANCE,
            _tr("Language"),
            _tr("The language of this window. A model answers in the language that it is asked in."),
            _tr("translation locale English"),
        ),
    )


def _generation() -> tuple[Entry, ...]:
    return (
        Entry(
            "temperature",
            GENERATION,
            _tr("Temperature"),
            _tr("Low values keep to the likeliest words; high ones take more risks."),
            _tr("creativity randomness sampling"),
        ),
        Entry(
            "top_k",
            GENERATION,
            _tr("Top K"),
            _tr("Each word is drawn from this many of the likeliest; 0 draws from all of them."),
            _tr("sampling likeliest tokens"),
        ),
        Entry(
            "top_p",
            GENERATION,
            _tr("Top P"),
            _tr("Each word is drawn from the likeliest that add up to this share; 1 draws from all."),
            _tr("nucleus sampling probability"),
        ),
    )


def _sampling() -> tuple[Entry, ...]:
    return (
        Entry(
            "min_p",
            GENERATION,
            _tr("Min P"),
            _tr("Rules out words less likely than this share of the likeliest; 0 rules out none."),
            _tr("sampling probability minimum"),
        ),
        Entry(
            "repeat_penalty",
            GENERATION,
            _tr("Repeat penalty"),
            _tr("Above 1, words that were just written come again less often; 1 changes nothing."),
            _tr("repetition loops circles sampling"),
        ),
        Entry(
            "seed",
            GENERATION,
            _tr("Seed"),
            _tr("With the same seed, this machine answers the same question in the same way."),
            _tr("random repeatable reproducible"),
        ),
        Entry(
            "max_tokens",
            GENERATION,
            _tr("Longest reply"),
            _tr("In tokens, thinking included. A reply that is cut off can be continued."),
            _tr("maximum length limit max tokens"),
        ),
    )


def _reply() -> tuple[Entry, ...]:
    return (
        Entry(
            "notify",
            GENERATION,
            _tr("Tell me when a reply ends"),
            _tr("By a notification of this desktop, while the window is not in front."),
            _tr("notification alert message done finished"),
        ),
        Entry(
            "inhibit_sleep",
            GENERATION,
            _tr("Keep this machine awake"),
            _tr("It does not go to sleep by itself before the reply has ended."),
            _tr("sleep suspend standby power"),
        ),
        Entry(
            "system_prompt",
            SYSTEM_PROMPT,
            _tr("For new conversations"),
            _tr("Tells the model how to answer. Conversations that exist keep theirs."),
            _tr("instructions persona role custom"),
        ),
    )


def _models() -> tuple[Entry, ...]:
    return (
        Entry(
            "idle_unload",
            MODELS,
            _tr("Unload an idle model"),
            _tr("Frees its memory after a time without a question. The next question loads it again."),
            _tr("memory timeout rest free keep loaded"),
        ),
        Entry(
            "gpu_layers",
            MODELS,
            _tr("Where to run"),
            _tr("Automatic gives the GPU as many layers as fit; the processor runs the rest."),
            _tr("gpu cpu device layers offload graphics processor only"),
        ),
        Entry(
            "context",
            MODELS,
            _tr("Context length"),
            _tr(
                "How many tokens of a conversation the model reads before the oldest messages are left out. "
                "More takes more memory."
            ),
            _tr("window tokens memory n_ctx"),
        ),
        Entry(
            "threads",
            MODELS,
            _tr("Processor threads"),
            _tr("Automatic takes as many as this machine has cores for."),
            _tr("cpu cores parallel"),
        ),
    )


def _stored() -> tuple[Entry, ...]:
    return (
        Entry("stored", BACKUPS, _tr("Your conversations"), "", _tr("number size how many space")),
        Entry(
            "back_up",
            BACKUPS,
            _tr("Backups"),
            _tr("A copy of all conversations is made on each day of use; the last seven are kept."),
            _tr("copy restore recover save back up"),
        ),
        Entry(
            "import",
            BACKUPS,
            _tr("Import conversations"),
            _tr("From a JSON file that Soliloquy has exported. What is here stays as it is."),
            _tr("open load bring json"),
        ),
        Entry(
            "export_all",
            BACKUPS,
            _tr("Export all conversations"),
            _tr("As Markdown, plain text or JSON."),
            _tr("save download txt md json"),
        ),
        Entry(
            "kept", PRIVACY, _tr("Kept on this machine"), "", _tr("data folder files where stored disk space")
        ),
        Entry(
            "secure_delete",
            PRIVACY,
            _tr("Overwrite what is deleted"),
            _tr(
                "A deleted conversation is overwritten in the store and removed from the backups, once it can "
                "no longer be brought back. Deleting takes longer. A damaged file that was set aside is left as "
                "it is, and so is what you exported. A solid-state drive may still keep old copies out of "
                "reach; only an encrypted disk rules that out."
            ),
            _tr("erase wipe shred secure delete forensic"),
        ),
    )


def _about() -> tuple[Entry, ...]:
    return (
        Entry(
            "version",
            ABOUT,
            "Soliloquy",
            _tr("Open-weight reasoning models, on this machine alone."),
            _tr("version"),
        ),
        Entry(
            "report",
            ABOUT,
            _tr("Report for a bug"),
            _tr("Versions, this machine and the end of the log. It holds no word of any conversation."),
            _tr("problem error log copy diagnostics help"),
        ),
        Entry(
            "licences",
            ABOUT,
            _tr("Licences"),
            _tr("Of everything that Soliloquy is made with."),
            _tr("license open source copyright credits"),
        ),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("Settings", text)
