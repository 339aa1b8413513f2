"""The one script says what it can do and refuses the rest in a sentence, without setting anything up."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.rules.source import ROOT

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the script is for POSIX shells")


def _dev(*words: str, folder: Path = ROOT, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = os.environ | ({"PATH": path} if path is not None else {})
    return subprocess.run(
        [ROOT / "dev", *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("words", [(), ("help",), ("--help",)])
def test_help_lists_the_commands(words: tuple[str, ...]) -> None:
    done = _dev(*words)
    assert done.returncode == 0
    assert all(f"./dev {command}" in done.stdout for command in ("run", "test", "check", "bench", "package"))


def test_an_unknown_command_is_wrong_use() -> None:
    done = _dev("fly")
    assert done.returncode == 2
    assert "There is no ./dev fly." in done.stderr


@pytest.mark.parametrize("words", [("run", "--gpu", "abacus"), ("run", "--gpu="), ("test", "--gpu")])
def test_an_unknown_gpu_is_refused(words: tuple[str, ...]) -> None:
    done = _dev(*words)
    assert done.returncode == 1
    assert done.stderr == "--gpu takes vulkan, cuda, metal or none.\n"


def test_it_works_from_any_folder(tmp_path: Path) -> None:
    assert _dev("help", folder=tmp_path).returncode == 0


@pytest.mark.skipif(
    shutil.which("dpkg-query") is None, reason="only Debian's kind is told which packages to install"
)
def test_without_the_right_to_install_it_says_which_packages_are_missing(tmp_path: Path) -> None:
    for name, answer in {"dpkg-query": "exit 1", "id": "echo 1000", "sudo": "exit 1"}.items():
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\n{answer}\n", encoding="utf-8")
        program.chmod(0o755)
    done = _dev("run", path=f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert done.returncode == 1
    assert "sudo apt-get install --no-install-recommends libxcb-cursor0 " in done.stderr
