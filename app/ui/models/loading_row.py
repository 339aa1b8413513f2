"""The row that tells how far a model is loaded, with the way to stop it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.services.models.engine_service import EngineState
from app.ui.controls.buttons import Button
from app.ui.controls.progress import ThinBar
from app.ui.models.words import percent
from app.ui.theme import Role, Space, Theme


class LoadingRow(QWidget):
    """A thin bar, words with per cent, and Cancel. Signal: `cancel_requested`."""

    cancel_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar = ThinBar(theme, self.tr("Loading"), self)
        self._words = QLabel(self)
        self._words.setFont(theme.font(Role.LABEL, tabular=True))
        self._words.setProperty("tone", "quiet")
        cancel = Button(theme, self.tr("Cancel"), "ghost", compact=True, parent=self)
        cancel.clicked.connect(self.cancel_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.M)
        row.addWidget(self._bar, 1)
        row.addWidget(self._words)
        row.addWidget(cancel)
        self.setVisible(False)

    @property
    def text(self) -> str:
        """What it says."""
        return self._words.text()

    def show_state(self, state: EngineState) -> None:
        """Follows the engine: there only while a model is loading."""
        if state.phase == "loading":
            words = self.tr("Loading {model}, {percent}").format(
                model=state.name, percent=percent(state.share)
            )
            self._words.setText(words)
            self._bar.set_share(state.share)
            self._bar.setAccessibleName(self.tr("Loading {model}").format(model=state.name))
        self.setVisible(state.phase == "loading")
