"""Doubles of services for tests of the window: an engine that does what the test says, a store that does not wait."""

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from PySide6.QtCore import QTimer

from app.chat.conversation import Channel, Conversation, FinishReason, Statistics
from app.chat.options import Capabilities, ChosenSampling, Device, LoadOptions, Placement, Thinking
from app.errors import AppError, EngineError
from app.protocol.engine import Delta, Finished, Generate, Plan
from app.services.conversations.chat_service import ChatService
from app.services.conversations.conversation_service import ConversationService
from app.services.conversations.reply_service import ReplyService
from app.services.conversations.store_service import StoreService
from app.services.models.engine_service import EngineService, EngineState
from app.storage.conversation_store import ConversationStore
from app.storage.database import open_store
from tests.waiting import wait_until

T = TypeVar("T")

SWITCHABLE = Thinking("switchable", ("on", "off"), "on")
EFFORTS = Thinking("efforts", ("off", "low", "medium", "high", "max"), "medium")


def capabilities(
    model: str = "Qwen3 8B",
    *,
    thinking: Thinking = SWITCHABLE,
    context: int = 8192,
    placement: Placement | None = None,
    notices: tuple[str, ...] = (),
) -> Capabilities:
    """What a model of the pictures in the look says that it can do."""
    return Capabilities(
        model=model,
        architecture="qwen3",
        thinking=thinking,
        context=context,
        trained_context=4 * context,
        placement=placement or Placement("Vulkan0", 28, 28, 4),
        devices=(Device("CPU", "A processor", "cpu"),),
        notices=notices,
    )


class PlayedEngine(EngineService):
    """An engine service without a process: notes what it is asked, and says what the test has it say."""

    def __init__(self) -> None:
        super().__init__(())
        self.loaded: list[tuple[Path, str]] = []
        self.requests: list[Generate] = []
        self.plans: list[Plan] = []
        self.stopped: list[str] = []
        self.unloads = 0

    def become(self, state: EngineState) -> None:
        """Goes into a state and tells it."""
        self._become(state)

    def be_ready(self, model: Capabilities | None = None, path: str = "/models/qwen3.gguf") -> None:
        """Has a model loaded."""
        model = model or capabilities()
        self._become(EngineState("ready", path, model.model, 1.0, model))

    def load(self, path: Path, options: LoadOptions | None = None, name: str = "") -> None:
        """Notes what is to be loaded and begins to; a reply that is running ends."""
        self._interrupt(EngineError("model_changed"))
        self.loaded.append((path, name))
        self._become(EngineState("loading", str(path), name or path.stem))

    def unload(self) -> None:
        """Notes it, and has no model any more; a reply that is running ends."""
        self.unloads += 1
        self._interrupt(EngineError("model_changed", unloaded=1))
        self._become(EngineState())

    def generate(self, request: Generate, decided: ChosenSampling | None = None) -> None:
        """Notes the request."""
        self._running = request.reply_id
        self.requests.append(request)

    def stop(self, reply_id: str) -> None:
        """Notes the reply that is to stop."""
        self.stopped.append(reply_id)

    def plan(self, request: Plan) -> bool:
        """Notes the question about the context."""
        self.plans.append(request)
        return True


class PlayedStore(StoreService):
    """A store without a thread: everything is done at once, on a real file in `folder` or one that goes with this.

    With an `error` nothing can be read or written; while `held` is a list, what is asked for waits in it.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = TemporaryDirectory() if folder is None else None
        folder = folder or Path(self._folder.name if self._folder is not None else "")
        super().__init__(folder / "conversations.db", folder / "backups")
        self._real: ConversationStore | None = None
        self.error: AppError | None = None
        self.held: list[Callable[[], None]] | None = None
        self.works = 0

    @property
    def real(self) -> ConversationStore:
        """The store itself, to look into."""
        if self._real is None:
            self._real = open_store(self._file, self._backups).store
        return self._real

    def start(self) -> None:
        """Says that it is open."""
        self.opened.emit()

    def run(
        self,
        work: Callable[[ConversationStore], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[AppError], None] | None = None,
    ) -> None:
        """Does it now, or later where that is asked for."""
        if self.held is not None:
            self.held.append(lambda: self._do(work, done, failed))
        else:
            self._do(work, done, failed)

    def let_go(self) -> None:
        """Does what was held, in order, and holds nothing any more."""
        while self.held:
            # What is asked for meanwhile comes behind it.
            self.held.pop(0)()
        self.held = None

    def close(self, seconds: float = 0) -> bool:
        """Closes the file, and takes it away if it was this object's own."""
        if self._real is not None:
            self._real.close()
        if self._folder is not None:
            self._folder.cleanup()
        return True

    def _do(
        self,
        work: Callable[[ConversationStore], T],
        done: Callable[[T], None] | None,
        failed: Callable[[AppError], None] | None,
    ) -> None:
        self.works += 1
        try:
            if self.error is not None:
                raise self.error
            result = work(self.real)
        except AppError as error:
            if failed is not None:
                failed(error)
            return
        if done is not None:
            done(result)


class Services:
    """The services of conversations on top of an engine and a store."""

    def __init__(
        self, engine: EngineService, store: StoreService, now: Callable[[], float] = time.time
    ) -> None:
        self.engine = engine
        self.store = store
        self.conversations = ConversationService(store, now=now)
        self.replies = ReplyService(engine, self.conversations, store)
        self.chat = ChatService(engine, self.conversations, self.replies)

    def close(self) -> None:
        """As the app does at its end."""
        self.replies.close()
        self.conversations.hand_over()
        self.store.close()


class Played(Services):
    """Services whose engine and store do at once what a test says; a model is loaded, and time goes by hand."""

    def __init__(self, folder: Path | None = None) -> None:
        self.played = PlayedEngine()
        self.kept = PlayedStore(folder)
        self.time = 1_000_000.0
        super().__init__(self.played, self.kept, now=lambda: self.time)
        self.errors: list[str] = []
        for source in (self.chat, self.conversations):
            source.failed.connect(lambda error: self.errors.append(error.code))
        self.played.be_ready()
        self.kept.start()

    def ask(self, question: str) -> str:
        """Sends a question in the open conversation; the id of its reply."""
        self.time += 1
        assert self.chat.send(question)
        reply_id = self.chat.answering
        assert reply_id is not None
        return reply_id

    def write(self, reply_id: str, text: str, channel: Channel = "answer") -> None:
        """The engine writes."""
        self.played.delta.emit(Delta(reply_id, channel, "model", text, 1))

    def end(self, reply_id: str, reason: FinishReason = "end") -> None:
        """The engine ends a reply, and whoever waits gets its turn."""
        self.time += 1
        self.played.finished.emit(Finished(reply_id, reason, Statistics(10, 0, 0, 2, 0.0, 0.1, 20.0, 0.1)))
        self.settle()

    def settle(self) -> None:
        """What was put off to the next turn happens."""
        done: list[bool] = []
        QTimer.singleShot(1, lambda: done.append(True))
        wait_until(lambda: bool(done), "the next turn")

    def answered(self, question: str, answer: str = "Yes.") -> str:
        """A question and its whole reply, whose id is returned."""
        reply_id = self.ask(question)
        self.write(reply_id, answer)
        self.end(reply_id)
        return reply_id

    def another(self) -> str:
        """Opens a new conversation; its id."""
        self.time += 1
        self.chat.new_conversation()
        return self.chat.conversation.id

    def asked(self) -> list[str]:
        """The last message of every request that reached the engine."""
        return [request.messages[-1].text for request in self.played.requests]

    def stored(self, conversation_id: str) -> Conversation:
        """What is in the file, read anew."""
        return self.kept.real.load(conversation_id)
