"""Banners stay until they are answered or stale; toasts go by themselves; both are told in words and by a sign."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.errors import EngineError, ModelFileError
from app.services.words.messages import explain
from app.ui.controls.buttons import Button, IconButton
from app.ui.icons import Icons
from app.ui.notices import Action, Notices, Toast
from app.ui.theme import Theme
from tests.ui.conftest import Show
from tests.waiting import wait_until


@pytest.fixture
def notices(theme: Theme, icons: Icons, show: Show) -> Notices:
    window = QWidget()
    window.resize(600, 400)
    notices = Notices(theme, icons, window)
    notices.resize(584, 200)
    show(window)
    return notices


def test_an_error_is_shown_in_the_words_of_the_services(notices: Notices) -> None:
    error = ModelFileError("not_gguf", path="thing.txt")
    notices.show_error(error)
    banner = notices.banners["not_gguf"]
    assert banner.text == explain(error).text
    interface = QAccessible.queryAccessibleInterface(banner)
    assert interface.text(QAccessible.Text.Name) == explain(error).title
    assert notices.isVisible()


def test_each_tone_has_its_own_surface_and_sign(theme: Theme, notices: Notices) -> None:
    notices.show_error(EngineError("engine_crashed"))
    notices.show_error(EngineError("device_failed"))
    notices.show_notice("template_missing")
    QApplication.processEvents()
    surfaces = [
        banner.grab().toImage().pixelColor(banner.width() // 2, 3) for banner in notices.banners.values()
    ]
    tokens = theme.tokens
    assert surfaces == [tokens.danger_soft, tokens.warning_soft, tokens.sunken]


def test_the_same_code_twice_is_one_banner(notices: Notices) -> None:
    notices.show_error(ModelFileError("not_gguf", path="one"))
    notices.show_error(ModelFileError("not_gguf", path="two"))
    assert len(notices.banners) == 1
    assert "two" in notices.banners["not_gguf"].text


def test_its_one_button_does_what_it_says_and_takes_the_banner_away(notices: Notices) -> None:
    done: list[str] = []
    notices.show_error(EngineError("engine_crashed"), Action("Start it again", lambda: done.append("again")))
    button = notices.banners["engine_crashed"].button
    assert isinstance(button, Button)
    assert button.text() == "Start it again"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done == ["again"]
    assert notices.banners == {}
    assert notices.isHidden()


def test_a_banner_with_nothing_to_do_can_be_put_away_by_keyboard(notices: Notices) -> None:
    notices.show_notice("template_missing")
    button = notices.banners["template_missing"].button
    assert isinstance(button, IconButton)
    assert button.accessibleName() == "Dismiss"
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert notices.banners == {}


def test_an_action_that_shows_another_banner_of_the_same_code_leaves_that_one(notices: Notices) -> None:
    error = EngineError("engine_crashed")
    notices.show_error(error, Action("Start it again", lambda: notices.show_error(error)))
    QTest.mouseClick(notices.banners["engine_crashed"].button, Qt.MouseButton.LeftButton)
    assert list(notices.banners) == ["engine_crashed"]


def test_a_long_path_does_not_widen_the_window(notices: Notices) -> None:
    notices.show_error(ModelFileError("not_gguf", path="/folder" * 60))
    assert notices.banners["not_gguf"].minimumSizeHint().width() < 584


def test_banners_follow_the_theme(theme: Theme, notices: Notices) -> None:
    notices.show_error(EngineError("engine_crashed"))
    QApplication.processEvents()
    theme.set_scheme("dark")
    banner = notices.banners["engine_crashed"]
    assert banner.grab().toImage().pixelColor(banner.width() // 2, 3) == theme.tokens.danger_soft


@pytest.fixture
def toast(theme: Theme, show: Show) -> Toast:
    window = QWidget()
    window.resize(800, 400)
    toast = Toast(theme, window)
    show(window)
    return toast


def test_a_toast_rises_with_what_comes_below_it(toast: Toast) -> None:
    toast.say("Conversation deleted", QPoint(400, 300))
    toast.stand_over(QPoint(400, 300))
    before = toast.geometry()
    toast.stand_over(QPoint(400, 200))
    assert (toast.geometry(), toast.isVisible()) == (before.translated(0, -100), True)


def test_a_toast_stands_centred_over_its_place(toast: Toast) -> None:
    toast.say("Conversation deleted", QPoint(400, 300))
    wait_until(lambda: toast.geometry().center().x() in (399, 400), "the toast in its place")
    assert toast.isVisible()
    assert toast.text == "Conversation deleted"


def test_a_toasts_action_runs_and_it_goes(toast: Toast) -> None:
    done: list[str] = []
    toast.say("Conversation deleted", QPoint(400, 300), Action("Undo", lambda: done.append("undo")))
    (button,) = toast.findChildren(Button)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done == ["undo"]
    assert toast.isHidden()


def test_a_toast_waits_while_it_is_hovered_or_focused(toast: Toast) -> None:
    toast.say("Conversation deleted", QPoint(400, 300), Action("Undo", lambda: None))
    (button,) = toast.findChildren(Button)
    waiting = [toast.leaving]
    QApplication.sendEvent(button, QEvent(QEvent.Type.FocusIn))
    waiting.append(toast.leaving)
    QApplication.sendEvent(button, QEvent(QEvent.Type.FocusOut))
    waiting.append(toast.leaving)
    assert waiting == [True, False, True]


def test_with_reduced_motion_a_toast_is_in_its_place_at_once(theme: Theme, toast: Toast) -> None:
    theme.set_reduced_motion(True)
    toast.say("Conversation deleted", QPoint(400, 300))
    place = toast.pos()
    QTest.qWait(50)
    assert toast.pos() == place
