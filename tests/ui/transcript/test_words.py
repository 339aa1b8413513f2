"""What the transcript says."""

import pytest

from app.chat.conversation import FinishReason
from app.ui.transcript import words


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.0, "0:00"), (57.9, "0:57"), (724.0, "12:04"), (3723.5, "1:02:03")]
)
def test_durations_read_as_on_a_clock(seconds: float, text: str) -> None:
    assert words.duration(seconds) == text


def test_one_token_is_not_two() -> None:
    assert words.tokens(1) == "1 token"
    assert words.tokens(1842) == "1,842 tokens"


def test_a_rate_is_told_once_there_is_enough_to_tell() -> None:
    assert words.rate(1842, 57.4) == "32 tok/s"
    assert words.rate(3, 0.2) == ""


@pytest.mark.parametrize("reason", ["stopped", "limit", "interrupted", "context_full"])
def test_every_early_end_has_its_words(reason: FinishReason) -> None:
    assert words.ended(reason)
    assert words.ended("end") == ""


def test_what_is_left_out_is_counted() -> None:
    assert words.left_out(1) == "1 message above here is left out"
    assert words.left_out(3) == "3 messages above here are left out"


def test_languages_are_called_as_people_write_them() -> None:
    assert [words.code_language(name) for name in ("py", "C++", "text", "Brainfuck")] == [
        "Python",
        "C++",
        "",
        "Brainfuck",
    ]
