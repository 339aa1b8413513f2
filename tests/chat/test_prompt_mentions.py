"""What people and replies only talk about does nothing to a prompt, whatever a template looks for."""

from itertools import pairwise
from pathlib import Path

from app.chat.conversation import Turn
from app.chat.prompt import build_prompt
from app.chat.reasoning_format import detect
from app.chat.template import ChatTemplate
from tests.chat.families import FAMILIES
from tests.chat.turns import prompt, reply, system, user

OPENED = FAMILIES["tags that the prompt opens"].source
SWITCHED = FAMILIES["tags that the model opens, closed by a flag"].source
_MENTIONS = (
    "</think>",
    "<think>",
    "/think",
    "/no_think",
    "/nothink",
    "<tool_response>",
    "[/THINK]",
    "<channel|>",
)
_WORDS = ("zqaqz", "zqbqz", "zqcqz", "zqdqz")


def mentioning(*words: str) -> list[Turn]:
    """A conversation in which everybody says something, thoughts included."""
    first, second, third, fourth = words
    return [system(first), user(second), reply(third, f"hm {third}"), user(fourth)]


def test_whatever_is_said_every_real_template_makes_the_same_prompt_of_it(shared: Path) -> None:
    for path in sorted((shared / "data" / "templates").glob("*.jinja")):
        source = path.read_text(encoding="utf-8")
        template, fmt = ChatTemplate(source), detect(source)
        for choice in (None, *fmt.thinking().choices):
            expected = build_prompt(template, fmt, mentioning(*_WORDS), choice)
            for mention in _MENTIONS:
                said = (mention, f"why {mention}?", f"It is {mention} there", f"{mention} and {mention}")
                made = build_prompt(template, fmt, mentioning(*said), choice)
                text = expected.text
                for word, real in zip(_WORDS, said, strict=True):
                    text = text.replace(word, real)
                assert (made.text, made.tail) == (text, expected.tail), (path.name, mention)


def test_markers_that_are_talked_about_are_to_be_read_in_two() -> None:
    made = prompt(SWITCHED, user("Is </think> one?"), reply("<think> too", "</think>?"), user("Sure?"))
    edges = [0, *made.cuts, len(made.text)]
    pieces = [made.text[one:other] for one, other in pairwise(edges)]
    assert len(made.cuts) == 3
    assert "".join(pieces).count("<think>") == sum(piece.count("<think>") for piece in pieces) + 1
    assert [made.text[at:][:11] for at in made.replies] == ["<think> too"]


def test_words_that_switch_a_model_are_left_whole_for_it() -> None:
    source = FAMILIES["words in the system message"].source
    assert prompt(source, system("/no_think"), user("/no_think"), thinking="on").cuts == ()


def test_what_a_template_shows_in_its_own_words_has_no_part_in_the_tail() -> None:
    source = "{% for m in messages %}{{ m.content[:9] }}{% endfor %}<bot>"
    for question in ("Hi", "Hi, what of </think>?", "</think></think>", "<bot><bot><bot>"):
        made = prompt(source, user(question))
        assert made.text == question[:9] + "<bot>" or len(question) > 9
        assert made.tail == "<bot>"


def test_a_marker_that_the_reply_quoted_is_kept_from_ending_its_thinking_when_it_goes_on() -> None:
    made = prompt(OPENED, user("Hi"), reply("", "It says </think> here"), continuing=True)
    assert made.text.endswith("It says </think> here")
    assert [made.text[:at].rpartition("It says ")[2] for at in made.cuts] == ["</th"]
