"""A long answer keeps the machine awake, is announced behind other windows, and a sleep is noticed."""

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QObject

from app.chat.conversation import FinishReason, Message, ReplyState
from app.services.desktop.desktop import DesktopService, desktop_of_this_system
from app.services.desktop.desktop_macos import MacDesktop
from app.services.desktop.desktop_system import DesktopSystem
from app.services.desktop.desktop_windows import WindowsDesktop
from app.services.settings_service import SettingsService
from app.settings import INHIBIT_SLEEP, NOTIFY, Settings
from tests.waiting import wait_until


class Played(DesktopSystem):
    """Writes down what it is asked."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.asked: list[str] = []
        self.shown: list[tuple[str, str, str]] = []

    def begin(self) -> None:
        self.asked.append("begin")

    def keep_awake(self, _why: str, /) -> None:
        self.asked.append("awake")

    def let_sleep(self) -> None:
        self.asked.append("sleep")

    def announce(self, key: str, title: str, text: str, opens: str) -> None:
        assert opens
        self.shown.append((key, title, text))

    def withdraw(self) -> None:
        self.shown.clear()


class Scene:
    """The service on a played desktop, with a window that is in front or not."""

    def __init__(self, folder: Path) -> None:
        self.settings = SettingsService(Settings(folder / "settings.json"))
        self.system = Played()
        self.in_front = False
        self.seconds = 1e9
        self.made = 0
        self.service = DesktopService(
            self.settings, lambda: self.in_front, make_system=self._make, now=lambda: self.seconds
        )

    def _make(self, _parent: QObject) -> DesktopSystem:
        self.made += 1
        return self.system

    def reply(
        self, number: str = "r1", state: ReplyState = "finished", reason: FinishReason | None = "end"
    ) -> None:
        """A reply from beginning to end."""
        self.service.on_reply_started("c1", number)
        message = Message(number, "assistant", None, state=state, reason=reason, model="Qwen3 8B")
        self.service.on_reply_ended("c1", message)


@pytest.fixture
def scene(qt_app: QCoreApplication, tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def test_nothing_of_the_desktop_is_touched_before_a_reply(scene: Scene) -> None:
    scene.service.on_window_in_front()
    scene.settings.set(INHIBIT_SLEEP, False)
    scene.service.close()
    assert scene.made == 0


def test_the_machine_is_awake_while_a_reply_is_written_and_a_moment_longer(scene: Scene) -> None:
    scene.reply()
    assert scene.system.asked == ["begin", "awake"]
    wait_until(lambda: scene.system.asked[-1] == "sleep", "the end of the moment", 20)


def test_it_stays_awake_from_one_reply_to_the_next(scene: Scene) -> None:
    scene.reply("r1")
    scene.service.on_reply_started("c2", "r2")
    assert "sleep" not in scene.system.asked
    scene.service.close()
    assert scene.system.asked[-1] == "sleep"
    assert scene.made == 1


def test_the_choice_holds_at_once(scene: Scene) -> None:
    scene.service.on_reply_started("c1", "r1")
    scene.settings.set(INHIBIT_SLEEP, False)
    assert scene.system.asked[-1] == "sleep"
    scene.settings.set(INHIBIT_SLEEP, True)
    assert scene.system.asked[-1] == "awake"
    scene.service.close()


def test_a_reply_behind_other_windows_is_announced_without_a_word_of_it(scene: Scene) -> None:
    seen: list[bool] = []
    scene.service.attention.connect(lambda: seen.append(True))
    scene.reply()
    assert scene.system.shown == [("c1", "A reply is ready", "Qwen3 8B")]
    assert seen == [True]


def test_a_reply_that_broke_off_is_told_as_that(scene: Scene) -> None:
    scene.reply(state="interrupted", reason=None)
    assert scene.system.shown[0][1] == "A reply was interrupted"


def test_nothing_is_announced_that_a_person_sees_stopped_or_does_not_want(scene: Scene) -> None:
    scene.reply(reason="stopped")
    scene.in_front = True
    scene.reply()
    scene.in_front = False
    scene.settings.set(NOTIFY, False)
    scene.reply()
    assert scene.system.shown == []


def test_announcements_go_when_the_window_comes_or_they_are_switched_off(scene: Scene) -> None:
    scene.reply()
    scene.service.on_window_in_front()
    assert scene.system.shown == []
    scene.reply()
    scene.settings.set(NOTIFY, False)
    assert scene.system.shown == []


def test_what_ends_because_the_app_does_is_not_announced(scene: Scene) -> None:
    scene.service.on_reply_started("c1", "r1")
    scene.service.close()
    message = Message("r1", "assistant", None, state="interrupted", model="Qwen3 8B")
    scene.service.on_reply_ended("c1", message)
    assert scene.system.shown == []
    assert scene.system.asked[-1] == "sleep"


def test_a_click_and_a_wake_are_passed_on(scene: Scene) -> None:
    clicked: list[str] = []
    woke: list[bool] = []
    scene.service.clicked.connect(clicked.append)
    scene.service.woke.connect(lambda: woke.append(True))
    scene.reply()
    scene.system.clicked.emit("c1")
    scene.system.woke.emit()
    assert (clicked, woke) == (["c1"], [True])


def test_a_sleep_that_no_system_told_of_is_noticed_by_the_missing_time(scene: Scene) -> None:
    woke: list[bool] = []
    scene.service.woke.connect(lambda: woke.append(True))
    scene.reply()
    scene.seconds += 20
    scene.service.feel_pulse()
    assert woke == []
    scene.seconds += 3600
    scene.service.feel_pulse()
    scene.seconds += 20
    scene.service.feel_pulse()
    assert woke == [True]
    scene.seconds -= 7200
    scene.service.feel_pulse()
    assert woke == [True]


def test_a_wake_that_was_told_is_not_noticed_again(scene: Scene) -> None:
    woke: list[bool] = []
    scene.service.woke.connect(lambda: woke.append(True))
    scene.reply()
    scene.seconds += 3600
    scene.system.woke.emit()
    scene.service.feel_pulse()
    assert woke == [True]


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has it")
def test_this_system_s_desktop_is_imported_when_it_is_made(
    qt_app: QCoreApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert type(desktop_of_this_system(qt_app)) is DesktopSystem
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    assert type(desktop_of_this_system(qt_app)).__name__ == "LinuxDesktop"


@pytest.mark.skipif(sys.platform == "win32", reason="a script of Unix plays the program")
def test_on_macos_a_process_keeps_the_machine_awake(qt_app: QCoreApplication, tmp_path: Path) -> None:
    program, words = tmp_path / "caffeinate", tmp_path / "words"
    program.write_text(
        f'#!/bin/sh\necho "$@" > {words}.new; mv {words}.new {words}\nexec sleep 60\n', encoding="ascii"
    )
    program.chmod(0o700)
    desktop = MacDesktop(program=str(program))
    desktop.keep_awake("")
    desktop.keep_awake("")
    wait_until(words.exists, "the process")
    assert words.read_text(encoding="ascii").startswith("-i -w ")
    desktop.close()
    assert desktop.children() == [] or not [
        child for child in desktop.children() if getattr(child, "processId", int)()
    ]


def test_systems_without_a_program_or_a_way_do_nothing(qt_app: QCoreApplication, tmp_path: Path) -> None:
    for desktop in (MacDesktop(program=str(tmp_path / "missing")), WindowsDesktop(), DesktopSystem()):
        desktop.begin()
        desktop.keep_awake("")
        desktop.announce("c", "t", "x", "Open")
        desktop.close()
