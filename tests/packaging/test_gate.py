"""What every change must pass fails when any part of it does, and ends with pytest's own words."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.rules.source import ROOT

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="the gate is a script for bash")

_ALL = ["package", "check", "package check", "test"]


def _gate(folder: Path, failing: str) -> subprocess.CompletedProcess[str]:
    """Runs the gate with a `dev` that only says what it is asked for."""
    (folder / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", folder / ".ci" / "run")
    dev = folder / "dev"
    dev.write_text('#!/bin/sh\necho "dev $*"\n[ "$*" != "$FAILING" ]\n', encoding="utf-8")
    dev.chmod(0o755)
    return subprocess.run(
        ["bash", folder / ".ci" / "run"],
        env=os.environ | {"FAILING": failing},
        check=False,
        capture_output=True,
        text=True,
    )


def _asked(ended: subprocess.CompletedProcess[str]) -> list[str]:
    return [line.removeprefix("dev ") for line in ended.stdout.splitlines() if line.startswith("dev ")]


def test_it_passes_when_everything_does(tmp_path: Path) -> None:
    ended = _gate(tmp_path, "nothing")
    assert (ended.returncode, _asked(ended)) == (0, _ALL)
    assert "failed" not in ended.stdout


@pytest.mark.parametrize("failing", _ALL)
def test_it_fails_when_one_part_does_and_the_tests_still_run_last(failing: str, tmp_path: Path) -> None:
    ended = _gate(tmp_path, failing)
    assert ended.returncode == 1
    # A package that was not made cannot be tried.
    assert _asked(ended) == [part for part in _ALL if (failing, part) != ("package", "package check")]
    assert ended.stdout.splitlines()[-1] == "dev test"


@pytest.mark.parametrize(
    ("failing", "said"),
    [
        ("check", "The checks failed"),
        ("package", "The package failed"),
        ("package check", "The package failed"),
    ],
)
def test_a_verdict_is_said_before_the_tests(failing: str, said: str, tmp_path: Path) -> None:
    assert said in _gate(tmp_path, failing).stdout
