"""Where a model runs: what was asked for, else what fits, and never more context than it was trained for."""

from dataclasses import replace

import pytest

from app.chat.options import Device, LoadOptions
from app.engine.placement import ALL_LAYERS, decide, default_threads
from app.errors import EngineError
from app.library.hardware import Machine, this_machine
from app.library.model_file import ModelFile, read_model_file
from app.paths import demo_model

GB = 10**9


@pytest.fixture
def model() -> ModelFile:
    """The demo model's file."""
    return read_model_file(demo_model())


@pytest.fixture
def machine() -> Machine:
    """A machine with room."""
    return replace(
        this_machine(),
        physical_cores=8,
        logical_cores=16,
        usable_cores=16,
        memory_total=32 * GB,
        memory_available=24 * GB,
    )


def gpu(free: int) -> Device:
    """A GPU with so many bytes free."""
    return Device("GPU0", "A GPU", "gpu", 8 * GB, free)


def test_a_model_that_fits_goes_to_the_gpu_whole(model: ModelFile, machine: Machine) -> None:
    decision = decide(model, LoadOptions(), machine, [gpu(6 * GB)])
    assert (decision.gpu_layers, decision.device) == (ALL_LAYERS, "A GPU")


def test_without_a_gpu_or_without_room_on_it_the_cpu_takes_all(model: ModelFile, machine: Machine) -> None:
    for devices in ([], [gpu(1_000_000)], [Device("CPU", "A CPU", "cpu")]):
        decision = decide(model, LoadOptions(), machine, devices)
        assert (decision.gpu_layers, decision.device) == (0, "")


def test_a_chosen_number_of_layers_is_taken(model: ModelFile, machine: Machine) -> None:
    assert decide(model, LoadOptions(gpu_layers=2), machine, [gpu(6 * GB)]).gpu_layers == 2
    assert decide(model, LoadOptions(gpu_layers=0), machine, [gpu(6 * GB)]).gpu_layers == 0


def test_the_context_is_never_longer_than_the_model_was_trained_for(
    model: ModelFile, machine: Machine
) -> None:
    assert decide(model, LoadOptions(context=10**7), machine, []).context == model.trained_context
    assert decide(model, LoadOptions(context=512), machine, []).context == 512


def test_what_is_larger_than_the_memory_is_refused_with_both_numbers(
    model: ModelFile, machine: Machine
) -> None:
    small = replace(machine, memory_total=GB, memory_available=1_000_000)
    with pytest.raises(EngineError) as raised:
        decide(model, LoadOptions(), small, [])
    assert raised.value.code == "load_memory"
    assert int(raised.value.parameters["needed"]) > int(raised.value.parameters["available"])


def test_one_core_is_left_to_the_window(machine: Machine) -> None:
    assert default_threads(machine) == 7
    assert default_threads(replace(machine, usable_cores=2)) == 1
    assert default_threads(replace(machine, usable_cores=1)) == 1
