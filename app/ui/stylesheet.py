"""The style sheet that dresses what Qt draws: buttons, menus, fields, scroll bars and tooltips."""

from app.ui.theme import Tokens


def stylesheet(tokens: Tokens) -> str:
    """The style sheet of a top-level window in these colours."""
    return ""
