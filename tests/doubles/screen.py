"""A screen in memory with a keyboard and a screen reader, on which the app runs as a person starts it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent.parent
_SYSTEM_PYTHON: Final = "/usr/bin/python3"
_NEEDED: Final = ("Xvfb", "xdotool", "dbus-daemon", _SYSTEM_PYTHON)

Told = dict[str, Any]


def missing() -> str:
    """What of it this machine lacks, in words; empty where it has everything."""
    if sys.platform != "linux":
        return "Xvfb is an X server of Linux"
    for program in _NEEDED:
        if shutil.which(program) is None:
            return f"{program} is not installed: ./dev test installs it"
    asked = subprocess.run([_SYSTEM_PYTHON, "-c", "import pyatspi"], check=False, capture_output=True)
    return "python3-pyatspi is not installed: ./dev test installs it" if asked.returncode else ""


class Screen:
    """An X server and a bus of their own. `app` is the process whose window is in front."""

    def __init__(self, size: tuple[int, int] = (1400, 900)) -> None:
        self._running: list[subprocess.Popen[str]] = []
        self.app: subprocess.Popen[str] | None = None
        self._environment = {
            **os.environ,
            "QT_QPA_PLATFORM": "xcb",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "GTK_MODULES": "",
        }
        x_server = ("Xvfb", "-displayfd", "1", "-screen", "0", f"{size[0]}x{size[1]}x24", "-nolisten", "tcp")
        self._environment["DISPLAY"] = ":" + self._start(x_server).strip()
        bus = ("dbus-daemon", "--session", "--nofork", "--print-address=1")
        self._environment["DBUS_SESSION_BUS_ADDRESS"] = self._start(bus).strip()
        self._reader = self._begin((_SYSTEM_PYTHON, "tests/doubles/screen_reader.py"), stdin=subprocess.PIPE)

    def start(self, data: Path) -> None:
        """Starts the app on a data folder, and waits for its window."""
        words = (sys.executable, "-m", "app", "--data-dir", str(data))
        self.app = self._begin(words)
        self.wait(lambda: bool(self.ask("tree")), "the window")
        self.to_front()

    def end(self) -> int:
        """Waits for the app, which was told to close; its exit code."""
        assert self.app is not None
        return self.app.wait(60)

    def close(self) -> None:
        """Ends everything."""
        for process in reversed(self._running):
            process.terminate()
        for process in self._running:
            process.communicate(timeout=30)

    def hold_engine(self, held: bool) -> None:
        """Lets the engine's process stand still, or go on: what it writes would be over before it is looked at."""
        assert self.app is not None
        for told in Path(f"/proc/{self.app.pid}/task").glob("*/children"):
            for child in told.read_text().split():
                os.kill(int(child), signal.SIGSTOP if held else signal.SIGCONT)

    # The keyboard

    def to_front(self, title: str = "Soliloquy") -> None:
        """Gives a window the keyboard, as a window manager would."""
        self._xdotool("search", "--sync", "--onlyvisible", "--name", title, "windowfocus", "--sync")

    def place(self, x: int, y: int, width: int, height: int, title: str = "Soliloquy") -> None:
        """Gives a window another place and size, in pixels."""
        found = ("search", "--onlyvisible", "--name", title)
        self._xdotool(*found, "windowsize", str(width), str(height), "windowmove", "--sync", str(x), str(y))

    def stands(self, title: str = "Soliloquy") -> str:
        """Where a window is and how large."""
        words = ("xdotool", "search", "--onlyvisible", "--name", title, "getwindowgeometry")
        told = subprocess.run(
            words, check=True, timeout=20, env=self._environment, stdout=subprocess.PIPE, text=True
        )
        return told.stdout.split("\n", 1)[1]

    def press(self, *keys: str) -> None:
        """Presses keys, or several held together, such as ctrl+n."""
        self._xdotool("key", "--delay", "15", *keys)

    def type(self, text: str) -> None:
        """Types a text."""
        self._xdotool("type", "--delay", "15", text)

    def _xdotool(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], check=True, timeout=20, env=self._environment)

    # The screen reader

    def ask(self, command: str, *arguments: str) -> Any:
        """Asks the reader."""
        assert self.app is not None
        assert self._reader.stdin is not None
        assert self._reader.stdout is not None
        self._reader.stdin.write(json.dumps([command, self.app.pid, *arguments]) + "\n")
        self._reader.stdin.flush()
        told = json.loads(self._reader.stdout.readline())
        return None if isinstance(told, dict) and "gone" in told else told

    def find(self, name: str, role: str = "", within: str = "") -> Told | None:
        """What is called so, as it is told now."""
        found: Told | None = self.ask("find", name, role, within)
        return found

    def focus(self) -> Told:
        """What has the focus; an empty name where nothing has."""
        return self.ask("focus") or {"name": "", "role": "", "states": [], "within": []}

    def act(self, name: str, role: str = "", within: str = "", action: str = "") -> None:
        """Presses what is called so, as soon as it is there and enabled."""
        self.wait(lambda: bool(self.ask("act", name, role, within, action)), f"“{name}”, to press it")

    def things(self) -> list[Told]:
        """Everything that is showing, in the order in which it is told."""
        found: list[Told] = []

        def gather(nodes: Sequence[Told]) -> None:
            for node in nodes:
                found.append(node)
                gather(node["children"])

        gather(self.ask("tree") or ())
        return found

    # Waiting

    def wait(self, condition: Callable[[], bool], what: str, seconds: float = 30.0) -> None:
        """Waits until the condition holds; AssertionError after `seconds`, which is far beyond any pass."""
        end = time.monotonic() + seconds
        while not condition():
            over = self.app is not None and self.app.poll() is not None
            if over or time.monotonic() > end:
                shown = [thing["name"] for thing in self.things() if thing["name"]]
                raise AssertionError(f"waited in vain for {what}; focus {self.focus()}; shown {shown}")
            time.sleep(0.03)

    def wait_for_focus(self, name: str) -> None:
        """Waits until what is called so has the focus."""
        self.wait(lambda: self.focus()["name"] == name, f"the focus at “{name}”", 20)

    def wait_to_reach(self, what: str) -> None:
        """Waits until the focus comes to something that no window holds, such as "menu item: Rename"."""
        self.wait(lambda: what in self.ask("reached"), f"“{what}”", 20)

    def wait_for(self, name: str, role: str = "", within: str = "") -> Told:
        """Waits until something is called so."""
        self.wait(lambda: self.find(name, role, within) is not None, f"“{name}”")
        return self.find(name, role, within) or {}

    # Its processes

    def _begin(self, words: Sequence[str], stdin: int | None = subprocess.DEVNULL) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            words, cwd=ROOT, env=self._environment, text=True, stdin=stdin, stdout=subprocess.PIPE
        )
        self._running.append(process)
        return process

    def _start(self, words: Sequence[str]) -> str:
        """Starts a program and returns the first line that it says."""
        process = self._begin(words)
        assert process.stdout is not None
        return process.stdout.readline()
