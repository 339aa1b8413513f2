"""What a header tells about a model: names, shapes, recommendations, shards; and what is no language model."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.errors import ModelFileError
from app.library.model_file import Weights, read_model_file
from app.library.published_sampling import SuggestedSampling
from tests.doubles.gguf_writer import DenseShape, Tensor, Value, vocabulary, write_gguf

SMALL = DenseShape(
    layers=2, embedding=32, heads=4, kv_heads=2, head=8, feed_forward=64, vocabulary=16, type=8
)


def refusal(path: Path) -> ModelFileError:
    with pytest.raises(ModelFileError) as caught:
        read_model_file(path)
    return caught.value


def named(tmp_path: Path, file_name: str, general_name: str) -> str:
    return read_model_file(SMALL.write(tmp_path / file_name, {"general.name": general_name})).name


def quantization(tmp_path: Path, more: dict[str, Value] | None = None) -> str:
    return read_model_file(SMALL.write(tmp_path / "m.gguf", more)).quantization


def test_a_dense_model_tells_its_shape(tmp_path: Path) -> None:
    path = SMALL.write(
        tmp_path / "m.gguf", {"tokenizer.chat_template": "{{ messages }}", "general.file_type": 15}
    )
    model = read_model_file(path)
    assert (model.path, model.shards, model.size) == (path, (path,), path.stat().st_size)
    assert (model.name, model.architecture, model.quantization) == ("A dense model", "llama", "Q4_K_M")
    assert (model.trained_context, model.layers, model.vocabulary_size) == (4096, 2, 16)
    assert model.chat_template == "{{ messages }}"
    assert model.sampling is None
    assert model.feed_forward == 64
    assert (model.experts, model.experts_used, model.draft_layers, model.shared_cache) == (0, 0, 0, 0)
    attention = model.attention
    assert (attention.embedding, attention.heads, attention.kv_heads) == (32, (4, 4), (2, 2))
    assert (attention.key_length, attention.value_length) == (8, 8)


def test_parameters_and_weights_are_counted_from_the_tensors(tmp_path: Path) -> None:
    model = read_model_file(replace(SMALL, output=True).write(tmp_path / "m.gguf"))
    matrix = 32 * 32 + 2 * 32 * 16 + 32 * 32 + 3 * 32 * 64
    assert model.parameters == 16 * 32 + 2 * (matrix + 2 * 32) + 32 + 16 * 32
    layer = matrix // 32 * 34 + 2 * 32 * 4
    assert model.weights == Weights((layer, layer), 16 * 34, 16 * 34, 32 * 4)
    assert model.weights.total == 2 * layer + 2 * 16 * 34 + 128


def test_missing_lengths_and_heads_follow_from_the_others(tmp_path: Path) -> None:
    metadata = SMALL.metadata()
    for key in (
        "attention.key_length",
        "attention.value_length",
        "attention.head_count_kv",
        "context_length",
    ):
        del metadata[f"llama.{key}"]
    model = read_model_file(write_gguf(tmp_path / "m.gguf", metadata, SMALL.tensors()))
    assert (model.attention.key_length, model.attention.value_length) == (8, 8)
    assert model.attention.kv_heads == (4, 4)
    assert model.trained_context == 0
    assert model.chat_template is None


def test_values_given_layer_by_layer_are_kept_so(tmp_path: Path) -> None:
    path = SMALL.write(
        tmp_path / "m.gguf",
        {
            "llama.attention.head_count_kv": [2, 0],
            "llama.feed_forward_length": [64, 128],
            "llama.attention.sliding_window": 512,
            "llama.attention.sliding_window_pattern": [True, False],
        },
    )
    model = read_model_file(path)
    assert model.attention.kv_heads == (2, 0)
    assert model.feed_forward == 128
    assert (model.attention.window, model.attention.sliding) == (512, (True, False))


def test_lists_that_are_too_short_or_too_long_fit_the_layers(tmp_path: Path) -> None:
    path = SMALL.write(tmp_path / "m.gguf", {"llama.attention.head_count_kv": [2]})
    assert read_model_file(path).attention.kv_heads == (2, 0)
    path = SMALL.write(tmp_path / "m.gguf", {"llama.attention.head_count_kv": [2, 2, 2]})
    assert read_model_file(path).attention.kv_heads == (2, 2)
    path = SMALL.write(tmp_path / "m.gguf", {"llama.attention.head_count_kv": ["two", "two"]})
    assert read_model_file(path).attention.kv_heads == (0, 0)


def test_negative_numbers_count_as_not_said(tmp_path: Path) -> None:
    path = SMALL.write(tmp_path / "m.gguf", {"llama.context_length": -5, "llama.attention.head_count_kv": -1})
    model = read_model_file(path)
    assert model.trained_context == 0
    assert model.attention.kv_heads == (0, 0)


def test_an_interval_of_full_attention_tells_which_layers_are_recurrent(tmp_path: Path) -> None:
    shape = replace(SMALL, layers=4)
    path = shape.write(
        tmp_path / "m.gguf",
        {
            "llama.full_attention_interval": 4,
            "llama.ssm.inner_size": 256,
            "llama.ssm.state_size": 128,
            "llama.ssm.conv_kernel": 4,
            "llama.ssm.group_count": 2,
        },
    )
    attention = read_model_file(path).attention
    assert attention.recurrent == (True, True, True, False)
    assert attention.state == 3 * (256 + 2 * 2 * 128) + 128 * 256


# Names


def test_the_models_own_name_is_used(tmp_path: Path) -> None:
    assert named(tmp_path, "file.gguf", "Demo model (tiny)") == "Demo model (tiny)"


def test_a_name_becomes_one_printable_line_of_bounded_length(tmp_path: Path) -> None:
    assert named(tmp_path, "file.gguf", "  Two\nlines\x1b[31m\u202e ") == "Two lines [31m"
    assert len(named(tmp_path, "file.gguf", "x" * 5000)) == 120


def test_without_a_usable_name_the_files_name_is_made_readable(tmp_path: Path) -> None:
    for file_name, expected in (
        ("DeepSeek-R1-Distill-Qwen-1.5B-Q4_K_M.gguf", "DeepSeek-R1-Distill-Qwen-1.5B"),
        ("my_model.Q8_0.gguf", "my model"),
        ("big-IQ2_XXS-00001-of-00001.gguf", "big"),
        ("plain-f16.gguf", "plain"),
        ("Q4_K_M.gguf", "Q4 K M"),
    ):
        assert named(tmp_path, file_name, " . ") == expected


# Quantization


def test_the_quantization_is_what_the_file_says(tmp_path: Path) -> None:
    assert quantization(tmp_path, {"general.file_type": 7}) == "Q8_0"


def test_the_quantization_is_that_of_most_bytes_where_the_file_does_not_know(tmp_path: Path) -> None:
    assert quantization(tmp_path) == "Q8_0"
    assert quantization(tmp_path, {"general.file_type": 1024 + 2}) == "Q8_0"
    assert quantization(tmp_path, {"general.file_type": 4242}) == "Q8_0"


# Sampling


def test_recommended_sampling_is_read(tmp_path: Path) -> None:
    path = SMALL.write(
        tmp_path / "m.gguf",
        {"general.sampling.temp": 0.5, "general.sampling.top_k": 20, "general.sampling.min_p": 0.0},
    )
    assert read_model_file(path).sampling == SuggestedSampling(temperature=0.5, top_k=20, min_p=0.0)


def test_sampling_says_only_what_was_given() -> None:
    assert SuggestedSampling(temperature=0.0, top_k=20).given() == {"temperature": 0.0, "top_k": 20}


def test_senseless_sampling_is_left_out(tmp_path: Path) -> None:
    path = SMALL.write(
        tmp_path / "m.gguf",
        {
            "general.sampling.temp": float("nan"),
            "general.sampling.top_p": 7.0,
            "general.sampling.top_k": -3,
            "general.sampling.min_p": "much",
            "general.sampling.penalty_repeat": True,
        },
    )
    assert read_model_file(path).sampling is None


def test_what_was_published_is_found_by_the_names_in_the_header(tmp_path: Path) -> None:
    origins: dict[str, Value] = {"general.base_model.count": 2, "general.base_model.1.name": "Qwen3 8B"}
    mine: dict[str, Value] = {"general.name": "Tuned by me"}
    headers: tuple[dict[str, Value], ...] = ({"general.name": "Qwen3 8B"}, {**mine, **origins}, mine)
    found = [read_model_file(SMALL.write(tmp_path / "Qwen3-8B.gguf", header)).published for header in headers]
    assert found[0] is not None
    assert found[0].reference == "https://huggingface.co/Qwen/Qwen3-8B"
    assert found[1:] == [found[0], None]


# Not a language model


def test_a_file_without_a_vocabulary_is_no_language_model(tmp_path: Path) -> None:
    metadata: dict[str, Value] = {"general.architecture": "clip", "general.type": "mmproj"}
    path = write_gguf(tmp_path / "m.gguf", metadata, [Tensor("v.patch_embd.weight", (4,))])
    assert refusal(path).code == "no_vocabulary"
    path = write_gguf(
        tmp_path / "m.gguf", {**SMALL.metadata(), "tokenizer.ggml.model": "none"}, SMALL.tensors()
    )
    assert refusal(path).code == "no_vocabulary"


def test_a_file_without_an_architecture_or_without_weights_is_invalid(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "m.gguf", vocabulary(8), [Tensor("t", (4,))])
    assert (refusal(path).code, refusal(path).parameters["reason"]) == ("gguf_invalid", "architecture")
    path = write_gguf(tmp_path / "m.gguf", SMALL.metadata())
    assert (refusal(path).code, refusal(path).parameters["reason"]) == ("gguf_invalid", "no_tensors")


def test_more_layers_than_any_model_has_are_refused(tmp_path: Path) -> None:
    path = SMALL.write(tmp_path / "m.gguf", {"llama.block_count": 2**32 - 1})
    assert (refusal(path).code, refusal(path).parameters["reason"]) == ("gguf_invalid", "block_count")


def test_a_missing_file_keeps_its_code(tmp_path: Path) -> None:
    assert refusal(tmp_path / "absent.gguf").code == "file_missing"


# Shards


def split(tmp_path: Path) -> list[Path]:
    """A model in two files: metadata and half of the tensors in the first, the rest in the second."""
    paths = [tmp_path / f"big-Q8_0-0000{number}-of-00002.gguf" for number in (1, 2)]
    tensors = SMALL.tensors()
    parts: dict[str, Value] = {"split.count": 2, "split.tensors.count": len(tensors)}
    write_gguf(paths[0], {**SMALL.metadata(), **parts, "split.no": 0}, tensors[:9])
    write_gguf(paths[1], {**parts, "split.no": 1}, tensors[9:])
    return paths


def test_the_shards_of_a_split_model_count_together(tmp_path: Path) -> None:
    paths = split(tmp_path)
    whole = read_model_file(SMALL.write(tmp_path / "whole.gguf"))
    model = read_model_file(paths[0])
    assert model.shards == tuple(paths)
    assert model.size == sum(path.stat().st_size for path in paths)
    assert (model.parameters, model.weights) == (whole.parameters, whole.weights)


def test_any_shard_leads_to_the_first(tmp_path: Path) -> None:
    paths = split(tmp_path)
    assert read_model_file(paths[1]) == read_model_file(paths[0])


def test_a_missing_shard_is_named(tmp_path: Path) -> None:
    paths = split(tmp_path)
    paths[1].unlink()
    error = refusal(paths[0])
    assert (error.code, error.parameters["path"]) == ("file_missing", str(paths[1]))


# Real files


def test_every_model_of_the_zoo_is_read(zoo: Path) -> None:
    models = {path.stem: read_model_file(path) for path in sorted(zoo.glob("*.gguf"))}
    assert {model.architecture for model in models.values()} == {
        "deepseek2",
        "deepseek32",
        "deepseek4",
        "gpt-oss",
        "llama",
        "qwen3",
        "qwen35",
    }
    assert all(model.chat_template and model.quantization == "Q8_0" for model in models.values())
    assert all(model.trained_context == 4096 and model.vocabulary_size == 288 for model in models.values())
    assert models["deepseek2-r1"].name == "DeepSeek-R1 tiny"
    assert models["deepseek2-r1"].attention.key_length_mla == 192
    assert models["deepseek4"].attention.compress_ratios == (0, 0, 4, 128)
    assert models["gptoss"].attention.sliding == (True, False)
    assert models["gptoss"].experts_used == 2
    assert models["qwen35"].attention.recurrent == (True, False)
