"""The conversation that is open: takes a question, follows its reply while it grows, keeps what was written."""

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from app.chat.conversation import Conversation, FinishReason, Message, Text, turns
from app.chat.growing_reply import GrowingReply
from app.chat.options import GenerateOptions, Sampling
from app.errors import AppError, EngineError, PromptError
from app.protocol.engine import LEAST_ROOM, Delta, Finished, Generate, Plan, Planned
from app.services.engine_service import EngineService, EngineState, offered

log = logging.getLogger(__name__)

_REPAINT_MS = 40
"""A growing reply is announced at most this often."""

_DRAFT = "draft"


@dataclass(frozen=True)
class ContextUse:
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


@dataclass(frozen=True)
class GenerationChoices:
    """What a person chose for the replies to come; None leaves it to the model."""

    sampling: Sampling | None = None
    max_tokens: int | None = None


class ChatService(QObject):
    """One conversation in memory. Signals carry ids of messages; `message` gives what they say so far."""

    conversation_changed = Signal()
    message_added = Signal(str)
    message_changed = Signal(str)
    prefilling = Signal(str, int, int)
    context_changed = Signal(object)
    answering_changed = Signal(bool)
    failed = Signal(object)

    def __init__(
        self,
        engine: EngineService,
        parent: QObject | None = None,
        *,
        new_id: Callable[[], str] = lambda: os.urandom(16).hex(),
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._new_id = new_id
        self._now = now
        self._conversation = Conversation(new_id(), created=now())
        self._growing: GrowingReply | None = None
        self._draft = ""
        self._use = ContextUse(0, 0)
        self._taken = 0
        self._plan_id = ""
        self._planned_for: str | None = None
        self._replaced: Message | None = None
        self.thinking: str | None = None
        self.choices = GenerationChoices()
        self._repaint = QTimer(self, singleShot=True, interval=_REPAINT_MS)
        self._repaint.timeout.connect(self._announce)
        engine.delta.connect(self._on_delta)
        engine.prefilling.connect(self._on_prefilling)
        engine.finished.connect(self._on_finished)
        engine.reply_failed.connect(self._on_reply_failed)
        engine.planned.connect(self._on_planned)
        engine.state_changed.connect(self._on_engine_state)

    # What is there

    @property
    def conversation(self) -> Conversation:
        """The open conversation, a growing reply as it is now."""
        if self._growing is None:
            return self._conversation
        return self._conversation.replacing(self._growing.message())

    @property
    def answering(self) -> str | None:
        """The id of the reply that is growing."""
        return self._growing.id if self._growing else None

    @property
    def context_use(self) -> ContextUse:
        """What the next prompt takes, as last planned."""
        return self._use

    def message(self, message_id: str) -> Message:
        """The message with the text that has arrived so far; KeyError when there is none."""
        if self._growing is not None and self._growing.id == message_id:
            return self._growing.message()
        return self._conversation.message(message_id)

    # What a person does

    def new_conversation(self, system: str = "") -> None:
        """Begins an empty conversation; a running reply is stopped."""
        self.stop()
        self._growing = None
        self._conversation = Conversation(self._new_id(), system=system, created=self._now())
        self.conversation_changed.emit()
        self.answering_changed.emit(False)
        self._plan()

    def send(self, text: str) -> bool:
        """Asks; False when that cannot be now, and then `failed` has said why."""
        refusal = self._refusal(text)
        if refusal is not None:
            self.failed.emit(refusal)
            return False
        self._draft = ""
        question = Message(
            self._new_id(), "user", self._conversation.leaf, parts=(Text(text),), created=self._now()
        )
        self._add(question)
        reply = Message(
            self._new_id(),
            "assistant",
            question.id,
            state="streaming",
            model=self._engine.state.name,
            created=self._now(),
        )
        self._add(reply)
        self._ask(reply, continuing=False)
        return True

    def _refusal(self, text: str) -> AppError | None:
        if not text.strip():
            return PromptError("prompt_empty")
        if self._growing is not None:
            return EngineError("engine_busy")
        if self._engine.state.phase == "empty":
            return EngineError("no_model")
        if self._planned_for == text and not self._use.fits:
            return PromptError("context_full", needed=self._use.tokens, context=self._use.context)
        return None

    def stop(self) -> None:
        """Ends the growing reply; its text stays."""
        if self._growing is not None:
            self._engine.stop(self._growing.id)

    def continue_reply(self, message_id: str) -> None:
        """Goes on with a reply that was stopped, cut or interrupted."""
        message = self._conversation.message(message_id)
        if self._growing is None and message.role == "assistant" and self._conversation.leaf == message_id:
            self._ask(message, continuing=bool(message.segments))

    def regenerate(self, message_id: str) -> None:
        """Asks for the last reply once more, in its place; without a word of a new one the old one comes back."""
        message = self._conversation.message(message_id)
        if self._growing is None and message.role == "assistant" and self._conversation.leaf == message_id:
            fresh = msgspec.structs.replace(
                message, segments=(), statistics=None, reason=None, model=self._engine.state.name
            )
            self._replaced = message
            self._ask(fresh, continuing=False)

    def draft_changed(self, text: str) -> None:
        """Tells what stands in the composer, so that what no longer fits is said before it is sent."""
        self._draft = text
        self._plan()

    def _add(self, message: Message) -> None:
        self._conversation = self._conversation.adding(message)
        self.message_added.emit(message.id)

    # The growing reply

    def _ask(self, reply: Message, *, continuing: bool) -> None:
        self._growing = GrowingReply(reply)
        self._taken = self._use.tokens
        branch = self._conversation.branch()
        asked = turns(self._conversation.system, branch if continuing else branch[:-1])
        self.message_changed.emit(reply.id)
        self.answering_changed.emit(True)
        self._engine.generate(Generate(reply.id, asked, self._options(), continuing))

    def _options(self) -> GenerateOptions:
        return offered(
            GenerateOptions(self.thinking, self.choices.max_tokens, self.choices.sampling),
            self._engine.state.capabilities,
        )

    def _on_delta(self, delta: Delta) -> None:
        if self._growing is None or self._growing.id != delta.reply_id:
            return
        self._growing.add(delta.channel, delta.author, delta.text, delta.tokens)
        self._taken += delta.tokens
        if not self._repaint.isActive():
            self._repaint.start()

    def _announce(self) -> None:
        if self._growing is not None:
            self.message_changed.emit(self._growing.id)
            # By hundredths of the context, which is what is shown of it.
            if 100 * abs(self._taken - self._use.tokens) >= self._use.context:
                self._set_use(replace(self._use, tokens=self._taken))

    def _on_prefilling(self, reply_id: str, done: int, total: int) -> None:
        if self._growing is not None and self._growing.id == reply_id:
            self._taken = total
            if done == total:
                self._growing.begin()
            self.prefilling.emit(reply_id, done, total)

    def _on_finished(self, word: Finished) -> None:
        if self._growing is not None and self._growing.id == word.reply_id:
            self._end(word.reason, self._growing.ended(word.reason, word.statistics))

    def _on_reply_failed(self, reply_id: str, error: AppError) -> None:
        if self._growing is None or self._growing.id != reply_id:
            return
        reason: FinishReason = "interrupted"
        if error.code == "context_full":
            reason = "context_full"
        self._end(reason, self._growing.ended(reason, None))
        if error.code != "model_changed":
            self.failed.emit(error)

    def _end(self, reason: FinishReason, message: Message) -> None:
        log.info("a reply ended: %s", reason)
        self._repaint.stop()
        self._growing = None
        if self._replaced is not None and self._replaced.id == message.id and not message.segments:
            message = self._replaced
        self._replaced = None
        self._conversation = self._conversation.replacing(message)
        self.message_changed.emit(message.id)
        self.answering_changed.emit(False)
        self._plan()

    # The context

    def _plan(self) -> None:
        asked = turns(self._conversation.system, self._conversation.branch())
        draft = Message(_DRAFT, "user", parts=(Text(self._draft),))
        # An answer to an earlier question, about another draft or another conversation, is none to this one.
        self._plan_id = self._new_id()
        self._planned_for = None
        if self._draft.strip():
            asked = (*asked, *turns("", (draft,)))
        if any(turn.role == "user" for turn in asked):
            self._engine.plan(Plan(self._plan_id, asked, self._options()))
        elif self._engine.state.capabilities is not None:
            self._set_use(ContextUse(0, self._engine.state.capabilities.context))

    def _on_planned(self, planned: Planned) -> None:
        if planned.plan_id == self._plan_id and self._growing is None:
            self._planned_for = self._draft
            fits = planned.total + LEAST_ROOM <= planned.context
            self._set_use(ContextUse(planned.total, planned.context, planned.left_out, fits))

    def _set_use(self, use: ContextUse) -> None:
        if use != self._use:
            self._use = use
            self.context_changed.emit(use)

    def _on_engine_state(self, state: EngineState) -> None:
        if state.phase != "ready":
            return
        if self._growing is None:
            self._plan()
        else:
            self._growing.written_by(state.name)
