"""The window that pictures are taken of: real, but for its engine, which is played."""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QWidget

from app.chat.conversation import Conversation
from app.chat.options import Thinking
from app.paths import Paths, demo_model
from app.protocol.engine import Delta
from app.services.conversations.chat_service import ContextUse
from app.services.exchange.export_service import ExportService
from app.services.settings_service import SettingsService
from app.settings import TEXT_SIZE, Settings
from app.ui.export.exchange import Exchange
from app.ui.icons import Icons
from app.ui.main_window import MainWindow
from app.ui.preferences import Preferences
from app.ui.settings.view import SettingsView
from app.ui.theme import Theme
from app.ui.window_pages import WindowPages
from app.ui.window_services import WindowServices
from tests.doubles import sample_conversations as sample
from tests.doubles.services import PlayedEngine, PlayedStore, Services, capabilities


class Studio:
    """One window in one scheme, and what can be done before it is taken."""

    def __init__(self, scheme: str, talks: Sequence[Conversation] = (), text: int = 100) -> None:
        self.theme = Theme()
        self.theme.load_remaining_fonts()
        self.theme.set_scheme(scheme)
        self.theme.set_reduced_motion(True)
        self.icons = Icons(self.theme)
        self.engine = PlayedEngine()
        self._folder = TemporaryDirectory()
        self.paths = Paths.under(Path(self._folder.name))
        self.paths.prepare()
        self.store = PlayedStore(self.paths.data)
        for talk in talks:
            self.store.real.save(talk)
            self.store.real.set_unread(talk.id, talk.id == sample.UNREAD)
        self.services = Services(self.engine, self.store)
        self.settings = SettingsService(Settings(self.paths.data / "settings.json"))
        self.settings.set(TEXT_SIZE, text)
        self.window = self._make_window()
        self.window.show()
        self.store.start()
        self.settle()

    def _make_window(self) -> MainWindow:
        services, theme, icons = self.services, self.theme, self.icons
        chat = services.chat
        Preferences(self.settings, theme, self.engine, chat)
        asked = WindowServices(chat, self.engine, services.conversations, services.replies, self.settings)
        window = MainWindow(asked, theme, icons, demo_model())
        self.exporting = ExportService(self.store, services.conversations, services.replies)
        self.exchange = Exchange(
            window, self.exporting, self.settings, theme, window.page.notices, window.say
        )
        window.export_requested.connect(self.exchange.export)
        self.pages = WindowPages(
            window, theme, icons, self.settings, self.store, self.paths, lambda _view: None
        )
        return window

    def settle(self, milliseconds: int = 150) -> None:
        """Lets everything be laid out and painted."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def close(self) -> None:
        """Ends everything that was begun."""
        self.window.closing.allow()
        self.window.close()
        self.pages.close()
        self.exporting.close()
        self.settings.save()
        self.services.close()
        self.window.deleteLater()
        self.settle(0)
        self._folder.cleanup()

    def be_ready(self, thinking: Thinking | None = None) -> None:
        """A model is there."""
        self.engine.be_ready(capabilities(thinking=thinking) if thinking else None)
        self.services.chat.context_changed.emit(ContextUse(3106, 8192))
        self.window.status_line.set_memory(1_100_000_000)

    def open(self, talk: str = sample.OPEN) -> None:
        """A model is there, and a conversation is open."""
        self.be_ready()
        self.window.desk.open(talk)
        self.settle()

    def ask(self, talk: str, text: str) -> str:
        """Asks something in a conversation; the id of the reply."""
        self.window.desk.open(talk)
        assert self.services.chat.send(text)
        return self.services.chat.answering or ""

    def write(self, reply: str, text: str, *, thinking: bool = False) -> None:
        """The engine writes, and it takes some time."""
        for word in text.splitlines(keepends=True):
            self.engine.delta.emit(Delta(reply, "thinking" if thinking else "answer", "model", word, 30))
            self.settle(60)

    def view(self, section: str) -> SettingsView:
        """The settings at a section."""
        self.be_ready()
        self.pages.show_settings(section)
        view = self.pages.settings_view
        assert view is not None
        self.settle()
        return view


Scene = Callable[[Studio], QWidget | None]
"""Brings a state about; returns what is to be taken in place of the window."""
