"""An engine that does not wake up with the machine is started again; one that does is left alone."""

from pathlib import Path

from app.chat.conversation import Text, Turn
from app.errors import AppError
from app.protocol.engine import Generate
from app.services.models.engine_service import EngineService
from app.services.models.heartbeat import Heartbeat
from app.services.words.messages import explain
from tests.services.conftest import MakeEngine
from tests.waiting import wait_until

MODEL = Path("/models/scripted.gguf")
QUESTION = (Turn("q", "user", (Text("12 + 3"),)),)


def loaded(make: MakeEngine, script: str) -> EngineService:
    """An engine that plays the script."""
    engine = make(script)
    engine.load(MODEL)
    wait_until(lambda: engine.state.phase == "ready", "the load")
    return engine


def test_an_engine_that_answers_is_left_alone(engine: MakeEngine) -> None:
    service = loaded(engine, "plain")
    pid = service.pid
    beat = Heartbeat(service, ready_ms=20_000)
    beat.check()
    assert beat.waiting
    wait_until(lambda: not beat.waiting, "the sign of life")
    assert service.pid == pid
    assert service.state.phase == "ready"


def test_a_template_that_fails_is_a_sign_of_life_too(engine: MakeEngine) -> None:
    service = loaded(engine, "template_fails")
    beat = Heartbeat(service, ready_ms=20_000)
    beat.check()
    wait_until(lambda: not beat.waiting, "the sign of life")
    assert service.state.phase == "ready"


def test_an_idle_engine_that_is_silent_is_started_again(engine: MakeEngine) -> None:
    service = loaded(engine, "silent")
    pid = service.pid
    beat = Heartbeat(service, ready_ms=50)
    beat.check()
    wait_until(lambda: service.state.phase == "loading", "the restart")
    wait_until(lambda: service.state.phase == "ready", "the load")
    assert service.pid != pid


def test_a_silent_reply_ends_as_interrupted_and_the_engine_comes_back(engine: MakeEngine) -> None:
    service = loaded(engine, "deaf")
    ended: list[tuple[str, AppError]] = []
    text: list[object] = []
    service.reply_failed.connect(lambda reply_id, error: ended.append((reply_id, error)))
    service.delta.connect(text.append)
    service.generate(Generate("r", QUESTION))
    wait_until(lambda: len(text) == 2, "the first half")
    beat = Heartbeat(service, answering_ms=50)
    beat.check()
    wait_until(lambda: bool(ended), "the end")
    assert [(reply_id, error.code) for reply_id, error in ended] == [("r", "engine_silent")]
    assert "started again" in explain(ended[0][1]).text
    wait_until(lambda: service.state.phase == "ready", "the load")


def test_a_reply_that_goes_on_is_left_alone(engine: MakeEngine) -> None:
    service = loaded(engine, "plain")
    ended: list[object] = []
    service.finished.connect(ended.append)
    beat = Heartbeat(service, answering_ms=20_000)
    service.generate(Generate("r", QUESTION))
    beat.check()
    wait_until(lambda: bool(ended), "the reply")
    assert not beat.waiting


def test_where_no_model_is_there_is_nothing_to_check(engine: MakeEngine) -> None:
    service = engine("plain")
    beat = Heartbeat(service)
    beat.check()
    assert not beat.waiting
