"""Replies that were asked for and have not ended: the one that grows, and those behind it."""

from app.chat.conversation import Message, Turn
from app.chat.growing_reply import GrowingReply
from app.chat.options import ChosenSampling, GenerateOptions


class Job:
    """A reply that grows or waits.

    `stored` says whether it may be written to disk, `asked` whether the engine knows of it, `wrote` whether a word of
    it has come. `tokens` of the context are
    taken by prompt and reply, once the prompt is read.
    """

    def __init__(
        self,
        conversation_id: str,
        reply: Message,
        turns: tuple[Turn, ...],
        options: GenerateOptions,
        decided: ChosenSampling,
        *,
        continuing: bool,
        stored: bool,
    ) -> None:
        self.stored = stored
        self.conversation_id = conversation_id
        self.reply_id = reply.id
        self.turns = turns
        self.options = options
        self.decided = decided
        self.continuing = continuing
        self.replaces = reply.derived_from is not None and not continuing
        self.growing = GrowingReply(reply)
        self.asked = False
        self.wrote = False
        self.tokens = 0


class ReplyQueue:
    """First come, first served; `running` is the one that grows."""

    def __init__(self) -> None:
        self.running: Job | None = None
        self.waiting: list[Job] = []

    def jobs(self) -> tuple[Job, ...]:
        """All of them, the running one first."""
        return (*((self.running,) if self.running is not None else ()), *self.waiting)

    def get(self, reply_id: str) -> Job | None:
        """The job of that reply."""
        return next((job for job in self.jobs() if job.reply_id == reply_id), None)

    def of(self, conversation_id: str) -> Job | None:
        """The job in that conversation."""
        return next((job for job in self.jobs() if job.conversation_id == conversation_id), None)

    def growing(self, conversation_id: str) -> GrowingReply | None:
        """The reply of that conversation."""
        job = self.of(conversation_id)
        return job.growing if job is not None else None

    def remove(self, job: Job) -> None:
        """It has ended."""
        if job is self.running:
            self.running = None
        else:
            self.waiting.remove(job)
