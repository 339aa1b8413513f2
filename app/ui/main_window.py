"""The main window: puts the frame together and joins its parts to the services."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

from app.errors import AppError
from app.services.chat_service import ChatService, ContextUse
from app.services.engine_service import EngineService, EngineState
from app.services.process_memory import resident_memory
from app.ui.conversations.page import ConversationPage
from app.ui.focus_ring import FocusRing
from app.ui.header import Header
from app.ui.icons import Icons
from app.ui.models.model_bar import ModelBar
from app.ui.models.opener import ModelOpener, dropped_model
from app.ui.notices import Action
from app.ui.status_line import StatusLine
from app.ui.theme import Motion, Role, Size, Theme

# What choosing another file may cure, and what starting the engine again may.
_FILE_CODES = frozenset(
    {
        "file_missing",
        "file_unreadable",
        "file_is_folder",
        "not_gguf",
        "gguf_truncated",
        "gguf_invalid",
        "gguf_version",
        "architecture_unknown",
        "no_vocabulary",
        "load_failed",
        "load_memory",
        "no_model",
    }
)
_ENGINE_CODES = frozenset({"engine_crashed", "engine_killed"})


class MainWindow(QMainWindow):
    """Assembles header, page and status line; takes model files that are dropped anywhere on it.

    Signal: `model_offered` with the path of a file that a person chose or dropped.
    """

    model_offered = Signal(object)

    def __init__(
        self, chat: ChatService, engine: EngineService, theme: Theme, icons: Icons, demo: Path
    ) -> None:
        super().__init__()
        self._chat = chat
        self._engine = engine
        self._theme = theme
        self._demo = demo
        keys = QKeySequence.StandardKey
        self.setWindowTitle("Soliloquy")
        self.setMinimumSize(*Size.WINDOW_MIN)
        self.resize(QSize(*Size.WINDOW).boundedTo(self.screen().availableSize()))
        self.setAcceptDrops(True)
        self.model_bar = ModelBar(theme, icons, demo, QKeySequence(keys.Open))
        self.header = Header(theme, icons, self.model_bar)
        self.page = ConversationPage(chat, theme, icons, demo)
        self.status_line = StatusLine(theme, icons)
        self.opener = ModelOpener(self)
        self._memory = QTimer(self, interval=Motion.MEMORY)
        self._arrange()
        self.ring = FocusRing(theme, self)
        self._connect()
        self._add_shortcuts()
        self._dress()
        self._on_title_changed("")
        self._on_state_changed(engine.state)

    def showEvent(self, event: QShowEvent) -> None:
        """Begins with the cursor in the composer."""
        super().showEvent(event)
        self.page.composer.editor.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lets the frame take less room in small windows."""
        super().resizeEvent(event)
        narrow = self.width() < Size.NARROW_WINDOW
        self.header.set_narrow(narrow)
        self.status_line.set_compact(narrow=narrow, short=self.height() < Size.SHORT_WINDOW)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes one model file."""
        if dropped_model(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Loads the model file that was dropped."""
        path = dropped_model(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.model_offered.emit(path)

    def _arrange(self) -> None:
        frame = QWidget(self)
        column = QVBoxLayout(frame)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget, stretch in ((self.header, 0), (self.page, 1), (self.status_line, 0)):
            column.addWidget(widget, stretch)
        self.setCentralWidget(frame)

    def _connect(self) -> None:
        engine, chat, bar, page = self._engine, self._chat, self.model_bar, self.page
        engine.state_changed.connect(self._on_state_changed)
        engine.failed.connect(self._on_failed)
        engine.notice.connect(page.notices.show_notice)
        chat.failed.connect(self._on_failed)
        chat.context_changed.connect(self._on_context_changed)
        for source in (bar, page.empty_state):
            source.load_requested.connect(self.opener.ask)
            source.demo_requested.connect(self._on_demo_requested)
        bar.unload_requested.connect(engine.unload)
        bar.cancel_requested.connect(engine.cancel_load)
        page.dock.loading.cancel_requested.connect(engine.cancel_load)
        bar.thinking_chosen.connect(self._on_thinking_chosen)
        page.speed_changed.connect(self.status_line.set_speed)
        page.title_changed.connect(self._on_title_changed)
        self.opener.chosen.connect(self.model_offered)
        self._memory.timeout.connect(self.show_memory)
        self._theme.changed.connect(self._dress)

    def _add_shortcuts(self) -> None:
        keys = QKeySequence.StandardKey
        for sequence, slot in (
            (QKeySequence(keys.New), self._on_new_requested),
            (QKeySequence(keys.Open), self.opener.ask),
            (QKeySequence(keys.Cancel), self._chat.stop),
            (QKeySequence("Ctrl+L"), self._on_focus_requested),
        ):
            QShortcut(sequence, self).activated.connect(slot)

    def _dress(self) -> None:
        """Palette and font reach what no style sheet of this window does: dialogs and menus of the system."""
        QApplication.setPalette(self._theme.palette())
        QApplication.setFont(self._theme.font(Role.INTERFACE))
        self.setStyleSheet(self._theme.stylesheet())

    def _on_demo_requested(self) -> None:
        self._engine.load(self._demo)

    def _on_new_requested(self) -> None:
        self._chat.new_conversation()
        self.page.notices.clear()
        self._on_focus_requested()

    def _on_focus_requested(self) -> None:
        self.page.composer.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_thinking_chosen(self, choice: str) -> None:
        self._chat.thinking = choice
        self.model_bar.set_thinking(choice)

    def _on_title_changed(self, title: str) -> None:
        self.header.show_conversation(title or self.tr("New conversation"), temporary=False)

    def _on_context_changed(self, use: ContextUse) -> None:
        if self._engine.state.capabilities is not None:
            self.model_bar.set_context(use)

    def _on_state_changed(self, state: EngineState) -> None:
        if state.path == str(self._demo):
            state = replace(state, name=self.tr("Demo model (tiny)"))
        if state.phase == "loading" and not state.share:
            self.page.notices.clear()
        capabilities = state.capabilities
        if capabilities is not None and self._chat.thinking not in capabilities.thinking.choices:
            # A choice that another model had; this one starts with its own.
            self._chat.thinking = None
        self.model_bar.set_thinking(self._chat.thinking)
        self.model_bar.set_state(state)
        self.model_bar.set_context(self._context_use(state))
        self.page.show_state(state)
        if state.phase in ("empty", "failed"):
            self._memory.stop()
            self.status_line.set_memory(0)
        elif not self._memory.isActive():
            self._memory.start()

    def _context_use(self, state: EngineState) -> ContextUse:
        """How full the context is, as far as that is known for the model that is there now."""
        use = self._chat.context_use
        if state.capabilities is None:
            return ContextUse(0, 0)
        return use if use.context == state.capabilities.context else ContextUse(0, state.capabilities.context)

    def show_memory(self) -> None:
        """Asks what the engine takes now, and tells it at the foot."""
        self.status_line.set_memory(resident_memory(self._engine.pid))

    def _on_failed(self, error: AppError) -> None:
        self.page.notices.show_error(error, self._action_for(error))

    def _action_for(self, error: AppError) -> Action | None:
        if error.code in _FILE_CODES:
            return Action(self.tr("Choose a file"), self.opener.ask)
        path = self._engine.state.path
        if error.code in _ENGINE_CODES and path:
            return Action(self.tr("Start it again"), lambda: self._engine.load(Path(path)))
        if error.code == "context_full":
            return Action(self.tr("New conversation"), self._on_new_requested)
        return None
