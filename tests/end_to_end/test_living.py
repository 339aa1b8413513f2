"""Living with the window: replies that end behind it, a rest, a wake, a later start, all on the real engine."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from app.application import Application
from app.paths import Paths
from app.services.desktop.desktop_system import DesktopSystem
from app.services.desktop.one_instance import OneInstance
from app.settings import WELCOMED
from tests.conftest import Noise
from tests.waiting import wait_until


@pytest.fixture(autouse=True)
def offscreen(noise: Noise) -> None:
    """The offscreen platform says what it cannot do for a window."""
    noise.allow("This plugin does not support")


class Played(DesktopSystem):
    """Writes down what is announced, and whether the machine is kept awake."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.awake: list[bool] = []
        self.shown: list[tuple[str, str, str]] = []

    def keep_awake(self, _why: str, /) -> None:
        self.awake.append(True)

    def let_sleep(self) -> None:
        self.awake.append(False)

    def announce(self, key: str, title: str, text: str, opens: str) -> None:
        self.shown.append((key, title, text))

    def withdraw(self) -> None:
        self.shown.clear()


@pytest.fixture
def system(qt_app: QApplication, monkeypatch: pytest.MonkeyPatch) -> Played:
    """The desktop that the app finds itself on, with another window in front."""
    played = Played()
    monkeypatch.setattr("app.services.desktop.desktop.desktop_of_this_system", lambda _parent: played)
    monkeypatch.setattr("app.application.is_in_front", lambda: False)
    return played


@pytest.fixture
def living(system: Played, tmp_path: Path) -> Iterator[Application]:
    """The whole app with its demo model."""
    paths = Paths.under(tmp_path / "data")
    paths.prepare()
    made = Application(paths)
    made.settings.set(WELCOMED, True)
    made.open(None)
    wait_until(lambda: made.engine.state.phase == "ready", "the demo model")
    yield made
    made.close()
    made.window.deleteLater()
    made.deleteLater()


def ask(application: Application, text: str = "What is 12 + 35?") -> None:
    """Asks, and waits for the end of the reply."""
    application.chat.send(text)
    wait_until(lambda: application.replies.running is None, "the end of the reply")


def test_a_reply_that_ends_behind_other_windows_is_announced_and_a_click_opens_it(
    living: Application, system: Played
) -> None:
    ask(living)
    asked = living.chat.conversation.id
    assert system.shown == [(asked, "A reply is ready", living.engine.state.name)]
    assert system.awake[0]
    living.chat.new_conversation()
    assert living.chat.conversation.id != asked
    living.window.showMinimized()
    system.clicked.emit(asked)
    wait_until(lambda: living.chat.conversation.id == asked, "the conversation")
    assert not living.window.isMinimized()


def test_announcements_go_when_the_app_comes_to_the_front(
    living: Application, system: Played, qt_app: QApplication
) -> None:
    ask(living)
    qt_app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    assert system.shown == []


def test_closing_lets_the_machine_sleep(living: Application, system: Played) -> None:
    ask(living)
    living.close()
    assert system.awake[-1] is False


def test_a_resting_model_is_said_and_comes_back_with_the_next_question(living: Application) -> None:
    assert living.engine.rest()
    assert "resting" in living.window.model_bar.model.words
    assert "is resting" in living.window.page.empty_state.text
    ask(living)
    assert "47" in living.chat.conversation.branch()[-1].answer
    assert living.engine.state.phase == "ready"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
def test_an_engine_that_does_not_wake_up_is_found_again(living: Application, system: Played) -> None:
    ask(living)
    assert living.attendance is not None
    living.attendance.heartbeat._ready_ms = 200
    pid = living.engine.pid
    os.kill(pid, signal.SIGSTOP)
    system.woke.emit()
    wait_until(lambda: living.engine.pid not in (0, pid), "another engine")
    wait_until(lambda: living.engine.state.phase == "ready", "the model")
    ask(living, "What is 1 + 1?")


def test_a_later_start_brings_the_window_to_the_front(living: Application, tmp_path: Path) -> None:
    instance = OneInstance(tmp_path / "data")
    living.hear(instance)
    living.window.showMinimized()
    instance.asked.emit(None)
    assert not living.window.isMinimized()
