"""The style rules notice a bad sample and leave a good one alone."""

import pytest

from tests.rules import style_rules
from tests.rules.source import Rule, Source


def _breaches(rule: Rule, text: str, path: str = "app/ui/page.py") -> list[str]:
    return [str(breach) for breach in rule(Source.of_code(path, text))]


@pytest.mark.parametrize("text", ["", "import os\n", '"""Page"""\n', '"""page\n\nThe page."""\n', '""""""\n'])
def test_a_module_without_an_opening_sentence_is_found(text: str) -> None:
    assert _breaches(style_rules.opens_with_a_sentence, text)


@pytest.mark.parametrize("text", ['"""The page."""\n', '"""A page: it goes on\nover two lines.\n\nMore"""\n'])
def test_a_module_with_an_opening_sentence_is_left_alone(text: str) -> None:
    assert not _breaches(style_rules.opens_with_a_sentence, text)


@pytest.mark.parametrize(
    "path", ["app/utils.py", "app/chat/helper/a.py", "app/text_utils.py", "app/model_manager.py"]
)
def test_a_file_with_a_vague_name_is_found(path: str) -> None:
    assert _breaches(style_rules.telling_names, "", path)


@pytest.mark.parametrize("name", ["ModelManager", "TextUtils", "Helper"])
def test_a_class_with_a_vague_name_is_found(name: str) -> None:
    assert _breaches(style_rules.telling_names, f"class {name}: ...")


def test_telling_names_are_left_alone() -> None:
    assert not _breaches(style_rules.telling_names, "class ManagerialPage: ...", "app/futile/promise.py")


@pytest.mark.parametrize("caught", ["", " Exception", " BaseException", " (ValueError, Exception)"])
def test_catching_everything_is_found(caught: str) -> None:
    text = f"try:\n    f()\nexcept{caught}:\n    pass\n"
    assert _breaches(style_rules.narrow_excepts, text)
    assert not _breaches(style_rules.narrow_excepts, text, "app/services/background.py")
    assert not _breaches(style_rules.narrow_excepts, text, "app/engine/worker.py")
    assert _breaches(style_rules.narrow_excepts, text, "app/engine/generation.py")


def test_catching_everything_to_tidy_up_and_raise_again_is_left_alone() -> None:
    assert not _breaches(
        style_rules.narrow_excepts, "try:\n    f()\nexcept BaseException:\n    g()\n    raise\n"
    )


@pytest.mark.parametrize(
    "text", ["print()", "for a in b:\n    c()", "with a:\n    b()", "if a:\n    pass\nb()"]
)
def test_work_at_import_is_found(text: str) -> None:
    assert _breaches(style_rules.no_work_at_import, text)


def test_definitions_are_no_work() -> None:
    defined = 'import re\nA = re.compile("a")\n\ndef f() -> None:\n    f()\n'
    text = f'"""Page."""\n{defined}\nif __name__ == "__main__":\n    f()\n'
    assert not _breaches(style_rules.no_work_at_import, text)


@pytest.mark.parametrize(
    "text",
    [
        'a = "#fff"',
        'a = "color: #2B2B2B; margin: 0"',
        'a = f"{b} #12345678"',
        'a = "padding: 4px"',
        'a = "font-size: 11 pt"',
        "a.setContentsMargins(8, 0, 8, 0)",
        "a.setSpacing(6)",
        "a.setFixedWidth(240)",
        "QSize(16, 16)",
        "QColor(255, 0, 0)",
    ],
)
def test_a_colour_or_a_size_outside_the_theme_is_found(text: str) -> None:
    assert _breaches(style_rules.tokens_only, text)
    assert not _breaches(style_rules.tokens_only, text, "app/ui/theme.py")
    assert not _breaches(style_rules.tokens_only, text, "app/markup/html.py")


@pytest.mark.parametrize(
    "text",
    [
        '"""Blue is #00f."""',
        'a = "Issue #12345"',
        "a.setContentsMargins(0, 0, 0, 0)",
        "a.setSpacing(Space.S)",
        "a.setMaximumHeight(-1)",
        'a = f"padding: {Space.S}px"',
        "QColor(token)",
    ],
)
def test_named_sizes_and_plain_text_are_left_alone(text: str) -> None:
    assert not _breaches(style_rules.tokens_only, text)
