"""A setting is found by its title, by what it does, and by what else it may be called."""

import pytest

from app.ui.settings.catalogue import entries, sections
from app.ui.settings.finding import find

TITLES = {section.name: section.title for section in sections()}


def _found(text: str) -> list[str]:
    return [entry.name for entry in find(text, entries(), TITLES)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("theme", "theme"),
        ("dark mode", "theme"),
        ("zoom", "text_size"),
        ("Threads", "threads"),
        ("gpu", "gpu_layers"),
        ("nucleus", "top_p"),
        ("restore", "back_up"),
        ("shred", "secure_delete"),
        ("license", "licences"),
        ("appearance language", "language"),
        ("LÄNGUAGE", "language"),
        ("tempera", "temperature"),
    ],
)
def test_other_words_find_it_too(text: str, name: str) -> None:
    assert name in _found(text)


def test_every_word_must_be_there() -> None:
    assert _found("dark quokka") == []


@pytest.mark.parametrize("text", ["", "   ", "…", "heme"])
def test_nothing_and_the_middle_of_a_word_find_nothing(text: str) -> None:
    assert _found(text) == []


def test_every_setting_has_a_section_and_a_name_of_its_own() -> None:
    every = entries()
    assert len({entry.name for entry in every}) == len(every)
    assert {entry.section for entry in every} == set(TITLES) - {"shortcuts"}
