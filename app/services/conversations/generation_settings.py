"""What the settings say about the replies to come."""

from typing import Protocol, TypeVar

from PySide6.QtCore import QLocale

from app.chat.options import ChosenSampling
from app.services.conversations.choosing import GenerationChoices
from app.settings import (
    LANGUAGE,
    MAX_TOKENS,
    MIN_P,
    REPEAT_PENALTY,
    SEED,
    TEMPERATURE,
    TOP_K,
    TOP_P,
    Choice,
)

T = TypeVar("T", str, int, float, bool)
N = TypeVar("N", int, float)


class Chosen(Protocol):
    """Where choices can be read: the settings or their service."""

    def get(self, choice: Choice[T]) -> T:
        """What was chosen, or the default."""


def generation_choices(chosen: Chosen) -> GenerationChoices:
    """The choices for every model: what nobody decided stays as it asks."""
    sampling = ChosenSampling(
        temperature=_decided(chosen.get(TEMPERATURE)),
        top_k=_decided(chosen.get(TOP_K)),
        top_p=_decided(chosen.get(TOP_P)),
        min_p=_decided(chosen.get(MIN_P)),
        repeat_penalty=_decided(chosen.get(REPEAT_PENALTY)),
        seed=_decided(chosen.get(SEED)),
    )
    return GenerationChoices(sampling, chosen.get(MAX_TOKENS) or None, own_language(chosen))


def own_language(chosen: Chosen) -> str:
    """The English name of the person's language: the one chosen for the window, else the system's."""
    code = chosen.get(LANGUAGE)
    language = (QLocale(code) if code else QLocale()).language()
    if language == QLocale.Language.C:
        language = QLocale.Language.English
    return QLocale.languageToString(language)


def _decided(number: N) -> N | None:
    return number if number >= 0 else None
