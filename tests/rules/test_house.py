"""The repository keeps its own rules."""

import pytest

from tests.rules import size_rules
from tests.rules.house import CODE_RULES, TEXT_RULES
from tests.rules.source import Rule, Source, code, texts


@pytest.fixture(scope="module")
def our_code() -> list[Source]:
    return code()


@pytest.fixture(scope="module")
def our_texts() -> list[Source]:
    return texts()


@pytest.mark.parametrize("rule", CODE_RULES, ids=lambda rule: rule.__name__)
def test_every_python_file_keeps_the_rule(rule: Rule, our_code: list[Source]) -> None:
    assert [str(breach) for source in our_code for breach in rule(source)] == []


@pytest.mark.parametrize("rule", TEXT_RULES, ids=lambda rule: rule.__name__)
def test_every_text_keeps_the_rule(rule: Rule, our_texts: list[Source]) -> None:
    assert [str(breach) for source in our_texts for breach in rule(source)] == []


def test_half_of_the_functions_are_very_short(our_code: list[Source]) -> None:
    assert [str(breach) for breach in size_rules.short_on_the_whole(our_code)] == []


def test_the_rules_read_the_app_its_scripts_and_its_tests(
    our_code: list[Source], our_texts: list[Source]
) -> None:
    read = {source.path for source in (*our_code, *our_texts)}
    assert {"app/__main__.py", "packaging/llama/recipe.py", "tests/rules/house.py", "dev", ".ci/run"} <= read
