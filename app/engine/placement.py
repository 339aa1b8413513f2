"""Where a model is to run: how long its context, how many layers on the GPU, how many threads."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.chat.options import Device, LoadOptions
from app.errors import EngineError
from app.library.fit import default_context, fit
from app.library.hardware import Machine
from app.library.model_file import ModelFile

ALL_LAYERS = 1_000_000
"""More layers than any model has; llama.cpp takes it as all of them, the output layer too."""


@dataclass(frozen=True)
class Decision:
    """What to load with: `context` in tokens, layers on the GPU, CPU threads, and the GPU's name (or "")."""

    context: int
    gpu_layers: int
    threads: int
    device: str = ""


def default_threads(machine: Machine) -> int:
    """One core less than there are: a spinning thread and a window that wants its core hurt each other badly."""
    return max(1, min(machine.physical_cores, machine.usable_cores) - 1)


def decide(model: ModelFile, options: LoadOptions, machine: Machine, devices: Sequence[Device]) -> Decision:
    """What to load with. Raises EngineError `load_memory` when the context asked for cannot fit anywhere."""
    gpu = max(
        (device for device in devices if device.kind == "gpu"), key=lambda d: d.memory_free, default=None
    )
    gpu_free = gpu.memory_free if gpu and options.gpu_layers != 0 else None
    limit = model.trained_context or 0
    context = options.context or default_context(model, machine, gpu_free)
    if limit and context > limit:
        context = limit
    found = fit(model, context, machine, gpu_free)
    if found.verdict == "too_big":
        raise EngineError(
            "load_memory",
            context=context,
            needed=found.total,
            available=machine.memory_available + (gpu_free or 0),
            detail="",
        )
    layers = found.gpu_layers if options.gpu_layers is None else options.gpu_layers
    if gpu is None or layers <= 0:
        return Decision(context, 0, options.threads or default_threads(machine))
    if layers >= model.layers:
        layers = ALL_LAYERS
    return Decision(context, layers, options.threads or default_threads(machine), gpu.description or gpu.name)
