"""Markers in a stream, and where on its line the text stands."""

import pytest

from app.chat.reasoning_scan import Line, Scanner


def test_the_first_marker_is_found() -> None:
    assert Scanner(["<b>", "<a>"]).find("x<a><b>") == (1, 4)
    assert Scanner(["<b>"]).find("x<a>") is None
    assert Scanner([]).find("anything") is None


@pytest.mark.parametrize(
    ("text", "letters"),
    [("a<", 1), ("a</th", 4), ("a<<", 1), ("a<x", 0), ("a</think", 7), ("", 0), ("<</", 2)],
)
def test_what_could_become_a_marker_is_measured(text: str, letters: int) -> None:
    assert Scanner(["<think>", "</think>"]).partial(text) == letters


def test_of_two_markers_that_begin_alike_the_short_one_stands() -> None:
    scanner = Scanner(["Here is", "Here is more"])
    assert scanner.find("Here is more") == (0, 7)
    assert scanner.partial("Here is m") == 0


def line(*texts: str) -> Line:
    """Where some text stands."""
    place = Line()
    for text in texts:
        place.add(text)
    return place


@pytest.mark.parametrize(
    "texts", [(), ("a\n",), ("a\n", "  "), ("end.",), ("```\ncode\n```\n",), ("~~~\nx\n~", "~~\n")]
)
def test_a_block_may_begin(texts: tuple[str, ...]) -> None:
    assert line(*texts).may_begin_block


@pytest.mark.parametrize(
    "texts", [("the ",), ("a `",), ("(",), ("```\n",), ("``", "`\n"), ("```py\ncode\n",)]
)
def test_a_marker_here_is_only_mentioned(texts: tuple[str, ...]) -> None:
    assert not line(*texts).may_begin_block


def test_quotes_are_seen_just_before() -> None:
    assert line("say '").in_quotes
    assert not line("say ' ").in_quotes
    assert not line().in_quotes
