"""A conversation's title is made by rule from its first exchange, in any script."""

import time

import pytest

from app.chat.title import LONGEST, title_from


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("What is 12 + 35?", "What is 12 + 35?"),
        ("What is a monad? And why does everyone explain it by burritos?", "What is a monad?"),
        ("Explain this to me.\nIt is long.", "Explain this to me"),
        ("\n\n  Two   spaces\tand a tab  ", "Two spaces and a tab"),
        ("Hi! Can you sort 3, 1, 2?", "Can you sort 3, 1, 2?"),
        ("hello there,\n\nhow do planes fly?", "how do planes fly?"),
        ("Guten Tag, wie spät ist es in Tokio?", "wie spät ist es in Tokio?"),
        ("Hiking in Norway: what to pack?", "Hiking in Norway: what to pack?"),
        ("# A plan\n\nMake it good.", "A plan"),
        ("**Bold** and `code` and [a link](https://x.org/y) here", "Bold and code and a link here"),
        ("> what you said\n\nI do not agree.", "I do not agree"),
        ("- first point\n- second point", "first point"),
        ("```python\nprint(1)\n```\nWhy does this print 1?", "Why does this print 1?"),
        ('"To be or not to be"', "To be or not to be"),
        ("See https://example.org/a/b and tell me what it says", "See and tell me what it says"),
        ("Is 3.5 more than e.g. 3.4? I think so.", "Is 3.5 more than e.g. 3.4?"),
        ("snake_case_name is what?", "snake_case_name is what?"),
        (
            "カフェインの半減期はどれくらいですか\uff1f個人差はありますか\uff1f",
            "カフェインの半減期はどれくらいですか\uff1f",
        ),
        ("你好\uff01请解释一下黑洞。谢谢。", "请解释一下黑洞"),
        ("ما هو نصف عمر الكافيين؟", "ما هو نصف عمر الكافيين؟"),
        ("\u202eevil\u202c question", "evil question"),
        ("5+5", "5+5"),
    ],
)
def test_a_question_s_first_sentence_is_the_title(question: str, title: str) -> None:
    assert title_from(question) == title


@pytest.mark.parametrize(
    ("question", "answer", "title"),
    [
        ("hi", "Hello! How can I help you today?", "How can I help you today?"),
        ("hi", "", "hi"),
        ("👍🏽", "Glad that it works.", "Glad that it works"),
        ("👍🏽", "", "👍🏽"),
        ("https://example.org/a/", "## What the page says\n\nIt says...", "What the page says"),
        ("https://example.org/a/", "", "example.org/a"),
        ("```\nprint(1)\n```", "It prints a one. Nothing more.", "It prints a one"),
        ("```\nprint(1)\n```", "", "print(1)"),
        ("```\nprint(1)", "", "print(1)"),
        ("What is up?", "# Another thing", "What is up?"),
        ("", "", ""),
        ("   \n ", "", ""),
        ("?", "A question mark is a sign.", "A question mark is a sign"),
    ],
)
def test_where_the_question_tells_nothing_the_answer_does(question: str, answer: str, title: str) -> None:
    assert title_from(question, answer) == title


def test_a_long_title_is_cut_at_a_word() -> None:
    title = title_from("Please tell me " + "everything about it " * 20)
    assert title == "Please tell me everything about it everything about it…"
    assert len(title) <= LONGEST


@pytest.mark.parametrize("text", ["長" * 300, "a" * 300, "👩🏽‍🚀" * 100 + "ab", "🇩🇪" * 90 + "ab", "né" * 90])
def test_what_has_no_spaces_is_cut_between_what_is_seen_as_characters(text: str) -> None:
    title = title_from(text)
    assert 30 < len(title) <= LONGEST
    whole, ending = title[:-1], title[-1]
    assert ending == "…"
    assert text.startswith(whole)
    rest = text[len(whole) :]
    assert not rest.startswith(("\u200d", "\U0001f3fd", "\u0301"))
    assert not whole.endswith("\u200d")
    assert whole.count("🇩") == whole.count("🇪")


@pytest.mark.parametrize(
    "part", ["`", "*a ", "a_b ", "[x](y) ", "> x\n", "```\n", "hi ", "\u202e", "1. ", "www."]
)
def test_no_text_takes_long(part: str) -> None:
    text = part * (200_000 // len(part))
    before = time.perf_counter()
    title = title_from(text, text)
    assert len(title) <= LONGEST
    assert time.perf_counter() - before < 1.0
