"""The file's own sampling goes before what was published, and that before a guess; each says where it is from."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.chat.options import Sampling, SamplingAdvice, Thinking
from app.engine.advice import advice
from app.library.model_file import ModelFile, read_model_file
from app.library.published_sampling import PublishedSampling, SuggestedSampling
from tests.doubles.gguf_writer import DenseShape

PAGE = "https://example.org/model"
PUBLISHED = PublishedSampling(SuggestedSampling(1.0, top_p=0.9), PAGE, SuggestedSampling(0.7, min_p=0.1))
SWITCHED = Thinking("switchable", ("off", "on"), "on")


@pytest.fixture
def file(tmp_path: Path) -> ModelFile:
    """A model of which nobody has said anything."""
    shape = DenseShape(
        layers=1, embedding=32, heads=4, kv_heads=2, head=8, feed_forward=64, vocabulary=16, type=8
    )
    return read_model_file(shape.write(tmp_path / "m.gguf", {}))


def test_where_nobody_said_anything_all_is_a_guess(file: ModelFile) -> None:
    usual, quick = advice(file, SWITCHED)
    assert usual == SamplingAdvice(Sampling())
    assert usual.source("temperature") == "guess"
    assert quick is None


def test_the_file_goes_before_what_was_published(file: ModelFile) -> None:
    said = SuggestedSampling(temperature=0.3, top_k=7)
    usual, quick = advice(replace(file, sampling=said, published=PUBLISHED), SWITCHED)
    assert usual.values == Sampling(0.3, 7, 0.9)
    assert usual.sources == {"temperature": "file", "top_k": "file", "top_p": "published"}
    assert usual.reference == PAGE
    assert quick is not None
    # What was published for thinking says nothing about replies without it.
    assert quick.values == Sampling(0.3, 7, min_p=0.1)
    assert quick.sources == {"temperature": "file", "top_k": "file", "min_p": "published"}


def test_a_page_of_which_nothing_is_taken_is_not_named(file: ModelFile) -> None:
    said = SuggestedSampling(temperature=0.3, top_p=0.8)
    usual, _quick = advice(replace(file, sampling=said, published=PUBLISHED), Thinking("always", (), ""))
    assert usual.reference == ""


@pytest.mark.parametrize("thinking", [Thinking("always"), Thinking("efforts", ("low", "high"), "low")])
def test_a_model_that_always_thinks_has_one_advice(file: ModelFile, thinking: Thinking) -> None:
    usual, quick = advice(replace(file, published=PUBLISHED), thinking)
    assert (usual.values.temperature, quick) == (1.0, None)


def test_a_model_that_does_not_think_is_sampled_as_one_that_is_told_not_to(file: ModelFile) -> None:
    usual, quick = advice(replace(file, published=PUBLISHED), Thinking())
    assert (usual.values, quick) == (Sampling(0.7, min_p=0.1), None)
