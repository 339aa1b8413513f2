"""A button that shows keys, and takes others when they are pressed."""

from typing import Final

from PySide6.QtCore import QEvent, QKeyCombination, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from app.ui.controls.buttons import Button
from app.ui.direction import isolated
from app.ui.theme import Role, Size, Theme

_MODIFIERS: Final = frozenset(
    {
        *(Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr),
        *(Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock, Qt.Key.Key_ScrollLock, Qt.Key.Key_unknown),
        *(Qt.Key.Key_Super_L, Qt.Key.Key_Super_R, Qt.Key.Key_Hyper_L, Qt.Key.Key_Hyper_R),
    }
)
_PLAIN: Final = Qt.KeyboardModifier.NoModifier
_KEPT: Final = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.ShiftModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


class KeyField(Button):
    """Pressed, it waits for keys: Esc leaves everything as it is, Backspace chooses none, Tab goes on.

    Signals: `keys_pressed` with what was pressed, or empty keys; `capturing_changed` when it begins or ends to wait.
    """

    keys_pressed = Signal(QKeySequence)
    capturing_changed = Signal(bool)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, "", parent=parent)
        self._keys = QKeySequence()
        self._capturing = False
        self.setAccessibleName(name)
        self.setFont(theme.font(Role.CONTROL, tabular=True))
        self.setFixedWidth(Size.KEYS)
        self.clicked.connect(lambda: self.set_capturing(True))
        self._show()

    @property
    def capturing(self) -> bool:
        """Whether it waits for keys."""
        return self._capturing

    def set_keys(self, keys: QKeySequence) -> None:
        """Shows other keys."""
        self._keys = keys
        self._show()

    def set_capturing(self, capturing: bool) -> None:
        """Begins or ends to wait."""
        if capturing != self._capturing:
            self._capturing = capturing
            self._show()
            self.setProperty("tint", "accent" if capturing else "")
            # A style sheet looks at properties only when it is told to.
            self.style().unpolish(self)
            self.style().polish(self)
            self.capturing_changed.emit(capturing)
        if capturing:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def event(self, event: QEvent) -> bool:
        """While it waits, keys are neither shortcuts of the window nor moves of the focus."""
        if not isinstance(event, QKeyEvent):
            return super().event(event)
        if self._capturing and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if self._capturing and event.type() == QEvent.Type.KeyPress and not _moves_on(event):
            self._on_key(event)
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Whoever goes away has cancelled."""
        super().focusOutEvent(event)
        self.set_capturing(False)

    def _on_key(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _MODIFIERS:
            return
        modifiers = event.modifiers() & _KEPT
        self.set_capturing(False)
        if modifiers == _PLAIN and key == Qt.Key.Key_Escape:
            return
        if modifiers == _PLAIN and key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.keys_pressed.emit(QKeySequence())
            return
        # Shift and Tab arrive as a key of their own, which no shortcut is written with.
        key = Qt.Key.Key_Tab if key == Qt.Key.Key_Backtab else key
        self.keys_pressed.emit(QKeySequence(QKeyCombination(modifiers, key)))

    def _show(self) -> None:
        keys = self._keys.toString(QKeySequence.SequenceFormat.NativeText)
        shown = isolated(keys) if keys else self.tr("None")
        text = self.tr("Press the keys") if self._capturing else shown
        self.setText(text)
        self.setAccessibleDescription(text)


def _moves_on(event: QKeyEvent) -> bool:
    """Tab, alone or with Shift, is how one goes on from here."""
    held = event.modifiers() & (_KEPT & ~Qt.KeyboardModifier.ShiftModifier)
    return not held and event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
