"""The splitter: any chunking gives the same result, nothing is taken back, no marker is shown."""

from collections.abc import Iterable
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.chat.conversation import Channel
from app.chat.prompt import build_prompt
from app.chat.reasoning import Piece, Splitter
from app.chat.reasoning_format import ReasoningFormat, detect
from app.chat.template import ChatTemplate
from tests.chat.families import FAMILIES
from tests.chat.invented import INVENTED
from tests.chat.turns import user

TAGS = ReasoningFormat.from_markers("<think>", "</think>")
CHANNELS = ReasoningFormat.from_markers("<|channel|>analysis<|message|>", "<|end|>")
LABELLED = ReasoningFormat.from_markers("<|channel>", "<channel|>")


def split(
    fmt: ReasoningFormat, tail: str, chunks: Iterable[str], *, thinking: bool = True
) -> tuple[str, str]:
    """The text of both channels."""
    splitter = Splitter(fmt, tail, thinking)
    pieces = [piece for chunk in chunks for piece in splitter.feed(chunk)]
    return both(pieces + splitter.finish())


def both(pieces: Iterable[Piece]) -> tuple[str, str]:
    """The texts of thinking and answer."""
    texts = {"thinking": "", "answer": ""}
    for piece in pieces:
        texts[piece.channel] += piece.text
    return texts["thinking"], texts["answer"]


# What the prompt's end says


def test_a_block_that_the_prompt_opened_is_thinking_at_once() -> None:
    assert split(TAGS, "<bot><think>\n", ["hm</think>\n\nyes"]) == ("hm", "yes")


def test_a_block_that_the_prompt_closed_leaves_an_answer() -> None:
    assert split(TAGS, "<bot><think>\n\n</think>\n\n", ["yes"]) == ("", "yes")


def test_without_a_word_from_the_prompt_the_model_decides() -> None:
    assert split(TAGS, "<bot>", ["<think>hm</think>yes"]) == ("hm", "yes")
    assert split(TAGS, "<bot>", ["yes"]) == ("", "yes")


def test_an_echoed_opener_is_dropped() -> None:
    assert split(TAGS, "<think>\n", ["\n<think>\nhm</think>yes"]) == ("hm", "yes")


def test_thinking_off_does_not_deny_what_the_model_does() -> None:
    assert split(TAGS, "<bot>", ["<think>hm</think>yes"], thinking=False) == ("hm", "yes")
    assert split(TAGS, "<think>\n", ["hm</think>yes"], thinking=False) == ("hm", "yes")


def test_only_a_format_without_openers_starts_inside_its_thinking() -> None:
    fmt = ReasoningFormat.from_markers("", "[BEGIN FINAL RESPONSE]")
    assert split(fmt, "<bot>", ["hm [BEGIN FINAL RESPONSE] yes"]) == ("hm", "yes")
    assert split(fmt, "<bot>", ["yes"], thinking=False) == ("", "yes")


def test_the_channel_is_known_before_the_first_word() -> None:
    assert Splitter(TAGS, "<think>").channel == "thinking"
    assert Splitter(TAGS, "<think></think>").channel == "answer"


# What the stream says


def test_an_unterminated_block_is_all_thinking() -> None:
    assert split(TAGS, "", ["<think>hm, and then"]) == ("hm, and then", "")


def test_a_reply_that_thinks_twice_keeps_its_order() -> None:
    splitter = Splitter(TAGS, "<think>")
    pieces = splitter.feed("one</think>two\n<think>three</think>four") + splitter.finish()
    assert [(piece.channel, piece.text.strip()) for piece in pieces] == [
        ("thinking", "one"),
        ("answer", "two"),
        ("thinking", "three"),
        ("answer", "four"),
    ]


def test_a_marker_cut_in_two_is_held_back_and_found() -> None:
    splitter = Splitter(TAGS, "<think>")
    assert splitter.feed("hm</th") == [Piece("thinking", "hm")]
    assert splitter.feed("ink>yes") == [Piece("answer", "yes")]


def test_what_only_looked_like_a_marker_is_released() -> None:
    splitter = Splitter(TAGS, "<think>")
    assert splitter.feed("a </th") == [Piece("thinking", "a")]
    assert splitter.feed("orn> b") == [Piece("thinking", " </thorn> b")]


def test_the_end_releases_what_was_held() -> None:
    splitter = Splitter(TAGS, "")
    assert splitter.feed("a <thi") == [Piece("answer", "a")]
    assert splitter.finish() == [Piece("answer", " <thi")]


def test_white_space_inside_is_exact_and_outside_is_left_out() -> None:
    assert split(TAGS, "<think>\n", ["\n a \n\n b \n", "</think>\n\n", "c\n\n  d\n"]) == (
        "a \n\n b",
        "c\n\n  d",
    )


def test_a_stray_closer_before_the_answer_is_dropped() -> None:
    assert split(TAGS, "", ["</think>yes"]) == ("", "yes")


def test_a_model_without_marks_passes_everything_on() -> None:
    splitter = Splitter(ReasoningFormat(), "<bot>")
    assert splitter.feed(" <think>a\n", special=False) == [Piece("answer", " <think>a\n")]
    assert splitter.feed("") == splitter.finish() == []


# What is only talked about


@pytest.mark.parametrize(
    "answer",
    [
        "Write `<think>` before and `</think>` after.",
        "The tags <think> and </think> stay.",
        'It says "<think>".',
        "```xml\n<think>\nplan\n</think>\n```\nDone.",
        "~~~\n<think>\n~~~\nDone.",
    ],
)
def test_markers_mentioned_in_an_answer_stay_text(answer: str) -> None:
    assert split(TAGS, "<think>", ["hm</think>", answer]) == ("hm", answer)
    assert split(TAGS, "<think>", ["hm</think>", *answer]) == ("hm", answer)


def test_a_closer_in_quotes_does_not_close() -> None:
    thought = "They ask what `</think>` does, and '</think>' too."
    assert split(TAGS, "<think>", [*thought, "</think>", "It closes."]) == (thought, "It closes.")


def test_an_opener_inside_thinking_stays_text() -> None:
    assert split(TAGS, "<think>", ["a<think>b</think>c"]) == ("a<think>b", "c")


# Where the engine knows the tokens


def test_ordinary_tokens_never_close_where_the_marker_is_one_token() -> None:
    splitter = Splitter(TAGS, "<think>")
    pieces = splitter.feed("so </think> is", special=False)
    pieces += (
        splitter.feed("</think>", special=True) + splitter.feed("\nyes", special=False) + splitter.finish()
    )
    assert both(pieces) == ("so </think> is", "yes")


def test_a_marker_token_acts_even_in_the_middle_of_a_line() -> None:
    splitter = Splitter(TAGS, "<think></think>")
    pieces = splitter.feed("see: ", special=False) + splitter.feed("<think>", special=True)
    pieces += splitter.feed("hm", special=False) + splitter.feed("</think>", special=True)
    assert both(pieces + splitter.finish()) == ("hm", "see:")


def test_a_token_that_is_no_marker_is_text() -> None:
    splitter = Splitter(TAGS, "<think></think>")
    assert both(splitter.feed("<tool>", special=True) + splitter.finish()) == ("", "<tool>")


def test_a_label_of_ordinary_tokens_belongs_to_its_opener() -> None:
    splitter = Splitter(LABELLED, "")
    pieces = splitter.feed("<|channel>", special=True) + splitter.feed("thou", special=False)
    pieces += splitter.feed("ght\nhm", special=False) + splitter.feed("<channel|>", special=True)
    pieces += splitter.feed("yes", special=False)
    assert both(pieces + splitter.finish()) == ("hm", "yes")


def test_a_header_of_ordinary_tokens_names_its_channel() -> None:
    splitter = Splitter(CHANNELS, "<|start|>assistant")
    stream = [("<|channel|>", True), ("final", False), ("<|message|>", True), ("yes <|end|>", False)]
    pieces = [piece for text, special in stream for piece in splitter.feed(text, special=special)]
    assert both(pieces + splitter.finish()) == ("", "yes <|end|>")


def test_an_engine_that_loses_track_of_tokens_loses_no_text() -> None:
    splitter = Splitter(TAGS, "<think>")
    pieces = splitter.feed("a</th", special=None) + splitter.feed("ink>b", special=False)
    assert both(pieces + splitter.finish()) == ("a</think>b", "")


# Channels


def test_a_tool_call_is_no_answer() -> None:
    call = "<|channel|>commentary to=functions.f json<|message|>{}<|end|>"
    reply = "<|start|>assistant<|channel|>final<|message|>a"
    assert split(CHANNELS, "<|start|>assistant", [call, reply]) == ("{}", "a")


def test_a_preamble_is_an_answer() -> None:
    assert split(CHANNELS, "<|start|>assistant", ["<|channel|>commentary<|message|>First<|end|>"]) == (
        "",
        "First",
    )


def test_a_reply_without_any_header_is_an_answer() -> None:
    assert split(CHANNELS, "<|start|>assistant", ["just text"]) == ("", "just text")
    long = "word " * 60
    assert split(CHANNELS, "<|start|>assistant", [*long]) == ("", long.strip())


def test_messages_of_one_channel_keep_apart() -> None:
    one = "<|channel|>analysis<|message|>one<|end|>"
    two = "<|start|>assistant<|channel|>analysis<|message|>two<|end|>"
    reply = "<|start|>assistant<|channel|>final<|message|>yes"
    assert split(CHANNELS, "<|start|>assistant", [one, two, reply]) == ("one\n\ntwo", "yes")
    assert split(CHANNELS, "<|start|>assistant", one + two + reply) == ("one\n\ntwo", "yes")


def test_a_reply_that_ends_in_a_header_shows_none_of_it() -> None:
    assert split(CHANNELS, "<|start|>assistant", "<|channel|>fin") == ("", "")
    assert split(CHANNELS, "<|start|>assistant<|channel|>analysis<|message|>", "hm<|end|><|start|>assis") == (
        "hm",
        "",
    )


# Odd streams

OPENED = "<think>\n"
LOOK_ALIKES = "\uff1c/think\uff1e </th\u0131nk> </th\u0456nk>"
NESTED = "a <response>b</response> c"
TWICE = "b. Here is my response: c"
WRAPPED = detect(FAMILIES["an answer in a tag of its own"].source)
SENTENCES = detect(FAMILIES["sentences"].source)


@pytest.mark.parametrize(
    ("fmt", "tail", "reply", "thought", "answer"),
    [
        (TAGS, OPENED, "<think>\n<think>\nhm</think>yes", "hm", "yes"),
        (TAGS, OPENED, "a</think></think>\n</think>b", "a", "b"),
        (TAGS, OPENED, "a</think>b</think>c", "a", "b</think>c"),
        (TAGS, OPENED, "\r\nhm\r\n\r\nmore\r\n</think>\r\n\r\nyes\r\n", "hm\r\n\r\nmore", "yes"),
        (
            TAGS,
            "",
            "<think>\r\nhm</think>\r\nsee\r\n```\r\n<think>\r\n</think>\r\n```",
            "hm",
            "see\r\n```\r\n<think>\r\n</think>\r\n```",
        ),
        (
            TAGS,
            OPENED,
            "see\n```\n<think>x</think>\n```\nso</think>yes",
            "see\n```\n<think>x</think>\n```\nso",
            "yes",
        ),
        (TAGS, OPENED, "see\n```\nx = 1</think>yes", "see\n```\nx = 1", "yes"),
        (TAGS, OPENED, LOOK_ALIKES, LOOK_ALIKES, ""),
        (TAGS, OPENED, "</think\u200b></think>yes", "</think\u200b>", "yes"),
        (TAGS, "", "<think>", "", ""),
        (TAGS, "", " \n<think>\n\n</think>\n\n yes", "", "yes"),
        (TAGS, OPENED, "a<", "a<", ""),
        (TAGS, "", "- <think>an item</think>", "", "- <think>an item</think>"),
        (TAGS, OPENED, "'</think>'</think>x", "'</think>'", "x"),
        (LABELLED, "<|channel>thought\n<channel|>", "yes<channel|>", "", "yes"),
        (LABELLED, "", "<|channel>thoughtful<channel|>yes", "thoughtful", "yes"),
        (
            WRAPPED,
            "",
            f"<think>t</think><response>{NESTED}</response>",
            "t",
            "a <response>b</response> c",
        ),
        (WRAPPED, "", "<think>t</think>plain </response>", "t", "plain </response>"),
        (
            SENTENCES,
            "",
            f"Here is my thought process: a\nHere is my response: {TWICE}",
            "a",
            "b. Here is my response: c",
        ),
    ],
)
def test_an_odd_stream(fmt: ReasoningFormat, tail: str, reply: str, thought: str, answer: str) -> None:
    for chunks in ([reply], [*reply], [reply[at : at + 3] for at in range(0, len(reply), 3)]):
        assert split(fmt, tail, chunks) == (thought, answer)


def test_many_blocks_keep_their_order() -> None:
    reply = "".join(f"\n<think>{number}</think>{number}!" for number in range(50))
    splitter = Splitter(TAGS, "")
    pieces = [piece for letter in reply for piece in splitter.feed(letter)] + splitter.finish()
    told = [(channel, "".join(piece.text for piece in run)) for channel, run in groupby(pieces, by_channel)]
    expected = [
        each for number in range(50) for each in (("thinking", f"{number}"), ("answer", f"{number}!"))
    ]
    assert [(channel, text.strip()) for channel, text in told] == expected


def by_channel(piece: Piece) -> Channel:
    """What groups the pieces of one block."""
    return piece.channel


def test_tokens_that_make_up_a_markers_text_are_no_marker() -> None:
    splitter = Splitter(TAGS, OPENED)
    pieces = [piece for part in ("hm </", "thi", "nk", ">") for piece in splitter.feed(part, special=False)]
    pieces += splitter.feed("</think>", special=True)
    pieces += [piece for part in (" <", "think>") for piece in splitter.feed(part, special=False)]
    assert both(pieces + splitter.finish()) == ("hm </think>", "<think>")


def test_an_opener_token_after_a_prompt_that_opened_the_block_is_dropped() -> None:
    splitter = Splitter(TAGS, OPENED)
    pieces = splitter.feed("<think>", special=True) + splitter.feed("\nhm", special=False)
    pieces += splitter.feed("</think>", special=True) + splitter.feed("yes", special=False)
    assert both(pieces + splitter.finish()) == ("hm", "yes")


# Every family, every cut

EVERY = {**FAMILIES, **INVENTED}


@pytest.mark.parametrize("name", EVERY)
def test_a_familys_reply_is_split_however_it_is_cut(name: str) -> None:
    family = EVERY[name]
    fmt = detect(family.source)
    tail = build_prompt(ChatTemplate(family.source), fmt, [user("What of </think>?")]).tail
    for at in range(len(family.reply) + 1):
        assert split(fmt, tail, [family.reply[:at], family.reply[at:]]) == (family.thought, family.answer)
    assert split(fmt, tail, family.reply) == (family.thought, family.answer)


_WORDS = st.sampled_from(
    [
        "<think>",
        "</think>",
        "<thi",
        "nk>",
        "</",
        "`",
        "'",
        "```",
        "\n",
        " ",
        "a",
        "word",
        "<",
        "<|end|>",
        "thought\n",
    ]
)
_FORMATS = st.sampled_from([TAGS, CHANNELS, LABELLED])
_TAILS = st.sampled_from(["", "<think>\n", "</think>", "<|start|>assistant"])


@settings(max_examples=300, deadline=None)
@given(_FORMATS, st.lists(_WORDS, max_size=12), _TAILS, st.data())
def test_any_chunking_gives_the_same_result(
    fmt: ReasoningFormat, words: list[str], tail: str, data: st.DataObject
) -> None:
    text = "".join(words)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    chunks = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert split(fmt, tail, chunks) == split(fmt, tail, [text]) == split(fmt, tail, text)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab <>/`\n"), st.sampled_from(["<think>\n", "</think>", ""]))
def test_no_word_is_lost_or_invented(text: str, tail: str) -> None:
    thinking, answer = split(TAGS, tail, text)
    assert (thinking + answer).split() == text.split()


def test_a_continued_reply_keeps_the_space_before_its_next_word() -> None:
    splitter = Splitter(TAGS, "</think>\n\nThe answer")
    assert splitter.feed(" is 4") == [Piece("answer", " is 4")]
