"""What a person has chosen, told to everyone it concerns as soon as it changes, and saved soon after."""

from typing import Any, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from app.settings import Choice, Settings

T = TypeVar("T", str, int, float, bool)

_SAVE_MS = 500
"""A slider that is drawn writes the file once."""


class SettingsService(QObject):
    """The settings as they are now.

    Signals: `changed` with a choice's name; `not_saved` when the file cannot be written.
    """

    changed = Signal(str)
    not_saved = Signal()

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._soon = QTimer(self, singleShot=True, interval=_SAVE_MS)
        self._soon.timeout.connect(self.save)

    def get(self, choice: Choice[T]) -> T:
        """What was chosen, or the default."""
        return self._settings.get(choice)

    def set(self, choice: Choice[T], value: T) -> None:
        """Chooses, and tells it. Raises ValueError when the value is not within the limits."""
        if value != self._settings.get(choice):
            self._settings.set(choice, value)
            self.changed.emit(choice.name)
            self._soon.start()

    def reset(self, *choices: Choice[Any]) -> None:
        """Goes back to the defaults."""
        for choice in choices:
            self.set(choice, choice.default)

    def save(self) -> None:
        """Writes the file now."""
        self._soon.stop()
        if not self._settings.save():
            self.not_saved.emit()
