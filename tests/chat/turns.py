"""Short ways to write a conversation."""

from app.chat.conversation import Role, Text, Turn


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
