"""Every sentence of the transcript, in the person's language."""

from typing import Final

from PySide6.QtCore import QCoreApplication, QLocale

from app.chat.conversation import FinishReason, Message, ReplyState

_MINUTE: Final = 60
_HOUR: Final = 3600
_DOT: Final = " \u00b7 "


def you() -> str:
    """Who asks."""
    return QCoreApplication.translate("Transcript", "You")


def model() -> str:
    """Who answers, where the model's name is not known."""
    return QCoreApplication.translate("Transcript", "Model")


def duration(seconds: float) -> str:
    """Whole seconds as a clock shows them: 0:57, 12:04, 1:02:03."""
    whole = int(seconds)
    hours, minutes, rest = whole // _HOUR, whole // _MINUTE % _MINUTE, whole % _MINUTE
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def number(value: int) -> str:
    """A number as the locale writes it."""
    return QLocale().toString(value)


def tokens(count: int) -> str:
    """So many tokens."""
    if count == 1:
        return QCoreApplication.translate("Transcript", "1 token")
    return QCoreApplication.translate("Transcript", "%Ln tokens", None, count)


def rate(count: int, seconds: float) -> str:
    """Tokens per second; empty as long as there is too little to tell."""
    if seconds < 1 or count < 1:
        return ""
    return QCoreApplication.translate("Transcript", "{rate} tok/s").format(
        rate=number(round(count / seconds))
    )


def thinking(seconds: float) -> str:
    """The header's first words while the model thinks."""
    return QCoreApplication.translate("Transcript", "Thinking {time}").format(time=duration(seconds))


def thought(seconds: float) -> str:
    """The header's first words when it has thought."""
    if seconds < 1:
        return QCoreApplication.translate("Transcript", "Thought for under a second")
    return QCoreApplication.translate("Transcript", "Thought for {time}").format(time=duration(seconds))


def stopped_thinking() -> str:
    """The header's first words when the reply ended before its answer began."""
    return QCoreApplication.translate("Transcript", "Stopped while thinking")


def figures(*parts: str) -> str:
    """What follows the header's first words."""
    return "".join(_DOT + part for part in parts if part)


def isolated(text: str) -> str:
    """A header's words for a line read from the right: each keeps its own direction and none moves another."""
    return _DOT.join(f"\u2068{part}\u2069" if part else "" for part in text.split(_DOT))


def reading() -> str:
    """The first word while the prompt is read."""
    return QCoreApplication.translate("Transcript", "Reading")


def read_so_far(done: int, total: int) -> str:
    """How much of the prompt has been read, in tokens; follows `reading`."""
    words = QCoreApplication.translate("Transcript", "{done} of {total} tokens")
    return words.format(done=number(done), total=number(total))


def waiting() -> str:
    """What a reply says that has not begun."""
    return QCoreApplication.translate("Transcript", "Waits for the reply in another conversation")


def ended(reason: FinishReason | None, state: ReplyState = "finished") -> str:
    """Why a reply ended early; empty when it did not. One that was interrupted, not stopped, lost its model."""
    if reason == "stopped" and state == "interrupted":
        return QCoreApplication.translate("Transcript", "Stopped when the model was switched")
    if reason == "stopped":
        return QCoreApplication.translate("Transcript", "Stopped")
    if reason == "limit":
        return QCoreApplication.translate("Transcript", "Reached the token limit")
    if reason == "interrupted":
        return QCoreApplication.translate("Transcript", "Interrupted here")
    if reason == "context_full":
        return QCoreApplication.translate("Transcript", "The context is full")
    return ""


def has_ended(model: str, reason: FinishReason | None, state: ReplyState) -> str:
    """Told once when a reply has ended."""
    why = ended(reason, state)
    if why:
        return QCoreApplication.translate("Transcript", "{model} has ended: {reason}").format(
            model=model, reason=why
        )
    return QCoreApplication.translate("Transcript", "{model} has answered").format(model=model)


def has_ended_elsewhere(reply: Message, title: str) -> str:
    """Told once when a reply has ended in a conversation that is not open."""
    told = has_ended(reply.model or model(), reply.reason, reply.state)
    return QCoreApplication.translate("Transcript", "In “{title}”: {told}").format(title=title, told=told)


def left_out(count: int) -> str:
    """The dashed line below the messages that the next prompt leaves out."""
    if count == 1:
        return QCoreApplication.translate("Transcript", "1 message above here is left out")
    return QCoreApplication.translate("Transcript", "%Ln messages above here are left out", None, count)


def transcript() -> str:
    """The name of the view."""
    return QCoreApplication.translate("Transcript", "Transcript")


def thinking_name() -> str:
    """The name of the button that opens and folds a trace."""
    return QCoreApplication.translate("Transcript", "Thinking")


def copy() -> str:
    """Copies a message, or what is selected."""
    return QCoreApplication.translate("Transcript", "Copy")


def copy_whole() -> str:
    """Explains the button that copies a whole reply."""
    return QCoreApplication.translate("Transcript", "Copy with the thinking")


def copy_answer() -> str:
    """Copies the answer alone."""
    return QCoreApplication.translate("Transcript", "Copy answer")


def copy_thinking() -> str:
    """Copies the thinking alone."""
    return QCoreApplication.translate("Transcript", "Copy thinking")


def copy_code() -> str:
    """Copies a block of code."""
    return QCoreApplication.translate("Transcript", "Copy code")


def copied() -> str:
    """A copy was made."""
    return QCoreApplication.translate("Transcript", "Copied")


def edit() -> str:
    """Writes a question anew, beside the old one."""
    return QCoreApplication.translate("Transcript", "Edit")


def previous_version() -> str:
    """Goes to the version before this one."""
    return QCoreApplication.translate("Transcript", "Previous version")


def next_version() -> str:
    """Goes to the version after this one."""
    return QCoreApplication.translate("Transcript", "Next version")


def is_first_version() -> str:
    """Why there is none before."""
    return QCoreApplication.translate("Transcript", "This is the first version.")


def is_last_version() -> str:
    """Why there is none after."""
    return QCoreApplication.translate("Transcript", "This is the last version.")


def version_short(version: int, count: int) -> str:
    """Which version is shown, between the two arrows."""
    return f"{number(version)}/{number(count)}"


def version_of(version: int, count: int) -> str:
    """The same for assistive technology."""
    words = QCoreApplication.translate("Transcript", "Version {number} of {count}")
    return words.format(number=number(version), count=number(count))


def regenerate() -> str:
    """Lets the model answer again."""
    return QCoreApplication.translate("Transcript", "Regenerate")


def go_on() -> str:
    """Lets the model go on with a reply that ended early."""
    return QCoreApplication.translate("Transcript", "Continue")


def jump() -> str:
    """Goes to the end."""
    return QCoreApplication.translate("Transcript", "Jump to the end")


def select_all() -> str:
    """Selects the whole conversation."""
    return QCoreApplication.translate("Transcript", "Select all")


def code_named(language: str) -> str:
    """Told of a block of code; `language` may be empty."""
    if not language:
        return QCoreApplication.translate("Transcript", "Code")
    return QCoreApplication.translate("Transcript", "{language} code").format(language=language)


def answering() -> str:
    """Told of a reply that is being written."""
    return QCoreApplication.translate("Transcript", "Answering")


def is_left_out() -> str:
    """Told of a message that the next prompt leaves out."""
    return QCoreApplication.translate("Transcript", "Left out of the next prompt")


def scroll_thinking() -> str:
    """The name of a trace's scroll bar."""
    return QCoreApplication.translate("Transcript", "Scroll the thinking")


def scroll_code() -> str:
    """The name of a code block's scroll bar."""
    return QCoreApplication.translate("Transcript", "Scroll the code")


def code_language(language: str) -> str:
    """A fence's language as people write it; empty for none."""
    return _LANGUAGES.get(language.lower(), language)


# Names are names: they are not translated.
_LANGUAGES: Final = {
    "bash": "Bash", "c": "C", "c++": "C++", "cpp": "C++", "cs": "C#", "csharp": "C#", "css": "CSS", "diff": "Diff",
    "go": "Go", "html": "HTML", "java": "Java", "javascript": "JavaScript", "js": "JavaScript", "json": "JSON",
    "kotlin": "Kotlin", "latex": "LaTeX", "lua": "Lua", "markdown": "Markdown", "md": "Markdown", "php": "PHP",
    "py": "Python", "python": "Python", "r": "R", "rb": "Ruby", "rs": "Rust", "ruby": "Ruby", "rust": "Rust",
    "sh": "Shell", "shell": "Shell", "sql": "SQL", "swift": "Swift", "text": "", "toml": "TOML", "ts": "TypeScript",
    "txt": "", "typescript": "TypeScript", "xml": "XML", "yaml": "YAML", "yml": "YAML",
}  # fmt: skip
