"""On a private bus: the machine stays awake while it should, wakes are heard, and notices are shown and chosen."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent.parent
DOUBLE = ROOT / "tests" / "doubles" / "desktop_bus.py"

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("dbus-daemon") is None,
    reason="there is no dbus-daemon (package dbus)",
)


class Bus:
    """A bus of its own, the services on it, and what they wrote down."""

    def __init__(self) -> None:
        self._daemon = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._daemon.stdout is not None
        self.address = self._daemon.stdout.readline().strip()
        self._service: subprocess.Popen[str] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """Both buses are this one."""
        return {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DBUS_SESSION_BUS_ADDRESS": self.address,
            "DBUS_SYSTEM_BUS_ADDRESS": self.address,
        }

    def serve(self, *names: str) -> None:
        """Starts services and waits for them."""
        self._service = subprocess.Popen(
            [sys.executable, str(DOUBLE), "serve", *names],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._service.stdout is not None
        assert self._service.stdout.readline() == "serving\n"

    def use(self, *words: str, **environment: str) -> subprocess.Popen[str]:
        """Starts a process with the real desktop."""
        return subprocess.Popen(
            [sys.executable, str(DOUBLE), "use", str(0.25 * len(words) + 0.3), *words],
            env={**self.environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def used(self, *words: str, **environment: str) -> list[str]:
        """What a process with the real desktop said until its end."""
        out, problems = self.use(*words, **environment).communicate(timeout=60)
        assert problems == ""
        return out.splitlines()

    def wake(self) -> None:
        """Lets the machine sleep and wake."""
        assert self._service is not None
        assert self._service.stdin is not None
        self._service.stdin.write("wake\n")
        self._service.stdin.flush()

    def heard(self) -> list[str]:
        """Ends the services; what they were asked."""
        assert self._service is not None
        out, _ = self._service.communicate(timeout=60)
        self._service = None
        return out.splitlines()

    def close(self) -> None:
        """Ends everything."""
        if self._service is not None:
            self._service.kill()
            self._service.communicate()
        self._daemon.terminate()
        self._daemon.communicate()


@pytest.fixture
def bus() -> Iterator[Bus]:
    made = Bus()
    yield made
    made.close()


_LOCKED = "called org.freedesktop.login1.Manager Inhibit sleep:idle Soliloquy A reply is being written block"


def test_the_machine_stays_awake_until_it_is_let_go(bus: Bus) -> None:
    bus.serve("login1")
    bus.used("begin", "awake", "awake", "wait", "sleep", "wait", "awake", "close")
    assert bus.heard() == [_LOCKED, "released", _LOCKED, "released"]


def test_the_lock_ends_with_the_process_however_it_ends(bus: Bus) -> None:
    bus.serve("login1")
    bus.used("begin", "awake", "wait")
    bus.used("wait")
    assert bus.heard() == [_LOCKED, "released"]


def test_where_no_login1_is_the_power_manager_is_asked(bus: Bus) -> None:
    bus.serve("power")
    bus.used("begin", "awake", "wait", "sleep", "close")
    assert bus.heard() == [
        "called org.freedesktop.PowerManagement.Inhibit Inhibit Soliloquy A reply is being written"
    ]


def test_the_end_of_a_sleep_is_heard(bus: Bus) -> None:
    bus.serve("login1")
    process = bus.use("begin", "wait", "wait", "wait")
    assert process.stdout is not None
    assert process.stdout.readline() == "did begin\n"
    bus.wake()
    out, _ = process.communicate(timeout=60)
    assert out.splitlines().count("woke") == 1


def test_without_any_bus_everything_is_quietly_absent(bus: Bus) -> None:
    nowhere = "unix:path=/nonexistent/bus"
    said = bus.used(
        "begin", "awake", "announce", "sleep", "close",
        DBUS_SESSION_BUS_ADDRESS=nowhere, DBUS_SYSTEM_BUS_ADDRESS=nowhere,
    )  # fmt: skip
    assert said == ["did begin", "did awake", "did announce", "did sleep", "did close"]


def _notifier(folder: Path, script: str) -> dict[str, str]:
    program = folder / "notify"
    words = folder / "words"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {words}\n{script}\n', encoding="ascii")
    program.chmod(0o700)
    return {"NOTIFIER": str(program)}


def _words(folder: Path) -> list[str]:
    return (folder / "words").read_text(encoding="utf-8").splitlines()


def test_a_notice_says_its_words_and_a_click_on_it_is_told(bus: Bus, tmp_path: Path) -> None:
    said = bus.used("announce", "wait", **_notifier(tmp_path, "echo default"))
    assert "clicked c1" in said
    words = _words(tmp_path)
    assert words[words.index("--") :] == ["--", "A reply is ready", "--Qwen &lt;3&gt; &amp; co"]
    assert "--action=default=Open" in words


def test_a_notice_that_is_only_closed_opens_nothing(bus: Bus, tmp_path: Path) -> None:
    assert bus.used("announce", "wait", **_notifier(tmp_path, "exit 0")) == ["did announce", "did wait"]


def test_an_older_notice_program_is_asked_without_a_choice(bus: Bus, tmp_path: Path) -> None:
    old = 'case "$*" in *--action*) exit 1;; esac'
    assert bus.used("announce", "wait", **_notifier(tmp_path, old)) == ["did announce", "did wait"]
    words = _words(tmp_path)
    assert len([word for word in words if word == "A reply is ready"]) == 2


def test_a_notice_is_taken_back(bus: Bus, tmp_path: Path) -> None:
    stays = f"trap 'echo gone >> {tmp_path}/words; exit 0' INT\nsleep 20 & wait $!"
    said = bus.used("announce", "wait", "withdraw", "wait", **_notifier(tmp_path, stays))
    assert "clicked c1" not in said
    assert _words(tmp_path)[-1] == "gone"


def test_a_notice_program_that_cannot_be_started_hurts_nobody(bus: Bus, tmp_path: Path) -> None:
    said = bus.used("announce", "wait", "announce", "close", NOTIFIER=str(tmp_path / "missing"))
    assert said[-1] == "did close"
