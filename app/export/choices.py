"""What can be chosen for an export: a format, and what becomes of the thinking."""

from typing import Final, Literal

Format = Literal["md", "txt", "json"]
ThinkingChoice = Literal["none", "collapsed", "appendix"]

FORMATS: Final[tuple[Format, ...]] = ("md", "txt", "json")
LATER_FORMATS: Final = ("html", "pdf")
"""Formats that are refused with a sentence until their part of the app is built."""
THINKING_CHOICES: Final[tuple[ThinkingChoice, ...]] = ("none", "collapsed", "appendix")


def format_named(name: str) -> Format:
    """The format of that name; Markdown where there is none."""
    return next((one for one in FORMATS if one == name), "md")


def thinking_named(name: str) -> ThinkingChoice:
    """The choice of that name; "none" where there is none."""
    return next((one for one in THINKING_CHOICES if one == name), "none")
