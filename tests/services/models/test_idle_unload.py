"""A model that nobody uses is unloaded after the chosen minutes, and comes back with the next question."""

from pathlib import Path

import pytest

from app.chat.conversation import Text, Turn
from app.protocol.engine import Generate, Plan
from app.services.models.engine_service import EngineService
from app.services.models.idle_unload import IdleUnload
from app.services.settings_service import SettingsService
from app.settings import IDLE_UNLOAD, Settings
from tests.services.conftest import MakeEngine
from tests.waiting import wait_until

MODEL = Path("/models/scripted.gguf")
QUESTION = (Turn("q", "user", (Text("12 + 3"),)),)


class Clock:
    """Seconds that a test sets."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds

    def go(self, minutes: float) -> None:
        """Lets minutes pass."""
        self.seconds += minutes * 60


class Scene:
    """An engine with a loaded model, the settings, a clock, and what lets it rest."""

    def __init__(self, engine: EngineService, folder: Path) -> None:
        self.engine = engine
        self.settings = SettingsService(Settings(folder / "settings.json"))
        self.clock = Clock()
        self.queued = False
        self.idle = IdleUnload(engine, self.settings, busy=lambda: self.queued, now=self.clock)
        self.load()

    def load(self) -> None:
        """Loads the scripted model."""
        self.engine.load(MODEL)
        wait_until(lambda: self.phase == "ready", "the load")

    @property
    def phase(self) -> str:
        """The engine's phase."""
        return self.engine.state.phase


@pytest.fixture
def scene(engine: MakeEngine, tmp_path: Path) -> Scene:
    return Scene(engine("plain"), tmp_path)


def test_it_rests_after_the_chosen_time_and_not_before(scene: Scene) -> None:
    scene.clock.go(29)
    scene.idle.look()
    assert scene.phase == "ready"
    scene.clock.go(2)
    scene.idle.look()
    assert scene.phase == "resting"
    assert scene.engine.pid == 0
    assert scene.engine.state.path == str(MODEL)
    assert scene.engine.state.name == "Scripted model"
    assert scene.engine.state.capabilities is not None


def test_the_next_question_brings_it_back(scene: Scene) -> None:
    finished: list[object] = []
    scene.engine.finished.connect(finished.append)
    scene.clock.go(31)
    scene.idle.look()
    scene.engine.generate(Generate("r", QUESTION))
    assert scene.phase == "loading"
    wait_until(lambda: bool(finished), "the reply")
    assert scene.phase == "ready"


def test_a_plan_and_a_reply_count_as_use(scene: Scene) -> None:
    planned: list[object] = []
    scene.engine.planned.connect(planned.append)
    scene.clock.go(29)
    scene.engine.plan(Plan("p", QUESTION))
    wait_until(lambda: bool(planned), "the plan")
    scene.clock.go(29)
    scene.idle.look()
    assert scene.phase == "ready"


def test_it_never_rests_while_something_waits(scene: Scene) -> None:
    scene.queued = True
    scene.clock.go(300)
    scene.idle.look()
    assert scene.phase == "ready"
    scene.queued = False
    scene.idle.look()
    assert scene.phase == "resting"


def test_it_never_rests_while_it_answers(engine: MakeEngine, tmp_path: Path) -> None:
    scene = Scene(engine("waits"), tmp_path)
    scene.engine.generate(Generate("r", QUESTION))
    scene.clock.go(300)
    scene.idle.look()
    assert scene.phase == "answering"
    assert not scene.engine.rest()
    scene.engine.stop("r")
    wait_until(lambda: scene.phase == "ready", "the end")
    scene.idle.look()
    assert scene.phase == "ready"


def test_another_choice_holds_at_once(scene: Scene) -> None:
    scene.clock.go(10)
    scene.settings.set(IDLE_UNLOAD, 0)
    scene.clock.go(1000)
    scene.idle.look()
    assert scene.phase == "ready"
    scene.settings.set(IDLE_UNLOAD, 5)
    assert scene.phase == "resting"
    scene.settings.save()


def test_the_timer_does_it_by_itself(scene: Scene) -> None:
    scene.clock.go(29.999)
    scene.idle.look()
    scene.clock.go(1)
    wait_until(lambda: scene.phase == "resting", "the rest")


def test_a_clock_that_goes_back_does_not_hurt(scene: Scene) -> None:
    scene.clock.go(-500)
    scene.idle.look()
    assert scene.phase == "ready"


def test_a_resting_model_can_be_unloaded_and_replaced(scene: Scene) -> None:
    assert scene.engine.rest()
    scene.engine.unload()
    assert scene.phase == "empty"
    scene.load()
    assert scene.engine.rest()
    assert not scene.engine.rest()
    scene.load()
    assert scene.phase == "ready"
