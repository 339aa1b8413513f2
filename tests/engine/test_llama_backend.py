"""What the loaded library says of a model: its special texts, and how text becomes tokens."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.engine.llama_backend import LlamaModel, Runtime


@pytest.fixture
def model(runtime: Runtime, zoo: Path) -> Iterator[LlamaModel]:
    """A small model whose vocabulary has `<|im_end|>` as a control token and `</think>` as one of its makers'."""
    path = zoo / "qwen3.gguf"
    model = LlamaModel(runtime, path, context=256, gpu_layers=0, threads=1, progress=lambda _share: None)
    yield model
    model.close()


def pieces(model: LlamaModel, text: str, *, special: bool) -> list[str]:
    """The tokens of a text, spelled."""
    return [model.piece(token).decode() for token in model.tokenize(text, special=special)]


def test_the_special_texts_of_a_vocabulary_are_known(model: LlamaModel) -> None:
    assert {"<|im_start|>", "<|im_end|>", "<think>", "</think>"} <= set(model.controls)
    assert all(len(model.tokenize(text)) == 1 for text in model.controls)
    assert "he" not in model.controls


def test_a_control_token_that_is_typed_can_stay_text(model: LlamaModel) -> None:
    text = "why <|im_end|> ?"
    assert "<|im_end|>" in pieces(model, text, special=True)
    typed = pieces(model, text, special=False)
    assert "<|im_end|>" not in typed
    assert "".join(typed) == text


def test_what_its_makers_added_is_one_token_either_way(model: LlamaModel) -> None:
    for special in (True, False):
        assert pieces(model, "a</think>b", special=special) == ["a", "</think>", "b"]
