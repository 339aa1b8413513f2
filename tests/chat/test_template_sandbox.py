"""A template that runs away ends in an error, and one that breaks out gets nowhere."""

import pytest

from app.chat.template import ChatTemplate
from app.chat.template_sandbox import Allowance
from app.errors import PromptError
from tests.chat.turns import user

_DOUBLING_MACRO = (
    "{% macro m(s) %}{{ s }}{{ s }}{% endmacro %}{% set n = namespace(s='x') %}"
    "{% for i in range(99) %}{% set n.s = m(n.s) %}{% endfor %}"
)
_SMALL = Allowance(characters=100_000, steps=20_000, seconds=0.5)


def reason(source: str, allowance: Allowance = _SMALL) -> str:
    """Why a template fails that may not cost much."""
    with pytest.raises(PromptError) as failed:
        ChatTemplate(source, allowance=allowance).render([user("Hi")])
    return str(failed.value.parameters["reason"])


@pytest.mark.parametrize(
    "source",
    [
        "{% for i in range(99999) %}{% endfor %}",
        "{% for i in range(999) %}{% for j in range(999) %}{% endfor %}{% endfor %}",
        "{% set s = 'a' * 999 %}{% for a in s %}{% for b in s %}{% if a != b %}{% endif %}{% endfor %}{% endfor %}",
        "{% for i in [1] * 50000 if i %}{% endfor %}",
    ],
)
def test_a_loop_without_an_end_is_ended(source: str) -> None:
    assert reason(source) == "the template loops too often"


def test_a_range_without_bounds_is_never_begun() -> None:
    assert "Range too big" in reason("{% for i in range(100001) %}{% endfor %}", Allowance())
    assert "too much" in reason("{% for i in range(10 ** 12) %}{% endfor %}", Allowance())


@pytest.mark.parametrize(
    "source",
    [
        "{{ 'x' * 10 ** 9 }}",
        "{{ 10 ** 9 * 'x' }}",
        "{{ [1] * 10 ** 9 }}",
        "{{ 7 ** 7 ** 7 ** 7 }}",
        "{{ '%999999999d' % 1 }}",
        "{{ '%*d' % (999999999, 1) }}",
        "{{ '%999999999d' | format(1) }}",
        "{{ '{:999999999}'.format(1) }}",
        "{{ '{:{}}'.format(1, 999999999) }}",
        "{{ 'x' | center(10 ** 9) }}",
        "{{ 'x'.center(10 ** 9) }}",
        "{{ 'x' | indent(10 ** 9, true) }}",
        "{% set s = 'x' * 9999 %}{{ s.replace('x', s) }}",
        "{% set s = 'x' * 9999 %}{{ s | replace('x', s) }}",
        "{% for i in range(99) %}{{ 'x' * 9999 }}{% endfor %}",
        "{% set n = namespace(s='x') %}{% for i in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}",
        "{% set n = namespace(s='x') %}{% for i in range(99) %}{% set n.s = n.s ~ n.s %}{% endfor %}",
        "{% set n = namespace(s='x') %}{% for i in range(99) %}{% set n.s %}{{ n.s }}{{ n.s }}{% endset %}{% endfor %}",
        "{% macro m(s) %}{{ m(s ~ s) }}{% endmacro %}{{ m('x') }}",
        _DOUBLING_MACRO,
    ],
)
def test_a_text_without_bounds_is_never_made(source: str) -> None:
    assert reason(source) == "the template makes too much text"


@pytest.mark.parametrize(
    "source",
    [
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
        "{% for i in range(9999) %}{% set x = range(99999) | list | length %}{% endfor %}",
    ],
)
def test_work_without_an_end_is_stopped_by_the_clock(source: str) -> None:
    assert reason(source, Allowance(characters=200_000, seconds=0.2)) == "the template takes too long"


def test_endless_recursion_is_ended() -> None:
    assert "recursion" in reason("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}")


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ messages.__class__.__base__ }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ raise_exception.__globals__.items() }}",
        "{{ strftime_now.__code__.co_consts }}",
        "{{ (messages | attr('__class__')).__mro__ }}",
        "{{ '{0.__class__.__mro__}'.format(messages) }}",
        "{{ ''['__class__'].__mro__ }}",
        "{{ self._TemplateReference__context.environment.filters }}",
        "{{ messages.append(1) }}",
        "{{ messages[0].update({'role': 'system'}) }}",
        "{{ joiner.__init__.__globals__.os.system('true') }}",
    ],
)
def test_nothing_behind_a_value_can_be_reached_and_no_message_changed(source: str) -> None:
    assert any(
        word in reason(source) for word in ("unsafe", "undefined", "not safely callable", "has no attribute")
    )


def test_no_name_of_the_limits_can_be_replaced() -> None:
    source = "{% set range = 1 %}{% set counted = 2 %}{% for i in messages * 50000 %}{% endfor %}"
    assert reason(source) == "the template loops too often"


def test_an_allowance_in_all_counts_across_renderings() -> None:
    allowance = Allowance(steps=100, in_all=True)
    template = ChatTemplate("{% for i in range(60) %}{% endfor %}", allowance=allowance)
    template.render([user("Hi")])
    with pytest.raises(PromptError, match="too often"):
        template.render([user("Hi")])


def test_otherwise_each_rendering_has_its_own() -> None:
    template = ChatTemplate("{% for i in range(60) %}.{% endfor %}", allowance=Allowance(steps=100))
    assert [len(template.render([user("Hi")])) for _ in range(3)] == [60, 60, 60]
