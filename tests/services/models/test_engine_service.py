"""An engine service loads, asks, stops, and outlives its process."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from app.chat.conversation import Text, Turn
from app.chat.options import (
    ChosenSampling,
    GenerateOptions,
    LoadOptions,
    Sampling,
    SamplingAdvice,
    Thinking,
)
from app.errors import AppError
from app.protocol.engine import Delta, Finished, Generate, Plan
from app.services.models.engine_service import EngineService, EngineState, offered
from tests.conftest import Noise
from tests.doubles.services import EFFORTS, capabilities
from tests.services.conftest import MakeEngine
from tests.waiting import wait_until

MODEL = Path("/models/scripted.gguf")
QUESTION = (Turn("q", "user", (Text("12 + 3"),)),)


class Heard:
    """Everything that an engine service said, in order."""

    def __init__(self, engine: EngineService) -> None:
        self.phases: list[str] = []
        self.text = ""
        self.finished: list[Finished] = []
        self.errors: list[AppError] = []
        self.reply_errors: list[AppError] = []
        self.notices: list[str] = []
        engine.state_changed.connect(lambda state: self.phases.append(state.phase))
        engine.delta.connect(self._on_delta)
        engine.finished.connect(self.finished.append)
        engine.failed.connect(self.errors.append)
        engine.reply_failed.connect(lambda _id, error: self.reply_errors.append(error))
        engine.notice.connect(self.notices.append)

    def _on_delta(self, delta: Delta) -> None:
        self.text += delta.text


def ready(make: MakeEngine, script: str, options: LoadOptions | None = None) -> tuple[EngineService, Heard]:
    """An engine service that plays the script and has loaded."""
    engine = make(script)
    heard = Heard(engine)
    engine.load(MODEL, options)
    wait_until(lambda: engine.state.phase == "ready", "the load")
    return engine, heard


def test_a_model_is_loaded_with_progress(engine: MakeEngine) -> None:
    service, heard = ready(engine, "plain")
    assert heard.phases[0] == "loading"
    assert service.state.name == "Scripted model"
    assert service.state.capabilities is not None
    assert service.state.capabilities.thinking.choices == ("off", "on")


def test_a_reply_arrives_in_both_channels_and_ends(engine: MakeEngine) -> None:
    service, heard = ready(engine, "plain")
    service.generate(Generate("r", QUESTION))
    wait_until(lambda: bool(heard.finished), "the end of the reply")
    assert heard.text == "12 + 3 = 15It is 15."
    assert heard.finished[0].reason == "end"
    assert heard.phases[-2:] == ["answering", "ready"]


def test_a_reply_is_stopped(engine: MakeEngine) -> None:
    service, heard = ready(engine, "waits")
    service.generate(Generate("r", QUESTION))
    wait_until(lambda: bool(heard.text), "the first words")
    service.stop("r")
    wait_until(lambda: bool(heard.finished), "the end of the reply")
    assert heard.finished[0].reason == "stopped"


def test_a_question_asked_while_loading_waits_for_the_model(engine: MakeEngine) -> None:
    service = engine("plain")
    heard = Heard(service)
    service.load(MODEL)
    service.generate(Generate("r", QUESTION))
    wait_until(lambda: bool(heard.finished), "the end of the reply")


def test_a_file_that_is_refused_is_said_in_its_own_error(engine: MakeEngine) -> None:
    service = engine("refuses")
    heard = Heard(service)
    service.load(MODEL)
    wait_until(lambda: bool(heard.errors), "the refusal")
    assert heard.errors[0].code == "not_gguf"
    assert service.state.phase == "failed"


@pytest.mark.parametrize(("script", "code"), [("crashes", "engine_crashed"), ("killed", "engine_killed")])
def test_a_dead_engine_ends_its_reply_and_the_next_question_starts_a_new_one(
    engine: MakeEngine, noise: Noise, script: str, code: str
) -> None:
    noise.allow("the engine ended")
    service, heard = ready(engine, script)
    first = service.pid
    service.generate(Generate("r", QUESTION))
    wait_until(lambda: bool(heard.reply_errors), "the engine's death")
    assert heard.reply_errors[0].code == code
    assert heard.text == "12 + 3 "
    assert service.state.phase == "failed"
    service.generate(Generate("r2", QUESTION))
    wait_until(lambda: len(heard.reply_errors) == 2, "the second death")
    assert service.pid != first


def test_a_gpu_that_dies_while_answering_is_left_for_the_cpu(engine: MakeEngine, noise: Noise) -> None:
    noise.allow("the engine ended")
    service, heard = ready(engine, "gpu_crashes")
    service.generate(Generate("r", QUESTION))
    wait_until(lambda: bool(heard.reply_errors), "the device's death")
    assert heard.reply_errors[0].code == "device_failed"
    service.generate(Generate("r2", QUESTION))
    wait_until(lambda: bool(heard.finished), "the reply on the CPU")
    assert heard.notices == ["device_failed"]
    assert service.state.capabilities is not None
    assert service.state.capabilities.placement.gpu_layers == 0


def test_a_gpu_that_fails_while_answering_is_left_for_the_cpu(engine: MakeEngine) -> None:
    service, heard = ready(engine, "gpu_fails_decoding")
    service.generate(Generate("r", QUESTION))
    wait_until(lambda: bool(heard.reply_errors), "the device's failure")
    assert heard.text == "12 + 3 "
    assert [error.code for error in heard.reply_errors] == ["device_failed"]
    service.generate(Generate("r2", QUESTION))
    wait_until(lambda: bool(heard.finished), "the reply on the CPU")
    assert heard.notices == ["device_failed"]


def test_a_reply_that_fails_on_the_cpu_leaves_the_model_ready(engine: MakeEngine) -> None:
    service, heard = ready(engine, "fails_decoding")
    pid = service.pid
    service.generate(Generate("r", QUESTION))
    wait_until(lambda: bool(heard.reply_errors), "the failure")
    assert [error.code for error in heard.reply_errors] == ["decode_failed"]
    assert (heard.phases[-1], service.pid) == ("ready", pid)


def test_a_gpu_that_dies_while_loading_is_left_for_the_cpu(engine: MakeEngine, noise: Noise) -> None:
    noise.allow("the engine ended")
    _service, heard = ready(engine, "gpu_dies_loading")
    assert heard.notices == ["device_failed"]
    assert heard.errors == []


def test_a_load_that_dies_twice_is_an_error_and_no_third_try(engine: MakeEngine, noise: Noise) -> None:
    noise.allow("the engine ended")
    service = engine("dies_loading")
    heard = Heard(service)
    service.load(MODEL)
    wait_until(lambda: bool(heard.errors), "the failure")
    assert heard.errors[0].code == "engine_crashed"
    assert heard.phases.count("loading") == 1
    assert service.pid == 0


def test_an_engine_that_speaks_nonsense_is_ended(engine: MakeEngine, noise: Noise) -> None:
    noise.allow("the engine ended", "no word of ours")
    service = engine("babbles")
    heard = Heard(service)
    service.load(MODEL, LoadOptions(gpu_layers=0))
    wait_until(lambda: bool(heard.errors), "the failure")
    assert service.pid == 0


def test_a_load_is_cancelled(engine: MakeEngine) -> None:
    service = engine("never_loads")
    service.load(MODEL)
    service.cancel_load()
    assert service.state == EngineState()
    assert service.pid == 0


def test_a_question_that_waits_for_its_model_is_stopped_at_once(engine: MakeEngine) -> None:
    service = engine("never_loads")
    heard = Heard(service)
    service.load(MODEL)
    service.generate(Generate("r", QUESTION))
    service.stop("r")
    assert [word.reason for word in heard.finished] == ["stopped"]
    assert heard.reply_errors == []
    assert service.state.phase == "loading"


def test_a_reply_asked_for_while_another_is_being_stopped_can_be_stopped_too(engine: MakeEngine) -> None:
    service, heard = ready(engine, "waits")
    service.generate(Generate("r", QUESTION))
    wait_until(lambda: bool(heard.text), "the first words")
    service.stop("r")
    service.generate(Generate("r2", QUESTION))
    wait_until(lambda: bool(heard.finished), "the end of the first reply")
    assert service.state.phase == "answering"
    service.stop("r2")
    wait_until(lambda: len(heard.finished) == 2, "the end of the second reply")
    assert [word.reply_id for word in heard.finished] == ["r", "r2"]
    assert heard.phases[-1] == "ready"


def test_stopping_what_is_not_there_changes_nothing(engine: MakeEngine) -> None:
    service, heard = ready(engine, "plain")
    before = service.state
    service.stop("nobody")
    service.generate(Generate("r", QUESTION))
    wait_until(lambda: bool(heard.finished), "the reply")
    assert heard.finished[0].reason == "end"
    assert service.state == before


def test_whoever_hears_of_a_death_may_ask_again_at_once(engine: MakeEngine, noise: Noise) -> None:
    noise.allow("the engine ended")
    service, heard = ready(engine, "crashes")

    def once_more(reply_id: str, _error: AppError) -> None:
        if reply_id == "r":
            service.generate(Generate("r2", QUESTION))

    service.reply_failed.connect(once_more)
    service.generate(Generate("r", QUESTION))
    wait_until(lambda: len(heard.reply_errors) == 2, "the second death")
    assert heard.text == "12 + 3 " * 2


def test_a_load_that_the_system_killed_is_not_tried_again(engine: MakeEngine, noise: Noise) -> None:
    noise.allow("the engine ended")
    service = engine("killed_loading")
    heard = Heard(service)
    service.load(MODEL)
    wait_until(lambda: bool(heard.errors), "the failure")
    assert heard.errors[0].code == "engine_killed"
    assert len(noise.heard) == 1


def test_a_thinking_choice_made_for_another_model_does_not_fail_the_question(engine: MakeEngine) -> None:
    high, on = GenerateOptions("high"), GenerateOptions("on")
    service, _heard = ready(engine, "plain")
    nothing = ChosenSampling()
    assert offered(high, service.state.capabilities, nothing) == GenerateOptions()
    assert offered(on, service.state.capabilities, nothing) == on
    assert offered(high, None, nothing) == high


def test_what_was_decided_of_the_sampling_goes_over_what_the_model_asks_for() -> None:
    quick = SamplingAdvice(Sampling(0.7, 20))
    model = capabilities(thinking=EFFORTS)
    model = msgspec.structs.replace(model, advice=SamplingAdvice(Sampling(1.0, 64)), quick_advice=quick)
    decided = ChosenSampling(min_p=0.1)
    sampled = [
        offered(GenerateOptions(thinking), model, decided).sampling for thinking in (None, "high", "off")
    ]
    assert sampled == [
        Sampling(1.0, 64, min_p=0.1),
        Sampling(1.0, 64, min_p=0.1),
        Sampling(0.7, 20, min_p=0.1),
    ]


def test_a_model_that_does_not_think_is_not_told_in_which_language_to() -> None:
    options = GenerateOptions(think_in="Finnish")
    silent = capabilities(thinking=Thinking())
    assert offered(options, silent, ChosenSampling()).think_in == ""
    assert offered(options, capabilities(), ChosenSampling()).think_in == "Finnish"


def test_the_log_does_not_quote_what_a_template_says(
    engine: MakeEngine, caplog: pytest.LogCaptureFixture
) -> None:
    service, _heard = ready(engine, "template_fails")
    service.plan(Plan("p", (Turn("q", "user", (Text("zebra"),)),)))
    wait_until(lambda: "the engine refused" in caplog.text, "the refusal")
    assert "template_failed" in caplog.text
    assert "zebra" not in caplog.text


def test_unloading_while_answering_interrupts_the_reply(engine: MakeEngine) -> None:
    service, heard = ready(engine, "waits")
    service.generate(Generate("r", QUESTION))
    wait_until(lambda: bool(heard.text), "the first words")
    service.unload()
    assert [error.code for error in heard.reply_errors] == ["model_changed"]
    assert service.state.phase == "empty"


def test_without_a_model_a_question_is_refused(engine: MakeEngine) -> None:
    service = engine("plain")
    heard = Heard(service)
    service.generate(Generate("r", QUESTION))
    assert [error.code for error in heard.reply_errors] == ["no_model"]


@pytest.mark.parametrize("act", [EngineService.unload, EngineService.close])
def test_ending_the_service_ends_the_process(
    engine: MakeEngine, act: Callable[[EngineService], None]
) -> None:
    service, _heard = ready(engine, "plain")
    assert service.pid > 0
    act(service)
    assert service.pid == 0


def test_an_engine_that_cannot_be_started_is_an_error(qt_app: object, noise: Noise) -> None:
    noise.allow("the engine ended")
    service = EngineService(["/no/such/program"])
    heard = Heard(service)
    service.load(MODEL)
    wait_until(lambda: bool(heard.errors), "the failure")
    assert heard.errors[0].code == "engine_crashed"
