"""The first start of a new person, by keyboard alone: the page, the demo model, the first question, and never again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.application import Application
from app.paths import Paths
from app.settings import WELCOMED
from tests.conftest import Noise
from tests.waiting import wait_until


@pytest.fixture(autouse=True)
def offscreen(noise: Noise) -> None:
    """The offscreen platform says what it cannot do for a window."""
    noise.allow("This plugin does not support")


@pytest.fixture
def new(qt_app: QApplication, tmp_path: Path) -> Iterator[Application]:
    """The app in a folder that nobody has used."""
    paths = Paths.under(tmp_path / "data")
    paths.prepare()
    made = Application(paths)
    made.open(None)
    made.window.activateWindow()
    QApplication.processEvents()
    yield made
    made.close()
    made.window.deleteLater()
    made.deleteLater()


def focused() -> QWidget:
    """What has the focus."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def test_enter_takes_the_demo_and_the_first_question_is_answered(new: Application) -> None:
    page = new.pages.first_run
    assert page is not None
    wait_until(lambda: bool(page.strip.facts[0].text), "the machine")
    assert focused().accessibleName() == "Try the tiny demo model now"
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert new.pages.first_run is None
    wait_until(lambda: new.engine.state.phase == "ready", "the demo model")
    assert focused().accessibleName() == "Message"
    QTest.keyClicks(focused(), "What is 12 + 35?")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    wait_until(lambda: bool(new.chat.conversation.messages) and new.replies.running is None, "the reply")
    assert "47" in new.chat.conversation.branch()[-1].answer
    assert new.settings.get(WELCOMED)


def test_the_page_comes_once(new: Application, qt_app: QApplication) -> None:
    page = new.pages.first_run
    assert page is not None
    QTest.keyClick(focused(), Qt.Key.Key_Space)
    new.settings.save()
    again = Application(new.paths)
    again.open(None)
    assert again.pages.first_run is None
    wait_until(lambda: again.engine.state.phase == "ready", "the model")
    again.close()
    again.window.deleteLater()
    again.deleteLater()


def test_a_file_that_is_asked_for_at_the_start_leaves_the_page_out(
    qt_app: QApplication, tmp_path: Path
) -> None:
    paths = Paths.under(tmp_path / "other")
    paths.prepare()
    application = Application(paths)
    application.open(Path("resources/models/demo.gguf").absolute())
    assert application.pages.first_run is None
    wait_until(lambda: application.engine.state.phase == "ready", "the model")
    application.close()
    application.window.deleteLater()
    application.deleteLater()
