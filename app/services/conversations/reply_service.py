"""The reply that grows, and those that wait for it to end: one engine for all conversations.

The rules of the queue. One reply grows at a time; the others wait in the order in which they were asked for. What was
chosen when one was asked for (turns, options, thinking) counts when its turn comes; the model is the one that is there
then, and a thinking choice that it does not have is left to its default. A conversation has one reply at most that
grows or waits. The next one starts when the one before has ended, was stopped, or was lost with its engine. Without a
model the queue waits for one; so it does after a model failed before a single word, until a model is ready or somebody
asks again. Where another model takes the place of the one that writes, the reply keeps its text and is interrupted for
the reason "stopped"; one that has no text yet goes to the new model, first of all. Deleting a conversation stops its
replies at once.
"""

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.chat.conversation import FinishReason, Message, ReplyState, Statistics, Turn
from app.chat.options import ChosenSampling, GenerateOptions
from app.errors import AppError
from app.protocol.engine import Delta, Finished, Generate
from app.services.conversations.conversation_service import ConversationService
from app.services.conversations.reply_journal import ReplyJournal
from app.services.conversations.reply_queue import Job, ReplyQueue
from app.services.models.engine_service import EngineService, EngineState, offered

if TYPE_CHECKING:
    from app.services.conversations.store_service import StoreService

log = logging.getLogger(__name__)

_REPAINT_MS = 40
"""A growing reply is announced at most this often."""


class ReplyService(QObject):
    """Asks the engine for one reply after the other, and stores what it writes while it writes.

    Signals: `started` with the ids of conversation and reply; `changed` with both, every 40 ms at most; `prefilling`
    with the reply's id and tokens; `ended` with the conversation's id and the message, which is in the conversation
    unless it was a new version without a word; `queue_changed`; `failed` with the conversation's id and an error.
    """

    started = Signal(str, str)
    changed = Signal(str, str)
    prefilling = Signal(str, int, int)
    ended = Signal(str, object)
    queue_changed = Signal()
    failed = Signal(str, object)

    def __init__(
        self,
        engine: EngineService,
        conversations: ConversationService,
        store: "StoreService",
        parent: QObject | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._conversations = conversations
        self._store = store
        self._queue = ReplyQueue()
        self._held = False
        self._journal = ReplyJournal(store, conversations.writing, self, clock=clock)
        self._repaint = QTimer(self, singleShot=True, interval=_REPAINT_MS)
        self._repaint.timeout.connect(self._announce)
        # A turn later: whoever hears that a reply ended, or that the model is another, comes first.
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._advance)
        conversations.memory.growing = self._queue.growing
        conversations.removed.connect(self.stop_all_of)
        engine.delta.connect(self._on_delta)
        engine.prefilling.connect(self._on_prefilling)
        engine.finished.connect(self._on_finished)
        engine.reply_failed.connect(self._on_reply_failed)
        engine.state_changed.connect(self._on_engine_state)

    # What is there

    @property
    def running(self) -> Job | None:
        """The reply that grows, or is about to."""
        return self._queue.running

    @property
    def waiting(self) -> tuple[Job, ...]:
        """Those that wait, the next one first."""
        return tuple(self._queue.waiting)

    @property
    def free(self) -> bool:
        """Whether a reply that is asked for now starts at once."""
        return self._queue.running is None and not self._queue.waiting

    @property
    def next_state(self) -> ReplyState:
        """The state that a reply begins in when it is asked for now."""
        return "streaming" if self.free else "queued"

    def job_in(self, conversation_id: str) -> Job | None:
        """The reply of a conversation that grows or waits."""
        return self._queue.of(conversation_id)

    def message(self, reply_id: str) -> Message | None:
        """A reply that grows or waits, with its text so far."""
        job = self._queue.get(reply_id)
        return job.growing.message() if job is not None else None

    # What is asked

    def ask(
        self,
        conversation_id: str,
        reply: Message,
        turns: tuple[Turn, ...],
        options: GenerateOptions,
        decided: ChosenSampling,
        *,
        continuing: bool,
    ) -> None:
        """Asks for a reply that stands in a live conversation already, in state streaming if `free`, else queued.

        What was `decided` of its sampling goes over what the model asks for that is there when its turn comes.
        """
        conversation = self._conversations.live(conversation_id)
        if conversation is None:
            return
        self._conversations.memory.keep(conversation)
        stored = not conversation.temporary
        job = Job(conversation_id, reply, turns, options, decided, continuing=continuing, stored=stored)
        self._held = False
        if self.free:
            self._start(job)
        else:
            self._queue.waiting.append(job)
            self._next.start()
        self.queue_changed.emit()

    def stop(self, reply_id: str) -> None:
        """Ends a reply; its text stays. One that grows ends when the engine says so."""
        job = self._queue.get(reply_id)
        if job is None:
            return
        if job.asked:
            self._engine.stop(reply_id)
        else:
            self._end(job, "stopped", None)

    def stop_all_of(self, conversation_id: str) -> None:
        """Ends the replies of a conversation at once, without waiting for the engine's last word."""
        job = self.job_in(conversation_id)
        if job is not None:
            self._abandon(job)

    def close(self) -> None:
        """Ends and stores everything as stopped: the window closes."""
        for job in reversed(self._queue.jobs()):
            self._abandon(job)
        self._next.stop()

    def _abandon(self, job: Job) -> None:
        self._end(job, "stopped", None)
        if job.asked:
            self._engine.stop(job.reply_id)

    # One after the other

    def _advance(self) -> None:
        queue = self._queue
        if queue.running is None and queue.waiting and not self._held and self._engine.state.phase != "empty":
            job = queue.waiting.pop(0)
            job.growing.stream(self._engine.state.name)
            conversation = self._conversations.live(job.conversation_id)
            if conversation is not None:
                message = job.growing.message()
                self._conversations.put(conversation.replacing(message), message)
            self._start(job)
            self.queue_changed.emit()

    def _start(self, job: Job) -> None:
        self._queue.running = job
        self.started.emit(job.conversation_id, job.reply_id)
        if not job.stored:
            self._generate(job)
        else:
            # The question is on disk before the engine is asked; it is asked all the same if the disk does not take it.
            self._store.run(
                lambda _store: None, lambda _none: self._generate(job), lambda _error: self._generate(job)
            )

    def _generate(self, job: Job) -> None:
        if self._queue.running is not job:
            return
        if self._engine.state.phase == "empty":
            # Taken away meanwhile.
            self._on_model_changed(job, switched=False)
            return
        job.asked = True
        capabilities = self._engine.state.capabilities
        options = offered(job.options, capabilities, job.decided)
        if capabilities is not None:
            job.growing.sampled_with(options.sampling or capabilities.advised(options.thinking).values)
        self._engine.generate(Generate(job.reply_id, job.turns, options, job.continuing), job.decided)

    # What the engine says

    def _on_delta(self, delta: Delta) -> None:
        job = self._queue.running
        if job is None or job.reply_id != delta.reply_id:
            return
        job.wrote = True
        job.tokens += delta.tokens
        job.growing.add(delta.channel, delta.author, delta.text, delta.tokens)
        if job.stored:
            self._journal.note(job.conversation_id, job.growing)
        else:
            job.growing.taken()
        if not self._repaint.isActive():
            self._repaint.start()

    def _announce(self) -> None:
        if self._queue.running is not None:
            self.changed.emit(self._queue.running.conversation_id, self._queue.running.reply_id)

    def _on_prefilling(self, reply_id: str, done: int, total: int) -> None:
        job = self._queue.running
        if job is not None and job.reply_id == reply_id:
            job.tokens = total
            if done == total:
                job.growing.begin(total)
            self.prefilling.emit(reply_id, done, total)

    def _on_finished(self, word: Finished) -> None:
        job = self._queue.running
        if job is not None and job.reply_id == word.reply_id:
            self._end(job, word.reason, word.statistics)

    def _on_reply_failed(self, reply_id: str, error: AppError) -> None:
        job = self._queue.running
        if job is None or job.reply_id != reply_id:
            return
        if error.code == "model_changed":
            self._on_model_changed(job, switched=not error.parameters.get("unloaded"))
            return
        lost = self._engine.state.phase not in ("ready", "answering")
        self._held = lost and not job.wrote
        self._end(job, "context_full" if error.code == "context_full" else "interrupted", None)
        self.failed.emit(job.conversation_id, error)

    def _on_model_changed(self, job: Job, *, switched: bool) -> None:
        """A person chose another model, or none: what was written stays; what was not goes to the next one."""
        if job.wrote:
            self._end(job, "stopped", None, switched=switched)
            return
        self._queue.running = None
        job.asked = False
        job.growing.wait()
        self._queue.waiting.insert(0, job)
        self.changed.emit(job.conversation_id, job.reply_id)
        self.queue_changed.emit()
        self._next.start()

    def _end(
        self, job: Job, reason: FinishReason, statistics: Statistics | None, *, switched: bool = False
    ) -> None:
        log.info("a reply ended: %s", reason)
        if job is self._queue.running:
            self._repaint.stop()
        self._queue.remove(job)
        self._journal.end(job.growing)
        message = job.growing.ended(reason, statistics, switched=switched)
        conversation = self._conversations.live(job.conversation_id)
        if conversation is not None:
            if job.replaces and not message.segments:
                # Not a word of a new version: it never was, and the one that it was made from is looked at again.
                self._conversations.put(conversation.without(message.id), removed=message.id)
            else:
                self._conversations.put(conversation.replacing(message), message)
        self._next.start()
        self.ended.emit(job.conversation_id, message)
        self.queue_changed.emit()
        self._conversations.release(job.conversation_id)

    def _name_model(self, name: str) -> None:
        """A reply that was asked for while its model was loaded learns what it is really called."""
        job = self._queue.running
        if job is None or job.wrote or job.growing.message().model == name:
            return
        job.growing.written_by(name)
        message, conversation = job.growing.message(), self._conversations.live(job.conversation_id)
        if conversation is not None:
            self._conversations.put(conversation.replacing(message), message)

    def _on_engine_state(self, state: EngineState) -> None:
        if state.phase == "ready":
            self._held = False
            self._name_model(state.name)
        if state.phase != "empty":
            self._next.start()
