"""What can be chosen for an export: a format, and what becomes of the thinking."""

from typing import Final, Literal, cast

Format = Literal["md", "txt", "json"]
ThinkingChoice = Literal["none", "collapsed", "appendix"]

FORMATS: Final[tuple[Format, ...]] = ("md", "txt", "json")
LATER_FORMATS: Final = ("html", "pdf")
"""Formats that are refused with a sentence until their part of the app is built."""
THINKING_CHOICES: Final[tuple[ThinkingChoice, ...]] = ("none", "collapsed", "appendix")


def format_named(name: str) -> Format:
    """The format of that name; Markdown where there is none."""
    return cast("Format", name) if name in FORMATS else "md"


def thinking_named(name: str) -> ThinkingChoice:
    """The choice of that name; "none" where there is none."""
    return cast("ThinkingChoice", name) if name in THINKING_CHOICES else "none"
