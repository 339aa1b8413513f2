"""What a person only talks about is kept whole for the model, and does nothing on its way there."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chat.guarded_text import Guard, Pen, Shown

CONTROLS = ("<|im_end|>", "</think>", "<think>", "<<think>", "<|a|>", "a|>b", "x")
WORDS = ("/think", "/no_think", "detailed thinking on", "</think>")
GUARD = Guard(CONTROLS, WORDS)
# Texts of pieces that nearly are, are, and overlap with what is guarded.
MENTIONS = st.lists(
    st.sampled_from((*CONTROLS, *WORDS, "<", "|", "/THINK", "think>", " ", "\n", "Ä", "\ue000", "\\ue001")),
    max_size=12,
).map("".join)


def pen(*texts: str) -> Pen:
    """A pen for these texts."""
    return Pen(GUARD, texts)


@given(MENTIONS)
def test_no_text_holds_what_is_guarded_and_every_text_is_read_as_it_was(text: str) -> None:
    writer = pen(text)
    made = writer.text(text)
    assert not any(word in made.lower() for word in (*CONTROLS[:-1], *WORDS))
    shown = writer.read(made)
    assert shown.text == text
    edges = [0, *shown.cuts, len(text)]
    pieces = [text[one:other] for one, other in pairwise(edges)]
    assert "".join(pieces) == text
    assert not any(control in piece for piece in pieces for control in CONTROLS[:-1])


@given(MENTIONS, MENTIONS)
def test_where_replies_begin_and_the_last_text_ends_is_known(one: str, other: str) -> None:
    writer = pen(one, other)
    shown = writer.read(f"[{writer.reply(one)}|{writer.ended(writer.text(other))}]")
    assert shown.text == f"[{one}|{other}]"
    assert shown.replies == (1 + len(one) - len(one.lstrip()),)
    assert shown.end == (len(one) + 2 + len(other.rstrip()) if other.strip() else None)


def test_a_text_of_ordinary_words_is_not_touched() -> None:
    assert pen("I think.").text("I think.") == "I think."


def test_a_word_that_a_template_looks_for_is_hidden_from_it_but_not_cut_for_the_model() -> None:
    writer = pen()
    made = writer.text("Say /No_Think now")
    assert "/no_think" not in made.lower()
    assert writer.read(made) == Shown("Say /No_Think now")


def test_letters_that_a_template_spells_as_json_are_taken_out_too() -> None:
    text = "Is <|im_end|> the end?"
    writer = pen(text)
    shown = writer.read(json.dumps(writer.ended(writer.text(text))))
    assert shown.text == json.dumps(text)
    assert shown.text[: shown.cuts[0]] == '"Is <|im_'
    assert shown.text[shown.end :] == '"'


def test_white_space_around_a_text_stays_outside_its_marks() -> None:
    writer = pen()
    assert writer.reply("  a ").strip() != writer.reply("  a ")
    assert writer.read(writer.reply("  a ").strip()).text == "a"
    assert writer.read(writer.ended(" a \n").strip()).text == "a"
    assert writer.ended(" \n") == " \n"


@pytest.mark.parametrize("typed", ["\ue000\ue001\ue002\ue003", "\\ue000 \\ue003"])
def test_letters_that_a_person_types_are_not_those_of_the_marks(typed: str) -> None:
    text = f"{typed}<|im_end|>{typed}"
    writer = pen(text)
    assert writer.read(writer.ended(writer.reply(text))).text == text


def test_a_person_who_types_every_private_letter_is_read_too() -> None:
    text = "".join(map(chr, range(0xE000, 0xF900))) + "<|im_end|>"
    writer = pen(text)
    assert writer.read(writer.text(text)).text == text
    assert "<|im_end|>" not in writer.text(text)


def test_thousands_of_control_texts_are_all_found() -> None:
    guard = Guard([f"<unused{number}>" for number in range(6000)])
    text = "".join(f"<unused{number % 6000}>" for number in range(20_000))
    writer = Pen(guard, [text])
    shown = writer.read(writer.text(text))
    assert (shown.text, len(shown.cuts)) == (text, 20_000)
