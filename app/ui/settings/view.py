"""The settings as the window shows them: a rail and a page, each made when it is first asked for."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.paths import Paths, resources
from app.services.background import Background
from app.services.conversations.store_service import StoreService
from app.services.settings_service import SettingsService
from app.ui.icons import Icons
from app.ui.settings import catalogue
from app.ui.settings.about import AboutPage
from app.ui.settings.appearance import AppearancePage
from app.ui.settings.backups import BackupsPage
from app.ui.settings.catalogue import entries, sections
from app.ui.settings.generation import GenerationPage
from app.ui.settings.keys import KeysPage, key_entries
from app.ui.settings.models import ModelsPage
from app.ui.settings.page import SettingsPage
from app.ui.settings.privacy import PrivacyPage
from app.ui.settings.rail import Rail
from app.ui.settings.system_prompt import SystemPromptPage
from app.ui.shortcuts import Shortcuts
from app.ui.theme import Theme


class SettingsView(QObject):
    """`rail` and `pages` take the places of the conversation list and the conversation.

    Signals: `closed` by the way back or Esc; `section_shown` with a section's name; `rail_requested` when the sections
    are asked for in a narrow window; `load_again_requested`, `import_requested`, `export_all_requested`; `restoring`
    before a backup takes the place of all conversations, and `restored` when it has.
    """

    closed = Signal()
    section_shown = Signal(str)
    rail_requested = Signal()
    load_again_requested = Signal()
    import_requested = Signal()
    export_all_requested = Signal()
    restoring = Signal()
    restored = Signal()

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        settings: SettingsService,
        shortcuts: Shortcuts,
        store: StoreService,
        paths: Paths,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._settings = settings
        self._shortcuts = shortcuts
        self._store = store
        self._paths = paths
        self._background = Background("settings", self)
        self._sections = {section.name: section for section in sections()}
        self._made: dict[str, SettingsPage] = {}
        self._narrow = False
        self._loaded = True
        self._answering = False
        every = (*entries(), *key_entries(shortcuts))
        self._section_of = {entry.name: entry.section for entry in every}
        self.rail: Rail = Rail(theme, icons, tuple(self._sections.values()), every)
        self.pages: QStackedWidget = QStackedWidget()
        self.pages.setObjectName("settingsPage")
        self._keys = _EscapeKey(self)
        self._keys.pressed.connect(self.closed)
        for part in (self.rail, self.pages):
            part.installEventFilter(self._keys)
        self.rail.left.connect(self.closed)
        self.closed.connect(self.rail.search.clear)
        self.rail.section_chosen.connect(self.show_section)
        self.rail.section_passed.connect(lambda name: self.pages.setCurrentWidget(self.page(name)))
        self.rail.entry_chosen.connect(self.show_setting)

    def show_section(self, name: str) -> None:
        """Shows a page by its section's name."""
        self.pages.setCurrentWidget(self.page(name))
        self.rail.set_current(name)
        self.section_shown.emit(name)

    def show_setting(self, name: str) -> None:
        """Shows a setting on its page, marked, with the focus on its control."""
        section = self._section_of[name]
        self.show_section(section)
        self.page(section).go_to(name)

    def page(self, name: str) -> SettingsPage:
        """The page of a section, made when it is first asked for."""
        if name not in self._made:
            page = self._makers()[name]()
            page.rail_requested.connect(self.rail_requested)
            page.set_narrow(self._narrow)
            self._made[name] = page
            self.pages.addWidget(page)
        return self._made[name]

    def first_stop(self) -> QWidget:
        """Where the keyboard begins on the page that is shown, in a narrow window: the way to the sections."""
        page = self.pages.currentWidget()
        return page.rail_button if isinstance(page, SettingsPage) else self.pages

    def set_narrow(self, narrow: bool) -> None:
        """In a narrow window, every page has a button for the sections."""
        self._narrow = narrow
        for page in self._made.values():
            page.set_narrow(narrow)

    def set_loaded(self, loaded: bool) -> None:
        """Whether there is a model that can be loaded again."""
        self._loaded = loaded
        models = self._made.get(catalogue.MODELS)
        if isinstance(models, ModelsPage):
            models.set_loaded(loaded)

    def set_answering(self, answering: bool) -> None:
        """Whether a reply is being written: no backup is restored meanwhile."""
        self._answering = answering
        backups = self._made.get(catalogue.BACKUPS)
        if isinstance(backups, BackupsPage):
            backups.set_answering(answering)

    def close(self) -> None:
        """Waits for what is being counted; nothing is handed back any more."""
        self._background.close()

    def _makers(self) -> dict[str, Callable[[], SettingsPage]]:
        theme, icons, settings, named = self._theme, self._icons, self._settings, self._sections
        shipped = resources()
        return {
            catalogue.APPEARANCE: lambda: AppearancePage(
                theme, icons, settings, named[catalogue.APPEARANCE], shipped / "translations"
            ),
            catalogue.GENERATION: lambda: GenerationPage(theme, icons, settings, named[catalogue.GENERATION]),
            catalogue.SYSTEM_PROMPT: lambda: SystemPromptPage(
                theme, icons, settings, named[catalogue.SYSTEM_PROMPT]
            ),
            catalogue.MODELS: self._make_models,
            catalogue.BACKUPS: self._make_backups,
            catalogue.PRIVACY: lambda: PrivacyPage(
                theme, icons, settings, named[catalogue.PRIVACY], self._store, self._paths, self._background
            ),
            catalogue.SHORTCUTS: lambda: KeysPage(
                theme, icons, settings, named[catalogue.SHORTCUTS], self._shortcuts
            ),
            catalogue.ABOUT: lambda: AboutPage(
                theme,
                icons,
                settings,
                named[catalogue.ABOUT],
                self._paths,
                shipped / "licences",
                self._background,
            ),
        }

    def _make_models(self) -> SettingsPage:
        page = ModelsPage(self._theme, self._icons, self._settings, self._sections[catalogue.MODELS])
        page.set_loaded(self._loaded)
        page.load_again_requested.connect(self.load_again_requested)
        return page

    def _make_backups(self) -> SettingsPage:
        section = self._sections[catalogue.BACKUPS]
        page = BackupsPage(self._theme, self._icons, self._settings, section, self._store)
        page.set_answering(self._answering)
        page.import_requested.connect(self.import_requested)
        page.export_all_requested.connect(self.export_all_requested)
        page.restoring.connect(self.restoring)
        page.restored.connect(self.restored)
        return page


class _EscapeKey(QObject):
    """Hears Esc where no control has used it, before a shortcut of the window takes it. Signal: `pressed`."""

    pressed = Signal()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keeps Esc from the window's shortcuts, then tells of it."""
        if not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_Escape or event.modifiers():
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress:
            self.pressed.emit()
            return True
        return False
