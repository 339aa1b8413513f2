"""Doubles of services for tests of the window: an engine that does nothing but what the test says."""

from pathlib import Path

from app.chat.options import Capabilities, Device, LoadOptions, Placement, Thinking
from app.protocol.engine import Generate, Plan
from app.services.engine_service import EngineService, EngineState

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
        """Notes what is to be loaded and begins to."""
        self.loaded.append((path, name))
        self._become(EngineState("loading", str(path), name or path.stem))

    def unload(self) -> None:
        """Notes it, and has no model any more."""
        self.unloads += 1
        self._become(EngineState())

    def generate(self, request: Generate) -> None:
        """Notes the request."""
        self.requests.append(request)

    def stop(self, reply_id: str) -> None:
        """Notes the reply that is to stop."""
        self.stopped.append(reply_id)

    def plan(self, request: Plan) -> bool:
        """Notes the question about the context."""
        self.plans.append(request)
        return True
