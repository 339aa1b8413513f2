"""Every shortcut, and other keys for it."""

from collections.abc import Iterable

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from app.services.settings_service import SettingsService
from app.settings import SHORTCUTS
from app.ui.announce import announce
from app.ui.controls.buttons import Button
from app.ui.direction import isolated
from app.ui.icons import Icons
from app.ui.settings import catalogue
from app.ui.settings.catalogue import Entry, Section
from app.ui.settings.key_field import KeyField
from app.ui.settings.page import SettingsPage
from app.ui.settings.row import SettingRow
from app.ui.shortcuts import Shortcuts
from app.ui.theme import Theme


def key_entries(shortcuts: Shortcuts) -> Iterable[Entry]:
    """The shortcuts as settings that can be searched."""
    for name in shortcuts.names:
        yield Entry(f"keys_{name}", catalogue.SHORTCUTS, shortcuts.words(name), "")


class KeysPage(SettingsPage):
    """A row for each action. Keys that another action has are given only when that is asked for."""

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        settings: SettingsService,
        section: Section,
        shortcuts: Shortcuts,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, icons, settings, section, parent)
        self._shortcuts = shortcuts
        self._fields: dict[str, KeyField] = {}
        self._takers: dict[str, Button] = {}
        self._wanted = QKeySequence()
        self.add_words(
            self.tr(
                "Choose an action’s keys, then press others. Esc leaves them as they are, Backspace takes them away."
            )
        )
        for name, entry in zip(shortcuts.names, key_entries(shortcuts), strict=True):
            self._add_action(name, entry)
        shortcuts.changed.connect(self._on_changed)
        self.watch(SHORTCUTS, lambda: None)

    def is_changed(self) -> bool:
        """Whether any action has other keys than it was shipped with."""
        return not all(map(self._shortcuts.is_default, self._shortcuts.names))

    def field(self, name: str) -> KeyField:
        """What shows the keys of an action."""
        return self._fields[name]

    def taker(self, name: str) -> Button:
        """What gives an action the keys that another has."""
        return self._takers[name]

    def _add_action(self, name: str, entry: Entry) -> None:
        row = self.add_row_of(entry, compact=True)
        field = KeyField(self._theme, entry.title, row)
        field.keys_pressed.connect(lambda keys: self._on_keys(name, keys))
        field.capturing_changed.connect(lambda begins: self._on_capturing(name, begins))
        taker = Button(self._theme, self.tr("Use them here"), parent=row)
        taker.clicked.connect(lambda: self._take(name))
        taker.hide()
        row.add_control(taker)
        row.add_control(field)
        row.focus_on(field)
        row.on_reset(lambda: self._shortcuts.reset(name))
        self._fields[name], self._takers[name] = field, taker
        self._on_changed(name)

    def _on_capturing(self, name: str, begins: bool) -> None:
        if begins:
            for other in self._fields:
                self._say(other, "")
            announce(self, self.tr("Press the keys. Esc cancels."))

    def _on_keys(self, name: str, keys: QKeySequence) -> None:
        problem = self._shortcuts.conflict(name, keys)
        if problem is None:
            self._shortcuts.set(name, keys)
            self._say(name, "")
            return
        self._wanted = keys
        takeable = not self._shortcuts.refusal(keys) and self._shortcuts.owner(name, keys) is not None
        self._say(name, problem, takeable=takeable)

    def _take(self, name: str) -> None:
        self._fields[name].setFocus()
        self._shortcuts.set(name, self._wanted)
        self._say(name, "")

    def _say(self, name: str, problem: str, *, takeable: bool = False) -> None:
        self._row(name).set_problem(problem)
        self._takers[name].setVisible(takeable)

    def _row(self, name: str) -> SettingRow:
        return self.rows[f"keys_{name}"]

    def _on_changed(self, name: str) -> None:
        self._fields[name].set_keys(self._shortcuts.keys(name))
        others = self._shortcuts.all_keys(name)[1:]
        also = ", ".join(isolated(keys.toString(QKeySequence.SequenceFormat.NativeText)) for keys in others)
        self._row(name).set_about(self.tr("Also {keys}").format(keys=also) if also else "")
        self._row(name).set_changed(not self._shortcuts.is_default(name))
        self._show_reset()
