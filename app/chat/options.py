"""What can be chosen for loading and generating, and what a loaded model says that it can do."""

from typing import Literal

import msgspec

ThinkingKind = Literal["none", "always", "switchable", "efforts"]
SamplingSource = Literal["file", "published", "guess"]


class LoadOptions(msgspec.Struct, frozen=True):
    """How to load a model. None means that the engine decides from the machine and the file.

    `context` in tokens; `gpu_layers` is how many layers go to the GPU (0: none); `threads` of the CPU.
    `plain_template` speaks to the model in plain words: its own chat template is not to be trusted.
    """

    context: int | None = None
    gpu_layers: int | None = None
    threads: int | None = None
    plain_template: bool = False


class Sampling(msgspec.Struct, frozen=True):
    """How the next token is drawn. `temperature` 0 takes the likeliest; `top_k` 0, `top_p` 1, `min_p` 0 switch off.

    So do a `repeat_penalty` of 1, which divides, and a `presence_penalty` of 0, which subtracts.
    """

    temperature: float = 0.6
    top_k: int = 40
    top_p: float = 0.95
    min_p: float = 0.0
    repeat_penalty: float = 1.0
    presence_penalty: float = 0.0
    seed: int | None = None


class SamplingAdvice(msgspec.Struct, frozen=True):
    """How a model asks to be sampled: `values`, where each of them is from by its name, and where that can be read.

    A field that `sources` does not name is a guess. `reference` is an address, or empty.
    """

    values: Sampling = Sampling()
    sources: dict[str, SamplingSource] = {}
    reference: str = ""

    def source(self, field: str) -> SamplingSource:
        """Where a value is from: the file itself, what its makers published, or nowhere."""
        return self.sources.get(field, "guess")


class ChosenSampling(msgspec.Struct, frozen=True):
    """What a person decided of a `Sampling`; None is left to others. Named as there."""

    temperature: float | None = None
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None
    repeat_penalty: float | None = None
    presence_penalty: float | None = None
    seed: int | None = None

    def decided(self) -> dict[str, float]:
        """What was decided, by name."""
        return {name: value for name, value in msgspec.structs.asdict(self).items() if value is not None}

    def over(self, sampling: Sampling) -> Sampling:
        """The sampling with what was decided in the place of its own values."""
        return msgspec.structs.replace(sampling, **self.decided())


class Choices(msgspec.Struct, frozen=True):
    """What a person chose for one conversation; what is None or empty follows the settings, and those the model.

    `thinking` is kept in the words of the model that it was chosen for; one that does not have it follows its own.
    `own_language` asks the model to think in the person's language.
    """

    thinking: str | None = None
    own_language: bool = False
    sampling: ChosenSampling = ChosenSampling()


class GenerateOptions(msgspec.Struct, frozen=True):
    """How to generate one reply.

    `thinking` is None (the model's own default), "on", "off" or an effort in the template's words. `max_tokens` counts
    thinking and answer together; None means to the end of the context. `sampling` None takes the model's own.
    `think_in` is the English name of the language to think in, or empty.
    """

    thinking: str | None = None
    max_tokens: int | None = None
    sampling: Sampling | None = None
    think_in: str = ""


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
    things to tell once (`template_missing`, `device_failed`, ...). `advice` is how the model asks to be sampled, and
    `quick_advice` where thinking is off, if that differs. With `folds_system` its template knows no system message,
    which leads the first question then. `inject`, `budget` and `roll_back` are the hand on the thinking, `vision`
    whether pictures are understood.
    """

    model: str
    architecture: str
    thinking: Thinking
    context: int
    trained_context: int
    placement: Placement
    devices: tuple[Device, ...] = ()
    advice: SamplingAdvice = SamplingAdvice()
    quick_advice: SamplingAdvice | None = None
    notices: tuple[str, ...] = ()
    folds_system: bool = False
    inject: bool = False
    budget: bool = False
    roll_back: bool = False
    vision: bool = False

    def advised(self, thinking: str | None) -> SamplingAdvice:
        """How to sample a reply with this choice of thinking (None: the model's own)."""
        off = (thinking or self.thinking.default) == "off"
        return self.quick_advice if off and self.quick_advice is not None else self.advice
