"""The composer offers Send and Stop, says why it cannot send, and never loses a text."""

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.ui.composer.composer import Composer
from app.ui.icons import Icons
from app.ui.theme import Theme
from tests.ui.conftest import Show
from tests.waiting import wait_until


@pytest.fixture
def composer(theme: Theme, icons: Icons, show: Show) -> Composer:
    composer = Composer(theme, icons)
    composer.setStyleSheet(theme.stylesheet())
    composer.resize(584, 84)
    composer.set_max_height(280)
    show(composer)
    composer.editor.setFocus()
    return composer


@pytest.fixture
def asked(composer: Composer) -> list[str]:
    texts: list[str] = []
    composer.send_requested.connect(texts.append)
    return texts


def test_its_parts_are_called_message_and_send(composer: Composer) -> None:
    def name(of: QObject) -> str:
        return QAccessible.queryAccessibleInterface(of).text(QAccessible.Text.Name)

    assert name(composer.editor) == "Message"
    assert name(composer.button) == "Send"
    composer.set_answering(True)
    assert name(composer.button) == "Stop"


def test_an_empty_field_cannot_be_sent_and_the_button_says_why(composer: Composer, asked: list[str]) -> None:
    assert not composer.button.isEnabled()
    assert composer.button.toolTip() == "There is nothing to send yet."
    QTest.keyClicks(composer.editor, "  ")
    QTest.keyClick(composer.editor, Qt.Key.Key_Return)
    assert asked == []


def test_enter_and_a_click_ask_to_send_and_keep_the_text(composer: Composer, asked: list[str]) -> None:
    QTest.keyClicks(composer.editor, "Hello")
    assert composer.button.isEnabled()
    QTest.keyClick(composer.editor, Qt.Key.Key_Return)
    QTest.mouseClick(composer.button, Qt.MouseButton.LeftButton)
    assert asked == ["Hello", "Hello"]
    assert composer.editor.text == "Hello"


def test_the_field_is_emptied_only_when_it_was_sent(composer: Composer) -> None:
    QTest.keyClicks(composer.editor, "Hello")
    composer.sent()
    assert composer.editor.text == ""
    assert not composer.button.isEnabled()


def test_without_a_model_the_button_is_off_and_says_why_but_enter_still_asks(
    composer: Composer, asked: list[str]
) -> None:
    composer.set_obstacle("No model is loaded.")
    QTest.keyClicks(composer.editor, "Hello")
    assert not composer.button.isEnabled()
    assert composer.button.toolTip() == "No model is loaded."
    QTest.keyClick(composer.editor, Qt.Key.Key_Return)
    assert asked == ["Hello"]


def test_while_a_reply_grows_the_button_stops_it_and_the_next_message_can_be_written(
    composer: Composer, asked: list[str]
) -> None:
    stops: list[bool] = []
    composer.stop_requested.connect(lambda: stops.append(True))
    composer.set_answering(True)
    assert composer.button.isEnabled()
    QTest.keyClicks(composer.editor, "Next")
    QTest.mouseClick(composer.button, Qt.MouseButton.LeftButton)
    assert stops == [True]
    assert asked == []
    assert composer.editor.text == "Next"
    assert composer.editor.accessibleDescription() == "Write the next message"


def test_the_draft_is_told_once_after_the_last_key(composer: Composer) -> None:
    drafts: list[str] = []
    composer.draft_changed.connect(drafts.append)
    QTest.keyClicks(composer.editor, "Hello")
    assert drafts == []
    wait_until(lambda: bool(drafts), "the draft")
    assert drafts == ["Hello"]


def test_a_hint_stands_under_the_text_with_a_sign_and_goes(composer: Composer) -> None:
    height = composer.sizeHint().height()
    before = composer.grab().toImage()
    composer.set_hint("This is longer than the model can read at once.", "warning")
    assert composer.hint == "This is longer than the model can read at once."
    assert composer.sizeHint().height() == height
    assert composer.grab().toImage() != before
    composer.set_hint("")
    assert composer.grab().toImage() == before


@pytest.mark.parametrize("height", [160, 200, 280])
def test_it_never_grows_beyond_its_limit(composer: Composer, height: int) -> None:
    composer.set_max_height(height)
    composer.editor.setPlainText("line\n" * 40)
    QApplication.processEvents()
    assert height - 24 < composer.sizeHint().height() <= height


def test_only_send_is_filled_with_the_accent(theme: Theme, composer: Composer) -> None:
    assert composer.button.fill() == theme.tokens.track
    QTest.keyClicks(composer.editor, "Hello")
    assert composer.button.fill() == theme.tokens.accent
    composer.set_answering(True)
    assert composer.button.fill() == theme.tokens.raised
