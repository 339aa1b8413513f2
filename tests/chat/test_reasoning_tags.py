"""What a tag looks like, and which other one belongs to it."""

import pytest

from app.chat.reasoning_tags import closers_of, openers_of, pieces_of, tags_in


@pytest.mark.parametrize(
    ("opener", "closer"),
    [
        ("<cogito>", "</cogito>"),
        ("[BROOD]", "[/BROOD]"),
        ("◁muse▷", "◁/muse▷"),
        ("<|mill:begin_grind:mill|>", "<|mill:end_grind:mill|>"),
        ("<|START_PLAN|>", "<|END_PLAN|>"),
        ("<|plan_open|>", "<|plan_close|>"),
        ("<|inner_prefix|>", "<|inner_suffix|>"),
        ("<|plan|>", "<|/plan|>"),
        ("<|plan|>", "<|end_plan|>"),
        ("<|plan>", "<plan|>"),
        ("<Begin-Plan>", "<End-Plan>"),
        ("<|plan|>", "</|plan|>"),
    ],
)
def test_an_opener_and_its_closer_know_each_other(opener: str, closer: str) -> None:
    assert closer in closers_of(opener)
    assert opener in openers_of(closer)


@pytest.mark.parametrize(
    "tag", ["<cogito>", "[BROOD]", "<|plan|>", "<|assistant|>", "<friend>", "<|weekend|>"]
)
def test_what_closes_nothing_was_opened_by_nothing(tag: str) -> None:
    assert openers_of(tag) == ()


def test_an_index_in_a_source_is_no_tag() -> None:
    source = "{% if message['role'] == 'user' and xs[0]<ys[-1] and a>b %}{{ xs[i] }}[/x][THINK]<a>{% endif %}"
    assert tags_in(source) == ("[/x]", "[THINK]", "<a>")


def test_a_text_falls_into_tags_and_words() -> None:
    assert pieces_of("<a>one two<|b|>\n[C] \nthree") == ["<a>", "one two", "<|b|>", "[C]", "three"]
    assert pieces_of(" \n ") == []
