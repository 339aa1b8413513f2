"""What the next prompt takes of the model's context, asked of the engine whenever that may have changed."""

import os

import msgspec
from PySide6.QtCore import QObject, Signal

from app.chat.conversation import Conversation, Message, Text, turns
from app.chat.options import GenerateOptions
from app.protocol.engine import LEAST_ROOM, Plan, Planned
from app.services.models.engine_service import EngineService, EngineState

_DRAFT = "draft"


class ContextUse(msgspec.Struct, frozen=True):
    """What the next prompt takes, in tokens: of the conversation with the draft, of the context, and what is free.

    `left_out` are the ids of messages that it no longer holds; `fits` is False when not even the draft alone fits.
    """

    tokens: int
    context: int
    left_out: tuple[str, ...] = ()
    fits: bool = True

    @property
    def room(self) -> int:
        """Tokens that are free."""
        return max(0, self.context - self.tokens)


class ContextPlan(QObject):
    """The use of the context by one conversation and its draft.

    Signals: `changed` with a ContextUse; `possible` when the engine has become able to answer.
    """

    changed = Signal(object)
    possible = Signal()

    def __init__(self, engine: EngineService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._use = ContextUse(0, 0)
        self._plan_id = ""
        self._asked_for = ""
        self._planned_for: str | None = None
        engine.planned.connect(self._on_planned)
        engine.state_changed.connect(self._on_engine_state)

    @property
    def use(self) -> ContextUse:
        """As last planned, or counted while a reply grows."""
        return self._use

    def refuses(self, text: str) -> bool:
        """Whether the engine has said that this very text does not fit."""
        return self._planned_for == text and not self._use.fits

    def ask(self, conversation: Conversation, draft: str, options: GenerateOptions) -> None:
        """Asks anew; `changed` follows if the answer is another one."""
        asked = turns(conversation.system, conversation.branch())
        if draft.strip():
            asked = (*asked, *turns("", (Message(_DRAFT, "user", parts=(Text(draft),)),)))
        # An answer to an earlier question, about another draft or another conversation, is none to this one.
        self.cancel()
        self._asked_for = draft
        if any(turn.role == "user" for turn in asked):
            self._engine.plan(Plan(self._plan_id, asked, options))
        else:
            self.clear()

    def cancel(self) -> None:
        """What was asked before is no longer of interest."""
        self._plan_id = os.urandom(8).hex()
        self._planned_for = None

    def clear(self) -> None:
        """Nothing is known to be in the context."""
        if self._engine.state.capabilities is not None:
            self._set(ContextUse(0, self._engine.state.capabilities.context))

    def count(self, tokens: int) -> None:
        """A reply grows: so many tokens are taken by now. Told by hundredths, which is what is shown of it."""
        if 100 * abs(tokens - self._use.tokens) >= self._use.context:
            self._set(msgspec.structs.replace(self._use, tokens=tokens))

    def _on_planned(self, planned: Planned) -> None:
        if planned.plan_id == self._plan_id:
            self._planned_for = self._asked_for
            fits = planned.total + LEAST_ROOM <= planned.context
            self._set(ContextUse(planned.total, planned.context, planned.left_out, fits))

    def _on_engine_state(self, state: EngineState) -> None:
        if state.phase == "ready":
            self.possible.emit()

    def _set(self, use: ContextUse) -> None:
        if use != self._use:
            self._use = use
            self.changed.emit(use)
