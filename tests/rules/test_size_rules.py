"""The size rules notice what is too large and leave the rest alone."""

from tests.rules import size_rules
from tests.rules.source import Source


def _function(lines: int) -> str:
    return "def f():\n" + "    pass\n" * (lines - 1)


def test_a_module_may_have_400_lines_and_no_more() -> None:
    assert not list(size_rules.short_modules(Source.of_code("app/a.py", "a = 1\n" * 400)))
    assert list(size_rules.short_modules(Source.of_code("app/a.py", "a = 1\n" * 401)))


def test_a_class_may_have_25_methods_and_no_more() -> None:
    def klass(methods: int) -> str:
        return "class C:\n" + "".join(f"    def m{number}(self): ...\n" for number in range(methods))

    assert not list(size_rules.small_classes(Source.of_code("app/a.py", klass(25))))
    assert list(size_rules.small_classes(Source.of_code("app/a.py", klass(26))))


def test_a_function_may_have_40_lines_and_no_more() -> None:
    assert not list(size_rules.short_functions(Source.of_code("app/a.py", _function(40))))
    (breach,) = size_rules.short_functions(Source.of_code("app/a.py", f"\n{_function(41)}"))
    assert str(breach) == "app/a.py:2: f has 41 lines, more than 40"


def test_a_function_inside_a_class_or_a_function_counts_too() -> None:
    nested = "class C:\n" + "".join(f"    {line}\n" for line in _function(41).splitlines())
    assert list(size_rules.short_functions(Source.of_code("app/a.py", nested)))


def test_the_median_is_that_of_the_app_alone() -> None:
    long = Source.of_code("app/a.py", _function(10))
    test = Source.of_code("tests/test_a.py", _function(39))
    short = Source.of_code("app/b.py", _function(3) + _function(4))
    assert list(size_rules.short_on_the_whole([long, test]))
    assert not list(size_rules.short_on_the_whole([long, short, test]))
    assert not list(size_rules.short_on_the_whole([test]))
