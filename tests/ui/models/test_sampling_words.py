"""Sampling in words: numbers as the locale writes them, and who says so."""

import pytest
from PySide6.QtCore import QLocale

from app.chat.options import Sampling
from app.services.conversations.chat_service import SamplingNow
from app.services.conversations.choosing import SamplingOrigin
from app.ui.models.sampling_words import figure, source_text, summary


@pytest.mark.parametrize(
    ("value", "text"), [(0.6, "0.6"), (1.0, "1"), (0.95, "0.95"), (0.0125, "0.013"), (1234567, "1234567")]
)
def test_a_number_has_the_decimals_that_it_needs(value: float, text: str) -> None:
    assert figure(value) == text


def test_a_number_is_written_as_the_locale_does() -> None:
    QLocale.setDefault(QLocale(QLocale.Language.German, QLocale.Country.Germany))
    assert figure(0.95) == "0,95"


def test_every_source_has_its_words() -> None:
    told = [
        source_text(source) for source in ("file", "published", "guess", "settings", "conversation", None)
    ]
    assert told == [
        "from the file",
        "published by the makers",
        "a guess",
        "your settings",
        "this conversation",
        "a new one each time",
    ]


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ({"temperature": "file", "top_k": "guess"}, "from the file"),
        ({"temperature": "published"}, "published"),
        ({"temperature": "guess", "top_k": "file"}, "a guess"),
        ({"temperature": "file", "top_k": "settings"}, "your settings"),
        ({"temperature": "settings", "seed": "conversation"}, "changed here"),
    ],
)
def test_the_little_that_is_always_seen(sources: dict[str, SamplingOrigin], said: str) -> None:
    assert summary(SamplingNow(Sampling(temperature=0.7), sources, "")) == ("temperature 0.7", said)
