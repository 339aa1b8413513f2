"""Model files with chat templates that no model needs: one clear sentence each, and what can be asked is answered."""

import json
from pathlib import Path

import pytest

from app.paths import demo_model
from tests.doubles.gguf_template import with_template
from tests.end_to_end.test_ask import ask

ENDLESS = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
GIGABYTE = "{% set x = 'x' * 100000 %}{% for a in range(99999) %}{{ x }}{% endfor %}"
ATTACK = "{{ messages.__class__.__mro__[1].__subclasses__() }}"
RAISING = "{{ raise_exception('Ask me\nelsewhere.') }}"
TOOLS = "{{ tools[0].name }}{% for m in messages %}{{ m.content }}{% endfor %}"


def titles(stderr: str) -> list[str]:
    """The first sentence of each line."""
    return [line.partition(".")[0] for line in stderr.splitlines()]


@pytest.mark.parametrize(
    ("template", "title"),
    [
        (GIGABYTE, "This model’s chat template writes more than any model can read"),
        (ATTACK, "This model’s chat template reaches for what is none of its business"),
    ],
)
def test_one_that_runs_away_is_said_once_and_then_the_model_is_asked_in_plain_words(
    tmp_path: Path, template: str, title: str
) -> None:
    model = with_template(demo_model(), template, tmp_path / "wild.gguf")
    words = ("ask", "--json", "--model", str(model), "--max-tokens", "3", "hi")
    first = ask(tmp_path, *words)
    assert (first.returncode, first.stdout, titles(first.stderr)) == (1, "", [title])
    second = ask(tmp_path, *words)
    assert (second.returncode, titles(second.stderr)) == (
        0,
        ["This file’s chat template was stopped before and is not used"],
    )
    done = json.loads(second.stdout.splitlines()[-1])["done"]
    assert done["answer_tokens"] == 3


def test_one_that_never_ends_is_met_before_anybody_asks(tmp_path: Path) -> None:
    model = with_template(demo_model(), ENDLESS, tmp_path / "endless.gguf")
    words = ("ask", "--json", "--model", str(model), "--max-tokens", "3", "hi")
    said = []
    for _ in range(2):
        ended = ask(tmp_path, *words)
        assert json.loads(ended.stdout.splitlines()[-1])["done"]["answer_tokens"] == 3
        said += titles(ended.stderr)
    assert said == [
        "This model’s chat template did not come to an end",
        "This file’s chat template was stopped before and is not used",
    ]


def test_one_that_cannot_be_read_is_done_without(tmp_path: Path) -> None:
    model = with_template(demo_model(), "{% if %}", tmp_path / "broken.gguf")
    ended = ask(tmp_path, "ask", "--model", str(model), "--max-tokens", "3", "hi")
    assert ended.returncode == 0
    assert titles(ended.stderr) == ["This model’s chat template cannot be understood"]


@pytest.mark.parametrize(
    ("template", "title"),
    [
        (RAISING, "This model’s chat template does not take this conversation: “Ask me elsewhere”"),
        (TOOLS, "This model’s chat template works with tools alone"),
    ],
)
def test_one_that_refuses_says_why(tmp_path: Path, template: str, title: str) -> None:
    model = with_template(demo_model(), template, tmp_path / "strict.gguf")
    ended = ask(tmp_path, "ask", "--model", str(model), "hi")
    assert (ended.returncode, ended.stdout, titles(ended.stderr)) == (1, "", [title])
