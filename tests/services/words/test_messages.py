"""Every error has one sentence for what is so and one for what to do, filled in."""

import re
from pathlib import Path

import pytest

from app import errors
from app.errors import AppError, ChoiceError, EngineError, ExchangeError, PromptError, error_from
from app.services.words.explanation import size
from app.services.words.messages import explain, notice

CODES = [*sorted(errors._FAMILIES), "bug", "folder_unusable", "output_failed"]
PARAMETERS: dict[str, str | int] = {
    "path": "/models/x.gguf",
    "architecture": "newarch",
    "detail": "out of luck",
    "needed": 5_000_000_000,
    "available": 1_000_000_000,
    "context": 4096,
    "choice": "sideways",
    "choices": "off, on",
    "reason": "line 3",
    "option": "--save",
    "line": 3,
}
NEVER_SHOWN = {"engine_protocol", "model_changed"}


@pytest.mark.parametrize("code", [code for code in CODES if code not in NEVER_SHOWN])
def test_every_code_has_its_own_calm_sentences(code: str) -> None:
    words = explain(error_from(code, PARAMETERS))
    for sentence in (words.title, words.advice):
        assert sentence[0].isupper() or sentence.startswith(("/", "--"))
        assert sentence.endswith(".")
        assert "!" not in sentence
        assert "{" not in sentence
        assert "please" not in sentence.lower()
    assert code not in words.text


@pytest.mark.parametrize("code", CODES)
def test_no_sentence_needs_a_parameter_to_be_made(code: str) -> None:
    assert explain(AppError(code)).title


def test_an_unknown_code_is_named() -> None:
    assert "new_code" in explain(AppError("new_code")).title


def test_a_stranger_s_reason_is_one_short_line() -> None:
    words = explain(PromptError("template_refused", reason="No\n\x1b[2J roles. " + "x" * 10_000))
    assert "\n" not in words.text
    assert "\x1b" not in words.text
    assert "No [2J roles" in words.title
    assert len(words.text) < 400


def test_what_cannot_be_chosen_is_said_as_it_is() -> None:
    titles = [
        explain(ChoiceError("thinking_choice", choice="on", choices="", kind=kind)).title
        for kind in ("none", "always")
    ]
    assert titles == ["This model does not think.", "This model always thinks."]


def test_every_code_that_the_app_raises_is_known() -> None:
    raised: set[str] = set()
    for path in (Path(errors.__file__).parent).rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        raised.update(re.findall(r"(?:ModelFile|Engine|Prompt|Choice)Error\(\s*\"(\w+)\"", text))
    assert len(raised) > 10
    assert raised <= set(CODES)


@pytest.mark.parametrize(
    "code", ["template_missing", "template_failed", "template_distrusted", "system_folded", "device_failed"]
)
def test_every_notice_has_words(code: str) -> None:
    assert notice(code).title != code
    assert notice(code).advice.endswith(".")


@pytest.mark.parametrize("version", [2, 2**70, -(2**70), float("inf"), float("nan")])
def test_a_number_of_any_size_is_told(version: float) -> None:
    assert "newer" in explain(ExchangeError("import_newer", path="/x", version=version)).title


def test_sizes_are_told_in_plain_units() -> None:
    assert size(5_200_000_000) == "5.2 GB"
    assert size(94_000_000) == "94 MB"
    assert size(10) == "1 MB"


def test_an_engine_that_died_while_loading_is_told_with_its_last_words() -> None:
    words = explain(EngineError("engine_crashed", detail="tensor out of bounds", loading=1))
    assert "while it loaded" in words.title
    assert "tensor out of bounds" in words.title
    assert "loaded" not in explain(EngineError("engine_crashed", detail="tensor", loading=0)).title
