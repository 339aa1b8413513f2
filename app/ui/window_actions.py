"""What the keys do, wherever the focus is: each by the name that it has in the table of shortcuts."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut

from app.services.settings_service import SettingsService
from app.settings import TEXT_SIZE
from app.ui.conversations.desk import ConversationDesk
from app.ui.conversations.page import ConversationPage
from app.ui.shortcuts import Shortcuts

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow

_TEXT_SIZES: Final = (85, 92, 100, 110, 125, 150, 175, 200)
"""The steps of the transcript's text, in per cent."""


class WindowActions(QObject):
    """Binds keys to what they do, and binds them anew when a person chooses others."""

    def __init__(
        self,
        window: "MainWindow",
        shortcuts: Shortcuts,
        settings: SettingsService,
        desk: ConversationDesk,
        stop_reply: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._stop_reply = stop_reply
        self._window = window
        self._shortcuts = shortcuts
        self._settings = settings
        self._desk = desk
        self._page: ConversationPage = window.page
        self._bound: dict[str, list[QShortcut]] = {}
        self.acts = self._acts()
        for name in self.acts:
            self._bind(name)
        shortcuts.changed.connect(self._bind)
        undo = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), window)
        undo.activated.connect(desk.undo_delete)
        self._page.composer.editor.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Undo brings back what was just deleted where nothing was typed in the composer that it could undo."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        document = self._page.composer.editor.document()
        untouched = document.isEmpty() or not document.isUndoAvailable()
        undoes = event.matches(QKeySequence.StandardKey.Undo)
        return undoes and self._page.toast.isVisible() and untouched

    def _acts(self) -> dict[str, Callable[[], None]]:
        window, desk, page = self._window, self._desk, self._page
        return {
            "new_conversation": desk.begin,
            "new_temporary": desk.begin_temporary,
            "search": self._search,
            "next_conversation": lambda: desk.step(1),
            "previous_conversation": lambda: desk.step(-1),
            "rename": desk.begin_rename,
            "delete": desk.delete_open,
            "export": desk.export_open,
            "copy_markdown": desk.copy_open,
            "focus_composer": self._write,
            "stop": self._stop,
            "regenerate": page.talk.regenerate_last,
            "load_model": window.opener.ask,
            "toggle_list": window.frame.toggle_side,
            "larger_text": lambda: self._step_text_size(1),
            "smaller_text": lambda: self._step_text_size(-1),
            "normal_text": lambda: self._settings.reset(TEXT_SIZE),
            "settings": window.settings_requested.emit,
            "close_window": lambda: _close(window),
        }

    def _bind(self, name: str) -> None:
        if name not in self.acts:
            return
        for shortcut in self._bound.pop(name, ()):
            shortcut.setEnabled(False)
            shortcut.deleteLater()
        self._bound[name] = []
        for keys in self._shortcuts.all_keys(name):
            shortcut = QShortcut(keys, self._window)
            shortcut.activated.connect(self.acts[name])
            self._bound[name].append(shortcut)

    def _search(self) -> None:
        self._desk.come_in_sight()
        frame = self._window.frame
        if not frame.side_shown:
            frame.toggle_side()
        self._window.sidebar.focus_search()

    def _write(self) -> None:
        self._desk.come_in_sight()
        self._page.focus_composer(Qt.FocusReason.ShortcutFocusReason)

    def _stop(self) -> None:
        """Escape closes what lies over the page before it stops a reply."""
        if self._window.frame.over:
            self._window.frame.close_over()
        else:
            self._stop_reply()

    def _step_text_size(self, step: int) -> None:
        now = self._settings.get(TEXT_SIZE)
        sizes = [size for size in _TEXT_SIZES if (size > now if step > 0 else size < now)]
        if sizes:
            self._settings.set(TEXT_SIZE, sizes[0] if step > 0 else sizes[-1])


def _close(window: "MainWindow") -> None:
    window.close()
