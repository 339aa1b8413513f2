"""What the stream of blocks promises, whatever the text and however it is cut."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.markup.blocks import Block, joined
from app.markup.stream import Stream

_PIECES = st.sampled_from(
    ["a", "Word and word. ", "\n", "\n\n", "\r\n", "\r", "```", "~~~", "`", "``", "````", "~", " ", "    ", "py", "é",
     "\u0301", "日本", "x" * 700, "y " * 900, "z" * 6100, "\t", "```python\n", "\n```\n", "👩\u200d💻"]
)  # fmt: skip
_TEXTS = st.lists(_PIECES, max_size=40).map("".join)


def _blocks(stream: Stream) -> list[Block]:
    return [*stream.settled, *stream.tail]


def _parsed(text: str) -> list[Block]:
    stream = Stream()
    stream.feed(text)
    stream.finish()
    return list(stream.settled)


def _shown(text: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in _parsed(text)]


@given(_TEXTS, st.data())
@settings(max_examples=400, deadline=None)
def test_the_same_text_gives_the_same_blocks_however_it_is_cut(text: str, data: st.DataObject) -> None:
    whole = Stream()
    whole.feed(text)
    cut = Stream()
    at = 0
    while at < len(text):
        step = data.draw(st.integers(1, 50))
        cut.feed(text[at : at + step])
        at += step
    assert _blocks(cut) == _blocks(whole)
    cut.finish()
    whole.finish()
    assert _blocks(cut) == _blocks(whole)


@given(_TEXTS)
@settings(max_examples=200, deadline=None)
def test_what_is_settled_never_changes(text: str) -> None:
    stream = Stream()
    seen: list[Block] = []
    for character in text:
        stream.feed(character)
        assert list(stream.settled[: len(seen)]) == seen
        seen = list(stream.settled)
        assert [block.index for block in _blocks(stream)] == list(range(len(_blocks(stream))))
    stream.finish()
    assert list(stream.settled[: len(seen)]) == seen
    assert stream.tail == ()


@given(_TEXTS)
@settings(max_examples=200, deadline=None)
def test_no_block_grows_without_bounds(text: str) -> None:
    assert all(len(block.text) <= 6000 for block in _parsed(text))


@given(_TEXTS.map(lambda text: text.replace("``", "").replace("~~", "").replace("\r", "")))
@settings(max_examples=200, deadline=None)
def test_no_word_is_lost(text: str) -> None:
    assert "".join(joined(_parsed(text)).split()) == "".join(text.split())


def test_paragraphs_are_parted_by_blank_lines_and_keep_their_line_breaks() -> None:
    assert _shown("one\ntwo\n\n \n\nthree\r\nfour\n") == [
        ("paragraph", "one\ntwo"),
        ("paragraph", "three\nfour"),
    ]


def test_a_fence_interrupts_a_paragraph_and_takes_its_language() -> None:
    blocks = _parsed("Look:\n```python title=x\n\nprint(1)\n\n```\nDone.")
    assert [(block.kind, block.text, block.language) for block in blocks] == [
        ("paragraph", "Look:", ""),
        ("code", "\nprint(1)\n", "python"),
        ("paragraph", "Done.", ""),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("~~~\n```\n~~~", "```"),
        ("````\n```\n````", "```"),
        ("```\na\n`````  \n", "a"),
        ("  ```\n  a\n    b\n  ```", "a\n  b"),
        ("```\n```", ""),
        ("```\n\n```", ""),
    ],
)
def test_a_fence_ends_with_at_least_as_many_of_its_own_marks(text: str, code: str) -> None:
    assert _shown(text) == [("code", code)]


def test_backticks_within_an_info_string_are_no_fence() -> None:
    assert _shown("```x``` is code") == [("paragraph", "```x``` is code")]


def test_the_language_is_the_first_word_after_the_marks() -> None:
    assert [block.language for block in _parsed("```py\nx\n```\n~~~ c++ numbered\ny")] == ["py", "c++"]


def test_an_unclosed_fence_is_code_that_stays_open() -> None:
    (block,) = _parsed("```\nfirst\nsecond")
    assert (block.kind, block.text, block.closed) == ("code", "first\nsecond", False)


def test_code_is_code_before_its_first_line_is_complete() -> None:
    stream = Stream()
    stream.feed("So:\n```py")
    assert [(block.kind, block.language) for block in stream.tail] == [("paragraph", ""), ("code", "py")]


@pytest.mark.parametrize("start", ["`", "``", "~~"])
def test_marks_that_may_open_a_fence_do_not_flash(start: str) -> None:
    stream = Stream()
    stream.feed("So:\n" + start)
    assert [block.text for block in stream.tail] == ["So:"]
    stream.finish()
    assert [block.text for block in stream.settled] == ["So:\n" + start]


def test_half_a_closing_fence_is_not_shown_as_code() -> None:
    stream = Stream()
    stream.feed("```\na\n``")
    assert [block.text for block in stream.tail] == ["a"]


def test_long_code_is_continued_at_line_breaks() -> None:
    lines = [f"line {number}" for number in range(2000)]
    blocks = _parsed("```\n" + "\n".join(lines) + "\n```\nend")
    code = [block for block in blocks if block.kind == "code"]
    assert len(code) > 5
    assert [block.glue for block in code] == [None] + ["\n"] * (len(code) - 1)
    assert joined(code).split("\n") == lines


def test_a_long_paragraph_is_continued_after_a_sentence() -> None:
    text = "This is a sentence of a trace that never breaks its line. " * 500
    blocks = _parsed(text)
    assert all(block.text.endswith(". ") for block in blocks)
    assert {block.glue for block in blocks[1:]} == {""}
    assert joined(blocks) == text


def test_a_cut_never_parts_a_letter_from_its_accent() -> None:
    blocks = _parsed("e\u0301" * 5000 + "👩\u200d💻" * 3000)
    assert len(blocks) > 3
    assert not any(
        block.text.startswith(("\u0301", "\u200d")) or block.text.endswith("\u200d") for block in blocks
    )


def test_copying_puts_a_blank_line_between_blocks() -> None:
    assert joined(_parsed("a\n\nb\n```\nc\n```")) == "a\n\nb\n\nc"
