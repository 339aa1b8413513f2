"""What is found out from a template's source alone."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.chat.options import Thinking
from app.chat.reasoning import Splitter
from app.chat.reasoning_format import ReasoningFormat, detect
from app.chat.reasoning_tail import TailState, state_after
from app.chat.reasoning_trials import Trials
from app.chat.template import PLAIN, ChatTemplate, JsonValue, ReasoningField
from app.errors import ChoiceError
from tests.chat.families import ALWAYS, FAMILIES, SWITCH, turns
from tests.chat.invented import INVENTED, PLAIN_SPEAKERS

NONE = Thinking()
_TAGS = ("<think>\n", "\n</think>\n\n")
_OPEN_OR_CLOSED: dict[str, TailState] = {"off": "closed", "on": "open"}
_FREE_OR_CLOSED: dict[str, TailState] = {"off": "closed", "on": "neither"}


@dataclass(frozen=True)
class Row:
    """What one real template is known by.

    `tails` has the prompt's end for each choice; `default` the variables of the default. `opener` and `closer` are as
    the template writes them, so "" where nothing is thought.
    """

    opener: str = ""
    closer: str = ""
    field: ReasoningField | None = None
    tails: Mapping[str, TailState] = dataclass_field(default_factory=dict)
    default: Mapping[str, JsonValue] = dataclass_field(default_factory=dict)
    offered: Thinking = SWITCH


_ON: dict[str, JsonValue] = {"enable_thinking": True}

REAL: dict[str, Row] = {
    "ByteDance-Seed-OSS": Row(
        "<seed:think>", "</seed:think>\n", "reasoning_content", _FREE_OR_CLOSED, {"thinking_budget": -1}
    ),
    "CohereForAI-c4ai-command-r7b-12-2024-tool_use": Row(
        "<|START_THINKING|>",
        "<|END_THINKING|><|START_RESPONSE|>",
        "reasoning_content",
        _FREE_OR_CLOSED,
        _ON,
    ),
    "GLM-4.6": Row("<think>", "</think>\n", "reasoning_content", _FREE_OR_CLOSED, _ON),
    "HuggingFaceTB-SmolLM3-3B": Row("<think>\n", "\n</think>\n", None, _FREE_OR_CLOSED, _ON),
    # It shows thinking in a tool loop alone, and there needs a list that it may change: to us it has no field.
    "Kimi-K2-Thinking": Row("<think>", "</think>", None, {"on": "neither"}, {}, ALWAYS),
    "MiniMax-M2": Row(*_TAGS, "reasoning_content", {"on": "open"}, {}, ALWAYS),
    "NVIDIA-Nemotron-Nano-v2": Row(*_TAGS, None, _OPEN_OR_CLOSED),
    "Qwen-QwQ-32B": Row(*_TAGS, None, _OPEN_OR_CLOSED, _ON),
    "Qwen-Qwen2.5-7B-Instruct": Row(offered=NONE),
    "Qwen-Qwen3-0.6B": Row(*_TAGS, "reasoning_content", _FREE_OR_CLOSED, _ON),
    "Qwen3.5-4B": Row(*_TAGS, "reasoning_content", _OPEN_OR_CLOSED, _ON),
    "deepseek-ai-DeepSeek-R1-Distill-Llama-8B": Row(*_TAGS, None, {"on": "open"}, {}, ALWAYS),
    "deepseek-ai-DeepSeek-R1-Distill-Qwen-32B": Row(*_TAGS, None, _OPEN_OR_CLOSED, _ON),
    "deepseek-ai-DeepSeek-V3.1": Row("<think>", "</think>", None, _OPEN_OR_CLOSED, {**_ON, "thinking": True}),
    "google-gemma-2-2b-it": Row(offered=NONE),
    "google-gemma-4-31B-it": Row(
        "<|channel>thought\n", "<channel|>", "reasoning_content", _FREE_OR_CLOSED, _ON
    ),
    "ibm-granite-granite-3.3-2B-Instruct": Row(
        "<think>\n", "\n</think>\n\n<response>", None, {"off": "neither", "on": "neither"}, {"thinking": True}
    ),
    "llama-cpp-deepseek-r1": Row(*_TAGS, None, {"on": "open"}, {}, ALWAYS),
    "meta-llama-Llama-3.2-3B-Instruct": Row(offered=NONE),
    "microsoft-Phi-3.5-mini-instruct": Row(offered=NONE),
    "mistralai-Ministral-3-14B-Reasoning-2512": Row(
        "[THINK]", "[/THINK]", "parts", {"on": "neither"}, {}, ALWAYS
    ),
    "mistralai-Mistral-Nemo-Instruct-2407": Row(offered=NONE),
    "openai-gpt-oss-120b": Row(
        "<|channel|>analysis<|message|>",
        "<|end|><|start|>assistant<|channel|>final<|message|>",
        "thinking",
        dict.fromkeys(("low", "medium", "high"), "neither"),
        {"reasoning_effort": "medium"},
        Thinking("efforts", ("low", "medium", "high"), "medium"),
    ),
}


@pytest.mark.parametrize("name", REAL)
def test_a_real_template_is_known_by_its_source(shared: Path, name: str) -> None:
    source = (shared / "data" / "templates" / f"{name}.jinja").read_text(encoding="utf-8")
    fmt, trials = detect(source), Trials(ChatTemplate(source))
    found = Row(
        fmt.marks.opening,
        fmt.marks.closing,
        fmt.field,
        {
            choice: state_after(fmt.marks, trials.tail(fmt.variables(choice), fmt.system_line(choice)) or "")
            for choice in fmt.thinking().choices
        },
        fmt.variables(None),
        fmt.thinking(),
    )
    assert found == REAL[name]


def test_the_table_names_every_real_template(shared: Path) -> None:
    assert {path.stem for path in (shared / "data" / "templates").glob("*.jinja")} == set(REAL)


def test_a_tools_results_in_the_source_are_no_wrapper_of_answers(shared: Path) -> None:
    source = (shared / "data" / "templates" / "MiniMax-M2.jinja").read_text(encoding="utf-8")
    assert "<response>" in source
    fmt = detect(source)
    assert set(fmt.marks.acts) == {"<think>", "</think>"}
    splitter = Splitter(fmt, "<think>\n")
    answer = "<response>\n<ok/></response> is the XML."
    pieces = [*splitter.feed(f"so\n</think>\n\n{answer}"), *splitter.finish()]
    assert [piece.text for piece in pieces] == ["so", answer]


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_is_known_by_its_template(name: str) -> None:
    family = FAMILIES[name]
    assert detect(family.source).thinking() == family.thinking


@pytest.mark.parametrize("name", INVENTED)
def test_marks_that_nobody_uses_are_found_where_the_template_shows_them(name: str) -> None:
    family = INVENTED[name]
    assert detect(family.source).thinking() == family.thinking


@pytest.mark.parametrize("name", PLAIN_SPEAKERS)
def test_tags_for_other_purposes_are_no_thinking(name: str) -> None:
    fmt = detect(PLAIN_SPEAKERS[name])
    assert (dict(fmt.marks.acts), fmt.thinking()) == ({}, NONE)


def test_each_choice_sets_every_variable_of_the_switch() -> None:
    fmt = detect(FAMILIES["a switch and an effort"].source)
    off: dict[str, JsonValue] = {"enable_thinking": False, "thinking": False}
    on: dict[str, JsonValue] = {"enable_thinking": True, "thinking": True}
    # An effort that changes nothing, rather than none.
    assert fmt.variables("off") == {**off, "reasoning_effort": "medium"}
    assert fmt.variables("on") == {**on, "reasoning_effort": "medium"}
    assert fmt.variables("max") == {**on, "reasoning_effort": "max"}


@pytest.mark.parametrize("name", [*FAMILIES, *INVENTED])
def test_no_variable_is_left_to_chance_in_any_choice(name: str) -> None:
    fmt = detect({**FAMILIES, **INVENTED}[name].source)
    said = [set(fmt.variables(choice)) for choice in fmt.thinking().choices]
    assert all(names == said[0] for names in said)


def test_a_flag_that_says_the_opposite_is_set_to_the_opposite() -> None:
    fmt = detect(FAMILIES["a flag that says the opposite"].source)
    assert fmt.variables("on") == {"disable_thinking": False}


def test_no_choice_means_the_default_and_is_still_explicit() -> None:
    fmt = detect(FAMILIES["a flag that is off by itself"].source)
    assert fmt.variables(None) == {"thinking": True}


def test_a_choice_that_the_model_lacks_is_refused_with_those_it_has() -> None:
    fmt = detect(FAMILIES["efforts that are words of the prompt"].source)
    with pytest.raises(ChoiceError) as refused:
        fmt.variables("off")
    assert refused.value.parameters == {"choice": "off", "choices": "low, medium, high"}


def test_a_model_that_does_not_think_refuses_every_choice() -> None:
    fmt = detect(PLAIN)
    assert fmt.variables(None) == {}
    with pytest.raises(ChoiceError):
        fmt.variables("on")


def test_words_switch_where_no_variable_does() -> None:
    fmt = detect(FAMILIES["words in the system message"].source)
    assert (fmt.system_line("off"), fmt.system_line(None)) == ("/no_think", "/think")


@pytest.mark.parametrize(
    ("source", "off", "on"),
    [
        ("{% if 'hush now' in m %}", "hush now", ""),
        ("{% if 'hush now' in m %}{% elif 'muse now' in m %}", "hush now", "muse now"),
    ],
)
def test_words_are_those_that_the_template_looks_for(source: str, off: str, on: str) -> None:
    looks = source.replace(" in m ", " in messages[0].content ")
    conditions = looks.replace("%}", "%}{% set deep = loop is defined %}", 1)
    template = (
        f"{{% set deep = true %}}{conditions}{{% endif %}}{{% for m in messages %}}{{{{ m.content }}}}{{% endfor %}}"
        "{{ '<think>' if deep else '<think></think>' }}"
    )
    fmt = detect(template)
    assert (fmt.system_line("off"), fmt.system_line("on")) == (off, on)


def test_words_that_open_a_block_which_is_closed_by_itself() -> None:
    fmt = detect(
        "{% for m in messages %}{{ m.content }}{% endfor %}"
        "{{ '<think>' if 'think hard' in messages[0].content else '<think></think>' }}"
    )
    assert (fmt.system_line("off"), fmt.system_line("on")) == ("", "think hard")
    assert fmt.thinking() == SWITCH


def test_words_that_the_model_obeys_and_the_template_only_says() -> None:
    fmt = detect(
        "{% if messages[0].role != 'system' %}detailed thinking on{% endif %}"
        "{% for m in messages %}{{ m.content.split('</think>')[-1] }}{% endfor %}<bot>"
    )
    assert (fmt.system_line("off"), fmt.system_line(None)) == (
        "detailed thinking off",
        "detailed thinking on",
    )
    assert fmt.variables("off") == {}


def test_a_flag_named_for_an_effort_is_that_effort() -> None:
    fmt = detect(
        turns()
        + "{% if low_effort %}Think briefly.{% endif %}<bot>"
        + "{{ '<think>\n' if enable_thinking is not defined or enable_thinking else '<think></think>' }}"
    )
    assert fmt.thinking() == Thinking("efforts", ("off", "low", "on"), "on")
    assert fmt.variables("low") == {"enable_thinking": True, "low_effort": True}
    assert fmt.variables(None) == {"enable_thinking": True, "low_effort": False}
    assert fmt.variables("off") == {"enable_thinking": False, "low_effort": False}


def test_a_flag_for_an_effort_alone_is_offered_beside_what_the_template_does_by_itself() -> None:
    fmt = detect(turns() + "{% if max_effort %}Think long.{% endif %}<bot><think>\n")
    assert fmt.thinking() == Thinking("efforts", ("on", "max"), "on")
    assert fmt.variables(None) == {"max_effort": False}


def test_a_budget_of_numbers_is_passed_as_its_own_default() -> None:
    fmt = detect(
        "{% set thinking_budget = thinking_budget | default(4096) %}Budget: {{ thinking_budget }}."
        + turns()
        + "<bot><x:think>{% if thinking_budget == 0 %}</x:think>{% endif %}"
    )
    assert fmt.thinking() == SWITCH
    assert fmt.variables(None) == {"thinking_budget": 4096}
    assert fmt.variables("off") == {"thinking_budget": 0}


def test_spacing_is_that_of_the_empty_block_in_the_history() -> None:
    marks = detect(turns("{{ '<think></think>' }}") + "<bot>").marks
    assert (marks.opening, marks.closing) == ("<think>", "</think>")
    marks = detect(turns("{{ '<think>\n\n</think>\n' }}") + "<bot>").marks
    assert (marks.opening, marks.closing) == ("<think>\n", "\n</think>\n")


def test_every_listed_family_is_split_by_its_own_marks(shared: Path) -> None:
    families = json.loads((shared / "data" / "reasoning_families.json").read_text(encoding="utf-8"))
    wrong = []
    for family in families:
        if not family["close"]:
            continue
        opener, closer = _mark(family["open"]), _mark(family["close"])
        begin, end = map(_mark, family["content_wrapper"] or ("", ""))
        begin = "" if begin in closer else begin
        speaker = "<|start|>assistant" if "ends <|start|>" in family["preopened_by_template"] else "<bot>"
        between = speaker if speaker != "<bot>" else ""
        source = (
            "{% for m in messages %}{% if m.role == 'assistant' %}" + speaker + "{% if m.reasoning_content %}"
            f"{opener}{{{{ m.reasoning_content }}}}{closer}{between}"
            f"{{% endif %}}{begin}{{{{ m.content }}}}{end}{{% else %}}{{{{ m.content }}}}{{% endif %}}"
            "{% endfor %}{% if add_generation_prompt %}" + speaker + "{% endif %}"
        )
        splitter = Splitter(detect(source), speaker)
        reply = f"{opener}so be it{closer}{between}{begin}Yes.{end}"
        pieces = [*splitter.feed(reply), *splitter.finish()]
        if [(piece.channel, piece.text) for piece in pieces] != [
            ("thinking", "so be it"),
            ("answer", "Yes."),
        ]:
            wrong.append((family["family"], pieces))
    assert len(families) > 50
    assert wrong == []


def _mark(told: str) -> str:
    """A marker as the list writes it: the first of several, without what is said about it."""
    return "" if told.startswith("(") else re.split(r" or | \(", told)[0].replace("\\n", "\n")


def test_options_about_earlier_thinking_are_no_switch() -> None:
    source = (
        "{% for m in messages %}{{ m.content }}"
        "{% if m.reasoning_content and (preserve_thinking or not clear_thinking) %}"
        "<think>{{ m.reasoning_content }}</think>{% endif %}{% endfor %}<think>"
    )
    assert detect(source).thinking() == ALWAYS


def test_spacing_around_a_thought_is_the_templates_own() -> None:
    marks = detect(FAMILIES["tags that the model opens, closed by a flag"].source).marks
    assert (marks.opening, marks.closing) == ("<think>\n", "\n</think>\n\n")
    marks = detect(FAMILIES["a switch and an effort"].source).marks
    assert (marks.opening, marks.closing) == ("<think>", "</think>")


def test_the_field_of_earlier_thinking_is_the_one_that_the_template_reads() -> None:
    fields = {name: detect(family.source).field for name, family in FAMILIES.items()}
    assert fields["tags that the model opens, closed by a flag"] == "reasoning_content"
    assert fields["efforts that are words of the prompt"] == "thinking"
    assert fields["begun parts"] == "reasoning"
    assert fields["typed parts"] == "parts"
    assert fields["blocks"] == "blocks"
    assert fields["a labelled channel"] is None


def test_a_template_that_does_not_compile_is_judged_by_its_tags() -> None:
    fmt = detect("{% if %}<think>{{ </think>")
    assert fmt.thinking() == ALWAYS
    assert fmt.markers == ("<think>", "</think>")


@pytest.mark.parametrize(
    "source",
    [
        "",
        "{{ 10 ** 10 ** 10 }}<think></think>",
        "{% for i in range(10 ** 12) %}{% endfor %}<think></think>",
        "{% for i in range(99999) %}{% for j in range(99999) %}.{% endfor %}{% endfor %}</think>",
        "{{ ''.__class__.__mro__ }}{% if enable_thinking %}<think>{% endif %}</think>",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}</think>",
        "{{ messages.append(1) }}</think>",
        "{{ raise_exception('no') }}</think>",
    ],
)
def test_a_hostile_template_is_examined_without_an_error(source: str) -> None:
    kind = detect(source).thinking().kind
    assert kind == ("always" if "</think>" in source else "none")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(["{%", "%}", "{{", "}}", "if ", "for ", "x", "<think>", "</think>", "|", " ", "'"])
    )
)
def test_no_source_makes_detection_fail(pieces: list[str]) -> None:
    assert isinstance(detect("".join(pieces)), ReasoningFormat)


def test_markers_alone_make_a_format() -> None:
    fmt = ReasoningFormat.from_markers("[THINK]", "[/THINK]")
    assert fmt.markers == ("[THINK]", "[/THINK]")
    assert fmt.thinking() == ALWAYS
