"""A model file as the app sees it: its name, what it can do, and the shape that decides how much memory it takes."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.errors import ModelFileError
from app.library.gguf_header import GgufHeader, TensorInfo, read_header
from app.library.published_sampling import PublishedSampling, SuggestedSampling, published_sampling
from app.library.quantization import file_type_name, tensor_type_name

# llama.cpp's own limit is 512; a larger number is damage, and would be allocated below.
_MAX_LAYERS = 1024
_LONGEST_NAME = 120
_MOST_ORIGINS = 16
_SHARD = re.compile(r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})")
_QUANTIZATION = re.compile(r"[-._](I?Q\d\w*|TQ\d_\d|B?F16|F32|MXFP4\w*|NVFP4)$", re.IGNORECASE)
_LAYER = re.compile(r"blk\.(\d{1,4})\.")


@dataclass(frozen=True)
class Attention:
    """The shape of the attention, as the header tells it; 0 where it does not.

    Tuples hold one item for each layer: heads, heads of the cache, whether the layer sees only `window` tokens, how
    many tokens DeepSeek V4 compresses into one, whether the layer keeps a state of fixed size instead of a cache.
    Lengths are in numbers a head. `key_length_mla` is set where MLA's cache is compressed (to `kv_rank` numbers).
    The indexer is that of sparse attention. `state` counts the numbers that a recurrent layer keeps.
    """

    embedding: int
    heads: tuple[int, ...]
    kv_heads: tuple[int, ...]
    key_length: int
    value_length: int
    key_length_sliding: int
    value_length_sliding: int
    window: int
    sliding: tuple[bool, ...]
    kv_rank: int
    key_length_mla: int
    indexer_heads: int
    indexer_length: int
    compress_ratios: tuple[int, ...]
    recurrent: tuple[bool, ...]
    state: int


@dataclass(frozen=True)
class Weights:
    """Where the bytes of the weights lie: those of each layer, of the token embedding, and of all that is left.

    `output` is the matrix at the end; 0 where the token embedding serves for it.
    """

    layers: tuple[int, ...]
    embedding: int
    output: int
    other: int

    @property
    def total(self) -> int:
        """All of them, in bytes."""
        return sum(self.layers) + self.embedding + self.output + self.other


@dataclass(frozen=True)
class ModelFile:
    """What a header tells about a model.

    `path` is the (first) file, `shards` all of them, `size` their bytes together. `parameters` counts numbers,
    `trained_context` tokens (0: not said). Of `experts`, each `expert_feed_forward` wide, `experts_used` work on a
    token (0: a dense model). The last `draft_layers` of `layers` only guess ahead and have no cache; `shared_cache`
    layers at the end use another layer's. `sampling` is what the file asks for, `published` what its makers ask for
    elsewhere.
    """

    path: Path
    name: str
    architecture: str
    size: int
    quantization: str
    trained_context: int
    layers: int
    chat_template: str | None
    sampling: SuggestedSampling | None
    published: PublishedSampling | None
    vocabulary_size: int
    parameters: int
    attention: Attention
    weights: Weights
    feed_forward: int
    experts: int
    experts_used: int
    expert_feed_forward: int
    draft_layers: int
    shared_cache: int
    shards: tuple[Path, ...]


def read_model_file(path: Path) -> ModelFile:
    """What the headers of the file, and of the other shards of a split one, tell.

    Raises ModelFileError: those of `read_header`, and `no_vocabulary` for a file that is a GGUF but no language model
    (an adapter, a picture encoder). A missing shard is `file_missing` with that shard's path.
    """
    path, header = _first_shard(path, read_header(path))
    architecture = _architecture(path, header)
    shards = _shards(path, header.split_count)
    headers = [header, *(read_header(shard) for shard in shards[1:])]
    tensors = [tensor for each in headers for tensor in each.tensors]
    if not tensors:
        raise ModelFileError("gguf_invalid", path=str(path), reason="no_tensors")
    shape = _Shape(path, header, architecture)
    return ModelFile(
        path=path,
        name=_name(header, path),
        architecture=architecture,
        size=sum(each.file_size for each in headers),
        quantization=_quantization(header, tensors),
        trained_context=shape.number("context_length"),
        layers=shape.layers,
        chat_template=header.text("tokenizer.chat_template"),
        sampling=_sampling(header),
        published=_published(header, architecture),
        vocabulary_size=header.lengths["tokenizer.ggml.tokens"],
        parameters=sum(tensor.elements for tensor in tensors),
        attention=shape.attention(),
        weights=_weights(tensors, shape.layers),
        feed_forward=max(shape.per_layer("feed_forward_length"), default=0),
        experts=shape.number("expert_count"),
        experts_used=max(shape.per_layer("expert_used_count"), default=0),
        expert_feed_forward=max(shape.per_layer("expert_feed_forward_length"), default=0),
        draft_layers=min(shape.layers, shape.number("nextn_predict_layers")),
        shared_cache=min(shape.layers, shape.number("attention.shared_kv_layers")),
        shards=shards,
    )


class _Shape:
    """Reads the keys that begin with the architecture's name, as one number or one for each layer."""

    def __init__(self, path: Path, header: GgufHeader, architecture: str) -> None:
        self._header = header
        self._prefix = architecture + "."
        self.layers = self.number("block_count")
        if self.layers > _MAX_LAYERS:
            raise ModelFileError("gguf_invalid", path=str(path), reason="block_count")

    def number(self, key: str, default: int = 0) -> int:
        """A whole number that is not negative."""
        value = self._header.integer(self._prefix + key, default)
        return value if value >= 0 else default

    def per_layer(self, key: str, default: int = 0) -> tuple[int, ...]:
        """One whole number for each layer; a single one in the file counts for all."""
        value = self._header.metadata.get(self._prefix + key)
        if isinstance(value, tuple):
            numbers = [max(0, int(item)) if isinstance(item, int) else 0 for item in value]
            return tuple((numbers + [default] * self.layers)[: self.layers])
        return (self.number(key, default),) * self.layers

    def attention(self) -> Attention:
        """The attention's shape, with the defaults that llama.cpp takes where a key is missing."""
        embedding = self.number("embedding_length")
        heads = self.per_layer("attention.head_count")
        kv_heads = (
            self.per_layer("attention.head_count_kv") if self._has("attention.head_count_kv") else heads
        )
        head = embedding // max(1, max(heads, default=1))
        key = self.number("attention.key_length", head)
        value = self.number("attention.value_length", head)
        return Attention(
            embedding=embedding,
            heads=heads,
            kv_heads=kv_heads,
            key_length=key,
            value_length=value,
            key_length_sliding=self.number("attention.key_length_swa", key),
            value_length_sliding=self.number("attention.value_length_swa", value),
            window=self.number("attention.sliding_window"),
            sliding=self._sliding(),
            kv_rank=self.number("attention.kv_lora_rank"),
            key_length_mla=self.number("attention.key_length_mla"),
            indexer_heads=self.number("attention.indexer.head_count"),
            indexer_length=self.number("attention.indexer.key_length"),
            compress_ratios=self.per_layer("attention.compress_ratios"),
            recurrent=self._recurrent(),
            state=self._state(),
        )

    def _has(self, key: str) -> bool:
        return self._prefix + key in self._header.metadata

    def _sliding(self) -> tuple[bool, ...]:
        """Which layers have a window, where the file says it for each; what a period means depends on the model."""
        pattern = self._header.metadata.get(self._prefix + "attention.sliding_window_pattern")
        if not isinstance(pattern, tuple):
            return (False,) * self.layers
        return tuple(bool(flag) for flag in self.per_layer("attention.sliding_window_pattern"))

    def _recurrent(self) -> tuple[bool, ...]:
        """Which layers keep a state of fixed size instead of a cache that grows."""
        every = self.number("full_attention_interval")
        if every:
            return tuple((layer + 1) % every != 0 for layer in range(self.layers))
        return tuple(bool(flag) for flag in self.per_layer("attention.recurrent_layers"))

    def _state(self) -> int:
        """Numbers in a recurrent layer's state: the convolution's last columns and the state proper."""
        inner, width = self.number("ssm.inner_size"), self.number("ssm.state_size")
        columns = max(0, self.number("ssm.conv_kernel") - 1)
        return columns * (inner + 2 * self.number("ssm.group_count") * width) + width * inner


def _architecture(path: Path, header: GgufHeader) -> str:
    """The architecture's name; refuses what is no language model."""
    architecture = header.text("general.architecture")
    if not architecture:
        raise ModelFileError("gguf_invalid", path=str(path), reason="architecture")
    kind = header.text("tokenizer.ggml.model")
    if kind in (None, "none", "no_vocab") or not header.lengths.get("tokenizer.ggml.tokens"):
        raise ModelFileError("no_vocabulary", path=str(path))
    return architecture


def _first_shard(path: Path, header: GgufHeader) -> tuple[Path, GgufHeader]:
    """The shard that holds the metadata: the file itself unless it is a later part of a split model."""
    match = _SHARD.fullmatch(path.stem)
    if header.split_number == 0 or match is None:
        return path, header
    first = path.with_name(f"{match['stem']}-00001-of-{match['count']}{path.suffix}")
    return first, read_header(first)


def _shards(path: Path, count: int) -> tuple[Path, ...]:
    match = _SHARD.fullmatch(path.stem)
    if count == 1 or match is None or int(match["count"]) != count:
        return (path,)
    names = (f"{match['stem']}-{number:05}-of-{count:05}{path.suffix}" for number in range(1, count + 1))
    return tuple(path.with_name(name) for name in names)


def _name(header: GgufHeader, path: Path) -> str:
    """`general.name`, or the file's name without its ending, its part number and its quantization."""
    given = _printable(header.text("general.name") or "")
    if any(character.isalnum() for character in given):
        return given
    match = _SHARD.fullmatch(path.stem)
    stem = _QUANTIZATION.sub("", match["stem"] if match else path.stem)
    return _printable(stem.replace("_", " ")) or path.name


def _printable(text: str) -> str:
    """One line of at most 120 characters: the file's author chose this text, and it goes into the window's title."""
    visible = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(visible.split())[:_LONGEST_NAME]


def _quantization(header: GgufHeader, tensors: Sequence[TensorInfo]) -> str:
    """What people call the file's number format; from the tensors, by size, where the file does not say or guessed."""
    said = (
        file_type_name(header.integer("general.file_type", -1))
        if "general.file_type" in header.metadata
        else None
    )
    if said is not None:
        return said
    sizes: Counter[int] = Counter()
    for tensor in tensors:
        sizes[tensor.type] += tensor.size
    return tensor_type_name(sizes.most_common(1)[0][0]) or "?"


def _sampling(header: GgufHeader) -> SuggestedSampling | None:
    """What `general.sampling.*` says, without values out of any sensible range; None where nothing is left."""
    top_k = _number(header, "top_k", 0, 1_000_000)
    said = SuggestedSampling(
        temperature=_number(header, "temp", 0.0, 10.0),
        top_k=None if top_k is None else int(top_k),
        top_p=_number(header, "top_p", 0.0, 1.0),
        min_p=_number(header, "min_p", 0.0, 1.0),
        repeat_penalty=_number(header, "penalty_repeat", 0.1, 10.0),
    )
    return said if said.given() else None


def _published(header: GgufHeader, architecture: str) -> PublishedSampling | None:
    """What was published for a model of these names; what the file is called on this disk says nothing."""
    keys = ("name", "basename", "finetune", "version", "size_label")
    own = [header.text(f"general.{key}") or "" for key in keys]
    count = min(header.integer("general.base_model.count", 0), _MOST_ORIGINS)
    origins = [header.text(f"general.base_model.{number}.name") or "" for number in range(count)]
    return published_sampling(architecture, own, origins)


def _number(header: GgufHeader, key: str, least: float, most: float) -> float | None:
    value = header.metadata.get(f"general.sampling.{key}")
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value) if least <= value <= most else None


def _weights(tensors: Sequence[TensorInfo], layers: int) -> Weights:
    by_layer = [0] * layers
    embedding = output = other = 0
    for tensor in tensors:
        match = _LAYER.match(tensor.name)
        if match and int(match[1]) < layers:
            by_layer[int(match[1])] += tensor.size
        elif tensor.name == "token_embd.weight":
            embedding += tensor.size
        elif tensor.name == "output.weight":
            output += tensor.size
        else:
            other += tensor.size
    return Weights(tuple(by_layer), embedding, output, other)
