"""The weight files of the zoo under every chat template that their architecture is published with, in every mode.

The tiny vocabularies lack most special tokens of other makers, so that many markers are text there, and tokens where
they have them: both are split alike. Each file under its own template is tried from end to end.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pytest

from app.chat.conversation import Text, Turn
from app.chat.options import GenerateOptions, Sampling
from app.engine.inspection import inspect
from app.engine.session import Session
from app.protocol.engine import Delta, Event, Finished, Generate
from tests.doubles.forced_sampling import Script, force
from tests.doubles.gguf_template import with_template
from tests.engine.conftest import OpenSession

BEGUN = "so it is\n</think>\n\nIt is."
"""What a model writes whose thinking the template has begun."""

OWN = "<think>\nso it is\n</think>\n\nIt is."
PLAIN = "It is."


@dataclass(frozen=True)
class Speech:
    """The modes that a template offers, and what a model writes in all of them but "off", and in "off"."""

    modes: tuple[str, ...]
    thinking: str = ""
    quick: str = PLAIN


NONE = Speech(())
HARMONY = "<|channel|>analysis<|message|>so it is<|end|><|start|>assistant<|channel|>final<|message|>It is.<|return|>"
SPEECHES = {
    "ByteDance-Seed-OSS": Speech(("off", "on"), "<seed:think>so it is</seed:think>It is."),
    "CohereForAI-c4ai-command-r7b-12-2024-tool_use": Speech(
        ("off", "on"),
        "<|START_THINKING|>so it is<|END_THINKING|><|START_RESPONSE|>It is.<|END_RESPONSE|>",
        "<|START_RESPONSE|>It is.<|END_RESPONSE|>",
    ),
    "GLM-4.6": Speech(("off", "on"), "\n<think>so it is</think>\nIt is.", "\nIt is."),
    "HuggingFaceTB-SmolLM3-3B": Speech(("off", "on"), OWN),
    "Kimi-K2-Thinking": Speech(("on",), "<think>so it is</think>It is."),
    "MiniMax-M2": Speech(("on",), BEGUN),
    "NVIDIA-Nemotron-Nano-v2": Speech(("off", "on"), BEGUN),
    "Qwen-QwQ-32B": Speech(("off", "on"), BEGUN),
    "Qwen-Qwen2.5-7B-Instruct": NONE,
    "Qwen-Qwen3-0.6B": Speech(("off", "on"), OWN),
    "Qwen3.5-4B": Speech(("off", "on"), BEGUN),
    "deepseek-ai-DeepSeek-R1-Distill-Llama-8B": Speech(("on",), BEGUN),
    "deepseek-ai-DeepSeek-R1-Distill-Qwen-32B": Speech(("off", "on"), BEGUN),
    "deepseek-ai-DeepSeek-V3.1": Speech(("off", "on"), BEGUN),
    "google-gemma-2-2b-it": NONE,
    "google-gemma-4-31B-it": Speech(("off", "on"), "<|channel>thought\nso it is<channel|>It is."),
    "ibm-granite-granite-3.3-2B-Instruct": Speech(
        ("off", "on"), "<think>so it is</think><response>It is.</response>"
    ),
    "llama-cpp-deepseek-r1": Speech(("on",), BEGUN),
    "meta-llama-Llama-3.2-3B-Instruct": NONE,
    "microsoft-Phi-3.5-mini-instruct": NONE,
    "mistralai-Ministral-3-14B-Reasoning-2512": Speech(("on",), "[THINK]so it is[/THINK]It is."),
    "mistralai-Mistral-Nemo-Instruct-2407": NONE,
    "openai-gpt-oss-120b": Speech(("low", "medium", "high"), HARMONY),
}

OF_ITS_ARCHITECTURE = {
    "deepseek2-r1": ("llama-cpp-deepseek-r1", "deepseek-ai-DeepSeek-V3.1", "Kimi-K2-Thinking"),
    "gptoss": ("openai-gpt-oss-120b",),
    "qwen3": ("Qwen-Qwen3-0.6B",),
    "qwen35": ("Qwen3.5-4B",),
}
"""Templates by weights; those of architectures that the zoo lacks are tried on those of the distill."""

PAIRS = [
    *((weights, name) for weights, names in OF_ITS_ARCHITECTURE.items() for name in names),
    *(("llama-distill", name) for name in SPEECHES if name not in sum(OF_ITS_ARCHITECTURE.values(), ())),
]


class Said:
    """A reply: its texts, in the order in which they came."""

    def __init__(self) -> None:
        self.deltas: list[Delta] = []

    def take(self, event: Event) -> None:
        """Hears an event."""
        if isinstance(event, Delta):
            self.deltas.append(event)

    def parts(self) -> list[tuple[str, str]]:
        """Channel and text, one for each change of the channel."""
        grouped = groupby(self.deltas, key=lambda delta: delta.channel)
        return [(channel, "".join(delta.text for delta in deltas)) for channel, deltas in grouped]


def asked(session: Session, turns: list[Turn], thinking: str | None) -> tuple[Said, Finished]:
    """A question, answered in a mode; both are turns afterwards."""
    turns.append(Turn(f"q{len(turns)}", "user", (Text("Is it so?"),)))
    said, name = Said(), f"r{len(turns)}"
    options = GenerateOptions(thinking, 200, Sampling(temperature=0.0))
    finished = session.generation(Generate(name, tuple(turns), options), said.take).run()
    texts = dict(said.parts())
    turns.append(Turn(name, "assistant", (Text(texts["answer"]),), texts.get("thinking", "")))
    return said, finished


def expected(thinking: bool) -> list[tuple[str, str]]:
    """What arrives, whatever the markers."""
    return [*([("thinking", "so it is")] if thinking else []), ("answer", "It is.")]


@pytest.fixture
def talk(open_session: OpenSession, zoo: Path, shared: Path, tmp_path: Path) -> Callable[[str, str], None]:
    """Inspects and loads weights under a template, and asks in each of its modes, turn after turn."""

    def run(weights: str, name: str) -> None:
        speech = SPEECHES[name]
        source = (shared / "data" / "templates" / f"{name}.jinja").read_text(encoding="utf-8")
        file = with_template(zoo / f"{weights}.gguf", source, tmp_path / "model.gguf")
        inspected = inspect(file)
        assert (inspected.thinking.choices, inspected.problems) == (speech.modes, ())
        session = open_session(file, context=4096)
        assert session.capabilities.thinking == inspected.thinking
        turns: list[Turn] = []
        script = Script("")
        force(session._model, lambda: script)
        for mode in speech.modes or (None,):
            thinks = mode not in (None, "off")
            script = Script(speech.thinking if thinks else speech.quick)
            said, finished = asked(session, turns, mode)
            assert said.parts() == expected(thinks), mode
            statistics = finished.statistics
            assert finished.reason == "end"
            assert bool(statistics.thinking_tokens) is thinks
            assert statistics.answer_tokens > 0
            assert min(statistics.prompt_tokens, statistics.tokens_per_second) > 0
            assert statistics.time_to_first_token > 0

    return run


@pytest.mark.parametrize(("weights", "name"), PAIRS)
def test_both_channels_arrive_in_each_mode(talk: Callable[[str, str], None], weights: str, name: str) -> None:
    talk(weights, name)


def test_the_table_names_every_template(shared: Path) -> None:
    assert {path.stem for path in (shared / "data" / "templates").glob("*.jinja")} == set(SPEECHES)
