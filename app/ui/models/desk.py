"""What a person does with models, and what the engine says of them, on bar, page and status line."""

from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from app.errors import TEMPLATE_STOPPED, AppError
from app.services.conversations.chat_service import ChatService, ContextUse
from app.services.models.engine_service import EngineService, EngineState
from app.services.models.process_memory import resident_memory
from app.ui.conversations.page import ConversationPage
from app.ui.models.model_bar import ModelBar
from app.ui.models.opener import ModelOpener
from app.ui.models.switching import ModelSwitch
from app.ui.models.template_notes import TemplateNotes
from app.ui.notices import Action
from app.ui.status_line import StatusLine
from app.ui.theme import Motion

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


class ModelDesk(QObject):
    """Joins the engine to what shows it; whatever ends a running reply is asked for first.

    Signal: `model_offered` with the path of a file that is to be loaded.
    """

    model_offered = Signal(object)

    def __init__(
        self,
        chat: ChatService,
        engine: EngineService,
        bar: ModelBar,
        page: ConversationPage,
        status_line: StatusLine,
        opener: ModelOpener,
        switch: ModelSwitch,
        demo: Path,
    ) -> None:
        super().__init__(page)
        self._chat = chat
        self._engine = engine
        self._bar = bar
        self._page = page
        self._status_line = status_line
        self._opener = opener
        self._switch = switch
        self._demo = demo
        self._path = ""
        self._memory = QTimer(self, interval=Motion.MEMORY)
        self._memory.timeout.connect(self.show_memory)
        self._notes = TemplateNotes(chat, engine, page, self.load_again)
        self._connect()
        self._on_state_changed(engine.state)

    def offer(self, path: Path) -> None:
        """Loads a file that a person named, once they know what that ends."""
        self._switch.to_another(path.stem, lambda: self.model_offered.emit(path))

    def use_demo(self) -> None:
        """Loads the demo model, once the person knows what that ends; where it is there, it stays."""
        state = self._engine.state
        if state.path == str(self._demo) and state.phase not in ("empty", "failed"):
            return
        self._switch.to_another(self.tr("Demo model (tiny)"), lambda: self._engine.load(self._demo))

    def load_again(self) -> None:
        """Loads the same model anew, as it is to be loaded now."""
        state = self._engine.state
        if state.path:
            self._switch.to_another(state.name, lambda: self._engine.load(Path(state.path), name=state.name))

    def unload(self) -> None:
        """Gives the model's memory back, once the person knows what that ends."""
        self._switch.to_none(self._engine.unload)

    def show_memory(self) -> None:
        """Asks what the engine takes now, and tells it at the foot."""
        self._status_line.set_memory(resident_memory(self._engine.pid))

    def action_for(self, error: AppError) -> Action | None:
        """The one button that may help with a failure of a model or its file."""
        if error.code in _FILE_CODES:
            return Action(self.tr("Choose a file"), self._opener.ask)
        path = self._engine.state.path
        if error.code in _ENGINE_CODES and path:
            return Action(self.tr("Start it again"), lambda: self._engine.load(Path(path)))
        return None

    def _connect(self) -> None:
        engine, bar, page = self._engine, self._bar, self._page
        engine.state_changed.connect(self._on_state_changed)
        self._chat.context_changed.connect(self._on_context_changed)
        for source in (bar, page.empty_state):
            source.load_requested.connect(self._opener.ask)
            source.demo_requested.connect(self.use_demo)
        bar.unload_requested.connect(self.unload)
        bar.cancel_requested.connect(engine.cancel_load)
        page.dock.loading.cancel_requested.connect(engine.cancel_load)
        self._opener.chosen.connect(self.offer)

    def _on_context_changed(self, use: ContextUse) -> None:
        if self._engine.state.capabilities is not None:
            self._bar.set_context(use)

    def _on_state_changed(self, state: EngineState) -> None:
        if state.path == str(self._demo):
            state = msgspec.structs.replace(state, name=self.tr("Demo model (tiny)"))
        if state.phase == "loading" and not state.share:
            # A template that was stopped is why the same model is loaded anew: that is still to be read.
            self._page.clear_notices(*(TEMPLATE_STOPPED if state.path == self._path else ()))
        self._path = state.path
        self._bar.set_state(state)
        self._bar.set_context(self._context_use(state))
        self._page.show_state(state)
        if state.phase in ("empty", "failed", "resting"):
            self._memory.stop()
            self._status_line.set_memory(0)
        elif not self._memory.isActive():
            self._memory.start()

    def _context_use(self, state: EngineState) -> ContextUse:
        """How full the context is, as far as that is known for the model that is there now."""
        use = self._chat.context_use
        if state.capabilities is None:
            return ContextUse(0, 0)
        return use if use.context == state.capabilities.context else ContextUse(0, state.capabilities.context)
