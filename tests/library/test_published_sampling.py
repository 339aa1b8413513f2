"""What makers published is found by names and architecture, never taken over by what only sounds alike."""

import re

import pytest

from app.library.published_sampling import _ROWS, SuggestedSampling, published_sampling


def found(architecture: str, *own: str, origins: tuple[str, ...] = ()) -> str:
    """The page that is found; empty where there is none."""
    published = published_sampling(architecture, own, origins)
    return published.reference.removeprefix("https://") if published is not None else ""


@pytest.mark.parametrize(
    ("architecture", "own", "page"),
    [
        ("deepseek2", ("DeepSeek-R1-0528", "", "", "0528", "256x21B"), "deepseek-ai/DeepSeek-R1"),
        (
            "deepseek2",
            ("DeepSeek V3.1 Terminus",),
            "deepseek-ai/DeepSeek-V3.1/blob/main/generation_config.json",
        ),
        ("deepseek32", ("DeepSeek-V3.2-Exp",), "deepseek-ai/DeepSeek-V3.2-Exp"),
        ("deepseek32", ("a name of its own",), "deepseek-ai/DeepSeek-V3.2"),
        ("qwen2", ("DeepSeek R1 Distill Qwen 7B", "DeepSeek-R1-Distill-Qwen"), "deepseek-ai/DeepSeek-R1"),
        ("qwen3", ("DeepSeek-R1-0528-Qwen3-8B",), "deepseek-ai/DeepSeek-R1"),
        ("qwen3", ("Qwen_Qwen3 0.6B", "Qwen_Qwen3", "", "", "0.6B"), "Qwen/Qwen3-8B"),
        (
            "qwen3",
            ("Qwen3 4B Thinking 2507", "Qwen3", "Thinking", "2507"),
            "Qwen/Qwen3-235B-A22B-Thinking-2507",
        ),
        ("qwen3", ("", "Qwen3", "Instruct", "2507", "4B"), "Qwen/Qwen3-4B-Instruct-2507"),
        ("qwen35", ("Qwen3.5-9B",), "Qwen/Qwen3.5-27B"),
        ("qwen35", ("Qwen3.6-27B",), "Qwen/Qwen3.6-27B"),
        ("gemma4", ("Mine",), "google/gemma-4-31B-it"),
        ("llama", ("Llama 3.1 Nemotron Nano 8B v1",), "nvidia/Llama-3_3-Nemotron-Super-49B-v1"),
        ("nemotron_h", ("NVIDIA Nemotron Nano 9B v2",), "nvidia/NVIDIA-Nemotron-Nano-9B-v2"),
        ("phi3", ("Phi 4 Mini Reasoning",), "microsoft/Phi-4-mini-reasoning"),
    ],
)
def test_a_family_is_known_by_its_names(architecture: str, own: tuple[str, ...], page: str) -> None:
    assert found(architecture, *own) == f"huggingface.co/{page}"


@pytest.mark.parametrize(
    ("architecture", "own"),
    [
        ("", ("",)),
        ("llama", ("SmolLM2 135M Instruct",)),
        ("qwen3", ("Qwen3 8B Base",)),
        ("qwen3moe", ("Qwen3 Coder 30B A3B Instruct",)),
        ("qwen3", ("Qwen3 Embedding 0.6B",)),
        ("qwen3", ("Something else entirely",)),
        ("qwen2", ("Qwen2.5 7B Instruct",)),
        ("gemma3", ("Gemma 3 4B It",)),
        ("llama", ("Llama 3.1 Nemotron 70B Instruct",)),
        ("smollm3", ("SmolLM3 3B Base",)),
    ],
)
def test_what_nobody_published_is_not_made_up(architecture: str, own: tuple[str, ...]) -> None:
    assert found(architecture, *own) == ""


def test_a_name_of_its_own_goes_before_what_it_was_made_from() -> None:
    origins = ("Some other model", "QwQ 32B")
    assert found("qwen2", "DeepSeek R1 Distill Qwen 32B", origins=origins).endswith("DeepSeek-R1")
    assert found("qwen2", "Tuned by me", origins=origins).endswith("QwQ-32B")
    assert found("qwen3", "Tuned by me", origins=("Qwen3 8B Base",)) == ""


def test_replies_without_thinking_have_values_of_their_own_where_they_were_published() -> None:
    published = published_sampling("qwen3", ("Qwen3 8B",))
    assert published is not None
    assert published.values == SuggestedSampling(0.6, 20, 0.95, 0.0)
    assert published.quick == SuggestedSampling(0.7, 20, 0.8, 0.0)


def test_a_name_without_end_is_no_danger() -> None:
    assert found("qwen3", "x " * 1_000_000, "Qwen3") == ""


def test_every_row_can_be_reached_and_says_where_it_is_from() -> None:
    for row in _ROWS:
        assert published_sampling("", (row.words,)) == row.published
        pages = re.fullmatch(r"https://[\w.]+/[\w./-]+", row.published.reference)
        assert pages is not None
        for suggested in (row.published.values, row.published.quick):
            given = suggested.given() if suggested is not None else {}
            assert given.get("temperature", 0.5) <= 2
            assert 0 < given.get("top_p", 0.5) <= 1
