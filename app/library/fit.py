"""Whether a model fits this machine: how much its weights, its KV cache and its working memory take, and where.

The formulas follow what llama.cpp allocates (llama-kv-cache.cpp and its siblings; the working memory from the sizes
that it logs): one sequence, batches of 512 tokens, keys and values in f16, flash attention, layers with a sliding
window kept at full length, which is llama.cpp's default. The KV cache is exact for every architecture in the tests,
the working memory close for dense models and from above for most others.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from app.library.hardware import Machine
from app.library.model_file import ModelFile

Verdict = Literal["gpu", "partly_gpu", "memory", "too_big"]

_BATCH = 512
_F16, _F32 = 2, 4
_MIB = 2**20
# A context is a multiple of this: llama.cpp rounds up to it.
CONTEXT_STEP = 256
_UNKNOWN_CONTEXT = 4096
_USUAL_CONTEXT = 8192
# Reasoning fills a context fast, but beyond this the cache costs more than most conversations give back.
_ROOMY_CONTEXT = 32_768
# DeepSeek V4 rounds its compressed caches up to this many cells; layers of this ratio choose cells by an index.
_COMPRESSED_CELLS = 256
_INDEXED_RATIO = 4
# What the driver, the screen and other programs take beside the model.
_GPU_RESERVE = 256 * _MIB
_MEMORY_RESERVE = 512 * _MIB


@dataclass(frozen=True)
class Needed:
    """Bytes that a model takes: its weights, its KV cache at some context, and the working memory of one batch."""

    weights: int
    kv_cache: int
    working: int

    @property
    def total(self) -> int:
        """All three."""
        return self.weights + self.kv_cache + self.working


@dataclass(frozen=True)
class Fit(Needed):
    """How a model goes into a machine.

    `gpu_layers` is `ModelFile.layers` when the GPU takes everything; fewer are counted as llama.cpp counts them, the
    output as one of them. `missing` is how many bytes are too many, 0 unless `verdict` is "too_big".
    """

    verdict: Verdict
    gpu_layers: int
    missing: int


def memory_needed(model: ModelFile, context: int) -> Needed:
    """What the model takes with a context of so many tokens, wherever it lies."""
    return Needed(model.weights.total, sum(_layer_caches(model, context)), _working(model, context))


def fit(model: ModelFile, context: int, machine: Machine, gpu_free: int | None) -> Fit:
    """Where the model goes: as much as possible on a GPU with `gpu_free` bytes (None: no GPU), the rest in memory."""
    needed = memory_needed(model, context)
    budget = _memory_budget(machine)
    layers = _offloaded(model, context, gpu_free)
    in_memory = needed.total - _on_gpu(model, context, layers) + (needed.working if layers else 0)
    missing = max(0, in_memory - budget)
    verdict: Verdict = "too_big" if missing else _place(model, layers)
    gpu_layers = 0 if missing else min(layers, model.layers)
    return Fit(needed.weights, needed.kv_cache, needed.working, verdict, gpu_layers, missing)


def default_context(model: ModelFile, machine: Machine, gpu_free: int | None) -> int:
    """A context to start with, in tokens, a multiple of 256.

    Up to 32,768 where its cache takes no more than half of the room beside the weights, up to 8,192 where it fits at
    all, never more than the model was trained for. A model that the GPU can hold whole keeps to the GPU's room.
    """
    trained = model.trained_context or _UNKNOWN_CONTEXT
    room = _room(model, machine, gpu_free)
    usual = _largest_context(
        min(trained, _USUAL_CONTEXT), lambda tokens: _beside_weights(model, tokens) <= room
    )
    roomy = _largest_context(
        min(trained, _ROOMY_CONTEXT), lambda tokens: 2 * _beside_weights(model, tokens) <= room
    )
    return max(usual, roomy)


def _room(model: ModelFile, machine: Machine, gpu_free: int | None) -> int:
    """Bytes left beside the weights where the model will run."""
    context = min(model.trained_context or _UNKNOWN_CONTEXT, _USUAL_CONTEXT)
    if gpu_free is not None and _offloaded(model, context, gpu_free) > model.layers:
        return gpu_free - _GPU_RESERVE - _gpu_weights(model, model.layers + 1)
    return _memory_budget(machine) - model.weights.total


def _largest_context(most: int, fits: Callable[[int], bool]) -> int:
    """The largest multiple of 256 up to `most` that fits, found by halving; the smallest one if none does."""
    low, high = 1, max(1, most // CONTEXT_STEP)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(middle * CONTEXT_STEP):
            low = middle
        else:
            high = middle - 1
    return low * CONTEXT_STEP


def _beside_weights(model: ModelFile, context: int) -> int:
    return sum(_layer_caches(model, context)) + _working(model, context)


def _memory_budget(machine: Machine) -> int:
    """Bytes of memory that a model may take now; small machines keep less in reserve."""
    return machine.memory_available - min(_MEMORY_RESERVE, machine.memory_total // 20)


def _place(model: ModelFile, offloaded: int) -> Verdict:
    if offloaded > model.layers:
        return "gpu"
    return "partly_gpu" if offloaded else "memory"


def _offloaded(model: ModelFile, context: int, gpu_free: int | None) -> int:
    """The most layers that fit on the GPU as llama.cpp counts them: the output is one, so all are `layers` + 1.

    Never exactly `layers`: that would leave one layer behind, and reads like everything to people.
    """
    room = (gpu_free or 0) - _GPU_RESERVE - _on_gpu(model, context, 1)
    if gpu_free is None or room < 0:
        return 0
    sizes = [
        weights + cache
        for weights, cache in zip(model.weights.layers, _layer_caches(model, context), strict=True)
    ]
    if sum(sizes) <= room:
        return model.layers + 1
    layers = 1
    while sizes and (room := room - sizes.pop()) >= 0:
        layers += 1
    return min(layers, model.layers - 1)


def _on_gpu(model: ModelFile, context: int, layers: int) -> int:
    """Bytes on the GPU when so many layers are offloaded, the output first, then layers from the end."""
    if not layers:
        return 0
    caches = _layer_caches(model, context)
    return _gpu_weights(model, layers) + sum(caches[len(caches) - layers + 1 :]) + _working(model, context)


def _gpu_weights(model: ModelFile, layers: int) -> int:
    """The token embedding stays in memory; where it serves as the output too, the GPU gets a copy."""
    weights = model.weights
    of_layers = sum(weights.layers[len(weights.layers) - layers + 1 :])
    return of_layers + weights.other + (weights.output or weights.embedding)


def _layer_caches(model: ModelFile, context: int) -> list[int]:
    """Bytes of each layer's cache, recurrent states included; a draft layer at the end has none."""
    context = -(-context // CONTEXT_STEP) * CONTEXT_STEP
    cached = model.layers - model.draft_layers - model.shared_cache
    return [_layer_cache(model, layer, context) if layer < cached else 0 for layer in range(model.layers)]


def _layer_cache(model: ModelFile, layer: int, context: int) -> int:
    """Bytes of one layer's cache.

    MLA and DeepSeek V4 keep keys alone, which serve as values. A layer of a hybrid model whose kind is not said is
    counted as both kinds.
    """
    attention = model.attention
    state = attention.state * _F32
    if attention.recurrent[layer]:
        return state
    known = any(attention.recurrent) or not attention.state
    keys_only = attention.key_length_mla > 0 or any(attention.compress_ratios)
    width = attention.key_length + (0 if keys_only else attention.value_length)
    numbers = attention.kv_heads[layer] * width * context + _indexer_cache(model, layer, context)
    return numbers * _F16 + (0 if known else state)


def _indexer_cache(model: ModelFile, layer: int, context: int) -> int:
    """Numbers beside the keys: the index of sparse attention, or DeepSeek V4's compressed keys and their index."""
    attention = model.attention
    if not any(attention.compress_ratios):
        return attention.indexer_length * context
    ratio = attention.compress_ratios[layer]
    if not ratio:
        return 0
    cells = -(-context // ratio)
    cells = -(-cells // _COMPRESSED_CELLS) * _COMPRESSED_CELLS
    index = attention.indexer_length if ratio == _INDEXED_RATIO else 0
    return cells * (attention.kv_heads[layer] * attention.key_length + index)


def _working(model: ModelFile, context: int) -> int:
    """Bytes that computing one batch takes: the widest moment of a layer, or the scores of every token at the end."""
    batch = min(_BATCH, max(1, context))
    embedding = model.attention.embedding
    at_the_end = model.vocabulary_size + 2 * embedding
    in_a_layer = max(_attention_numbers(model), _feed_forward_numbers(model))
    # the mask says for each token of the batch which cells it sees, once for each kind of window
    masks = (2 if model.attention.window else 1) * context * _F16
    index = _indexer_bytes(model, context)
    return batch * max(at_the_end * _F32, in_a_layer * _F32 + masks + index) + model.vocabulary_size * _F32


def _attention_numbers(model: ModelFile) -> int:
    """Numbers a token alive at once around the attention: input, norm, keys, values and three of the queries."""
    attention = model.attention
    queries = max(attention.heads, default=0) * max(attention.key_length, attention.value_length)
    cached = max(attention.kv_heads, default=0) * (attention.key_length + attention.value_length)
    return 2 * attention.embedding + cached + 3 * queries


def _feed_forward_numbers(model: ModelFile) -> int:
    """Numbers a token around the feed-forward part: gate, up and their product, for every expert at work."""
    width = max(model.feed_forward, model.experts_used * model.expert_feed_forward)
    return 3 * width + 4 * model.attention.embedding


def _indexer_bytes(model: ModelFile, context: int) -> int:
    """Bytes a token that sparse attention takes to choose: its heads' queries, and scores of every cell."""
    attention = model.attention
    if not attention.indexer_length:
        return 0
    return 3 * attention.indexer_heads * attention.indexer_length * _F32 + 5 * context * _F32
