"""Guesses of heights and directions."""

import pytest

from app.ui.transcript.estimate import line_count, right_to_left, rough_line_count, units


@pytest.mark.parametrize(
    ("text", "rtl"),
    [("Hello", False), ("مرحبا", True), ("שלום", True), ("123 مرحبا", True), ("“Hello” مرحبا", False)],
)
def test_the_first_strong_letter_says_the_direction(text: str, rtl: bool) -> None:
    assert right_to_left(text, otherwise=False) is rtl
    assert right_to_left(text, otherwise=True) is rtl


def test_digits_and_signs_have_no_direction_of_their_own() -> None:
    assert right_to_left("12 + 35 =", otherwise=True)
    assert not right_to_left("12 + 35 =", otherwise=False)


def test_wide_characters_count_for_two() -> None:
    assert units("日本語") == 6
    assert units("abc") == 3


def test_lines_break_where_they_are_full_and_where_the_text_breaks_them() -> None:
    assert line_count("", 10) == 1
    assert line_count("x" * 25, 10) == 3
    assert line_count("a\n\n" + "x" * 11, 10) == 4
    assert rough_line_count("x" * 100 + "\n" * 4, 10) > 10
