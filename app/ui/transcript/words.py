"""Every sentence of the transcript, in the person's language."""

from typing import Final

from PySide6.QtCore import QCoreApplication, QLocale

from app.chat.conversation import FinishReason, Message, ReplyState

_MINUTE: Final = 60
_HOUR: Final = 3600
_DOT: Final = " \u00b7 "


def you() -> str:
    """Who asks."""
    return _tr("You")


def model() -> str:
    """Who answers, where the model's name is not known."""
    return _tr("Model")


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
        return _tr("1 token")
    return QCoreApplication.translate("Transcript", "%Ln tokens", None, count)


def rate(count: int, seconds: float) -> str:
    """Tokens per second; empty as long as there is too little to tell."""
    if seconds < 1 or count < 1:
        return ""
    return _tr("{rate} tok/s").format(rate=number(round(count / seconds)))


def thinking(seconds: float) -> str:
    """The header's first words while the model thinks."""
    return _tr("Thinking {time}").format(time=duration(seconds))


def thought(seconds: float) -> str:
    """The header's first words when it has thought."""
    if seconds < 1:
        return _tr("Thought for under a second")
    return _tr("Thought for {time}").format(time=duration(seconds))


def figures(*parts: str) -> str:
    """What follows the header's first words."""
    return "".join(_DOT + part for part in parts if part)


def figures_in_a_row(*parts: str) -> str:
    """Figures that stand alone, beside each other."""
    return _DOT.join(part for part in parts if part)


def isolated(text: str) -> str:
    """A header's words for a line read from the right: each keeps its own direction and none moves another."""
    return _DOT.join(f"\u2068{part}\u2069" if part else "" for part in text.split(_DOT))


def reading() -> str:
    """The first word while the prompt is read."""
    return _tr("Reading")


def read_so_far(done: int, total: int) -> str:
    """How much of the prompt has been read, in tokens; follows `reading`."""
    words = _tr("{done} of {total} tokens")
    return words.format(done=number(done), total=number(total))


def waiting() -> str:
    """What a reply says that has not begun."""
    return _tr("Waits for the reply in another conversation")


def ended(reason: FinishReason | None, state: ReplyState = "finished", *, thinking: bool = False) -> str:
    """Why a reply ended early, in its answer or in its thinking; empty for an answer that did not.

    One that was interrupted, not stopped, lost its model.
    """
    why = "switched" if reason == "stopped" and state == "interrupted" else reason
    if state == "interrupted" and why in (None, "end"):
        why = "interrupted"
    if why == "stopped":
        return _tr("Stopped while thinking") if thinking else _tr("Stopped")
    if why == "switched":
        return (
            _tr("Stopped while thinking, when the model was switched")
            if thinking
            else _tr("Stopped when the model was switched")
        )
    if why == "limit":
        return (
            _tr("The limit was reached while it was thinking") if thinking else _tr("The limit was reached")
        )
    if why == "context_full":
        return _tr("The context was full while it was thinking") if thinking else _tr("The context was full")
    if why == "interrupted":
        return _tr("The engine stopped while it was thinking") if thinking else _tr("The engine stopped")
    return _tr("Ended while thinking") if thinking else ""


def how_it_ended(message: Message) -> str:
    """Why a reply ended early; empty when it did not, or has not."""
    if message.state in ("streaming", "queued"):
        return ""
    if message.state == "interrupted" and message.reason == "interrupted" and not message.segments:
        # The engine may be well, and what it was asked may be what was wrong.
        return _tr("Interrupted before the first word")
    return ended(message.reason, message.state, thinking=message.stopped_while_thinking)


def has_ended(message: Message) -> str:
    """Told once when a reply has ended."""
    name, why = message.model or model(), how_it_ended(message)
    if why:
        return _tr("{model} has ended: {reason}").format(model=name, reason=why)
    return _tr("{model} has answered").format(model=name)


def has_ended_elsewhere(reply: Message, title: str) -> str:
    """Told once when a reply has ended in a conversation that is not open."""
    return _tr("In “{title}”: {told}").format(title=title, told=has_ended(reply))


def left_out(count: int) -> str:
    """The dashed line below the messages that the next prompt leaves out."""
    if count == 1:
        return _tr("1 message above here is left out")
    return QCoreApplication.translate("Transcript", "%Ln messages above here are left out", None, count)


def transcript() -> str:
    """The name of the view."""
    return _tr("Transcript")


def thinking_name() -> str:
    """The name of the button that opens and folds a trace."""
    return _tr("Thinking")


def copy() -> str:
    """Copies a message, or what is selected."""
    return _tr("Copy")


def copy_whole() -> str:
    """Explains the button that copies a whole reply."""
    return _tr("Copy with the thinking")


def copy_answer() -> str:
    """Copies the answer alone."""
    return _tr("Copy answer")


def copy_thinking() -> str:
    """Copies the thinking alone."""
    return _tr("Copy thinking")


def copy_code() -> str:
    """Copies a block of code."""
    return _tr("Copy code")


def copied() -> str:
    """A copy was made."""
    return _tr("Copied")


def edit() -> str:
    """Writes a question anew, beside the old one."""
    return _tr("Edit")


def previous_version() -> str:
    """Goes to the version before this one."""
    return _tr("Previous version")


def next_version() -> str:
    """Goes to the version after this one."""
    return _tr("Next version")


def is_first_version() -> str:
    """Why there is none before."""
    return _tr("This is the first version.")


def is_last_version() -> str:
    """Why there is none after."""
    return _tr("This is the last version.")


def version_short(version: int, count: int) -> str:
    """Which version is shown, between the two arrows."""
    return f"{number(version)}/{number(count)}"


def version_of(version: int, count: int) -> str:
    """The same for assistive technology."""
    words = _tr("Version {number} of {count}")
    return words.format(number=number(version), count=number(count))


def regenerate() -> str:
    """Lets the model answer again."""
    return _tr("Regenerate")


def details() -> str:
    """Shows what a reply cost and how it was asked for."""
    return _tr("Details")


def copy_details() -> str:
    """Copies them."""
    return _tr("Copy the details")


def go_on() -> str:
    """Lets the model go on with a reply that ended early."""
    return _tr("Continue")


def jump() -> str:
    """Goes to the end."""
    return _tr("Jump to the end")


def select_all() -> str:
    """Selects the whole conversation."""
    return _tr("Select all")


def code_named(language: str) -> str:
    """Told of a block of code; `language` may be empty."""
    if not language:
        return _tr("Code")
    return _tr("{language} code").format(language=language)


def answering() -> str:
    """Told of a reply that is being written."""
    return _tr("Answering")


def is_left_out() -> str:
    """Told of a message that the next prompt leaves out."""
    return _tr("Left out of the next prompt")


def scroll_thinking() -> str:
    """The name of a trace's scroll bar."""
    return _tr("Scroll the thinking")


def scroll_code() -> str:
    """The name of a code block's scroll bar."""
    return _tr("Scroll the code")


def code_language(language: str) -> str:
    """A fence's language as people write it; empty for none."""
    return _LANGUAGES.get(language.lower(), language)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Transcript", text)


# Names are names: they are not translated.
_LANGUAGES: Final = {
    "bash": "Bash", "c": "C", "c++": "C++", "cpp": "C++", "cs": "C#", "csharp": "C#", "css": "CSS", "diff": "Diff",
    "go": "Go", "html": "HTML", "java": "Java", "javascript": "JavaScript", "js": "JavaScript", "json": "JSON",
    "kotlin": "Kotlin", "latex": "LaTeX", "lua": "Lua", "markdown": "Markdown", "md": "Markdown", "php": "PHP",
    "py": "Python", "python": "Python", "r": "R", "rb": "Ruby", "rs": "Rust", "ruby": "Ruby", "rust": "Rust",
    "sh": "Shell", "shell": "Shell", "sql": "SQL", "swift": "Swift", "text": "", "toml": "TOML", "ts": "TypeScript",
    "txt": "", "typescript": "TypeScript", "xml": "XML", "yaml": "YAML", "yml": "YAML",
}  # fmt: skip
