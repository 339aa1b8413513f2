"""What an empty conversation says: which model is there and what it can do, or how to come by one."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.models.engine_service import EngineState
from app.ui.controls.buttons import Button
from app.ui.controls.paragraph import Paragraph
from app.ui.direction import isolated
from app.ui.models.words import room_text, runs_text
from app.ui.theme import Role, Space, Theme


class EmptyState(QWidget):
    """Two lines at the text edge; without a model, two buttons too. Signals: `load_requested`, `demo_requested`."""

    load_requested = Signal()
    demo_requested = Signal()

    def __init__(self, theme: Theme, demo: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._demo = str(demo)
        self._title = Paragraph(theme, Role.H3, self)
        self._lines = Paragraph(theme, Role.INTERFACE, self)
        self._lines.setProperty("tone", "quiet")
        self._buttons = QWidget(self)
        load = Button(theme, self.tr("Load a model file…"), parent=self._buttons)
        load.clicked.connect(self.load_requested)
        demo_button = Button(theme, self.tr("Use the demo model"), "ghost", parent=self._buttons)
        demo_button.clicked.connect(self.demo_requested)
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, Space.M, 0, 0)
        row.setSpacing(Space.S)
        row.addWidget(load)
        row.addWidget(demo_button)
        row.addStretch()
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XXS)
        column.addStretch()
        for widget in (self._title, self._lines, self._buttons):
            column.addWidget(widget)

    @property
    def text(self) -> str:
        """Both lines."""
        return f"{self._title.plain_text}\n{self._lines.plain_text}"

    @property
    def top(self) -> int:
        """Where its first line begins, in its parent's pixels; its lower edge while it says nothing."""
        return self.y() + self.height() - self._column.heightForWidth(self.width())

    def show_state(self, state: EngineState) -> None:
        """Says what there is to say about the model now; nothing while one is loading, which has its own row."""
        title, lines = self._words(state)
        self._title.set_text(title)
        self._lines.set_text(lines)
        self._title.setVisible(bool(title))
        self._lines.setVisible(bool(lines))
        self._buttons.setVisible(state.phase == "empty")

    def _words(self, state: EngineState) -> tuple[str, str]:
        if state.phase == "loading":
            return "", ""
        if state.phase == "failed":
            title = self.tr("{model} is not running").format(model=isolated(state.name))
            return title, self.tr(
                "The next question loads it again. You can also choose another model at the top."
            )
        if state.phase == "resting":
            title = self.tr("{model} is resting").format(model=isolated(state.name))
            return title, self.tr("It was unloaded to free memory. The next question loads it again.")
        if state.capabilities is None:
            advice = self.tr(
                "Load a model file from this machine, or try the demo model that comes with the app."
            )
            return self.tr("No model is loaded"), advice
        title = self.tr("{model} is ready").format(model=isolated(state.name))
        if state.path == self._demo:
            return title, self._demo_words(runs_text(state.capabilities.placement))
        return title, room_text(state.capabilities)

    def _demo_words(self, runs: str) -> str:
        return self.tr(
            "{runs}. It thinks for real, but it is very small: it can add, subtract, multiply, compare and "
            "sort numbers, count a letter in a word, and say who it is."
        ).format(runs=runs)
