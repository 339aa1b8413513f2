"""How a packaged program is tried: by somebody who has nothing, with verdicts in words, on an X server in memory."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

QUESTION, ANSWER = "What is 12 + 35?", "47"
SECONDS = 180
"""Longer than anything here takes: what is not done by then hangs."""


class StepError(Exception):
    """What was tried does not work; the text says how."""


class SkipError(Exception):
    """This machine cannot try it; the text says why."""


Step = Callable[[], str]


def run_steps(steps: Mapping[str, Step]) -> int:
    """Tries each in turn and says a line about it; 1 when one fails."""
    failed = 0
    for name, step in steps.items():
        began = time.monotonic()
        try:
            verdict, told = "ok", step()
        except SkipError as error:
            verdict, told = "skipped", str(error)
        except (StepError, OSError, subprocess.SubprocessError) as error:
            verdict, told, failed = "FAILED", str(error), 1
        sys.stdout.write(f"{verdict:8} {name} ({time.monotonic() - began:.1f} s): {told}\n")
        sys.stdout.flush()
    return failed


def run(
    command: list[str],
    folder: Path,
    environment: Mapping[str, str],
    before: Callable[[], None] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Runs a program to its end, with this environment alone; `before` is done in its process before it begins."""
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=SECONDS,
        preexec_fn=before,  # safe, since there is one thread here
    )


def told(
    command: list[str],
    folder: Path,
    environment: Mapping[str, str],
    before: Callable[[], None] | None = None,
) -> str:
    """What a program says. Raises StepError when it fails."""
    ended = run(command, folder, environment, before)
    if ended.returncode != 0:
        raise StepError(
            f"code {ended.returncode}: {' '.join(command[-4:])}: {(ended.stderr or ended.stdout).strip()[-400:]}"
        )
    return ended.stdout.strip()


def answered(
    command: list[str],
    folder: Path,
    environment: Mapping[str, str],
    before: Callable[[], None] | None = None,
) -> str:
    """The demo model's answer to the question that `command` asks. Raises StepError for a wrong one."""
    answer = told([*command, "ask", QUESTION], folder, environment, before)
    if ANSWER not in answer:
        raise StepError(f"a wrong answer: {answer!r}")
    return answer


def nothing(home: Path) -> dict[str, str]:
    """The environment of somebody who has nothing: an empty PATH, and a home folder that is empty too."""
    return {"PATH": "", "HOME": str(home), "LANG": "C.UTF-8"}


def without_network() -> list[str]:
    """What starts a program without a network, where this machine may do that."""
    unshare = shutil.which("unshare")
    if (
        unshare is None
        or subprocess.run([unshare, "-n", "true"], check=False, capture_output=True).returncode
    ):
        return []
    return [unshare, "-n"]


def first_paint(command: list[str], environment: Mapping[str, str]) -> float:
    """Seconds from the program's start to the first picture of its window, as Qt's own log tells it."""
    began = time.monotonic()
    running = subprocess.Popen(
        command,
        env=dict(environment) | {"QT_LOGGING_RULES": "qt.widgets.painting=true"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr is not None
    heard: list[str] = []
    try:
        for line in running.stderr:
            heard.append(line)
            if "flush" in line.lower():
                return time.monotonic() - began
    finally:
        running.terminate()
        running.communicate(timeout=20)
    raise StepError(f"no window was painted: {''.join(heard)[-300:]}")


@contextmanager
def x_server() -> Iterator[str]:
    """An X server in memory; its display's name."""
    program = shutil.which("Xvfb")
    if program is None:
        raise SkipError("Xvfb is not installed")
    reading, writing = os.pipe()
    command = [program, "-displayfd", str(writing), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    server = subprocess.Popen(
        command, pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            yield f":{pipe.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def wait_for(what: str, happened: Callable[[], bool], running: subprocess.Popen[bytes]) -> None:
    """Waits until a program that runs has done something. Raises StepError when it does not."""
    end = time.monotonic() + SECONDS
    while not happened():
        if running.poll() is not None:
            raise StepError(f"{what}: the program ended with {running.returncode}")
        if time.monotonic() > end:
            raise StepError(f"{what}: waited in vain")
        time.sleep(0.1)
