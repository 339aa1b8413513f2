"""A conversation becomes a prompt, and a prompt says where the reply starts."""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.chat.conversation import Role, Segment, Text, Turn, channel_text
from app.chat.prompt import THINK_IN, TurnTokens, build_prompt, message_spans, plan
from app.chat.reasoning import Piece, Splitter
from app.chat.reasoning_format import detect
from app.chat.template import PLAIN, ChatTemplate
from app.errors import ChoiceError, PromptError
from tests.chat.families import FAMILIES
from tests.chat.turns import prompt, reply, system, user

OPENED = FAMILIES["tags that the prompt opens"].source
SWITCHED = FAMILIES["tags that the model opens, closed by a flag"].source
CHANNELS = FAMILIES["efforts that are words of the prompt"].source
STRICT = (
    "{% for m in messages %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Roles must alternate.') }}{% endif %}[{{ m.role }}]{{ m.content }}{% endfor %}"
)


def test_the_templates_text_is_the_prompt_and_its_end_the_tail() -> None:
    made = prompt(OPENED, system("Be kind."), user("Hi"))
    assert made.text == "<system>Be kind.<end><user>Hi<end><bot><think>\n"
    assert made.tail == "<end><bot><think>\n"


def test_each_choice_has_its_own_prompt() -> None:
    assert prompt(SWITCHED, user("Hi"), thinking="on").tail == "<end><bot>"
    assert prompt(SWITCHED, user("Hi"), thinking="off").tail == "<end><bot><think>\n\n</think>\n\n"


def test_a_choice_that_the_model_lacks_is_refused() -> None:
    with pytest.raises(ChoiceError):
        prompt(SWITCHED, user("Hi"), thinking="high")


@pytest.mark.parametrize("question", ["</think>", "think", "<think>", "bot", "user", "zq0saidqz"])
def test_no_word_of_a_question_changes_the_tail(question: str) -> None:
    assert prompt(OPENED, user(question), reply(question), user(question)).tail == "<end><bot><think>\n"


def test_earlier_thinking_is_left_to_the_template() -> None:
    kept = prompt(SWITCHED, user("Hi"), reply("Yes", "hm"), user("Sure?")).text
    dropped = prompt(OPENED, user("Hi"), reply("Yes", "hm"), user("Sure?")).text
    assert "<think>\nhm\n</think>\n\nYes" in kept
    assert "hm" not in dropped


def test_words_that_switch_join_the_system_message() -> None:
    source = FAMILIES["words in the system message"].source
    assert prompt(source, user("Hi"), thinking="off").text.startswith("<system>/no_think<end>")
    assert prompt(source, system("Be kind."), user("Hi")).text.startswith("<system>Be kind.\n\n/think<end>")


def test_a_system_message_that_the_template_refuses_leads_the_first_question() -> None:
    made = prompt(STRICT, system("Be kind."), user("Hi"), reply("Yes"), user("Sure?"))
    assert made.text == "[user]Be kind.\n\nHi[assistant]Yes[user]Sure?"
    assert made.folded
    assert not prompt(STRICT, user("Hi")).folded
    assert not prompt(PLAIN, system("Be kind."), user("Hi")).folded


def test_questions_without_a_reply_between_them_become_one_where_the_template_insists() -> None:
    assert prompt(STRICT, user("Hi"), user("Are you there?")).text == "[user]Hi\n\nAre you there?"


def test_a_reply_that_never_answered_is_left_out() -> None:
    assert prompt(OPENED, user("Hi"), reply("", "hm"), user("And?")).text.count("<bot>") == 1


def test_parts_are_given_to_a_template_that_knows_nothing_else() -> None:
    source = "{% for m in messages %}{% for part in m.content %}{{ part.text }};{% endfor %}{% endfor %}"
    assert prompt(source, user("Hi"), reply("Yes"), user("Sure?")).text == "Hi;Yes;Sure?;"


@pytest.mark.parametrize("turns", [(), (system("Be kind."),), (user("  "),), (reply("Yes"),)])
def test_without_a_question_there_is_no_prompt(turns: tuple[Turn, ...]) -> None:
    with pytest.raises(PromptError) as empty:
        prompt(PLAIN, *turns)
    assert empty.value.code == "prompt_empty"


def test_a_template_that_fails_says_why() -> None:
    with pytest.raises(PromptError, match="only tools"):
        prompt("{{ raise_exception('only tools') }}", user("Hi"))


# The language of the thinking


@pytest.mark.parametrize(("thinking", "asked"), [("on", True), (None, True), ("off", False)])
def test_a_language_to_think_in_is_a_line_of_the_system_message(thinking: str | None, asked: bool) -> None:
    line = THINK_IN.format(language="German")
    made = build_prompt(
        ChatTemplate(SWITCHED), detect(SWITCHED), [user("Hi")], thinking, think_in="German"
    ).text
    assert (f"<system>{line}<end>" in made) == asked


def test_the_line_follows_what_the_system_prompt_says_and_is_folded_with_it() -> None:
    line = THINK_IN.format(language="German")
    turns = [system("Be kind."), user("Hi"), reply("Yes"), user("Sure?")]
    refusing = SWITCHED.replace(
        "{%", "{% if messages[0].role == 'system' %}{{ raise_exception('no') }}{% endif %}{%", 1
    )
    for source in (SWITCHED, refusing):
        template, fmt = ChatTemplate(source), detect(source)
        made = build_prompt(template, fmt, turns, think_in="German")
        assert f"Be kind.\n\n{line}" in made.text
        assert made.folded == (source == refusing)
        spans = message_spans(template, fmt, turns, None, len, think_in="German")
        assert sum(span.tokens for span in spans) == len(made.text)


def test_a_model_that_does_not_think_is_not_asked_to_think_in_a_language() -> None:
    assert (
        "German" not in build_prompt(ChatTemplate(PLAIN), detect(PLAIN), [user("Hi")], think_in="German").text
    )


# Going on with a reply


def going_on(source: str, told: Turn) -> tuple[str, Splitter]:
    """What of the prompt is the reply's own, and a splitter that starts behind it."""
    asked = prompt(source, user("Hi"))
    made = prompt(source, user("Hi"), told, continuing=True)
    assert made.text.startswith(asked.text)
    return made.text.removeprefix(asked.text), Splitter(detect(source), made.tail)


@pytest.mark.parametrize(
    ("source", "written"),
    [(OPENED, "hm"), (SWITCHED, "<think>\nhm"), (CHANNELS, "<|channel|>analysis<|message|>hm")],
)
def test_thinking_goes_on_as_thinking(source: str, written: str) -> None:
    text, splitter = going_on(source, reply("", "hm"))
    assert text == written
    assert splitter.channel == "thinking"
    assert splitter.feed(" so") == [Piece("thinking", " so")]


@pytest.mark.parametrize(
    ("source", "written"),
    [
        (OPENED, "hm\n</think>\n\nIt is"),
        (SWITCHED, "<think>\nhm\n</think>\n\nIt is"),
        (
            CHANNELS,
            "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>It is",
        ),
    ],
)
def test_an_answer_goes_on_as_an_answer(source: str, written: str) -> None:
    text, splitter = going_on(source, reply("It is", "hm"))
    assert text == written
    assert splitter.channel == "answer"
    assert splitter.feed(" so") == [Piece("answer", " so")]


@pytest.mark.parametrize(
    ("source", "written"),
    [
        (OPENED, "</think>\n\nIt is"),
        (SWITCHED, "It is"),
        (CHANNELS, "<|channel|>final<|message|>It is"),
        (PLAIN, "It is"),
    ],
)
def test_an_answer_without_thinking_goes_on_too(source: str, written: str) -> None:
    text, splitter = going_on(source, reply("It is"))
    assert text == written
    assert splitter.feed(" so") == [Piece("answer", " so")]


def test_markers_that_a_reply_mentioned_do_not_change_its_channel() -> None:
    _, splitter = going_on(OPENED, reply("", "They ask about `</think>`"))
    assert splitter.channel == "thinking"
    _, splitter = going_on(OPENED, reply("It is `<think>`", "hm"))
    assert splitter.channel == "answer"


@pytest.mark.parametrize("source", [OPENED, SWITCHED, CHANNELS])
def test_a_reply_that_thought_again_goes_on_with_everything_in_its_order(source: str) -> None:
    said = [
        Segment("thinking", "model", "hm"),
        Segment("answer", "model", "One,"),
        Segment("answer", "model", " two."),
        Segment("thinking", "model", "\n\nwait"),
        Segment("answer", "model", "\n\n\n\nThree"),
    ]
    for length in (2, 4, 5):
        told = said[:length]
        text, splitter = going_on(source, thinking_again(*told))
        whole = Splitter(detect(source), prompt(source, user("Hi")).tail)
        pieces = [*whole.feed(text), *whole.finish()]
        assert by_channel(pieces) == by_channel(told)
        assert splitter.feed(" so") == [Piece(told[-1].channel, " so")]


def by_channel(runs: Iterable[Piece | Segment]) -> list[tuple[str, str]]:
    """The texts of neighbours of one channel as one."""
    return [
        (channel, "".join(part.text for part in run).strip())
        for channel, run in groupby(runs, lambda part: part.channel)
    ]


def thinking_again(*segments: Segment) -> Turn:
    """A reply of these segments."""
    text, thought = channel_text(segments, "answer"), channel_text(segments, "thinking")
    return Turn(text, "assistant", (Text(text),), thought, segments)


def test_a_reply_that_had_not_begun_begins() -> None:
    assert going_on(OPENED, reply(""))[0] == ""
    assert prompt(OPENED, user("Hi"), reply(""), continuing=True) == prompt(OPENED, user("Hi"))


def test_every_familys_reply_can_be_stopped_anywhere_and_gone_on_with() -> None:
    for name, family in FAMILIES.items():
        fmt = detect(family.source)
        for told in (
            reply("", family.thought),
            reply(family.answer[:2], family.thought),
            reply(family.answer[:2]),
        ):
            if told.thinking and not fmt.marks:
                continue
            made = prompt(family.source, user("Hi"), told, continuing=True)
            more = Splitter(fmt, made.tail).feed(" more", special=False)
            if told.text or told.thinking:
                assert more == [Piece("answer" if told.text else "thinking", " more")], name


def test_every_real_template_goes_on_in_the_right_channel(shared: Path) -> None:
    for path in sorted((shared / "data" / "templates").glob("*.jinja")):
        source = path.read_text(encoding="utf-8")
        template, fmt = ChatTemplate(source), detect(source)
        for choice in (None, *fmt.thinking().choices):
            for told in (reply("", "hm"), reply("It is", "hm"), reply("It is")):
                if told.thinking and not fmt.marks:
                    continue
                made = build_prompt(template, fmt, [user("Hi"), told], choice, continuing=True)
                assert made.text.endswith(told.text or told.thinking), path.name
                splitter = Splitter(fmt, made.tail, thinking=choice != "off")
                assert splitter.feed(" so") == [Piece("answer" if told.text else "thinking", " so")], (
                    path.name
                )


# What it costs


def letters(text: str) -> int:
    """A stand-in for tokens that adds up exactly."""
    return len(text)


def test_what_turns_cost_adds_up_to_the_prompt() -> None:
    turns = [system("Be kind."), user("Hi"), reply("Yes", "hm"), user("Sure?")]
    for source in (OPENED, SWITCHED, CHANNELS, PLAIN, STRICT):
        spans = message_spans(ChatTemplate(source), detect(source), turns, None, letters)
        assert [span.id for span in spans] == [turn.id for turn in turns]
        assert sum(span.tokens for span in spans) == len(prompt(source, *turns).text)


def test_a_turn_costs_its_text_and_the_words_around_it() -> None:
    turns = [user("Hi"), reply("Yes", "hm"), user("Sure?")]
    costs = [
        span.tokens for span in message_spans(ChatTemplate(SWITCHED), detect(SWITCHED), turns, None, letters)
    ]
    first = len("<user>Hi")
    second = len("<end><bot><think>\nhm\n</think>\n\nYes")
    assert costs == [first, second, len(prompt(SWITCHED, *turns).text) - first - second]


def test_what_the_template_leaves_out_costs_nothing() -> None:
    turns = [user("Hi"), reply("", "hm"), user("And?")]
    spans = message_spans(ChatTemplate(OPENED), detect(OPENED), turns, None, letters)
    assert [span.tokens > 0 for span in spans] == [True, False, True]


def test_a_reply_to_go_on_with_costs_what_it_says() -> None:
    turns = [user("Hi"), reply("It is", "hm")]
    spans = message_spans(ChatTemplate(OPENED), detect(OPENED), turns, None, letters, continuing=True)
    assert spans[1] == TurnTokens("It is", "assistant", 7)


def test_counting_asks_again_for_the_same_texts() -> None:
    asked: list[str] = []

    def count(text: str) -> int:
        asked.append(text)
        return len(text)

    turns = [user("A question"), reply("Its answer"), user("Another")]
    message_spans(ChatTemplate(PLAIN), detect(PLAIN), turns, None, count)
    assert {"A question", "Its answer", "Another"} <= set(asked)


def costs(*tokens: tuple[str, int]) -> list[TurnTokens]:
    """Turns with their costs; the first letter of an id is its role."""
    roles: dict[str, Role] = {"s": "system", "u": "user", "a": "assistant"}
    return [TurnTokens(name, roles[name[0]], cost) for name, cost in tokens]


LONG = costs(("s", 10), ("u1", 10), ("a1", 30), ("u2", 10), ("a2", 30), ("u3", 10))


@pytest.mark.parametrize(
    ("budget", "left_out"),
    [
        (100, ()),
        (99, ("u1", "a1")),
        (80, ("u1", "a1")),
        (60, ("u1", "a1", "u2", "a2")),
        (0, ("u1", "a1", "u2", "a2")),
    ],
)
def test_the_oldest_exchanges_go_first(budget: int, left_out: tuple[str, ...]) -> None:
    assert plan(LONG, budget) == left_out


def test_what_is_left_out_stays_the_same_for_some_questions_so_that_the_prompt_keeps_its_beginning() -> None:
    turns: list[TurnTokens] = []
    begins: list[str] = []
    for number in range(60):
        turns += costs((f"u{number}", 10), (f"a{number}", 15))
        left_out = plan([*turns, *costs(("u-last", 10))], 400)
        begins.append(turns[len(left_out)].id)
    assert len(set(begins)) < 15
    assert begins == sorted(begins, key=lambda name: int(name[1:]))


def test_a_reply_to_go_on_with_stays_with_its_question() -> None:
    assert plan([*LONG, *costs(("a3", 500))], 100) == ("u1", "a1", "u2", "a2")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 50), min_size=1, max_size=12), st.integers(0, 300))
def test_what_is_left_fits_or_is_only_the_last_question(sizes: list[int], budget: int) -> None:
    turns = costs(*((f"{'ua'[index % 2]}{index}", size) for index, size in enumerate(sizes)))
    left_out = plan(turns, budget)
    rest = [turn for turn in turns if turn.id not in left_out]
    assert turns[: len(left_out)] + rest == turns
    assert sum(turn.tokens for turn in rest) <= budget or sum(turn.role == "user" for turn in rest) == 1
