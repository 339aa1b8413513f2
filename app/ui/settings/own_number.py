"""A number that is left to the app or the model, or is one's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.ui.controls.choice_field import ChoiceField
from app.ui.controls.number_field import NumberField
from app.ui.icons import Icons
from app.ui.theme import Space, Theme

_OWN: Final = "own"


@dataclass(frozen=True)
class Limits:
    """What an own number may be: from `least` to `most`; it begins with `start` and goes by `step`."""

    least: float
    most: float
    start: float
    step: float = 1
    decimals: int = 0


class OwnNumber(QWidget):
    """A choice of words, the last of which opens a field. `words` stand for numbers outside of the limits.

    Signals: `chosen` with a number that a person chose; `problem_changed` with what is wrong, or nothing.
    """

    chosen = Signal(float)
    problem_changed = Signal(str)

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        name: str,
        words: Mapping[float, str],
        own: str,
        limits: Limits,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._limits = limits
        self._words = {str(number): number for number in words}
        options = {str(number): text for number, text in words.items()} | {_OWN: own}
        self.choice = ChoiceField(theme, icons, name, options, self)
        self.field = NumberField(
            theme, name, limits.least, limits.most, step=limits.step, decimals=limits.decimals, parent=self
        )
        self.field.hide()
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        row.addWidget(self.field)
        row.addWidget(self.choice)
        self.choice.chosen.connect(self._on_chosen)
        self.field.changed.connect(self.chosen)
        self.field.problem_changed.connect(self.problem_changed)

    def describe(self, text: str) -> None:
        """Says what it is about, to assistive technology."""
        self.choice.describe(text)
        self.field.setAccessibleDescription(text)

    def set_value(self, value: float) -> None:
        """Shows another number, without telling."""
        word = next((key for key, number in self._words.items() if number == value), None)
        self.choice.set_value(word or _OWN)
        self.field.setVisible(word is None)
        if word is None:
            self.field.set_value(value)

    def _on_chosen(self, word: str) -> None:
        if word != _OWN:
            self.chosen.emit(self._words[word])
            return
        if not self.field.isHidden():
            return
        self.chosen.emit(self._limits.start)
        self.set_value(self._limits.start)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()
