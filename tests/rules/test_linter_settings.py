"""The linter's settings hold what the house rules say and leave to it."""

import subprocess
import sys

import pytest

from tests.rules.source import ROOT

_BRANCHES = "".join(f"    if a == {number}:\n        b += 1\n" for number in range(10))
_COMPLEX = (
    f'"""A page."""\n\n\ndef f(a: int, b: int) -> int:\n    """It is complex."""\n{_BRANCHES}    return b\n'
)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("C901", _COMPLEX),
        ("T201", '"""A page."""\n\nprint("a")\n'),
        ("BLE001", '"""A page."""\n\ntry:\n    A = 1\nexcept Exception:\n    A = 2\n'),
        ("D100", "A = 1\n"),
        ("ANN001", '"""A page."""\n\n\ndef f(a) -> None:\n    """It takes anything."""\n    del a\n'),
        ("TID252", '"""A page."""\n\nfrom . import a\n'),
    ],
)
def test_the_linter_refuses_a_bad_sample(code: str, text: str) -> None:
    assert code in _complaints(text, "app/chat/page.py")


def test_the_linter_allows_a_function_of_complexity_ten() -> None:
    assert "C901" not in _complaints(
        _COMPLEX.replace("    if a == 9:\n        b += 1\n", ""), "app/chat/page.py"
    )


@pytest.mark.parametrize("path", ["app/cli/main.py", "app/engine/worker.py", "tests/waiting.py"])
def test_nothing_prints_past_what_it_was_given_to_write_to(path: str) -> None:
    assert "T201" in _complaints('"""A page."""\n\nprint("a")\n', path)


def _complaints(text: str, path: str) -> str:
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "concise"]
    done = subprocess.run(
        [*command, "--stdin-filename", path, "-"],
        cwd=ROOT,
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr, done.stderr
    return done.stdout
