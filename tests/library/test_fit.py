"""Memory counted by hand and by llama.cpp, and what follows from it for a machine."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.library.fit import default_context, fit, memory_needed
from app.library.hardware import Machine
from app.library.model_file import ModelFile, read_model_file
from tests.doubles.gguf_writer import DenseShape

MIB = 2**20
GIB = 2**30
LLAMA_8B = DenseShape(32, 4096, 32, 8, 128, 14_336, vocabulary=128_256, context=131_072, type=8, output=True)
QWEN_1_5B = DenseShape(28, 1536, 12, 2, 128, 8960, vocabulary=151_936, context=131_072, type=8, output=True)
SMOLLM_135M = DenseShape(30, 576, 9, 3, 64, 1536, vocabulary=49_152, context=8192, type=8)


def machine(available: float, total: float = 64 * GIB) -> Machine:
    return Machine("A processor", 4, 8, 4, int(total), int(available))


@pytest.fixture(scope="module")
def llama(tmp_path_factory: pytest.TempPathFactory) -> ModelFile:
    """An 8B model of 8.5 bits a weight; its file is a hole."""
    return read_model_file(LLAMA_8B.write(tmp_path_factory.mktemp("llama") / "m.gguf"))


@pytest.fixture(scope="module")
def smollm(tmp_path_factory: pytest.TempPathFactory) -> ModelFile:
    """A model whose token embedding serves as the output too."""
    return read_model_file(SMOLLM_135M.write(tmp_path_factory.mktemp("smollm") / "m.gguf"))


# The parts


def test_the_cache_is_layers_times_heads_times_lengths_times_context_in_f16(llama: ModelFile) -> None:
    for context in (256, 1024, 131_072):
        assert memory_needed(llama, context).kv_cache == 32 * 8 * (128 + 128) * context * 2


def test_a_context_is_rounded_up_as_llama_cpp_does(llama: ModelFile) -> None:
    assert memory_needed(llama, 1000).kv_cache == memory_needed(llama, 1024).kv_cache


def test_weights_are_all_tensors(llama: ModelFile) -> None:
    assert memory_needed(llama, 1024).weights == llama.weights.total
    assert llama.weights.total == pytest.approx(8.03e9 * 34 / 32, rel=0.01)


def test_the_parts_add_up(llama: ModelFile) -> None:
    needed = memory_needed(llama, 4096)
    assert needed.total == needed.weights + needed.kv_cache + needed.working


# What llama.cpp logged for these shapes: KV buffers, compute and output buffer, in MiB
LOGGED_DENSE = [
    (LLAMA_8B, 1024, 128.0, 266.99),
    (LLAMA_8B, 16_384, 2048.0, 266.99),
    (QWEN_1_5B, 4096, 112.0, 303.33),
    (SMOLLM_135M, 1024, 22.5, 98.44),
    (SMOLLM_135M, 16_384, 360.0, 98.44),
    (DenseShape(4, 512, 8, 8, 64, 1024, vocabulary=262_144, type=8), 4096, 32.0, 515.0),
    (DenseShape(4, 512, 8, 8, 64, 16_384, vocabulary=1024, type=8), 16_384, 128.0, 116.01),
    (DenseShape(4, 512, 64, 8, 64, 1024, vocabulary=1024, type=8), 16_384, 128.0, 41.01),
]


@pytest.mark.parametrize(("shape", "context", "cache", "working"), LOGGED_DENSE)
def test_dense_models_take_what_llama_cpp_logs(
    shape: DenseShape, context: int, cache: float, working: float, tmp_path: Path
) -> None:
    needed = memory_needed(read_model_file(shape.write(tmp_path / "m.gguf")), context)
    assert needed.kv_cache / MIB == cache
    assert needed.working / MIB == pytest.approx(working, rel=0.08)


# The same for the zoo, at 4,096 and 16,384 tokens: MLA, sparse attention, compressed keys, windows, recurrent states
LOGGED_ZOO = {
    "deepseek2-r1": ((9.0, 36.0), (8.51, 20.51)),
    "deepseek32": ((11.0, 44.0), (60.45, 180.45)),
    "deepseek4": ((2.40, 9.53), (54.34, 75.34)),
    "gptoss": ((8.0, 32.0), (11.02, 35.02)),
    "llama-distill": ((8.0, 32.0), (7.51, 19.51)),
    "qwen3": ((2.0, 8.0), (7.51, 19.51)),
    "qwen35": ((4.13, 16.13), (10.04, 22.04)),
}


@pytest.mark.parametrize("name", LOGGED_ZOO)
def test_every_cache_of_the_zoo_is_exact_to_one_percent(name: str, zoo: Path) -> None:
    model = read_model_file(zoo / f"{name}.gguf")
    caches, _ = LOGGED_ZOO[name]
    found = [memory_needed(model, context).kv_cache / MIB for context in (4096, 16_384)]
    assert found == pytest.approx(caches, rel=0.01)


@pytest.mark.parametrize("name", sorted(set(LOGGED_ZOO) - {"qwen35"}))
def test_the_working_memory_of_the_zoo_is_never_counted_too_low(name: str, zoo: Path) -> None:
    model = read_model_file(zoo / f"{name}.gguf")
    for context, logged in zip((4096, 16_384), LOGGED_ZOO[name][1], strict=True):
        assert memory_needed(model, context).working / MIB >= logged


def test_draft_layers_and_layers_that_share_a_cache_have_none(llama: ModelFile) -> None:
    whole = memory_needed(llama, 4096).kv_cache
    assert memory_needed(replace(llama, draft_layers=1), 4096).kv_cache == whole * 31 // 32
    assert memory_needed(replace(llama, shared_cache=16), 4096).kv_cache == whole // 2


def test_a_hybrid_that_does_not_say_which_layers_are_recurrent_counts_both_kinds(llama: ModelFile) -> None:
    hybrid = replace(llama, attention=replace(llama.attention, state=1000))
    assert memory_needed(hybrid, 1024).kv_cache == memory_needed(llama, 1024).kv_cache + 32 * 1000 * 4


# Where it goes


def test_without_a_gpu_a_model_that_fits_runs_in_memory(llama: ModelFile) -> None:
    found = fit(llama, 4096, machine(16 * GIB), None)
    assert (found.verdict, found.gpu_layers, found.missing) == ("memory", 0, 0)
    assert found.total == memory_needed(llama, 4096).total


def test_what_is_too_big_says_by_how_many_bytes(llama: ModelFile) -> None:
    found = fit(llama, 4096, machine(6 * GIB), None)
    assert (found.verdict, found.gpu_layers) == ("too_big", 0)
    assert found.missing == found.total - (6 * GIB - 512 * MIB)


def test_exactly_enough_memory_is_enough(llama: ModelFile) -> None:
    total = memory_needed(llama, 4096).total
    assert fit(llama, 4096, machine(total + 512 * MIB), None).verdict == "memory"
    short = fit(llama, 4096, machine(total + 512 * MIB - 1), None)
    assert (short.verdict, short.missing) == ("too_big", 1)


def test_a_small_machine_keeps_less_in_reserve(smollm: ModelFile) -> None:
    total = memory_needed(smollm, 1024).total
    assert fit(smollm, 1024, machine(total + GIB // 20, total=GIB), None).verdict == "memory"


def test_a_gpu_with_room_takes_everything(llama: ModelFile) -> None:
    found = fit(llama, 4096, machine(16 * GIB), 24 * GIB)
    assert (found.verdict, found.gpu_layers, found.missing) == ("gpu", 32, 0)


def test_the_embedding_stays_in_memory_when_all_layers_are_on_the_gpu(llama: ModelFile) -> None:
    needed = memory_needed(llama, 4096)
    exact = needed.total - llama.weights.embedding + 256 * MIB
    assert fit(llama, 4096, machine(16 * GIB), exact).verdict == "gpu"
    assert fit(llama, 4096, machine(16 * GIB), exact - 1).verdict == "partly_gpu"


def test_an_embedding_that_is_the_output_too_lies_on_the_gpu_as_well(smollm: ModelFile) -> None:
    exact = memory_needed(smollm, 1024).total + 256 * MIB
    assert fit(smollm, 1024, machine(16 * GIB), exact).verdict == "gpu"
    assert fit(smollm, 1024, machine(16 * GIB), exact - 1).verdict == "partly_gpu"


def test_a_small_gpu_takes_as_many_layers_as_fit(llama: ModelFile) -> None:
    needed = memory_needed(llama, 4096)
    layer = llama.weights.layers[-1] + needed.kv_cache // 32
    fixed = llama.weights.output + llama.weights.other + needed.working + 256 * MIB
    found = fit(llama, 4096, machine(16 * GIB), fixed + 10 * layer)
    assert (found.verdict, found.gpu_layers) == ("partly_gpu", 11)
    assert fit(llama, 4096, machine(16 * GIB), fixed + 10 * layer - 1).gpu_layers == 10


def test_more_room_on_the_gpu_never_takes_fewer_layers(llama: ModelFile) -> None:
    found = [fit(llama, 4096, machine(16 * GIB), room * GIB // 4).gpu_layers for room in range(48)]
    assert found == sorted(found)
    assert (found[0], found[-1]) == (0, 32)
    assert len(set(found)) > 10


def test_what_the_gpu_takes_need_not_fit_into_memory(llama: ModelFile) -> None:
    assert fit(llama, 4096, machine(4 * GIB), None).verdict == "too_big"
    assert fit(llama, 4096, machine(4 * GIB), 24 * GIB).verdict == "gpu"
    assert fit(llama, 4096, machine(6 * GIB), 5 * GIB).verdict == "partly_gpu"


def test_a_gpu_that_is_full_is_no_help(llama: ModelFile) -> None:
    found = fit(llama, 4096, machine(16 * GIB), 100 * MIB)
    assert (found.verdict, found.gpu_layers) == ("memory", 0)


# A context to begin with


def test_a_context_never_exceeds_what_the_model_was_trained_for(smollm: ModelFile) -> None:
    assert default_context(smollm, machine(60 * GIB), None) == 8192
    assert default_context(replace(smollm, trained_context=1000), machine(60 * GIB), None) == 768


def test_plenty_of_room_gives_a_long_context(llama: ModelFile) -> None:
    assert default_context(llama, machine(60 * GIB), None) == 32_768


def test_little_room_gives_8192_while_it_fits_and_less_when_not(llama: ModelFile) -> None:
    weights, working = llama.weights.total, memory_needed(llama, 8192).working
    cache = memory_needed(llama, 8192).kv_cache
    assert default_context(llama, machine(weights + working + cache + 512 * MIB), None) == 8192
    assert default_context(llama, machine(weights + working + cache // 2 + 512 * MIB), None) == 4096
    assert default_context(llama, machine(weights), None) == 256


def test_a_model_that_is_whole_on_the_gpu_keeps_to_the_gpus_room(llama: ModelFile) -> None:
    weights = llama.weights.total - llama.weights.embedding
    needed = memory_needed(llama, 8192)
    gpu = weights + needed.kv_cache + needed.working + 256 * MIB
    context = default_context(llama, machine(60 * GIB), gpu)
    assert context == 8192
    assert fit(llama, context, machine(60 * GIB), gpu).verdict == "gpu"


def test_a_context_is_always_a_multiple_of_256_that_fits_if_any_does(llama: ModelFile) -> None:
    for room in range(9, 40):
        context = default_context(llama, machine(room * GIB), None)
        assert context % 256 == 0
        assert fit(llama, context, machine(room * GIB), None).verdict == "memory"


def test_a_model_that_does_not_say_its_context_gets_a_usual_one(smollm: ModelFile) -> None:
    assert default_context(replace(smollm, trained_context=0), machine(60 * GIB), None) == 4096


def test_a_trained_context_beyond_belief_is_no_problem(smollm: ModelFile) -> None:
    assert default_context(replace(smollm, trained_context=2**32 - 1), machine(60 * GIB), None) == 32_768
