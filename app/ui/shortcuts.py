"""The table of shortcuts, and which keys a person gave to them."""

import logging
from collections.abc import Mapping
from typing import Final, NamedTuple

import msgspec
from PySide6.QtCore import QCoreApplication, QKeyCombination, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence

from app.services.settings_service import SettingsService
from app.settings import SHORTCUTS

log = logging.getLogger(__name__)


class Shortcut(NamedTuple):
    """What can be done by keys: `keys` do it unless others were chosen, and the first of them is shown."""

    name: str
    keys: tuple[str, ...]


# Each name is what the settings file remembers: never give it to another action.
TABLE: Final = (
    Shortcut("new_conversation", ("Ctrl+N",)),
    Shortcut("new_temporary", ("Ctrl+Shift+N",)),
    Shortcut("search", ("Ctrl+K",)),
    Shortcut("next_conversation", ("Ctrl+Tab", "Alt+Down")),
    Shortcut("previous_conversation", ("Ctrl+Shift+Tab", "Alt+Up")),
    Shortcut("rename", ("F2",)),
    Shortcut("delete", ("Ctrl+Shift+Del",)),
    Shortcut("export", ("Ctrl+E",)),
    Shortcut("copy_markdown", ("Ctrl+Shift+C",)),
    Shortcut("focus_composer", ("Ctrl+L",)),
    Shortcut("stop", ("Esc",)),
    Shortcut("regenerate", ("Ctrl+R",)),
    Shortcut("load_model", ("Ctrl+O",)),
    Shortcut("toggle_list", ("Ctrl+B",)),
    Shortcut("larger_text", ("Ctrl++", "Ctrl+=")),
    Shortcut("smaller_text", ("Ctrl+-",)),
    Shortcut("normal_text", ("Ctrl+0",)),
    Shortcut("settings", ("Ctrl+,",)),
    Shortcut("close_window", ("Ctrl+Q",)),
)
"""Every shortcut of the window, in the order in which the settings show them."""

# What a text field does with these would be lost, in every field at once.
_EDITING: Final = (
    QKeySequence.StandardKey.Cut,
    QKeySequence.StandardKey.Copy,
    QKeySequence.StandardKey.Paste,
    QKeySequence.StandardKey.SelectAll,
    QKeySequence.StandardKey.Undo,
    QKeySequence.StandardKey.Redo,
)
_WRITES: Final = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_META: Final = Qt.KeyboardModifier.MetaModifier
_MOVES: Final = frozenset(
    {
        *(Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Backspace),
        *(Qt.Key.Key_Delete, Qt.Key.Key_Insert, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp),
        *(Qt.Key.Key_PageDown, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down),
        *(Qt.Key.Key_Space, Qt.Key.Key_Menu),
    }
)


class Shortcuts(QObject):
    """Which keys do what, now. No keys ever do two things: who took them last has them.

    Signal: `changed` with the name of an action whose keys are others now.
    """

    changed = Signal(str)

    def __init__(self, settings: SettingsService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._defaults = {shortcut.name: _sequences(shortcut.keys) for shortcut in TABLE}
        self._keys = self._resolved(self._chosen())
        settings.changed.connect(self._on_setting_changed)

    @property
    def names(self) -> tuple[str, ...]:
        """Every action, in the table's order."""
        return tuple(self._defaults)

    def words(self, name: str) -> str:
        """What the action does, in the person's language."""
        return _words()[name]

    def keys(self, name: str) -> QKeySequence:
        """The keys to show for it; empty where it has none."""
        return self._keys[name][0] if self._keys[name] else QKeySequence()

    def all_keys(self, name: str) -> tuple[QKeySequence, ...]:
        """All the keys that do it, to bind: some actions have a second way, such as Ctrl and = for Ctrl and +."""
        return self._keys[name]

    def is_default(self, name: str) -> bool:
        """Whether it has exactly the keys that it was shipped with."""
        return self._keys[name] == self._defaults[name]

    def owner(self, name: str, keys: QKeySequence) -> str | None:
        """The other action that has the keys now."""
        others = (other for other in self._keys if other != name)
        return next((other for other in others if keys in self._keys[other]), None)

    def refusal(self, keys: QKeySequence) -> str:
        """Why no action can have these keys, in words; empty where one can."""
        shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
        if any(keys in QKeySequence.keyBindings(standard) for standard in _EDITING):
            return self.tr("{keys} edits text in every field. Choose other keys.").format(keys=shown)
        if _types(keys):
            return self.tr("{keys} alone writes or moves in a text. Add Ctrl or Alt.").format(keys=shown)
        return ""

    def conflict(self, name: str, keys: QKeySequence) -> str | None:
        """What speaks against the keys for this action, in words; None where nothing does."""
        refused = "" if keys.isEmpty() or keys in self._defaults[name] else self.refusal(keys)
        if refused:
            return refused
        other = self.owner(name, keys)
        if other is None:
            return None
        shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
        return self.tr("{keys} already does this: {action}.").format(keys=shown, action=self.words(other))

    def set(self, name: str, keys: QKeySequence) -> None:
        """Gives the action these keys alone, and takes them from any other; empty ones leave it without."""
        chosen = {
            other: "" if other != name and keys.toString() and keys == QKeySequence(text) else text
            for other, text in self._chosen().items()
        }
        self._store({**chosen, name: keys.toString(QKeySequence.SequenceFormat.PortableText)})

    def reset(self, name: str) -> None:
        """Gives it back the keys that it was shipped with, and takes them from whoever has them by choice."""
        chosen = self._chosen()
        wanted = self._defaults[name]
        kept = {
            other: text
            for other, text in chosen.items()
            if other != name and (not text or QKeySequence(text) not in wanted)
        }
        self._store(kept)

    def _store(self, chosen: Mapping[str, str]) -> None:
        self._settings.set(SHORTCUTS, msgspec.json.encode(chosen).decode())

    def _chosen(self) -> dict[str, str]:
        """What the settings say, those of actions that only another version knows included."""
        try:
            values = msgspec.json.decode(self._settings.get(SHORTCUTS))
        except (msgspec.DecodeError, ValueError, RecursionError):
            log.warning("the chosen shortcuts cannot be read; those that are shipped count")
            return {}
        if not isinstance(values, dict):
            return {}
        return {name: keys for name, keys in values.items() if isinstance(keys, str)}

    def _resolved(self, chosen: Mapping[str, str]) -> dict[str, tuple[QKeySequence, ...]]:
        """The keys of every action: what was chosen comes first, and what is shipped gets what is left."""
        taken: list[QKeySequence] = []
        own: dict[str, tuple[QKeySequence, ...]] = {}
        for name in (name for name in self._defaults if name in chosen):
            keys = QKeySequence.fromString(chosen[name], QKeySequence.SequenceFormat.PortableText)
            own[name] = () if keys.isEmpty() or keys in taken else (keys,)
            taken.extend(own[name])
        return {
            name: own[name] if name in own else tuple(keys for keys in defaults if keys not in taken)
            for name, defaults in self._defaults.items()
        }

    def _on_setting_changed(self, choice: str) -> None:
        if choice != SHORTCUTS.name:
            return
        before, self._keys = self._keys, self._resolved(self._chosen())
        for name, keys in self._keys.items():
            if keys != before[name]:
                self.changed.emit(name)


def _sequences(texts: tuple[str, ...]) -> tuple[QKeySequence, ...]:
    portable = QKeySequence.SequenceFormat.PortableText
    return tuple(QKeySequence.fromString(text, portable) for text in texts)


def _types(keys: QKeySequence) -> bool:
    """Whether the keys write a letter or move a cursor."""
    pressed: QKeyCombination = keys[0]  # type: ignore[index]  # missing from PySide6's types
    if pressed.keyboardModifiers() & (_WRITES | _META):
        return False
    key = pressed.key()
    return key in _MOVES or key < Qt.Key.Key_Escape


def _words() -> dict[str, str]:
    """What each action does, in the person's language."""
    return {
        "new_conversation": _tr("New conversation"),
        "new_temporary": _tr("New temporary conversation"),
        "search": _tr("Search conversations"),
        "next_conversation": _tr("Next conversation"),
        "previous_conversation": _tr("Previous conversation"),
        "rename": _tr("Rename the conversation"),
        "delete": _tr("Delete the conversation"),
        "export": _tr("Export the conversation"),
        "copy_markdown": _tr("Copy as Markdown"),
        "focus_composer": _tr("Write a message"),
        "stop": _tr("Stop the reply"),
        "regenerate": _tr("Regenerate the last reply"),
        "load_model": _tr("Load a model file"),
        "toggle_list": _tr("Show or hide the list"),
        "larger_text": _tr("Larger text"),
        "smaller_text": _tr("Smaller text"),
        "normal_text": _tr("Normal text size"),
        "settings": _tr("Settings"),
        "close_window": _tr("Close the window"),
    }


def _tr(text: str) -> str:
    return QCoreApplication.translate("Shortcuts", text)
