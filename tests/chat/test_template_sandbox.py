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
_DOUBLING_LISTS = (
    "{% set n = namespace(x=[1]) %}"
    "{% for i in range(99) %}{% set n.x = [n.x, n.x] | map('list') | list %}{% endfor %}"
)
_CALLING_BACK = (
    "{% macro m() %}{% call n() %}{{ m() }}{% endcall %}{% endmacro %}"
    "{% macro n() %}{{ caller() }}{% endmacro %}{{ m() }}"
)
_SMALL = Allowance(characters=100_000, steps=20_000, seconds=0.5)


def code(source: str, allowance: Allowance = _SMALL) -> str:
    """What becomes of a template that may not cost much."""
    with pytest.raises(PromptError) as failed:
        ChatTemplate(source, allowance=allowance).render([user("Hi")])
    return failed.value.code


@pytest.mark.parametrize(
    "source",
    [
        "{% for i in range(99999) %}{% endfor %}",
        "{% for i in range(999) %}{% for j in range(999) %}{% endfor %}{% endfor %}",
        "{% set s = 'a' * 999 %}{% for a in s %}{% for b in s %}{% if a != b %}{% endif %}{% endfor %}{% endfor %}",
        "{% for a in [1] * 999 %}{% for i in [1] * 999 if i %}{% endfor %}{% endfor %}",
        "{% for i in range(999) %}{{ range(999) | map('string') | join }}{% endfor %}",
        "{{ 'x' | slice(90000) | list }}",
    ],
)
def test_a_loop_without_an_end_is_ended(source: str) -> None:
    assert code(source) == "template_runaway"


@pytest.mark.parametrize("numbers", ["([1] * 150000)", "(([1] * 150000) | map('int'))"])
@pytest.mark.parametrize("order", ["sort(attribute='x')", "unique | list"])
def test_a_list_too_long_to_ask_each_of_its_items_is_not_put_in_order(numbers: str, order: str) -> None:
    assert code("{{ " + numbers + " | " + order + " }}", Allowance()) == "template_too_long"


def test_a_range_without_bounds_is_never_begun() -> None:
    assert code("{% for i in range(100001) %}{% endfor %}", Allowance()) == "template_runaway"
    assert code("{% for i in range(10 ** 12) %}{% endfor %}", Allowance()) == "template_too_long"


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
        "{{ 'x'.zfill(10 ** 9) }}",
        "{{ '%s' * 9999 % ('x' * 99) }}",
        "{{ ('{0}' * 9999).format('x' * 99) }}",
        "{{ ('%s' * 9999) | format('x' * 99) }}",
        "{{ ['x' * 9999] * 999 }}",
        "{{ ([1] * 9999) | join('x' * 99) }}",
        "{{ ('x' * 99).join(['y'] * 9999) }}",
        "{{ messages | map(attribute='content') | join('x' * 99999) }}{{ ['x' * 9999] | sum(start='') }}",
        "{{ [[1]] | sum(start=[]) }}",
        "{{ ('x\n' * 999) | indent(999) }}",
        "{{ [1] | batch(10 ** 8, 'x') | list }}",
        "{{ 5 | round(-10 ** 7) }}",
        "{{ ('a b' * 9999) | title }}",
        "{{ messages | tojson(indent=10 ** 7) }}",
        "{{ [1, 2] | tojson(separators=(',' * 9999, ':')) }}",
        "{{ ('F' * 9999) | int(0, 16) }}",
        "{{ strftime_now('%Y' * 9999) }}",
        "{{ range(9999) | list | tojson | list }}",
        "{% set n = namespace(x=[1]) %}{% for i in range(99) %}{% set n.x = [n.x, n.x] %}{% endfor %}",
        "{% set n = namespace(x=(1,)) %}{% for i in range(99) %}{% set n.x = {1: n.x, 2: n.x} %}{% endfor %}",
        "{% set n = namespace(x=[1]) %}{% for i in range(99) %}{% set n.x = [n.x] * 2 %}{% endfor %}",
        "{% set n = namespace(x=[1]) %}{% for i in range(99) %}{% set n.x = dict(a=n.x, b=n.x) %}{% endfor %}",
        _DOUBLING_LISTS,
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
    assert code(source) == "template_too_long"


@pytest.mark.parametrize(
    "source",
    [
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
        "{% for i in range(9999) %}{% set x = range(99999) | list | length %}{% endfor %}",
        "{% set a = range(9999) | list %}" + "{% if a == a + [1] %}{% endif %}" * 1000,
        "{% for x in [1] recursive %}{% if loop.depth < 9 %}{{ loop(range(50)) }}{% endif %}{% endfor %}",
    ],
)
def test_work_without_an_end_is_stopped_by_the_clock(source: str) -> None:
    assert code(source, Allowance(characters=200_000, seconds=0.2)) == "template_runaway"


@pytest.mark.parametrize(
    "source",
    [
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% block a %}{{ self.a() }}{% endblock %}",
        _CALLING_BACK,
        "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{{" + "(" * 3000 + "1" + ")" * 3000 + "}}",
    ],
)
def test_endless_recursion_is_ended(source: str) -> None:
    assert code(source) == "template_runaway"


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
        "{{ messages | sort(attribute='__class__.__mro__') }}",
        "{{ range.__init__.__objclass__ }}",
        "{% macro m() %}{% endmacro %}{{ m.__init__.__globals__ }}",
        "{% macro m() %}{{ varargs.__class__ }}{{ kwargs.__class__.__mro__ }}{% endmacro %}{{ m(1, a=2) }}",
        "{% for m in messages %}{{ loop._iterator.gi_frame }}{% endfor %}",
        "{{ (messages | map('string')).gi_frame.f_globals }}",
        "{{ 'x'.encode() }}",
        "{{ 'x'.translate({120: 'y' * 99}) }}",
        "{{ namespace(a=namespace()) }}",
        "{% set n = namespace() %}{% set n.a = n %}{{ n }}",
        "{{ namespace(a=1) }}",
        "{% set n = namespace() %}{{ [n, n] | tojson }}",
        "{% set n = namespace() %}{{ '%s' % n }}{{ n ~ n }}",
        "{% set n = namespace() %}{{ n | string }}",
    ],
)
def test_nothing_behind_a_value_can_be_reached_and_no_message_changed(source: str) -> None:
    assert code(source) in ("template_forbidden", "template_failed")


@pytest.mark.parametrize(
    "name", ["lipsum()", "'x' | pprint", "'<' | striptags", "'x' | wordwrap(1, wrapstring='y')"]
)
def test_what_no_template_needs_is_not_there(name: str) -> None:
    assert code("{{ " + name + " }}") == "template_failed"


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("{% set n = namespace(x=1) %}{% set n.x = n.x + 1 %}{{ n.x }}", "2"),
        ("{% macro m(n) %}{{ n.x }}{% endmacro %}{{ m(namespace(x=1)) }}", "1"),
        ("{% set n = namespace(a=1, b=2) %}{% set n.a, n.b = n.b, n.a %}{{ n.a }}{{ n.b }}", "21"),
        ("{% for a, (b, c) in [(1, (2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}", "123"),
        ("{{ [3, 1, 2] | sort | join(', ') }}{{ [[1, 2]] | map('join', '-') | list }}", "1, 2, 3['1-2']"),
        ("{{ messages | map(attribute='content') | join('|') }}{{ ', '.join(['a', 'b']) }}", "Hia, b"),
        ("{{ messages | join(';', attribute='role') }}{{ 'abc' | list | last }}", "userc"),
        ("{{ '%-4s|%d' % ('a', 2) }}{{ '{:>3}{x}'.format(1, x='y') }}", "a   |2  1y"),
        ("{{ [1, 2.5] | sum }}{{ 2.567 | round(1) }}{{ 'a\nb' | indent(2) }}", "3.52.6a\n  b"),
        (
            "{% for m in messages | list + [{'role': 'x'}] %}{{ m.role }}{{ loop.index }}{% endfor %}",
            "user1x2",
        ),
        ("{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.current }}", "aba"),
        ("{% if (messages[0].content is string) and messages[0].role in ['user'] %}y{% endif %}", "y"),
        ("{{ {'a': [1, (2, 3)]} | tojson(indent=1) | length }}{{ {'b': 1} | dictsort }}", "38[('b', 1)]"),
    ],
)
def test_what_templates_do_is_as_ever(source: str, made: str) -> None:
    assert ChatTemplate(source).render([user("Hi")]) == made


def test_no_name_of_the_limits_can_be_replaced() -> None:
    source = "{% set range = 1 %}{% set counted = 2 %}{% for i in messages * 50000 %}{% endfor %}"
    assert code(source) == "template_too_long"


def test_an_allowance_in_all_counts_across_renderings() -> None:
    allowance = Allowance(steps=100, in_all=True)
    template = ChatTemplate("{% for i in range(60) %}{% endfor %}", allowance=allowance)
    template.render([user("Hi")])
    with pytest.raises(PromptError, match="template_runaway"):
        template.render([user("Hi")])


def test_otherwise_each_rendering_has_its_own() -> None:
    template = ChatTemplate("{% for i in range(60) %}.{% endfor %}", allowance=Allowance(steps=100))
    assert [len(template.render([user("Hi")])) for _ in range(3)] == [60, 60, 60]
