"""The menu at the header's end: what can be done with the open conversation, the theme, and the settings."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QWidget

from app.services.settings_service import SettingsService
from app.settings import THEME
from app.ui.icons import Icons
from app.ui.shortcuts import Shortcuts
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.ui.controls.menu import Menu


def open_window_menu(
    theme: Theme,
    icons: Icons,
    shortcuts: Shortcuts,
    settings: SettingsService,
    acts: Mapping[str, Callable[[], None]],
    button: QWidget,
    *,
    stored: bool,
) -> QWidget:
    """Builds the menu and opens it below its button.

    `acts` says what there is to do, by the names of the shortcuts; `stored` whether the open conversation has messages:
    an empty one can be neither named, exported nor deleted.
    """
    from app.ui.controls.menu import Menu

    menu = Menu(theme, icons, _tr("More"), button)
    menu.aboutToHide.connect(menu.deleteLater, Qt.ConnectionType.QueuedConnection)

    def add(name: str, text: str, icon: str, *, of_messages: bool = False) -> None:
        action = menu.add(text, acts[name], icon=icon, keys=shortcuts.keys(name))
        action.setEnabled(stored or not of_messages)

    add("new_conversation", _tr("New conversation"), "square-pen")
    add("new_temporary", _tr("New temporary conversation"), "message-circle-dashed")
    menu.addSeparator()
    add("rename", _tr("Rename"), "pencil", of_messages=True)
    add("export", _tr("Export…"), "share", of_messages=True)
    add("copy_markdown", _tr("Copy as Markdown"), "copy", of_messages=True)
    add("delete", _tr("Delete"), "trash-2", of_messages=True)
    menu.addSeparator()
    icons.put(menu.addMenu(_themes(theme, icons, settings, menu)), "palette")
    menu.addSeparator()
    add("settings", _tr("Settings"), "settings-2")
    menu.open_below(button, at_end=True)
    return menu


def _themes(theme: Theme, icons: Icons, settings: SettingsService, parent: QWidget) -> "Menu":
    from app.ui.controls.menu import Menu

    themes = Menu(theme, icons, _tr("Theme"), parent)
    themes.setTitle(_tr("Theme"))
    words = {"system": _tr("As this machine"), "light": _tr("Light"), "dark": _tr("Dark")}
    themes.add_choices(words, settings.get(THEME), lambda scheme: settings.set(THEME, scheme))
    return themes


def _tr(text: str) -> str:
    return QCoreApplication.translate("WindowMenu", text)
