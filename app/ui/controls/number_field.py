"""A field for one number, which says what is wrong with another."""

from typing import Final

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from app.ui.controls.fields import dress_field
from app.ui.theme import Size, Theme

_STEPS: Final = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}


class NumberField(QLineEdit):
    """Takes numbers from `least` to `most` as the locale writes them, whole ones where `decimals` is 0.

    Where `blank` is a number, an empty field stands for it. The arrow keys go by `step`. What is out of range, or no
    number, changes nothing: it is told in words, and goes when the field is left. Signals: `changed` with a number that
    a person chose; `problem_changed` with words, or none.
    """

    changed = Signal(float)
    problem_changed = Signal(str)

    def __init__(
        self,
        theme: Theme,
        name: str,
        least: float,
        most: float,
        *,
        step: float = 1,
        decimals: int = 0,
        blank: float | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._least, self._most, self._step, self._decimals = least, most, step, decimals
        self._blank = blank
        self._value = least if blank is None else blank
        self._problem = ""
        self._writing = False
        dress_field(self, theme, tabular=True)
        self.setAccessibleName(name)
        self.setFixedWidth(Size.NUMBER_FIELD)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        # Not textEdited: what assistive technology writes for a person is theirs, too.
        self.textChanged.connect(self._on_changed)
        self.editingFinished.connect(self._on_left)

    @property
    def value(self) -> float:
        """The number that holds."""
        return self._value

    @property
    def problem(self) -> str:
        """What is wrong with the text; empty where nothing is."""
        return self._problem

    def set_value(self, value: float) -> None:
        """Shows another number, without telling. A number that is being typed is not written anew."""
        self._value = value
        if self._read() != value or self._problem:
            self._write(self._written(value))
            self._say("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows go up and down, the page keys by ten."""
        steps = _STEPS.get(Qt.Key(event.key()))
        if steps is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        value = min(self._most, max(self._least, self._value + steps * self._step))
        self._choose(round(value, self._decimals))
        self._write(self._written(self._value))
        self.selectAll()

    def _write(self, text: str) -> None:
        self._writing = True
        self.setText(text)
        self._writing = False

    def _on_changed(self, _text: str) -> None:
        if self._writing:
            return
        value = self._read()
        if value is not None and (value == self._blank or self._least <= value <= self._most):
            self._choose(value)
        else:
            self._say(self._wrong(value))

    def _on_left(self) -> None:
        """What cannot be goes; what holds is written as the locale writes it."""
        self._write(self._written(self._value))
        self._say("")

    def _choose(self, value: float) -> None:
        self._say("")
        if value != self._value:
            self._value = value
            self.changed.emit(value)

    def _wrong(self, value: float | None) -> str:
        if value is None:
            return self.tr("A number is needed here.")
        if value < self._least:
            return self.tr("The least is {number}.").format(number=self._written(self._least))
        return self.tr("The most is {number}.").format(number=self._written(self._most))

    def _say(self, problem: str) -> None:
        if problem == self._problem:
            return
        self._problem = problem
        self.setProperty("wrong", bool(problem))
        self.style().unpolish(self)
        self.style().polish(self)
        self.problem_changed.emit(problem)

    def _read(self) -> float | None:
        """The number in the text; None where there is none, or a fraction where it must be whole."""
        text = self.text().strip()
        if not text:
            return self._blank
        value, good = QLocale().toDouble(text)
        if not good:
            value, good = QLocale.c().toDouble(text)
        if not good or value != round(value, self._decimals):
            return None
        return value

    def _written(self, value: float) -> str:
        locale = QLocale()
        if value == self._blank:
            return ""
        if not self._decimals:
            return locale.toString(round(value))
        return locale.toString(float(value), "f", max(1, _decimals_of(value, self._decimals)))


def _decimals_of(value: float, most: int) -> int:
    """As many decimals as the number needs."""
    return next((count for count in range(most) if round(value, count) == round(value, most)), most)
