"""Asks once before a running reply loses its model."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.ui.direction import isolated
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.ui.controls.confirm_dialog import ConfirmDialog


class ModelSwitch(QObject):
    """Does what takes a model's place at once where no reply runs; else it asks, and does it on the person's word.

    `running` tells the title of the conversation that is being answered, or None when none is.
    """

    def __init__(self, theme: Theme, window: QWidget, running: Callable[[], str | None]) -> None:
        super().__init__(window)
        self._theme = theme
        self._window = window
        self._running = running
        self._dialog: ConfirmDialog | None = None

    @property
    def dialog(self) -> "ConfirmDialog | None":
        """The question while it stands."""
        return self._dialog

    def to_another(self, model: str, act: Callable[[], None]) -> None:
        """Loads another model by `act`."""
        title = self.tr("Switch to {model}?").format(model=isolated(model))
        self._ask(title, self.tr("Switch and stop the reply"), act)

    def to_none(self, act: Callable[[], None]) -> None:
        """Unloads the model by `act`."""
        self._ask(self.tr("Unload the model?"), self.tr("Unload and stop the reply"), act)

    def _ask(self, title: str, verb: str, act: Callable[[], None]) -> None:
        answered = self._running()
        if answered is None:
            act()
            return
        from app.ui.controls.confirm_dialog import ConfirmDialog

        text = self.tr("A reply in “{title}” is being written. It stops, and its text so far stays.")
        dialog = ConfirmDialog(
            self._theme,
            title,
            text.format(title=isolated(answered)),
            verb,
            self.tr("Keep it"),
            kind="primary",
            parent=self._window,
        )
        self.close()
        self._dialog = dialog
        dialog.confirmed.connect(act)
        dialog.finished.connect(self._on_finished)
        dialog.open()

    def close(self) -> None:
        """Takes the question away: the reply has ended by itself, or another question takes its place."""
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.close()

    def _on_finished(self) -> None:
        if self.sender() is self._dialog:
            self._dialog = None
