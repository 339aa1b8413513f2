"""Chat templates are rendered as Hugging Face renders them."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jinja2.ext import loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

from app.chat.conversation import Turn
from app.chat.reasoning_format import detect
from app.chat.template import PLAIN, ChatTemplate, JsonValue, ReasoningField
from app.chat.template_meter import Allowance
from app.errors import PromptError
from tests.chat.turns import reply, system, turn, user


def rendered(source: str, *turns: Turn, **variables: JsonValue) -> str:
    """The template's text for some turns."""
    return ChatTemplate(source, bos="<s>", eos="</s>").render(turns or [user("Hi")], variables=variables)


def failure(source: str) -> PromptError:
    """What the template fails with."""
    with pytest.raises(PromptError) as failed:
        rendered(source)
    return failed.value


def test_blocks_take_their_line_ends_and_indents_along() -> None:
    source = "{% for m in messages %}\n    {% if true %}\n{{ m.content }}\n    {% endif %}\n{% endfor %}"
    assert rendered(source) == "Hi\n"


def test_the_tokens_of_the_model_are_known_by_name() -> None:
    assert rendered("{{ bos_token }}{{ messages[0]['content'] }}{{ eos_token }}") == "<s>Hi</s>"


def test_names_that_are_not_set_are_undefined() -> None:
    assert rendered("{{ tools is defined }} {{ documents is defined }} {{ tools }}") == "False False "


def test_variables_reach_the_template() -> None:
    assert (
        rendered("{{ enable_thinking }} {{ effort }}", enable_thinking=False, effort="high") == "False high"
    )


def test_the_generation_prompt_is_asked_for() -> None:
    template = ChatTemplate("{% if add_generation_prompt %}bot:{% endif %}")
    assert (template.render([user("Hi")]), template.render([user("Hi")], generation=False)) == ("bot:", "")


def test_json_is_plain() -> None:
    assert rendered("{{ {'b': 'é<', 'a': [1]} | tojson }}") == '{"b": "é<", "a": [1]}'
    assert (
        rendered("{{ {'b': 1, 'a': 2} | tojson(sort_keys=true, separators=(',', ':')) }}") == '{"a":2,"b":1}'
    )


def test_loops_can_be_left_and_gone_on_with() -> None:
    source = (
        "{% for i in range(9) %}{% if i == 1 %}{% continue %}{% endif %}"
        "{% if i == 4 %}{% break %}{% endif %}{{ i }}{% endfor %}"
    )
    assert rendered(source) == "023"


def test_the_date_is_the_clocks() -> None:
    template = ChatTemplate("{{ strftime_now('%d %b %Y') }}", now=lambda: datetime(2026, 3, 9, tzinfo=UTC))
    assert template.render([user("Hi")]) == "09 Mar 2026"


def test_the_trainers_tag_is_only_its_body() -> None:
    assert (
        rendered("a{% generation %}b{% for m in messages %}{{ m.content }}{% endfor %}{% endgeneration %}c")
        == "abHic"
    )


def test_loops_know_where_they_are() -> None:
    source = (
        "{% for x in ['a', 'b', 'c'] %}{{ loop.index }}/{{ loop.length }}{{ x }}{{ loop.nextitem }}"
        "{{ '.' if loop.last else ' ' }}{% endfor %}{% for x in nothing %}{% else %}none{% endfor %}"
    )
    assert rendered(source) == "1/3ab 2/3bc 3/3c.none"


def test_texts_of_any_kind_chain() -> None:
    assert rendered("{{ 'a' ~ 1 ~ none ~ true ~ nothing ~ 'b' }}") == "a1NoneTrueb"


def test_a_kept_block_can_be_filtered() -> None:
    assert (
        rendered("{% set x | upper %}a{{ 'b' }}{% endset %}{{ x }}{% set y %}c{% endset %}{{ y }}") == "ABc"
    )


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{{ nothing.more }}", "'nothing' is undefined"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{{ 'a' + 1 }}", "can only concatenate"),
        ("{{ messages[0]['content'] | no_such_filter }}", "no_such_filter"),
        ("{{ messages | tojson }}{{ range | tojson }}", "not JSON serializable"),
        ("{% include 'other' %}", "no loader"),
        ("{% if x %}" * 200 + "{% endif %}" * 200, "too many"),
    ],
)
def test_a_template_that_fails_says_why_in_a_few_words(source: str, words: str) -> None:
    error = failure(source)
    assert error.code == "template_failed"
    assert words in str(error.parameters["reason"])


def test_a_mistake_in_the_source_is_told_with_its_line() -> None:
    error = failure("{{ 'fine' }}\n{% if %}")
    assert (error.code, error.parameters["line"]) == ("template_syntax", 2)


def test_what_a_template_refuses_is_told_in_its_own_words() -> None:
    error = failure("{{ raise_exception('Roles must\\nalternate.') }}")
    assert (error.code, error.parameters["reason"]) == ("template_refused", "Roles must alternate.")
    assert len(str(failure("{{ raise_exception('long story ' * 1000) }}").parameters["reason"])) <= 200


@pytest.mark.parametrize(
    "source",
    [
        "{{ messages[0].content }}{{ tools[0].function.name }}",
        "{% if not tools %}{{ raise_exception('This model needs tools.') }}{% endif %}{{ messages[0].content }}",
    ],
)
def test_a_template_that_works_with_tools_alone_is_known(source: str) -> None:
    assert failure(source).code == "template_tools"


@pytest.mark.parametrize(
    "source",
    ["{{ tools[0].a.b.c }}", "{{ raise_exception('Never.') }}{{ tools }}", "{{ tools.__class__.x }}"],
)
def test_a_template_that_fails_with_tools_too_is_not_one_of_those(source: str) -> None:
    assert failure(source).code != "template_tools"


def test_a_source_of_megabytes_is_refused() -> None:
    with pytest.raises(PromptError) as refused:
        ChatTemplate(" " * 2_000_000)
    assert refused.value.code == "template_too_long"


def test_every_rendering_is_told_before_and_after_it_even_where_it_fails() -> None:
    told: list[bool] = []
    template = ChatTemplate("{{ messages[0].content.x.y }}", watch=told.append)
    with pytest.raises(PromptError):
        template.render([user("Hi")])
    assert told == [True, False]


# Thinking


@pytest.mark.parametrize(
    ("field", "source"),
    [
        ("reasoning_content", "{{ m.reasoning_content }}|{{ m.content }}"),
        ("reasoning", "{{ m.reasoning }}|{{ m.content }}"),
        ("thinking", "{{ m.thinking }}|{{ m.content }}"),
        ("parts", "{{ m.content[0]['thinking'] }}|{{ m.content[1]['text'] }}"),
        ("blocks", "{{ m.content.blocks[0].text }}|{{ m.content.blocks[1].text }}"),
    ],
)
def test_earlier_thinking_is_given_where_it_is_read(field: ReasoningField, source: str) -> None:
    template = ChatTemplate(
        "{% for m in messages %}{% if m.role == 'assistant' %}" + source + "{% endif %}{% endfor %}"
    )
    assert template.render([user("Hi"), reply("Yes", "hm")], reasoning_field=field) == "hm|Yes"


def test_without_a_field_or_a_thought_a_reply_is_its_answer() -> None:
    template = ChatTemplate("{{ messages[0] | tojson }}")
    plain = {"role": "assistant", "content": "Yes"}
    assert json.loads(template.render([reply("Yes", "hm")])) == plain
    assert json.loads(template.render([reply("Yes")], reasoning_field="reasoning_content")) == plain


def test_contents_can_be_typed_parts() -> None:
    template = ChatTemplate("{{ messages[0].content | tojson }}")
    assert json.loads(template.render([user("Hi")], typed=True)) == [{"type": "text", "text": "Hi"}]


# What a template can take


def test_a_template_that_refuses_or_loses_a_system_message_is_known() -> None:
    refuses = (
        "{% if messages[0].role == 'system' %}{{ raise_exception('no') }}{% endif %}{{ messages[0].content }}"
    )
    loses = "{% for m in messages %}{% if m.role != 'system' %}{{ m.content }}{% endif %}{% endfor %}"
    assert ChatTemplate(refuses).folds_system
    assert ChatTemplate(loses).folds_system
    assert not ChatTemplate(PLAIN).folds_system


def test_a_template_that_never_ends_on_a_few_words_is_not_tried_again() -> None:
    told: list[bool] = []
    loop = "{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}{{ messages[0].content }}"
    template = ChatTemplate(loop, allowance=Allowance(steps=9999), watch=told.append)
    assert template.runs_away
    assert not template.wants_parts
    with pytest.raises(PromptError) as failed:
        template.render([user("Hi")])
    assert failed.value.code == "template_runaway"
    assert told == [True, False]
    assert not ChatTemplate(PLAIN).runs_away


def test_a_template_that_only_knows_parts_is_known() -> None:
    parts = "{% for m in messages %}{% for part in m.content %}{{ part.text }}{% endfor %}{% endfor %}"
    assert ChatTemplate(parts).wants_parts
    assert not ChatTemplate(PLAIN).wants_parts
    assert not ChatTemplate("{{ messages[0].content is string and messages[0].content }}").wants_parts


def test_the_plain_template_tells_a_conversation_in_words() -> None:
    text = rendered(PLAIN, system("Be kind."), user("Hi"), reply("Hello."), user("Bye"))
    assert text == "<s>Be kind.\n\nUser: Hi\n\nAssistant: Hello.</s>\n\nUser: Bye\n\nAssistant:"


# Real templates

_CHAT = [user("Is 1 < 2?"), reply("Yes & no.", "1 is less"), user("Sure?")]


def _templates(shared: Path) -> list[Path]:
    return sorted((shared / "data" / "templates").glob("*.jinja"))


def test_every_real_template_renders_with_and_without_a_system_prompt_in_each_mode(shared: Path) -> None:
    for path in _templates(shared):
        source = path.read_text(encoding="utf-8")
        template, fmt = ChatTemplate(source, bos="<s>", eos="</s>"), detect(source)
        for turns in (_CHAT, [system("Be kind."), *_CHAT]):
            if turns[0].role == "system" and template.folds_system:
                continue
            for choice in (None, *fmt.thinking().choices):
                text = template.render(turns, variables=fmt.variables(choice), reasoning_field=fmt.field)
                assert all(said.text in text for said in turns), path.name


def test_the_limits_change_no_letter_of_any_real_prompt(shared: Path) -> None:
    plain = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols])
    plain.filters["tojson"] = lambda value, **options: json.dumps(value, ensure_ascii=False, **options)
    plain.globals["strftime_now"] = lambda form: datetime(2026, 1, 1, tzinfo=UTC).strftime(form)
    variables: dict[str, JsonValue] = {"enable_thinking": True, "bos_token": "<s>", "eos_token": "</s>"}
    messages = [
        {"role": said.role, "content": said.text, "reasoning_content": said.thinking} for said in _CHAT
    ]
    for path in _templates(shared):
        source = path.read_text(encoding="utf-8")
        ours = ChatTemplate(source, bos="<s>", eos="</s>", now=lambda: datetime(2026, 1, 1, tzinfo=UTC))
        text = ours.render_messages(messages, generation=True, variables=variables)
        context = {**variables, "messages": messages, "add_generation_prompt": True}
        assert text == plain.from_string(source).render(context), path.name


def test_roles_are_the_turns_own() -> None:
    assert (
        rendered("{% for m in messages %}{{ m.role }} {% endfor %}", turn("user", "a"), reply("b"))
        == "user assistant "
    )
