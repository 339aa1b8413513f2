"""What a template asks its caller for."""

import pytest
from jinja2 import Environment

from app.chat.template_names import TemplateNames


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
