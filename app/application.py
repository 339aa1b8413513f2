"""Builds every object of the window once, connects them, opens the window, and closes in order."""

import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QLocale, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from app.diagnostics import catch_the_uncaught, start_log
from app.errors import AppError
from app.paths import Paths, demo_model, resources
from app.services.conversations.chat_service import ChatService
from app.services.conversations.conversation_service import ConversationService
from app.services.conversations.reply_service import ReplyService
from app.services.conversations.store_service import StoreService
from app.services.desktop.one_instance import OneInstance
from app.services.models.engine_command import engine_command, first_model
from app.services.models.engine_service import EngineService, EngineState
from app.services.models.template_trust import TemplateTrust
from app.services.settings_service import SettingsService
from app.services.words.messages import explain
from app.services.words.storage_messages import repair_notice
from app.settings import (
    LANGUAGE,
    LAST_CONVERSATION,
    LAST_MODEL,
    THEME,
    THINKING,
    WELCOMED,
    Settings,
)
from app.ui.icons import Icons
from app.ui.language import speak
from app.ui.main_window import MainWindow
from app.ui.preferences import Preferences
from app.ui.theme import Theme
from app.ui.window_pages import WindowPages
from app.ui.window_services import WindowServices

if TYPE_CHECKING:
    from app.attendance import Attendance
    from app.services.exchange.export_service import ExportService
    from app.ui.export.exchange import Exchange
    from app.ui.settings.view import SettingsView

log = logging.getLogger(__name__)


class Start(NamedTuple):
    """What the window is started with: a folder for everything it writes, and a model to load."""

    data_dir: Path | None = None
    file: Path | None = None


def read_arguments(arguments: Sequence[str]) -> Start:
    """What the arguments ask for; wrong ones end the program with 2 and say so."""
    if not arguments:
        return Start()
    import argparse  # not worth its time where there is nothing to read: most windows are started by a click

    parser = argparse.ArgumentParser(prog="soliloquy", description="Open-weight reasoning models, offline.")
    parser.add_argument("--data-dir", type=Path, help="everything the app writes goes here")
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE.gguf", help="a model to load")
    chosen = parser.parse_args(arguments)
    return Start(chosen.data_dir, chosen.file)


def main(arguments: Sequence[str]) -> int:
    """Runs the window until it is closed; returns the exit code."""
    chosen = read_arguments(arguments)
    paths = Paths.under(chosen.data_dir) if chosen.data_dir else Paths.standard()
    try:
        paths.prepare()
    except OSError:
        # Without a folder there is nothing to open a window on; whoever chose it reads the terminal.
        sys.stderr.write(explain(AppError("folder_unusable", path=str(paths.data))).text + "\n")
        return 1
    start_log(paths.logs)
    instance = OneInstance(paths.data)
    if not instance.claim():
        from app.ui.already_open import second_start

        return second_start(paths.data, chosen.file)
    app = QApplication([sys.argv[0]])
    app.setApplicationName("soliloquy")
    app.setApplicationDisplayName("Soliloquy")
    app.setDesktopFileName("soliloquy")
    name_a_language()
    application = Application(paths)
    application.open(chosen.file)
    application.hear(instance)
    code = app.exec()
    application.close()
    instance.close()
    return code


def name_a_language() -> None:
    """Where the system names no language, numbers are written as the English texts around them."""
    if QLocale().language() == QLocale.Language.C:
        QLocale.setDefault(QLocale(QLocale.Language.English))


def is_in_front() -> bool:
    """Whether the person has one of the app's windows before them."""
    return QApplication.activeWindow() is not None


class _AfterFirstPaint(QObject):
    """Does something once, as soon as a window has been painted for the first time."""

    def __init__(self, window: QWidget, act: Callable[[], None]) -> None:
        super().__init__(window)
        self._act = act
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Waits for the paint event, and lets the children paint before it acts."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._act)
        return False


class Application(QObject):
    """Owns the services and the window."""

    def __init__(self, paths: Paths) -> None:
        super().__init__()
        self.paths = paths
        self.settings = SettingsService(Settings(paths.data / "settings.json"), self)
        self._translator = speak(self.settings.get(LANGUAGE), resources() / "translations")
        file, backups = paths.data / "conversations.db", paths.data / "backups"
        self._new_here = not self.settings.get(WELCOMED) and not file.exists()
        self._lost_file = not file.exists() and backups.is_dir() and any(backups.iterdir())
        self.store = StoreService(file, backups, self)
        self.theme = Theme()
        self.theme.set_scheme(self.settings.get(THEME))
        self.icons = Icons(self.theme)
        self.engine = EngineService(engine_command(paths), self, TemplateTrust(self.settings))
        self.conversations = ConversationService(self.store, self)
        self.replies = ReplyService(self.engine, self.conversations, self.store, self)
        self.chat = ChatService(self.engine, self.conversations, self.replies, self)
        self.chat.choosing.last_thinking = self.settings.get(THINKING) or None
        self.preferences = Preferences(self.settings, self.theme, self.engine, self.chat)
        self.window = MainWindow(self._services(), self.theme, self.icons, demo_model())
        self.pages = WindowPages(
            self.window, self.theme, self.icons, self.settings, self.store, paths, self._on_settings_made
        )
        self.attendance: Attendance | None = None
        self._exporting: ExportService | None = None
        self._exchange: Exchange | None = None
        self._connect()
        catch_the_uncaught(self._on_bug)
        if self.settings.get(LAST_CONVERSATION):
            self.window.desk.expect()

    def _services(self) -> WindowServices:
        return WindowServices(self.chat, self.engine, self.conversations, self.replies, self.settings)

    def _connect(self) -> None:
        self.window.export_requested.connect(self._on_export_requested)
        self.window.copy_requested.connect(self._on_copy_requested)
        self.engine.state_changed.connect(self._on_engine_state)
        self.store.failed.connect(self.window.storage.show_failure)
        self.store.opened.connect(self.window.storage.clear)
        self.store.repaired.connect(lambda repair: self.window.storage.show_repair(repair_notice(repair)))
        self.chat.conversation_changed.connect(self._on_conversation_changed)
        self.chat.message_added.connect(self._on_conversation_changed)
        self.chat.choosing.changed.connect(self._on_choices_changed)

    def open(self, model: Path | None) -> None:
        """Shows the window, and loads a model once it is painted: the one given, else the last, else the demo."""
        if model is None and self._new_here:
            self.pages.show_first_run()
        _AfterFirstPaint(self._seen_first(), lambda: self._begin(model))
        self.window.show()

    def hear(self, instance: OneInstance) -> None:
        """Does what later starts with the same folder ask for, from the first paint on."""
        instance.asked.connect(self._on_asked)
        _AfterFirstPaint(self._seen_first(), instance.listen)

    def _seen_first(self) -> QWidget:
        """What is painted when the window is: nothing of itself is where the first page covers it."""
        page = self.pages.first_run
        return self.window if page is None else page.viewport()

    def _on_asked(self, model: Path | None) -> None:
        """A later start wants this window, and perhaps a model in it."""
        self.window.bring_to_front()
        if model is not None:
            self.window.models.offer(model)

    def _begin(self, model: Path | None) -> None:
        # Not earlier: its thread would take turns with this one, and the first picture would come later.
        self.store.start()
        if self.settings.get(LAST_CONVERSATION):
            self.chat.open(self.settings.get(LAST_CONVERSATION))
        self.theme.load_remaining_fonts()
        self.store.settle()
        self._attend()
        self.engine.load(model or first_model(self.settings))
        if self._lost_file:
            self.window.storage.show_missing(lambda: self.pages.show_settings("backups"))

    def _attend(self) -> None:
        from app.attendance import Attendance

        self.attendance = Attendance(self.window, self._services(), self.store, self.paths, is_in_front, self)

    def _on_engine_state(self, state: EngineState) -> None:
        if state.phase == "ready":
            self.settings.set(LAST_MODEL, state.path)

    def _on_conversation_changed(self) -> None:
        """Remembers what is open; what was never written to disk is not there the next time."""
        conversation = self.chat.conversation
        stored = bool(conversation.messages) and not conversation.temporary
        self.settings.set(LAST_CONVERSATION, conversation.id if stored else "")

    def _on_choices_changed(self) -> None:
        """A new conversation begins as hard as was thought last, the next time too."""
        self.settings.set(THINKING, (self.chat.choosing.last_thinking or "")[: THINKING.longest])

    @property
    def exchange(self) -> "Exchange":
        """What exports, copies and imports, made when it is first asked for."""
        if self._exchange is None:
            from app.services.exchange.export_service import ExportService
            from app.ui.export.exchange import Exchange

            window = self.window
            self._exporting = ExportService(self.store, self.conversations, self.replies, self)
            self._exporting.failed.connect(window.desk.come_in_sight)
            self._exchange = Exchange(
                window, self._exporting, self.settings, self.theme, window.page.notices, window.say
            )
        return self._exchange

    def _on_export_requested(self, conversation_id: str) -> None:
        self.exchange.export(conversation_id)

    def _on_copy_requested(self, conversation_id: str) -> None:
        self.exchange.copy_as_markdown(conversation_id)

    def _on_settings_made(self, view: "SettingsView") -> None:
        """Joins the settings to what lies outside of the window."""
        view.import_requested.connect(self.exchange.import_file)
        view.export_all_requested.connect(self.exchange.export_all)
        view.restoring.connect(self.window.page.talk.leave)
        view.set_answering(not self.replies.free)
        self.replies.queue_changed.connect(lambda: view.set_answering(not self.replies.free))
        view.set_loaded(bool(self.engine.state.path))
        self.engine.state_changed.connect(lambda state: view.set_loaded(bool(state.path)))

    def _on_bug(self, _traceback: str) -> None:
        """A bug of ours reached the top: it is in the log; the window stays, and so does every word in it."""
        QTimer.singleShot(0, self, lambda: self.chat.failed.emit(AppError("bug")))

    def close(self) -> None:
        """Ends and stores the reply that grows, then drains the store, and ends the engine."""
        self.window.closing.allow()
        self.window.close()
        self.pages.close()
        if self._exporting is not None:
            self._exporting.close()
        if self.attendance is not None:
            self.attendance.close()
        self.replies.close()
        self.engine.close()
        self.conversations.hand_over()
        self.store.close()
        self.settings.save()
