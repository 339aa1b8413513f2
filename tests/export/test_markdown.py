"""Markdown: what an export reads like, and that nothing which was said breaks out of its place."""

import re
import time
from collections.abc import Iterator
from itertools import pairwise

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.chat.conversation import Segment
from app.export.choices import THINKING_CHOICES, ThinkingChoice
from app.export.markdown import to_markdown
from tests.export.samples import WORDS, conversation, question, reply, rich, simple

OURS = re.compile(r'<a id="(?:thinking|reply)-\d+">|</a>')
NASTY = [
    "# You", "## You", "You\n===", "You\n---", "```", "````", "~~~", "```html", "</details>", "<details>", "<summary>",
    "<!--", "-->", "<script>", "<div>", "<b>x</b>", "<https://x.org>", "<a@b.org>", "a < b", "`", "``", "`<b>`", "\\",
    "\\<", "> ", ">", "- ", "-", "1. ", "2) ", "10. ", "  ", "    ", "\t", "   ", "\n", "\n\n", "[x]: /y",
    "[x]:\n/y", "[x]", "[^1]: n", "![x](y)", "| a | b |\n|---|---|\n", "| `<i> | ` |\n", "***", "---", "===", "word",
    "<?php", "<![CDATA[", "&lt;b>", '<a id="thinking-1">', "* * *", "<", ">x", "\r\n", "\r", "\u2028",
    "\xa0", "\u3000", "\x0c", "$$", "#",
    "```\n<b>\n```\n",
]  # fmt: skip
texts = st.lists(st.sampled_from(NASTY), max_size=14).map("".join) | st.text(max_size=40)


PARSERS = (
    MarkdownIt("commonmark"),
    MarkdownIt("commonmark").enable(["table", "strikethrough"]),
)
"""Readers that know no tables, and readers that do."""


def parsed_by_all(text: str) -> Iterator[tuple[list[Token], dict[str, object]]]:
    """What each reader makes of it."""
    for parser in PARSERS:
        env: dict[str, object] = {}
        yield parser.parse(text, env), env


def outline(parsed: list[Token]) -> list[tuple[str, str]]:
    """Headings at the margin as high as ours, with what they say."""
    return [
        (token.tag, after.content)
        for token, after in pairwise(parsed)
        if token.type == "heading_open" and token.level == 0 and token.tag in ("h1", "h2")
    ]


def html(parsed: list[Token]) -> list[str]:
    """Every piece of HTML that a viewer would obey."""
    found = [token.content.strip() for token in parsed if token.type == "html_block"]
    for token in parsed:
        found += [child.content for child in token.children or () if child.type == "html_inline"]
    return found


@pytest.mark.parametrize("thinking", THINKING_CHOICES)
@settings(max_examples=250, deadline=None, derandomize=True)
@given(asked=texts, thought=texts, answer=texts, title=texts)
@example(asked="", thought="", answer="| a | b |\n|---|---|\n---\n- ", title="")
@example(asked="", thought="", answer="```\\| a | b |\n|---|---|\n", title="")
@example(asked="", thought="a\nb\n---\n===", answer="a\nb\n===\n---", title="")
def test_nothing_breaks_out_of_its_place(
    thinking: ThinkingChoice, asked: str, thought: str, answer: str, title: str
) -> None:
    segments = (Segment("thinking", "model", thought), Segment("answer", "model", answer))
    after = question("The end", "q2", "r1")
    made = to_markdown(
        conversation(question(asked), reply(*segments), after, title=title, system=asked), thinking, WORDS
    )
    names = ["You", "Qwen3 8B", "You"]
    if thinking == "appendix" and thought.strip():
        names.append("Thinking")
    folded = thinking == "collapsed" and bool(thought.strip())
    for parsed, env in parsed_by_all(made):
        assert not env.get("references")
        holds_its_places(parsed, names, folded)


def holds_its_places(parsed: list[Token], names: list[str], folded: bool) -> None:
    """Fails where something that was said has become a part of the document."""
    heads = outline(parsed)
    assert heads[0][0] == "h1"
    assert heads[1:] == [("h2", name) for name in names]
    allowed = {"<details>\n<summary>Thought for 0 s, 0 tokens</summary>", "</details>"}
    found = html(parsed)
    assert all(piece in allowed or OURS.fullmatch(piece) for piece in found), found
    assert found.count("</details>") == folded
    last = next(token for token in reversed(parsed) if token.content == "The end")
    assert last.type == "inline"


def test_a_conversation_reads_well() -> None:
    assert to_markdown(simple(), "none", WORDS) == (
        "# Sums\n\n*day 1*\n\n## You\n\n> What is 12 + 35?\n\n## Qwen3 8B\n\nIt is **47**.\n"
    )


def test_thinking_can_be_folded() -> None:
    made = to_markdown(simple(), "collapsed", WORDS)
    assert (
        "<details>\n<summary>Thought for 3 s, 12 tokens</summary>\n\n> 12 + 35 = 47\n\n</details>\n\nIt is"
        in made
    )


def test_thinking_can_stand_at_the_end_with_links_there_and_back() -> None:
    made = to_markdown(simple(), "appendix", WORDS)
    assert '<a id="reply-1"></a>[Thinking 1](#thinking-1): Thought for 3 s, 12 tokens\n\nIt is' in made
    assert made.endswith(
        '## Thinking\n\n### <a id="thinking-1"></a>Thinking 1\n\nThought for 3 s, 12 tokens ([Back](#reply-1))\n\n'
        "> 12 + 35 = 47\n"
    )


def test_a_model_that_thinks_twice_keeps_its_order() -> None:
    segments = (
        Segment("thinking", "model", "one"),
        Segment("answer", "model", "two"),
        Segment("thinking", "model", "three"),
        Segment("answer", "model", "four"),
    )
    made = to_markdown(conversation(question("?"), reply(*segments)), "collapsed", WORDS)
    assert [made.index(word) for word in ("one", "two", "three", "four")] == sorted(
        made.index(word) for word in ("one", "two", "three", "four")
    )


@pytest.mark.parametrize("thinking", ["collapsed", "appendix"])
def test_a_note_stays_the_persons_and_a_bridge_the_apps(thinking: ThinkingChoice) -> None:
    made = to_markdown(rich(), thinking, WORDS)
    assert "> **Your note**\n>\n> Look at the ears." in made
    assert "> **Added by the app**\n>\n> That is enough thinking." in made


def test_without_the_thinking_no_word_of_it_is_left() -> None:
    made = to_markdown(rich(), "none", WORDS)
    for word in ("Hm", "ears", "enough", "Thought"):
        assert word not in made


def test_files_are_named_without_their_folders_and_the_active_branch_alone_is_written() -> None:
    made = to_markdown(rich(), "none", WORDS)
    assert "*Attached: cat.png*" in made
    assert "pictures" not in made
    assert made.rstrip().endswith("> And the tail?")
    assert "Be kind." in made


def test_how_a_reply_ended_is_said() -> None:
    stopped = msgspec.structs.replace(reply(Segment("answer", "model", "It")), reason="stopped")
    assert to_markdown(conversation(question("?"), stopped), "none", WORDS).endswith("It\n\n*Stopped*\n")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("# A\n## B", "### A\n#### B"),
        ("A\n=", "### A"),
        ("```py\nx = '<b>'", "```py\nx = '<b>'\n```"),
        ("`<b>` and <b>", "`<b>` and \\<b>"),
        ("- a\n  ```\n  <i>\n  ```\n- b", "- a\n  ```\n  <i>\n  ```\n- b"),
        ("    <pre>", "    <pre>"),
        ("See <https://x.org>.", "See <https://x.org>."),
        ("a\r\nb", "a\nb"),
        ("\x1b[2J", "\N{REPLACEMENT CHARACTER}[2J"),
        ("1 < 2 and x<y", "1 < 2 and x\\<y"),
        ("> # quoted", "> # quoted"),
        ("[1]: https://x.org", "\\[1]: https://x.org"),
        ("| a | b |\n|---|---|\n| `<i>` | <b> |", "| a | b |\n|---|---|\n| `<i>` | \\<b> |"),
    ],
)
def test_what_a_model_wrote_stays_as_it_was_where_it_does_no_harm(answer: str, expected: str) -> None:
    made = to_markdown(simple(answer), "none", WORDS)
    assert made.split("## Qwen3 8B\n\n")[1] == expected + "\n"


def test_the_lines_of_a_question_stay_lines() -> None:
    made = to_markdown(conversation(question("one\ntwo\n\nthree")), "none", WORDS)
    assert "> one  \n> two\n>\n> three" in made


def test_a_title_is_one_line_without_meaning() -> None:
    made = to_markdown(conversation(title="*a*\n# <b>"), "none", WORDS)
    assert made.splitlines()[0] == r"# \*a\* \# \<b\>"
    assert to_markdown(conversation(title=" "), "none", WORDS).startswith("# Untitled\n")


@pytest.mark.parametrize(
    "piece", ["`", "``a", "<b>", "\\", "> ", "- ", "| a |\n", "```\n", "[", "*", "<b> `\n"]
)
def test_a_long_text_takes_no_more_time_than_its_length(piece: str) -> None:
    begin = time.monotonic()
    to_markdown(simple(piece * (200_000 // len(piece)), piece * (200_000 // len(piece))), "collapsed", WORDS)
    assert time.monotonic() - begin < 20
