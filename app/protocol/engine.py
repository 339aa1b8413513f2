"""The words between the app and an engine process; nothing here names llama.cpp.

Reserved for the hand on the thinking: `AnswerNow`, `Pause`, `Steer`, `Resume`.
"""

import msgspec

from app.chat.conversation import Author, Channel, FinishReason, Statistics, Turn
from app.chat.options import Capabilities, GenerateOptions, LoadOptions, Thinking
from app.errors import AppError, ParameterValue, error_from

LEAST_ROOM = 64
"""Tokens of the context that must be left for a reply, or asking makes no sense."""


class Inspect(msgspec.Struct, frozen=True, tag=True):
    """Asks what a model file is, without loading it."""

    path: str


class Load(msgspec.Struct, frozen=True, tag=True):
    """Asks to load a model file; answered by `Loading` and then `Loaded` or `Failed`."""

    path: str
    options: LoadOptions = LoadOptions()


class Plan(msgspec.Struct, frozen=True, tag=True):
    """Asks how many tokens each message takes in the next prompt; answered by `Planned` with the same `plan_id`."""

    plan_id: str
    messages: tuple[Turn, ...]
    options: GenerateOptions = GenerateOptions()


class Generate(msgspec.Struct, frozen=True, tag=True):
    """Asks for a reply to the messages; with `continuing`, the last message is a reply to go on with."""

    reply_id: str
    messages: tuple[Turn, ...]
    options: GenerateOptions = GenerateOptions()
    continuing: bool = False


class Stop(msgspec.Struct, frozen=True, tag=True):
    """Asks to end a reply now; answered by its `Finished`."""

    reply_id: str


class Quit(msgspec.Struct, frozen=True, tag=True):
    """Asks the engine to end."""


class Inspected(msgspec.Struct, frozen=True, tag=True):
    """What a model file is: sizes in bytes, context in tokens; `problems` are codes: of the PromptErrors that its
    template raises when a short conversation is rendered, or `template_missing`.
    """

    path: str
    name: str
    architecture: str
    size: int
    quantization: str
    trained_context: int
    thinking: Thinking
    problems: tuple[str, ...] = ()


class Loading(msgspec.Struct, frozen=True, tag=True):
    """How far loading is, from 0 to 1."""

    share: float


class Loaded(msgspec.Struct, frozen=True, tag=True):
    """The model is ready."""

    capabilities: Capabilities


class Rendering(msgspec.Struct, frozen=True, tag=True):
    """A stranger's chat template begins its work (`active`), or has done it.

    It is the one thing in an engine that may never end: whoever hears nothing for five seconds after it began may end
    the process.
    """

    active: bool


class Planned(msgspec.Struct, frozen=True, tag=True):
    """Tokens of the next prompt: in all, by message id, what is left out of it, and how many the context holds."""

    plan_id: str
    total: int
    tokens: dict[str, int]
    left_out: tuple[str, ...]
    context: int


class Prefilling(msgspec.Struct, frozen=True, tag=True):
    """How many tokens of the prompt are read."""

    reply_id: str
    done: int
    total: int


class Delta(msgspec.Struct, frozen=True, tag=True):
    """More text of a reply, and how many tokens it took; none, where the last tokens of a channel showed nothing."""

    reply_id: str
    channel: Channel
    author: Author
    text: str
    tokens: int


class Finished(msgspec.Struct, frozen=True, tag=True):
    """A reply's end."""

    reply_id: str
    reason: FinishReason
    statistics: Statistics


class Failed(msgspec.Struct, frozen=True, tag=True):
    """What was asked cannot be done; `reply_id` is None when it was not a reply."""

    reply_id: str | None
    code: str
    parameters: dict[str, ParameterValue] = {}

    def error(self) -> AppError:
        """The failure as the error that services emit."""
        return error_from(self.code, self.parameters)


Request = Inspect | Load | Plan | Generate | Stop | Quit
Event = Inspected | Loading | Loaded | Rendering | Planned | Prefilling | Delta | Finished | Failed
