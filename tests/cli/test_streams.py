"""A script's streams may be closed, full or narrow; the answer or a sentence comes all the same."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.cli.streams import typed

ROOT = Path(__file__).resolve().parent.parent.parent

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell opens and closes the streams")


def shell(data: Path, rest: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Runs `ask` in a shell, so that its streams can be redirected."""
    command = f"exec {sys.executable} -m app --data-dir {data} ask {rest}"
    given = {"PATH": "/usr/bin:/bin", "HOME": str(data), **environment}
    return subprocess.run(
        ["sh", "-c", command], cwd=ROOT, capture_output=True, env=given, timeout=120, check=False
    )


def test_a_letter_that_the_encoding_does_not_have_is_replaced(tmp_path: Path) -> None:
    ended = shell(tmp_path, "--show-thinking 'How many é are in café?'", PYTHONIOENCODING="ascii")
    assert ended.returncode == 0
    assert ended.stderr == b""
    assert ended.stdout.isascii()


def test_json_is_utf_8_whatever_the_locale(tmp_path: Path) -> None:
    ended = shell(tmp_path, "--json --system 'é' '12+35='", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert [next(iter(json.loads(line))) for line in ended.stdout.decode().splitlines()][-1] == "done"


def test_a_question_is_read_as_utf_8_where_the_locale_cannot(tmp_path: Path) -> None:
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ended = shell(tmp_path, "'é 12+35='", **plain)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_bytes_of_an_argument_that_are_no_text_are_replaced() -> None:
    assert typed("a\udcff") == "a\ufffd"
    assert typed("\udcc3\udca9") == "é"
    assert typed("é 🙂") == "é 🙂"


def test_a_closed_input_has_no_question(tmp_path: Path) -> None:
    ended = shell(tmp_path, "- <&-")
    assert ended.returncode == 1
    assert b"nothing to send" in ended.stderr


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_closed_output_is_no_failure(tmp_path: Path, closed: str) -> None:
    ended = shell(tmp_path, f"'12+35=' {closed}")
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
@pytest.mark.parametrize("form", ["", "--json"])
def test_a_full_disk_is_said_in_one_sentence(tmp_path: Path, form: str) -> None:
    ended = shell(tmp_path, f"{form} '12+35=' >/dev/full")
    assert ended.returncode == 1
    assert ended.stderr.startswith(b"The reply could not be written")
    assert ended.stderr.count(b"\n") == 1


def test_a_data_folder_that_cannot_be_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    ended = shell(tmp_path / "file" / "inside", "'12+35='")
    assert ended.returncode == 1
    assert "cannot hold this program’s files" in ended.stderr.decode()
    assert ended.stderr.count(b"\n") == 1


def asking(data: Path, model: Path) -> "subprocess.Popen[bytes]":
    """A question with a long reply, in the middle of being asked."""
    command = [sys.executable, "-m", "app", "--data-dir", str(data), "ask", "--model", str(model)]
    return subprocess.Popen(
        [*command, "Tell a very long story about the sea."],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_ctrl_c_before_the_model_is_loaded_ends_with_130(tmp_path: Path, smollm2: Path) -> None:
    process = asking(tmp_path, smollm2)
    while not (tmp_path / "logs" / "soliloquy.log").exists():
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60) == (b"", b"")
    assert process.returncode == 130


def test_ctrl_c_while_it_answers_keeps_the_words_and_ends_with_130(tmp_path: Path, smollm2: Path) -> None:
    process = asking(tmp_path, smollm2)
    assert process.stdout is not None
    first = os.read(process.stdout.fileno(), 1)
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=60)
    assert (first + rest).endswith(b"\n")
    assert len(first + rest) > 2
    assert errors == b""
    assert process.returncode == 130
