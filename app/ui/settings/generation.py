"""How replies are drawn, and what happens while one is written."""

from collections.abc import Mapping
from typing import Final, TypeVar

from PySide6.QtWidgets import QWidget

from app.services.settings_service import SettingsService
from app.settings import (
    INHIBIT_SLEEP,
    MAX_TOKENS,
    MIN_P,
    NOTIFY,
    REPEAT_PENALTY,
    SEED,
    TEMPERATURE,
    TOP_K,
    TOP_P,
    Choice,
)
from app.ui.controls.switch import Switch
from app.ui.icons import Icons
from app.ui.settings.catalogue import Section
from app.ui.settings.own_number import Limits, OwnNumber
from app.ui.settings.page import SettingsPage
from app.ui.theme import Theme

Number = TypeVar("Number", int, float)

# What stands in an own field first is what suits many models.
_SEED: Final = Limits(0, SEED.most, 1)
_LONGEST: Final = Limits(1, MAX_TOKENS.most, 2048, 256)


class GenerationPage(SettingsPage):
    """Each number is the model's own unless a person chose another."""

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        settings: SettingsService,
        section: Section,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, icons, settings, section, parent)
        self.add_words(
            self.tr(
                "Many models say what suits them. A value of your own goes before that, for every model, "
                "from the next question on. What is chosen in a conversation goes before both."
            )
        )
        own = self.tr("Own value")
        model = {-1.0: self.tr("As the model asks")}
        self._add_number(TEMPERATURE, model, own, Limits(0, 2, 0.7, 0.05, 2))
        self._add_number(TOP_K, model, own, Limits(0, 1000, 40))
        self._add_number(TOP_P, model, own, Limits(0, 1, 0.95, 0.01, 3))
        self._add_number(MIN_P, model, own, Limits(0, 1, 0.05, 0.01, 3))
        self._add_number(REPEAT_PENALTY, model, own, Limits(0.5, 2, 1.1, 0.05, 2))
        self._add_number(SEED, {-1.0: self.tr("A new one each time")}, own, _SEED)
        as_long = {0.0: self.tr("As long as there is room")}
        self._add_number(MAX_TOKENS, as_long, self.tr("Own limit"), _LONGEST)
        self.add_heading(self.tr("While a reply is written"))
        for switch in (NOTIFY, INHIBIT_SLEEP):
            self._add_switch(switch)

    def _add_number(
        self, choice: Choice[Number], words: Mapping[float, str], own: str, limits: Limits
    ) -> None:
        row = self.add_row(choice.name)
        control = OwnNumber(self._theme, self._icons, row.entry.title, words, own, limits, row)
        control.chosen.connect(lambda value: self._settings.set(choice, type(choice.default)(value)))
        control.problem_changed.connect(row.set_problem)
        row.add_control(control)
        self.bind(row, choice, control.set_value)

    def _add_switch(self, choice: Choice[bool]) -> None:
        row = self.add_row(choice.name)
        switch = Switch(self._theme, row.entry.title, row)
        switch.toggled.connect(lambda on: self._settings.set(choice, on))
        row.add_control(switch)
        self.bind(row, choice, switch.setChecked)
