"""Marks are known by their shape."""

import pytest

from app.chat.reasoning_marks import Act, channel_named, marks_between, pairs_in, quotable, signature_in


@pytest.mark.parametrize("marker", ["<think>", "[THINK]", "Here is my response:"])
def test_people_write_such_marks_as_text(marker: str) -> None:
    assert quotable(marker)


@pytest.mark.parametrize("marker", ["<|channel|>", "<channel|>", "<｜Assistant｜>", "◁think▷"])
def test_nobody_writes_such_marks_as_text(marker: str) -> None:
    assert not quotable(marker)


@pytest.mark.parametrize(
    ("header", "channel"),
    [
        ("assistant analysis", "thinking"),
        ("assistant final", "answer"),
        ("assistant commentary", "answer"),
        ("assistant commentary to=functions.f json", "thinking"),
        ("commentary to=assistant analysis", "thinking"),
        ("assistant to=self", "thinking"),
        ("assistant to=user", "answer"),
        ("think", "thinking"),
        ("response", "answer"),
        ("", "answer"),
    ],
)
def test_a_header_names_its_channel(header: str, channel: str) -> None:
    assert channel_named(header) == channel


@pytest.mark.parametrize(
    ("source", "pair"),
    [
        ("x.split('</think>')", ("<think>", "</think>")),
        ("</seed:think>", ("<seed:think>", "</seed:think>")),
        ("</think:open>", ("<think:open>", "</think:open>")),
        ("</thought>", ("<thought>", "</thought>")),
        ("</ifm|think_fast>", ("<ifm|think_fast>", "</ifm|think_fast>")),
        ("[/THINK]", ("[THINK]", "[/THINK]")),
        ("◁/think▷", ("◁think▷", "◁/think▷")),
        ("<|END_THINKING|>", ("<|START_THINKING|>", "<|END_THINKING|>")),
        ("<|end_of_thought|>", ("<|begin_of_thought|>", "<|end_of_thought|>")),
        ("<|inner_suffix|>", ("<|inner_prefix|>", "<|inner_suffix|>")),
    ],
)
def test_a_pair_is_found_by_its_closer(source: str, pair: tuple[str, str]) -> None:
    assert next(iter(pairs_in(source))) == pair


@pytest.mark.parametrize(
    "source", ["", "</tool_call>", "[/INST]", "think", "<|end|>", "</something>", "[/TOOL_RESULTS]"]
)
def test_other_tags_are_no_pair(source: str) -> None:
    assert list(pairs_in(source)) == []
    assert signature_in(source) is None


def test_tags_that_begin_alike_are_marks_together() -> None:
    marks = marks_between("<think>", "</think>", "</think> </think:open>")
    assert set(marks.texts(Act.THINK)) == {"<think>", "<think:open>"}


@pytest.mark.parametrize(
    "source",
    [
        "Think between <think></think>, answer between <answer></answer>.",
        "'<think>\n' + thought + '\n</think>\n<answer>\n' + answer + '\n</answer>'",
    ],
)
def test_the_wrapper_of_an_answer_is_named_beside_the_thinking(source: str) -> None:
    assert marks_between("<think>", "</think>", source).texts(Act.ANSWER) == ("<answer>",)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "{{ '<think>' }}{% if m.role == 'tool' %}{{ '<answer>' ~ m.content ~ '</answer>' }}{% endif %}",
        "<think></think>" + "A tool says what it says. " * 10 + "<answer></answer>",
    ],
)
def test_the_same_tags_elsewhere_are_an_answers_own(source: str) -> None:
    assert marks_between("<think>", "</think>", source).texts(Act.ANSWER) == ()


def test_no_closer_is_no_signature() -> None:
    assert marks_between("<|think|>", "<|/think|>").texts(Act.CLOSE) == ("<|/think|>",)
