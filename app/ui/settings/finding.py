"""Finds settings by what they are called, by what they do, and by what else they may be called."""

import unicodedata
from collections.abc import Iterable, Mapping

from app.ui.settings.catalogue import Entry


def find(text: str, entries: Iterable[Entry], sections: Mapping[str, str]) -> tuple[Entry, ...]:
    """The entries in which every word of `text` begins a word, in their order; `sections` are titles by name.

    Case and accents make no difference.
    """
    wanted = _words(text)
    if not wanted:
        return ()
    return tuple(entry for entry in entries if _matches(wanted, entry, sections.get(entry.section, "")))


def _matches(wanted: list[str], entry: Entry, section: str) -> bool:
    there = _words(f"{entry.title} {entry.about} {entry.words} {section}")
    return all(any(word.startswith(part) for word in there) for part in wanted)


def _words(text: str) -> list[str]:
    plain = "".join(
        char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char)
    )
    return "".join(char if char.isalnum() else " " for char in plain).split()
