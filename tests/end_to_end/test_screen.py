"""The window on a real X server, used by key presses."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.skipif(sys.platform != "linux", reason="Xvfb is an X server of Linux")
def test_a_question_is_asked_on_a_screen_by_key_presses(tmp_path: Path) -> None:
    for program in ("xvfb-run", "xdotool"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed: ./dev test installs it")
    ended = subprocess.run(
        ["xvfb-run", "-a", sys.executable, "-m", "tests.doubles.screen_user", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "xcb"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout.splitlines()[-1])
    assert told["platform"] == "xcb"
    assert told["question"] == "12 + 35"
    assert told["thinking"]
    assert "47" in told["answer"]
    assert told["colours"] > 10
