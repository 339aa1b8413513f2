"""The first words decide the role, before anything of Qt is imported."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.__main__ import wants_command_line

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    ("words", "command_line"),
    [
        ([], False),
        (["model.gguf"], False),
        (["--data-dir", "ask"], False),
        (["--data-dir", "/d", "model.gguf"], False),
        (["ask", "hi"], True),
        (["--data-dir", "/d", "ask", "hi"], True),
        (["models", "list"], True),
        (["--help"], True),
        (["--version"], True),
    ],
)
def test_a_verb_asks_for_the_command_line(words: list[str], command_line: bool) -> None:
    assert wants_command_line(words) is command_line


def test_the_version_is_told_without_a_window() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "app", "--version"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ended.stdout.startswith("soliloquy ")


def test_an_engine_process_never_imports_qt() -> None:
    code = "import sys; import app.engine.role, app.engine.loading; print('PySide6' in sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert ended.stdout.strip() == "False"


def test_the_window_s_process_never_imports_what_it_does_not_need_at_its_start() -> None:
    code = (
        "import sys; import app.application; "
        "print([name for name in ('llama_cpp', 'numpy', 'jinja2', 'importlib.metadata', 'ssl') if name in sys.modules])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert ended.stdout.strip() == "[]"
