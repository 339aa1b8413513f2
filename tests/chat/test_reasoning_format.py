"""What is found out from a template's source alone."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.chat.options import Thinking
from app.chat.reasoning_format import ReasoningFormat, detect
from app.chat.template import PLAIN, JsonValue
from app.errors import ChoiceError
from tests.chat.families import FAMILIES

NONE = Thinking()
ALWAYS = Thinking("always", ("on",), "on")
SWITCH = Thinking("switchable", ("off", "on"), "on")

# Real templates: what each offers, and the variables of its default.
REAL: dict[str, tuple[Thinking, dict[str, JsonValue]]] = {
    "ByteDance-Seed-OSS": (SWITCH, {"thinking_budget": -1}),
    "CohereForAI-c4ai-command-r7b-12-2024-tool_use": (SWITCH, {"enable_thinking": True}),
    "GLM-4.6": (SWITCH, {"enable_thinking": True}),
    "HuggingFaceTB-SmolLM3-3B": (SWITCH, {"enable_thinking": True}),
    "Kimi-K2-Thinking": (ALWAYS, {}),
    "MiniMax-M2": (ALWAYS, {}),
    "NVIDIA-Nemotron-Nano-v2": (SWITCH, {}),
    "Qwen-QwQ-32B": (SWITCH, {"enable_thinking": True}),
    "Qwen-Qwen2.5-7B-Instruct": (NONE, {}),
    "Qwen-Qwen3-0.6B": (SWITCH, {"enable_thinking": True}),
    "Qwen3.5-4B": (SWITCH, {"enable_thinking": True}),
    "deepseek-ai-DeepSeek-R1-Distill-Llama-8B": (ALWAYS, {}),
    "deepseek-ai-DeepSeek-R1-Distill-Qwen-32B": (SWITCH, {"enable_thinking": True}),
    "deepseek-ai-DeepSeek-V3.1": (SWITCH, {"enable_thinking": True, "thinking": True}),
    "google-gemma-2-2b-it": (NONE, {}),
    "google-gemma-4-31B-it": (SWITCH, {"enable_thinking": True}),
    "ibm-granite-granite-3.3-2B-Instruct": (SWITCH, {"thinking": True}),
    "llama-cpp-deepseek-r1": (ALWAYS, {}),
    "meta-llama-Llama-3.2-3B-Instruct": (NONE, {}),
    "microsoft-Phi-3.5-mini-instruct": (NONE, {}),
    "mistralai-Ministral-3-14B-Reasoning-2512": (ALWAYS, {}),
    "mistralai-Mistral-Nemo-Instruct-2407": (NONE, {}),
    "openai-gpt-oss-120b": (
        Thinking("efforts", ("low", "medium", "high"), "medium"),
        {"reasoning_effort": "medium"},
    ),
}


@pytest.mark.parametrize("name", REAL)
def test_a_real_template_offers_what_it_has(shared: Path, name: str) -> None:
    fmt = detect((shared / "data" / "templates" / f"{name}.jinja").read_text(encoding="utf-8"))
    offered, variables = REAL[name]
    assert fmt.thinking() == offered
    assert fmt.variables(None) == variables


def test_the_table_names_every_real_template(shared: Path) -> None:
    assert {path.stem for path in (shared / "data" / "templates").glob("*.jinja")} == set(REAL)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_is_known_by_its_template(name: str) -> None:
    family = FAMILIES[name]
    assert detect(family.source).thinking() == family.thinking


def test_each_choice_sets_every_variable_of_the_switch() -> None:
    fmt = detect(FAMILIES["a switch and an effort"].source)
    assert fmt.variables("off") == {"enable_thinking": False, "thinking": False}
    assert fmt.variables("on") == {"enable_thinking": True, "thinking": True}
    assert fmt.variables("max") == {"enable_thinking": True, "thinking": True, "reasoning_effort": "max"}


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
