"""What is lost when the window is killed in the middle of a reply, at random moments, again and again."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import get_args

import msgspec
import psutil

from app.errors import AppError
from app.storage.database import full_check
from tests.benchmarks.data_folder import in_store, prepare, store_file, store_in
from tests.benchmarks.figures import Figure
from tests.benchmarks.left_behind import Killed, Moment, Told, look
from tests.benchmarks.paced_engine import Pace, notes
from tests.benchmarks.setup import ROOT, Setup, child_environment
from tests.benchmarks.stored_conversations import conversation

_WINDOW = "tests.benchmarks.doomed_chat"
_KILLS = 200
_QUICK = 10
_BAR_SECONDS = 0.5
_LONGEST_SECONDS = 60
_SEED = 4

_PACE = Pace(rate=200.0, prefill=0.4, thinking=400, answer=600, size=4)
_SHORT = Pace(rate=200.0, prefill=0.1, thinking=60, answer=100, size=4)
_END_SECONDS = _SHORT.answer / _SHORT.rate

WITHIN: dict[Moment, tuple[float, float]] = {
    "sending": (0.0, 0.1),
    "prefill": (0.0, 0.4),
    "thinking": (0.0, 2.0),
    "answer": (0.0, 3.0),
    "end": (_END_SECONDS - 0.1, _END_SECONDS + 0.2),
    "queued": (0.0, 0.5),
    "delete": (0.0, 0.3),
    "delete own": (0.0, 0.3),
    "rename": (0.0, 0.3),
}
"""How long after its moment a window is killed: at least and at most, in seconds."""


def kills(setup: Setup) -> Iterator[Figure]:
    """Seconds of text that were lost, and how often the store was not whole afterwards."""
    count = _QUICK if setup.quick else _KILLS
    chance = random.Random(_SEED)
    with tempfile.TemporaryDirectory(dir=setup.paths.data) as name:
        folder = Path(name)
        prepare(folder)
        killed = [_kill(folder, number, chance) for number in range(count)]
    lost = [kill.lost for kill in killed if kill.wrote] or [0.0]
    note = f"median {median(lost):.2f} s of {len(lost)} replies with text; {', '.join(get_args(Moment))}"
    yield Figure(f"{count} kills: text lost at most", max(lost), _BAR_SECONDS, "at most", "s", note=note)
    wrong = [f"{kill.moment}: {'; '.join(kill.wrong)}" for kill in killed if kill.wrong]
    name = f"{count} kills: store not whole"
    yield Figure(name, float(len(wrong)), 0.0, "at most", note=" | ".join(wrong[:3]))


def _kill(folder: Path, number: int, chance: random.Random) -> Killed:
    """Opens a window on the folder, kills it at a moment, and looks at what it left."""
    moments = get_args(Moment)
    moment: Moment = moments[number % len(moments)]
    other = conversation(number, messages=4)
    store_in(folder, [other])
    log = folder / f"engine-{number}.log"
    pace = msgspec.structs.replace(_SHORT if moment == "end" else _PACE, log=str(log))
    own, at = _run_until_killed(folder, moment, other.id, pace, chance)
    said = [note for note in notes(log) if note.at <= at]
    log.unlink()
    kill = Killed(moment, own, other, said)
    try:
        in_store(folder, lambda store: look(store, kill))
    except (AppError, RuntimeError) as error:
        kill.wrong.append(f"it does not open: {error}")
    if not full_check(store_file(folder)):
        kill.wrong.append("the integrity check fails")
    if kill.wrong:
        sys.stderr.write(f"Kill {number} ({moment}): {'; '.join(kill.wrong)}\n")
    return kill


def _run_until_killed(
    folder: Path, moment: Moment, other: str, pace: Pace, chance: random.Random
) -> tuple[str, float]:
    """The conversation that was open, and when it was killed; one kill in two takes the engine along."""
    command = [sys.executable, "-m", _WINDOW, str(folder), moment, other]
    window = subprocess.Popen(
        [*command, msgspec.json.encode(pace).decode()],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=child_environment(QT_QPA_PLATFORM="offscreen"),
        start_new_session=True,
    )
    if window.stdout is None:
        raise RuntimeError("started without a pipe")
    given_up = threading.Timer(_LONGEST_SECONDS, window.kill)
    given_up.start()
    with window.stdout as told:
        own = msgspec.json.decode(told.readline(), type=Told).conversation
    given_up.cancel()
    family = psutil.Process(window.pid).children(recursive=True)
    time.sleep(chance.uniform(*WITHIN[moment]))
    at = time.monotonic()
    if chance.random() < 0.5:
        os.killpg(window.pid, signal.SIGKILL)
    else:
        window.kill()
    window.wait()
    psutil.wait_procs(family, timeout=_LONGEST_SECONDS)
    return own, at
