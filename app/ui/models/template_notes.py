"""What a model's chat template cannot do, or may not, told where it matters."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject

from app.errors import TEMPLATE_STOPPED
from app.services.conversations.chat_service import ChatService
from app.services.models.engine_service import EngineService
from app.services.words.messages import notice
from app.ui.conversations.page import ConversationPage
from app.ui.notices import Action

_DISTRUSTED: Final = "template_distrusted"
_FOLDED: Final = "system_folded"


class TemplateNotes(QObject):
    """Shows what the engine says of a model once it is there, and lets a person trust a template again.

    That a system prompt leads the first question is said with the first reply that is asked for in that way, once for
    each model. `load_again` loads the model anew.
    """

    def __init__(
        self, chat: ChatService, engine: EngineService, page: ConversationPage, load_again: Callable[[], None]
    ) -> None:
        super().__init__(page)
        self._chat = chat
        self._engine = engine
        self._page = page
        self._load_again = load_again
        self._told: set[str] = set()
        engine.notice.connect(self._on_notice)
        chat.answering_changed.connect(self._on_answering_changed)

    def _on_notice(self, code: str) -> None:
        if code == _DISTRUSTED:
            again = Action(self.tr("Trust again"), self._trust)
            self._page.notices.show_banner(code, notice(code), "warning", again)
        else:
            self._page.notices.show_notice(code)

    def _trust(self) -> None:
        path = self._engine.state.path
        if path:
            self._page.notices.clear(*TEMPLATE_STOPPED)
            self._engine.templates.trust(Path(path))
            self._load_again()

    def _on_answering_changed(self, answering: bool) -> None:
        state = self._engine.state
        folds = state.capabilities is not None and state.capabilities.folds_system
        if answering and folds and self._has_system_text() and state.path not in self._told:
            self._told.add(state.path)
            self._page.notices.show_notice(_FOLDED)

    def _has_system_text(self) -> bool:
        return bool(self._chat.conversation.system) or self._chat.choosing.choices.own_language
