"""Where models run, how much they read, and how long an idle one stays."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.services.settings_service import SettingsService
from app.settings import CONTEXT, GPU_LAYERS, IDLE_UNLOAD, THREADS, Choice
from app.ui.controls.buttons import Button
from app.ui.controls.choice_field import ChoiceField
from app.ui.icons import Icons
from app.ui.settings.catalogue import Section
from app.ui.settings.own_number import Limits, OwnNumber
from app.ui.settings.page import SettingsPage
from app.ui.settings.words import minutes
from app.ui.theme import Theme

_MINUTES: Final = (5, 15, 30, 60, 120, 240, 480)
_LAYERS: Final = Limits(1, GPU_LAYERS.most, 20)
_CONTEXT: Final = Limits(256, CONTEXT.most, 8192, 1024)
_THREADS: Final = Limits(1, THREADS.most, 4)


class ModelsPage(SettingsPage):
    """Signal: `load_again_requested` when the loaded model shall take up what was chosen."""

    load_again_requested = Signal()

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        settings: SettingsService,
        section: Section,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, icons, settings, section, parent)
        self._add_idle_unload()
        self.load_again = Button(theme, self.tr("Load again"), parent=self)
        self.load_again.clicked.connect(self.load_again_requested)
        line = self.add_heading(
            self.tr("Loading"),
            self.tr("What is chosen here holds from the next time that a model is loaded."),
        )
        line.addWidget(self.load_again)
        automatic = self.tr("Automatic")
        places: dict[float, str] = {-1: automatic, 0: self.tr("Processor only")}
        self._add_number(GPU_LAYERS, places, self.tr("Own number of layers"), _LAYERS)
        self._add_number(CONTEXT, {0: automatic}, self.tr("Own length"), _CONTEXT)
        self._add_number(THREADS, {0: automatic}, self.tr("Own number"), _THREADS)
        self.set_loaded(True)

    def set_loaded(self, loaded: bool) -> None:
        """Whether there is a model that can be loaded again."""
        self.load_again.setEnabled(loaded)
        tip = self.tr("Loads the model again, as is chosen here") if loaded else self.tr("No model is loaded")
        self.load_again.setToolTip(tip)

    def _add_idle_unload(self) -> None:
        row = self.add_row("idle_unload")
        choice = ChoiceField(self._theme, self._icons, row.entry.title, {}, row)
        choice.chosen.connect(lambda value: self._settings.set(IDLE_UNLOAD, int(value)))
        row.add_control(choice)

        def show(chosen: int) -> None:
            times = sorted({*_MINUTES, chosen} - {0})
            choice.set_options({str(one): minutes(one) for one in times} | {"0": self.tr("Never")})
            choice.set_value(str(chosen))

        self.bind(row, IDLE_UNLOAD, show)

    def _add_number(self, choice: Choice[int], words: Mapping[float, str], own: str, limits: Limits) -> None:
        row = self.add_row(choice.name)
        control = OwnNumber(self._theme, self._icons, row.entry.title, words, own, limits, row)
        control.chosen.connect(lambda value: self._settings.set(choice, int(value)))
        control.problem_changed.connect(row.set_problem)
        row.add_control(control)
        self.bind(row, choice, control.set_value)
