"""What can be chosen for loading and generating, and what a loaded model says that it can do."""

from typing import Literal

import msgspec

ThinkingKind = Literal["none", "always", "switchable", "efforts"]


class LoadOptions(msgspec.Struct, frozen=True):
    """How to load a model. None means that the engine decides from the machine and the file.

    `context` in tokens; `gpu_layers` is how many layers go to the GPU (0: none); `threads` of the CPU.
    """

    context: int | None = None
    gpu_layers: int | None = None
    threads: int | None = None


class Sampling(msgspec.Struct, frozen=True):
    """How the next token is drawn. `temperature` 0 takes the likeliest; `top_k` 0, `top_p` 1, `min_p` 0 switch off."""

    temperature: float = 0.6
    top_k: int = 40
    top_p: float = 0.95
    min_p: float = 0.0
    repeat_penalty: float = 1.0
    seed: int | None = None


class GenerateOptions(msgspec.Struct, frozen=True):
    """How to generate one reply.

    `thinking` is None (the model's own default), "on", "off" or an effort in the template's words. `max_tokens` counts
    thinking and answer together; None means to the end of the context. `sampling` None takes the model's own.
    """

    thinking: str | None = None
    max_tokens: int | None = None
    sampling: Sampling | None = None


class Thinking(msgspec.Struct, frozen=True):
    """What a model's thinking can be set to: `choices` in the order of a menu, `default` one of them (or "")."""

    kind: ThinkingKind = "none"
    choices: tuple[str, ...] = ()
    default: str = ""


class Device(msgspec.Struct, frozen=True):
    """A processor that llama.cpp sees; memory in bytes, 0 when it is not known."""

    name: str
    description: str
    kind: Literal["cpu", "gpu"]
    memory_total: int = 0
    memory_free: int = 0


class Placement(msgspec.Struct, frozen=True):
    """Where a loaded model runs: `gpu_layers` of `layers` on `device`, the rest on the CPU with `threads` threads."""

    device: str = ""
    gpu_layers: int = 0
    layers: int = 0
    threads: int = 1


class Capabilities(msgspec.Struct, frozen=True):
    """What a loaded model on this backend can do; the window offers what is here and nothing else.

    `context` is what was allocated and `trained_context` what the file allows, both in tokens. `notices` are codes of
    things to tell once (`template_missing`, `device_failed`, ...). `inject`, `budget` and `roll_back` are the hand on
    the thinking, `vision` whether pictures are understood.
    """

    model: str
    architecture: str
    thinking: Thinking
    context: int
    trained_context: int
    placement: Placement
    devices: tuple[Device, ...] = ()
    sampling: Sampling = Sampling()
    notices: tuple[str, ...] = ()
    inject: bool = False
    budget: bool = False
    roll_back: bool = False
    vision: bool = False
