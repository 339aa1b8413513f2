"""An inspection tries a model's template on short conversations, and says what is wrong with it."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.chat.template import PLAIN
from app.engine.inspection import inspect
from tests.chat.families import FAMILIES
from tests.doubles.gguf_writer import DenseShape, write_gguf

_ROOT = Path(__file__).resolve().parents[2]


_SHAPE = DenseShape(layers=1, embedding=8, heads=1, kv_heads=1, head=8, feed_forward=16)


def model(folder: Path, template: str) -> Path:
    """A small file of this template."""
    metadata = {**_SHAPE.metadata(), "tokenizer.chat_template": template}
    return write_gguf(folder / "model.gguf", metadata, _SHAPE.tensors())


def problems(path: Path, template: str) -> tuple[str, ...]:
    """What is wrong with a file of this template."""
    return inspect(model(path, template)).problems


@pytest.mark.parametrize("source", [PLAIN, *(family.source for family in FAMILIES.values())])
def test_nothing_is_wrong_with_templates_that_work(tmp_path: Path, source: str) -> None:
    assert problems(tmp_path, source) == ()


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("{% if %}", "template_syntax"),
        ("{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}", "template_runaway"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "template_runaway"),
        ("{{ messages[0].content * 10 ** 9 }}", "template_too_long"),
        ("{{ messages.__class__.__mro__ }}", "template_forbidden"),
        ("{{ raise_exception('Not here.') }}", "template_refused"),
        ("{{ messages[0].content }}{{ tools[0].function.name }}", "template_tools"),
        ("{{ messages[0].content.x.y }}", "template_failed"),
        (
            "{{ messages[0].content }}{% if messages[2:] %}{{ raise_exception('One.') }}{% endif %}",
            "template_refused",
        ),
    ],
)
def test_what_is_wrong_with_a_template_is_told_by_its_code(tmp_path: Path, source: str, code: str) -> None:
    inspected = inspect(model(tmp_path, source))
    assert inspected.problems == (code,)
    assert inspected.thinking.kind == "none"


@pytest.mark.parametrize(
    "source",
    [
        "{% if messages[0].role == 'system' %}{{ raise_exception('No.') }}{% endif %}{{ messages[0].content }}",
        "{% for m in messages if m.role != 'system' %}{{ m.content }}{% endfor %}",
        "{% for m in messages %}{{ {'user': 'U', 'assistant': 'A'}[m.role] + m.content }}{% endfor %}",
    ],
)
def test_a_template_without_a_system_message_is_no_problem(tmp_path: Path, source: str) -> None:
    assert problems(tmp_path, source) == ()


def test_nothing_is_wrong_with_any_real_template(tmp_path: Path, shared: Path) -> None:
    for path in sorted((shared / "data" / "templates").glob("*.jinja")):
        assert problems(tmp_path, path.read_text(encoding="utf-8")) == (), path.name


def test_a_template_at_work_is_told_before_and_after(tmp_path: Path) -> None:
    told: list[bool] = []
    inspect(model(tmp_path, PLAIN), told.append)
    assert told == [True, False]


@pytest.mark.skipif(sys.platform == "win32", reason="a limit of Unix")
def test_what_no_limit_of_the_sandbox_ends_the_process_s_own_limit_ends() -> None:
    code = (
        "from app.engine import inspection\n"
        "inspection.SECONDS_LIMIT = 1\n"
        "inspection.limit_this_process()\n"
        "sum(int(not number) for number in iter(int, 1))\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=_ROOT, timeout=60, check=False)
    assert ended.returncode < 0
