"""The conversation that is open: takes a question, follows its reply, goes from one version to another."""

import msgspec
from PySide6.QtCore import QObject, Signal

from app.chat.conversation import Conversation, Message, Place, turns
from app.errors import AppError, EngineError, PromptError
from app.services.conversations.branch_memory import BranchMemory
from app.services.conversations.choosing import Choosing, GenerationChoices, SamplingNow
from app.services.conversations.context_plan import ContextPlan, ContextUse
from app.services.conversations.conversation_service import ConversationService
from app.services.conversations.new_messages import NewMessages
from app.services.conversations.open_conversation import OpenConversation
from app.services.conversations.reply_service import ReplyService
from app.services.conversations.reply_sight import ReplySight
from app.services.models.engine_service import EngineService

__all__ = ["ChatService", "ContextUse", "GenerationChoices", "SamplingNow"]


class ChatService(QObject):
    """The open conversation. Signals carry ids of messages; `message` gives what they say so far.

    Signals: `conversation_changed` when another one is open, or another branch of it is looked at; `message_added` and
    `message_changed` about the branch; `answering_changed` when a reply of this conversation begins to grow or wait,
    and when it ends; `prefilling`, `context_changed`, `failed`. `choosing` says how its replies are asked for.
    """

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
        conversations: ConversationService,
        replies: ReplyService,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._conversations = conversations
        self._replies = replies
        self._plan = ContextPlan(engine, self)
        self._branches = BranchMemory()
        self._new = NewMessages(conversations)
        self._opened = OpenConversation(conversations, lambda: self.system_prompt, self)
        self._sight = ReplySight(conversations, replies, self._opened, self)
        self.choosing = Choosing(engine, conversations, self._opened, self)
        self.system_prompt = ""
        self._opened.changed.connect(self._on_opened)
        self._opened.failed.connect(self.failed)
        self._sight.changed.connect(self._on_reply_changed)
        self._sight.prefilling.connect(self.prefilling)
        self._sight.ended.connect(self._on_reply_ended)
        self._sight.failed.connect(self.failed)
        self._plan.changed.connect(self.context_changed)
        self._plan.possible.connect(self._ask_for_plan)
        self.choosing.changed.connect(self._ask_for_plan)

    # What is there

    @property
    def conversation(self) -> Conversation:
        """The open conversation, a growing reply as it is now."""
        value = self._opened.value
        job = self._replies.job_in(value.id)
        return value if job is None else value.replacing(job.growing.message())

    @property
    def answering(self) -> str | None:
        """The id of the reply of this conversation that grows or waits."""
        job = self._replies.job_in(self._opened.id)
        return job.reply_id if job is not None else None

    @property
    def context_use(self) -> ContextUse:
        """What the next prompt takes, as last planned."""
        return self._plan.use

    def message(self, message_id: str) -> Message:
        """The message with the text that has arrived so far; KeyError when there is none."""
        return self._replies.message(message_id) or self._opened.value.message(message_id)

    def versions(self, message_id: str) -> tuple[int, int]:
        """Which version of its place in the tree a message is, from 1, and of how many."""
        versions = self._opened.value.versions(message_id)
        return versions.index(message_id) + 1, len(versions)

    # What a person does

    def open(self, conversation_id: str) -> None:
        """Opens a conversation as soon as it is read; `failed` tells that it cannot be."""
        self._opened.open(conversation_id)

    def new_conversation(self, *, temporary: bool = False) -> None:
        """Opens an empty conversation, with the draft that one has already; a running reply goes on."""
        self._opened.begin(temporary=temporary)

    def send(self, text: str) -> bool:
        """Asks; False when that cannot be now, and then `failed` has said why."""
        value = self._opened.value
        return not self._refused(text) and self._begin(value, value.leaf, text)

    def edit(self, message_id: str, text: str) -> bool:
        """Asks a question of the branch differently: a new branch beside it. False as in `send`."""
        value = self._opened.value
        old = value.message(message_id)
        if old.role != "user" or self._refused(text):
            return False
        return self._begin(value, old.parent, text, derived_from=old.id)

    def _begin(
        self, value: Conversation, parent: str | None, text: str, *, derived_from: str | None = None
    ) -> bool:
        self._branches.note(value)
        value = self.choosing.begun(value)
        options, _decided = self.choosing.asked()
        question = self._new.question(value, parent, text, derived_from)
        reply = self._new.reply(
            value, question.id, self._replies.next_state, self._engine.state.name, options
        )
        draft = value.draft if derived_from else ""
        asked = value.adding(question).adding(reply)
        asked = self._conversations.put(
            msgspec.structs.replace(asked, draft=draft, place=None), question, reply
        )
        if derived_from:
            self.conversation_changed.emit()
        else:
            self.message_added.emit(question.id)
            self.message_added.emit(reply.id)
        self._ask(asked, reply, continuing=False)
        return True

    def stop(self) -> None:
        """Ends the reply of this conversation; its text stays."""
        reply_id = self.answering
        if reply_id is not None:
            self._replies.stop(reply_id)

    def continue_reply(self, message_id: str) -> None:
        """Goes on with a reply that was stopped, cut or interrupted."""
        value = self._opened.value
        message = value.message(message_id)
        if message.role != "assistant" or value.leaf != message_id or self._refused():
            return
        reply = msgspec.structs.replace(
            message,
            state=self._replies.next_state,
            model=message.model if message.segments else self._engine.state.name,
        )
        value = self._conversations.put(value.replacing(reply), reply)
        self._ask(value, reply, continuing=bool(reply.segments))

    def regenerate(self, message_id: str) -> None:
        """Asks for another version of a reply of the branch, beside it; without a word, the old one comes back."""
        value = self._opened.value
        old = value.message(message_id)
        if old.role != "assistant" or old.parent is None or self._refused():
            return
        self._branches.note(value)
        options, _decided = self.choosing.asked()
        reply = self._new.reply(
            value, old.parent, self._replies.next_state, self._engine.state.name, options, old.id
        )
        value = self._conversations.put(value.adding(reply), reply)
        self.conversation_changed.emit()
        self._ask(value, reply, continuing=False)

    def step_version(self, message_id: str, step: int) -> None:
        """Goes `step` versions on from a message of the branch, to where that branch was looked at last."""
        value = self._opened.value
        versions = value.versions(message_id)
        at = versions.index(message_id) + step
        if not step or not 0 <= at < len(versions):
            return
        self._branches.note(value)
        leaf = self._branches.leaf(value, versions[at])
        self._conversations.turn_to(msgspec.structs.replace(value, leaf=leaf, place=None))
        self.conversation_changed.emit()
        self._ask_for_plan()

    def draft_changed(self, text: str) -> None:
        """Tells what stands in the composer: it is kept, and what no longer fits is said before it is sent."""
        if text:
            self._opened.typed()
        self._conversations.set_draft(self._opened.id, text)
        self._ask_for_plan()

    def remember_place(self, place: Place | None) -> None:
        """Tells where the person is reading; None at the end."""
        self._conversations.set_place(self._opened.id, place)

    def _refused(self, text: str | None = None) -> bool:
        """Whether a question, or a new version of a reply without one, cannot be asked now; `failed` says why."""
        error: AppError | None = None
        if text is not None and not text.strip():
            error = PromptError("prompt_empty")
        elif self.answering is not None:
            error = EngineError("engine_busy")
        elif self._engine.state.phase == "empty":
            error = EngineError("no_model")
        elif text is not None and self._plan.refuses(text):
            use = self._plan.use
            error = PromptError("context_full", needed=use.tokens, context=use.context)
        if error is not None:
            self.failed.emit(error)
        return error is not None

    # The reply

    def _ask(self, value: Conversation, reply: Message, *, continuing: bool) -> None:
        self._plan.cancel()
        branch = value.branch()
        asked = turns(value.system, branch if continuing else branch[:-1])
        self.message_changed.emit(reply.id)
        options, decided = self.choosing.gone_on_with(reply) if continuing else self.choosing.asked()
        self._replies.ask(value.id, reply, asked, options, decided, continuing=continuing)
        if self.answering is not None:
            self.answering_changed.emit(True)

    # What others do

    def _on_reply_changed(self, reply_id: str, tokens: int) -> None:
        self.message_changed.emit(reply_id)
        if tokens:
            self._plan.count(tokens)

    def _on_reply_ended(self, message: Message) -> None:
        value = self._opened.value
        if all(one.id != message.id for one in value.messages):
            # A version without a word: back to where the one was looked at that it was made from.
            if message.derived_from is not None and self._sight.shows(message.derived_from):
                leaf = self._branches.leaf(value, message.derived_from)
                self._conversations.turn_to(msgspec.structs.replace(value, leaf=leaf))
            self.conversation_changed.emit()
        elif self._sight.shows(message.id):
            self.message_changed.emit(message.id)
        self.answering_changed.emit(False)
        self._ask_for_plan()

    def _on_opened(self) -> None:
        self.conversation_changed.emit()
        self.answering_changed.emit(self.answering is not None)
        self._plan.clear()
        self._ask_for_plan()

    def _ask_for_plan(self) -> None:
        if self.answering is None:
            value = self._opened.value
            options, _decided = self.choosing.asked()
            self._plan.ask(value, value.draft, options)
