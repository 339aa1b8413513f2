"""Plain text: names at the margin, what was said below them, and nothing of it at the margin."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chat.conversation import Segment
from app.export.choices import THINKING_CHOICES, ThinkingChoice
from app.export.plain import to_plain
from tests.export.samples import WORDS, conversation, question, reply, rich, simple

OURS = re.compile(
    r"|You:|Qwen3 8B:|Qwen3 8B \(Thought.*\):|Qwen3 8B: \[Thinking 1\]|Thinking|=+|Thinking 1 \(Thought.*\):|day 1"
)
BREAKS = ["You:", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "x"]


def test_a_conversation_reads_well() -> None:
    assert to_plain(simple("a\n  b"), "none", WORDS) == (
        "Sums\n====\nday 1\n\nYou:\n    What is 12 + 35?\n\nQwen3 8B:\n    a\n      b\n"
    )


def test_thinking_stands_where_it_was() -> None:
    made = to_plain(simple(), "collapsed", WORDS)
    assert "Qwen3 8B (Thought for 3 s, 12 tokens):\n    12 + 35 = 47\n\nQwen3 8B:\n    It is" in made


def test_thinking_can_stand_at_the_end() -> None:
    made = to_plain(simple(), "appendix", WORDS)
    assert "Qwen3 8B: [Thinking 1]\n\nQwen3 8B:\n    It is **47**." in made
    assert made.endswith("Thinking\n========\n\nThinking 1 (Thought for 3 s, 12 tokens):\n    12 + 35 = 47\n")


def test_everyone_is_named() -> None:
    made = to_plain(rich(), "collapsed", WORDS)
    assert "System prompt:\n    Be kind." in made
    assert "Attached: cat.png" in made
    assert "Your note:\n    Look at the ears." in made
    assert "Added by the app:\n    That is enough thinking." in made


def test_without_the_thinking_no_word_of_it_is_left() -> None:
    made = to_plain(rich(), "none", WORDS)
    assert not re.search("Hm|ears|enough|Thought", made)


@pytest.mark.parametrize("thinking", THINKING_CHOICES)
@given(
    said=st.text()
    | st.lists(st.sampled_from(["You:", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "x"])).map("".join)
)
def test_nothing_that_was_said_stands_at_the_margin(thinking: ThinkingChoice, said: str) -> None:
    segments = (Segment("thinking", "model", said), Segment("answer", "model", said))
    made = to_plain(conversation(question(said), reply(*segments), title="T"), thinking, WORDS)
    for line in made.splitlines()[3:]:
        assert line.startswith("    ") or OURS.fullmatch(line), repr(line)
    assert "\x1b" not in made
