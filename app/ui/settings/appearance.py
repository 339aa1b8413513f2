"""How the window looks: theme, text size, reading width, language."""

from pathlib import Path

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.services.settings_service import SettingsService
from app.settings import LANGUAGE, READING_WIDTH, TEXT_SIZE, THEME
from app.ui.controls.choice_field import ChoiceField
from app.ui.controls.segmented_choice import SegmentedChoice
from app.ui.controls.slider import Slider
from app.ui.icons import Icons
from app.ui.settings.catalogue import Section
from app.ui.settings.page import SettingsPage
from app.ui.settings.words import per_cent
from app.ui.theme import Role, Size, Theme

_STEP = 5


class AppearancePage(SettingsPage):
    """`translations` is the folder of the languages that are shipped, as `soliloquy_de.qm`."""

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        settings: SettingsService,
        section: Section,
        translations: Path,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, icons, settings, section, parent)
        self._began_with = settings.get(LANGUAGE)
        self._add_theme()
        self._add_text_size()
        self._add_reading_width()
        self._add_language(translations)

    def _add_theme(self) -> None:
        row = self.add_row("theme")
        words = {"system": self.tr("As this machine"), "light": self.tr("Light"), "dark": self.tr("Dark")}
        choice = SegmentedChoice(self._theme, row.entry.title, words, row)
        choice.chosen.connect(lambda value: self._settings.set(THEME, value))
        row.add_control(choice)
        self.bind(row, THEME, choice.set_value)

    def _add_text_size(self) -> None:
        row = self.add_row("text_size")
        slider = Slider(
            self._theme, row.entry.title, round(TEXT_SIZE.least), round(TEXT_SIZE.most), _STEP, row
        )
        figure = QLabel(row)
        figure.setFont(self._theme.font(Role.INTERFACE, tabular=True))
        figure.setMinimumWidth(Size.FIGURE)
        figure.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        slider.valueChanged.connect(lambda value: self._settings.set(TEXT_SIZE, value))
        slider.valueChanged.connect(lambda value: figure.setText(per_cent(value)))
        figure.setText(per_cent(self._settings.get(TEXT_SIZE)))
        row.add_control(slider)
        row.add_control(figure)
        self.bind(row, TEXT_SIZE, slider.setValue)

    def _add_reading_width(self) -> None:
        row = self.add_row("reading_width")
        names = (self.tr("Narrow"), self.tr("Medium"), self.tr("Wide"), self.tr("Very wide"))
        words = {str(width): name for width, name in zip(READING_WIDTH.numbers, names, strict=True)}
        choice = SegmentedChoice(self._theme, row.entry.title, words, row)
        choice.chosen.connect(lambda value: self._settings.set(READING_WIDTH, int(value)))
        row.add_control(choice)
        self.bind(row, READING_WIDTH, lambda width: choice.set_value(str(width)))

    def _add_language(self, translations: Path) -> None:
        row = self.add_row("language")
        choice = ChoiceField(self._theme, self._icons, row.entry.title, self._languages(translations), row)
        choice.chosen.connect(lambda value: self._settings.set(LANGUAGE, value))
        row.add_control(choice)

        def show(code: str) -> None:
            choice.set_value(code)
            later = self.tr("It changes when Soliloquy is started again.")
            row.set_about(later if code != self._began_with else row.entry.about)

        self.bind(row, LANGUAGE, show)

    def _languages(self, translations: Path) -> dict[str, str]:
        """The names of the languages, each in itself, by code."""
        codes = sorted(file.stem.partition("_")[2] for file in translations.glob("*_*.qm"))
        named = {code: QLocale(code).nativeLanguageName() or code for code in codes}
        chosen = self._settings.get(LANGUAGE)
        # What another version had stays visible, so that it can be left.
        missing = {chosen: chosen} if chosen and chosen not in named and chosen != "en" else {}
        return {"": self.tr("As this machine"), "en": "English", **named, **missing}
