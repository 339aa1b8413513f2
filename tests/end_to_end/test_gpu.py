"""The GPU's path, on a Vulkan device in software: all layers, half of them, and none at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.chat.conversation import Message, Text, turns
from app.chat.options import GenerateOptions, LoadOptions, Sampling
from app.engine.cpu_library import backend_folder, gpu_libraries
from app.paths import Paths
from app.protocol.engine import Delta, Finished, Generate
from app.services.models.engine_command import engine_command
from app.services.models.engine_service import EngineService
from tests.waiting import wait_until

QUESTION = turns(
    "You are a helpful assistant.", [Message("q", "user", parts=(Text("What is the capital of France?"),))]
)


@pytest.fixture
def engine(qt_app: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EngineService]:
    """An engine that is shown the software device, which llama.cpp passes over otherwise."""
    if not [path for path in gpu_libraries(backend_folder()) if "vulkan" in path.name]:
        pytest.skip("llama.cpp was built without Vulkan: ./dev test builds it")
    monkeypatch.setenv("GGML_VK_VISIBLE_DEVICES", "0")
    paths = Paths.under(tmp_path)
    paths.prepare()
    made = EngineService(engine_command(paths))
    yield made
    made.close()


def load(engine: EngineService, model: Path, gpu_layers: int | None) -> None:
    """Loads a model on the device."""
    engine.load(model, LoadOptions(context=512, gpu_layers=gpu_layers))
    wait_until(lambda: engine.state.phase in ("ready", "failed"), "the load", 120)
    capabilities = engine.state.capabilities
    assert capabilities is not None
    if not [device for device in capabilities.devices if device.kind == "gpu"]:
        pytest.skip("there is no Vulkan device, not even in software")


@pytest.mark.parametrize(("asked", "layers"), [(None, 30), (15, 15)], ids=["all layers", "half of them"])
def test_a_real_model_answers_through_the_gpu(
    engine: EngineService, smollm2: Path, asked: int | None, layers: int
) -> None:
    text: list[str] = []
    ended: list[Finished] = []

    def on_delta(delta: Delta) -> None:
        text.append(delta.text)

    engine.delta.connect(on_delta)
    engine.finished.connect(ended.append)
    load(engine, smollm2, asked)
    assert engine.state.capabilities is not None
    placement = engine.state.capabilities.placement
    assert (placement.gpu_layers, placement.layers) == (layers, 30)
    assert placement.device
    engine.generate(
        Generate("r", QUESTION, GenerateOptions(max_tokens=12, sampling=Sampling(temperature=0.0)))
    )
    wait_until(lambda: bool(ended), "the reply", 240)
    assert "Paris" in "".join(text)


def test_no_layer_goes_to_the_gpu_when_none_is_asked_for(engine: EngineService, smollm2: Path) -> None:
    load(engine, smollm2, 0)
    assert engine.state.capabilities is not None
    assert engine.state.capabilities.placement.device == ""
    assert engine.state.capabilities.placement.gpu_layers == 0
