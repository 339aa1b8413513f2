"""Which key presses are letters."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from app.ui.transcript.typing import typed_text

_Key = Qt.Key
_Modifier = Qt.KeyboardModifier


def _press(key: Qt.Key, text: str, modifiers: Qt.KeyboardModifier = _Modifier.NoModifier) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text)


def test_letters_are_what_they_say() -> None:
    assert typed_text(_press(_Key.Key_A, "a")) == "a"
    assert typed_text(_press(_Key.Key_A, "A", _Modifier.ShiftModifier)) == "A"
    both = _Modifier.ControlModifier | _Modifier.AltModifier
    assert typed_text(_press(_Key.Key_E, "\u20ac", both)) == "\u20ac"


@pytest.mark.parametrize("key", [_Key.Key_Space, _Key.Key_Tab, _Key.Key_Return, _Key.Key_Escape, _Key.Key_F5])
def test_keys_without_a_letter_say_nothing(key: Qt.Key) -> None:
    texts = {_Key.Key_Space: " ", _Key.Key_Tab: "\t", _Key.Key_Return: "\r", _Key.Key_Escape: "\x1b"}
    assert typed_text(_press(key, texts.get(key, ""))) == ""


@pytest.mark.parametrize(
    "modifier", [_Modifier.ControlModifier, _Modifier.AltModifier, _Modifier.MetaModifier]
)
def test_shortcuts_say_nothing(modifier: Qt.KeyboardModifier) -> None:
    assert typed_text(_press(_Key.Key_1, "1", modifier)) == ""


def test_paste_says_what_was_copied(qt_app: QApplication) -> None:
    qt_app.clipboard().setText("copied")
    assert typed_text(_press(_Key.Key_V, "\x16", _Modifier.ControlModifier)) == "copied"
