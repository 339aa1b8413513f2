"""How the next reply of the open conversation is asked for: chosen for it, in the settings, or left to the model."""

from typing import NamedTuple

import msgspec
from PySide6.QtCore import QObject, Signal

from app.chat.conversation import Conversation, Message
from app.chat.options import (
    Capabilities,
    Choices,
    ChosenSampling,
    GenerateOptions,
    SamplingAdvice,
)
from app.services.conversations.conversation_service import ConversationService
from app.services.conversations.open_conversation import OpenConversation
from app.services.models.engine_service import EngineService, EngineState, offered
from app.services.models.sampling_now import SamplingNow, SamplingOrigin, sampling_now

__all__ = ["Choosing", "GenerationChoices", "SamplingNow", "SamplingOrigin"]


class GenerationChoices(NamedTuple):
    """What a person chose for all replies to come; None leaves it to the model. `language` is theirs, in English."""

    sampling: ChosenSampling = ChosenSampling()
    max_tokens: int | None = None
    language: str = ""


class Choosing(QObject):
    """The choices of the open conversation, over the person's settings, over what the model asks for.

    `last_thinking` is what was chosen last, in whichever conversation; a new one begins with it. A choice that the
    model that is loaded does not have waits for one that has it. Signal `changed` whenever any of this is another.
    """

    changed = Signal()

    def __init__(
        self,
        engine: EngineService,
        conversations: ConversationService,
        opened: OpenConversation,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._conversations = conversations
        self._opened = opened
        self._settings = GenerationChoices()
        self._capabilities = engine.state.capabilities
        self.last_thinking: str | None = None
        opened.changed.connect(self.changed)
        engine.state_changed.connect(self._on_engine_state)

    @property
    def choices(self) -> Choices:
        """What was chosen for the open conversation."""
        return self._opened.value.choices

    def choose(self, choices: Choices) -> None:
        """Chooses for the open conversation, from its next reply on; it is stored with it."""
        before = self.choices
        if choices.thinking and choices.thinking != before.thinking:
            self.last_thinking = choices.thinking
        if choices != before:
            self._conversations.set_choices(self._opened.id, choices)
            self.changed.emit()

    @property
    def settings(self) -> GenerationChoices:
        """What a person chose for all replies."""
        return self._settings

    def set_settings(self, settings: GenerationChoices) -> None:
        """Tells what a person chose for all replies."""
        if settings != self._settings:
            self._settings = settings
            self.changed.emit()

    @property
    def thinking_now(self) -> str | None:
        """How hard the next reply thinks, the model's own default too; None where nothing is offered or known."""
        thinking, capabilities = self._thinking(self._opened.value), self._engine.state.capabilities
        if thinking is None and capabilities is not None:
            return capabilities.thinking.default or None
        return thinking

    @property
    def sampling_now(self) -> SamplingNow:
        """How the next reply is sampled, and who said so."""
        value, capabilities = self._opened.value, self._engine.state.capabilities
        advice = _advice(capabilities, self._thinking(value))
        return sampling_now(advice, self._settings.sampling, value.choices.sampling)

    def begun(self, value: Conversation) -> Conversation:
        """A conversation whose first question is asked: what it begins with is its own choice from now on."""
        thinking = self.thinking_now
        if value.messages or value.choices.thinking or thinking is None:
            return value
        return msgspec.structs.replace(
            value, choices=msgspec.structs.replace(value.choices, thinking=thinking)
        )

    def asked(self) -> tuple[GenerateOptions, ChosenSampling]:
        """How the next reply is asked for, and which numbers of it hold for any model."""
        value = self._opened.value
        decisions = self._decisions(value)
        options = GenerateOptions(
            self._thinking(value),
            self._settings.max_tokens,
            think_in=self._settings.language if value.choices.own_language else "",
        )
        return offered(options, self._engine.state.capabilities, decisions), decisions

    def gone_on_with(self, reply: Message) -> tuple[GenerateOptions, ChosenSampling]:
        """How more of a reply is asked for: it thinks as it began to, or the rest of a thought would be its answer."""
        options, decisions = self.asked()
        if reply.options is not None:
            thinking, think_in = reply.options.thinking, reply.options.think_in
        else:
            thinking = None if reply.thinking and options.thinking == "off" else options.thinking
            think_in = options.think_in
        options = msgspec.structs.replace(options, thinking=thinking, think_in=think_in)
        return offered(options, self._engine.state.capabilities, decisions), decisions

    def _thinking(self, value: Conversation) -> str | None:
        """The choice that counts: the conversation's, else the last one; None where the model has neither."""
        capabilities = self._engine.state.capabilities
        wishes = [wish for wish in (value.choices.thinking, self.last_thinking) if wish]
        if capabilities is not None:
            wishes = [wish for wish in wishes if wish in capabilities.thinking.choices]
        return wishes[0] if wishes else None

    def _decisions(self, value: Conversation) -> ChosenSampling:
        return msgspec.structs.replace(self._settings.sampling, **value.choices.sampling.decided())

    def _on_engine_state(self, state: EngineState) -> None:
        if state.capabilities != self._capabilities:
            self._capabilities = state.capabilities
            self.changed.emit()


def _advice(capabilities: Capabilities | None, thinking: str | None) -> SamplingAdvice:
    return SamplingAdvice() if capabilities is None else capabilities.advised(thinking)
