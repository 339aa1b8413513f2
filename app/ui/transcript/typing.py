"""What a key press would write into a field of text."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence

_Modifier = Qt.KeyboardModifier


def typed_text(event: QKeyEvent) -> str:
    """The letters that a key press means or pastes; nothing for shortcuts, blanks and keys without a letter."""
    if event.matches(QKeySequence.StandardKey.Paste):
        return QGuiApplication.clipboard().text()
    keys = event.modifiers()
    control, alt = (bool(keys & key) for key in (_Modifier.ControlModifier, _Modifier.AltModifier))
    # Both together are AltGr on Windows, which writes letters.
    if control != alt or keys & _Modifier.MetaModifier:
        return ""
    text = event.text()
    return text if text.strip() and text.isprintable() else ""
