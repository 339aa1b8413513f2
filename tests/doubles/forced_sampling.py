"""Makes a model say what a test wants: token ids in the place of those that it would draw.

The weights are asked all the same, so that every token goes through the decoding of that architecture.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, cycle
from pathlib import Path

import msgspec

from app.chat.options import Sampling
from app.engine.llama_backend import LlamaModel


class Script(msgspec.Struct, frozen=True):
    """What a reply says, special tokens spelled out, each token after `pause` seconds.

    Then it `ends`, or goes on with full stops.
    """

    text: str
    ends: bool = True
    pause: float = 0.0


def force(model: LlamaModel, script: Callable[[], Script | None]) -> None:
    """From now on each reply of the model says what `script` has when it begins; None leaves it to the model."""
    draw, begin = model.sample, model.set_sampling
    forced: list[Iterator[int]] = [iter(())]

    def set_sampling(sampling: Sampling, history: Sequence[int]) -> None:
        begin(sampling, history)
        asked = script()
        forced[0] = iter(()) if asked is None else _tokens(model, asked)

    def sample() -> int:
        drawn = draw()
        return next(forced[0], drawn)

    # The model's own methods stay what they are for every other model of this process.
    vars(model).update(set_sampling=set_sampling, sample=sample)


def _tokens(model: LlamaModel, script: Script) -> Iterator[int]:
    end = model.tokenize(model.eos if script.ends else ".")
    for token in chain(model.tokenize(script.text), cycle(end)):
        time.sleep(script.pause)
        yield token


def write_script(file: Path, script: Script) -> None:
    """Where an engine process of `forced_engine` reads it, at each reply anew."""
    file.write_text(json.dumps(msgspec.to_builtins(script)), encoding="utf-8")


def read_script(file: Path) -> Script:
    """The script of a file."""
    return msgspec.json.decode(file.read_bytes(), type=Script)
