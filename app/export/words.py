"""The words that an export puts around what was said, in the language of who exports."""

from collections.abc import Callable
from dataclasses import dataclass

from app.chat.conversation import FinishReason


@dataclass(frozen=True)
class Words:
    """Made by who knows the person's language.

    `date` writes seconds since 1970, `thought` how long (seconds) and how much (tokens) was thought, `numbered` the
    name of the n-th trace of an appendix, `attached` the name of a file, `ended` why a reply ended early (or "").
    """

    you: str
    model: str
    system: str
    thinking: str
    note: str
    bridge: str
    untitled: str
    back: str
    date: Callable[[float], str]
    thought: Callable[[float, int], str]
    numbered: Callable[[int], str]
    attached: Callable[[str], str]
    ended: Callable[[FinishReason | None], str]
