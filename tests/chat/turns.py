"""Short ways to write a conversation."""

from app.chat.conversation import Role, Text, Turn
from app.chat.prompt import Prompt, build_prompt
from app.chat.reasoning_format import detect
from app.chat.template import ChatTemplate


def turn(role: Role, text: str, *, thinking: str = "") -> Turn:
    """One turn; its id is its text."""
    return Turn(text, role, (Text(text),), thinking)


def user(text: str) -> Turn:
    """A question."""
    return turn("user", text)


def reply(text: str, thinking: str = "") -> Turn:
    """A reply."""
    return turn("assistant", text, thinking=thinking)


def system(text: str) -> Turn:
    """A system prompt."""
    return turn("system", text)


def prompt(source: str, *turns: Turn, thinking: str | None = None, continuing: bool = False) -> Prompt:
    """The prompt of a template."""
    return build_prompt(ChatTemplate(source), detect(source), turns, thinking, continuing)
