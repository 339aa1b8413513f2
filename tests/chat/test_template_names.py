"""What a template asks its caller for."""

from pathlib import Path

import pytest
from jinja2 import Environment

from app.chat.template import ChatTemplate
from app.chat.template_names import TemplateNames, reachable


def names(source: str) -> TemplateNames:
    """The names in a source."""
    return TemplateNames(Environment(autoescape=True).parse(source))


def test_names_are_those_that_are_read_even_where_they_are_also_set() -> None:
    assert names("{% if not a is defined %}{% set a = b %}{% endif %}{% set c = 1 %}").read == {"a", "b"}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{% if x == 'low' %}{% elif 'high' == x %}{% endif %}", ("low", "high")),
        ("{% if x not in ['low', 'high'] %}{% endif %}", ("low", "high")),
        ("{{ {'low': 1, 'high': 2}[x] }}", ("low", "high")),
        ("{% set all = ('low', 'high') %}{% if x in all %}{% endif %}", ("low", "high")),
        ("{% set e = x | default('medium') %}{% if e == 'low' %}{% endif %}", ("low", "medium")),
        ("{% if x is not defined %}{% set x = 'medium' %}{% endif %}", ("medium",)),
        ("{% set n = namespace(e='') %}{% set n.e = x %}{% if n.e == 'low' %}{% endif %}", ("low",)),
        ("{% set e = x if x else 'high' %}{% if e.lower() == 'max' %}{% endif %}", ("max",)),
        ("{% set e = y or x %}{% if e | lower | trim == 'max' %}{% endif %}", ("max",)),
        ("{% set label = 'a' if x == 'low' else 'b' %}{% if label == 'a' %}{% endif %}", ("low",)),
        ("{% if y == 'low' %}{% endif %}{{ x }}", ()),
    ],
)
def test_words_are_those_that_a_name_or_its_heirs_are_compared_with(
    source: str, words: tuple[str, ...]
) -> None:
    assert set(names(source).words("x")) == set(words)


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("{% if tools %}a{% endif %}", {"x"}),
        ("{% if tools %}a{% else %}{{ b }}{% endif %}", {"b", "x"}),
        ("{% if tools %}a{% elif tools is defined %}c{% elif d %}{{ e }}{% endif %}", {"d", "e", "x"}),
        ("{% if tools is mapping and f(g) %}{{ h }}{% endif %}", {"x"}),
        ("{% if tools or k %}{{ m }}{% endif %}", {"tools", "k", "m", "x"}),
        ("{% if k and tools %}{{ m }}{% endif %}", {"tools", "k", "m", "x"}),
        ("{% if not tools %}{{ m }}{% endif %}", {"tools", "m", "x"}),
        ("{% if tools is iterable %}{{ m }}{% endif %}", {"tools", "m", "x"}),
        ("{% set tools = k %}{% if tools %}{{ m }}{% endif %}", {"tools", "k", "m", "x"}),
        ("{% macro a(b) %}{{ c }}{% endmacro %}", {"x"}),
        ("{% macro a(b) %}{{ a(c) }}{% endmacro %}{% if tools %}{{ a() }}{% endif %}", {"x"}),
        (
            "{% macro a() %}{{ c }}{% endmacro %}{% macro d() %}{{ a() }}{% endmacro %}{{ d() }}",
            {"a", "c", "d", "x"},
        ),
    ],
)
def test_what_nobody_can_reach_is_left_out(source: str, left: set[str]) -> None:
    tree = reachable(Environment(autoescape=True).parse(source + "{{ x }}"), ("tools",))
    assert TemplateNames(tree).read == left


def test_a_real_template_says_the_same_without_what_it_cannot_reach(shared: Path) -> None:
    talk = [{"role": role, "content": f"{role} said so"} for role in ("user", "assistant", "user")]
    for path in (shared / "data" / "templates").glob("*.jinja"):
        source = path.read_text(encoding="utf-8")
        whole, short = ChatTemplate(source), ChatTemplate(source, ungiven=("tools", "documents"))
        for messages in (talk[:1], talk):
            told = [each.render_messages(messages, generation=True, variables={}) for each in (whole, short)]
            assert told[0] == told[1], path.stem
