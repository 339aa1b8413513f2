"""Writes small GGUF files for tests, valid ones and, through raw bytes, hostile ones."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.library.quantization import TENSOR_TYPES


@dataclass(frozen=True)
class Raw:
    """A value as the bytes that stand after its type number: for what no writer would write."""

    kind: int
    payload: bytes


@dataclass(frozen=True)
class Tensor:
    """A tensor whose data is zeros: `shape` fastest dimension first, `type` a ggml_type."""

    name: str
    shape: tuple[int, ...]
    type: int = 0

    @property
    def size(self) -> int:
        """Its bytes."""
        known = TENSOR_TYPES[self.type]
        count = 1
        for dimension in self.shape:
            count *= dimension
        return count // known.block * known.size


Scalar = bool | int | float | str
Value = Scalar | Sequence[Scalar] | Raw


def text(value: str) -> bytes:
    """A string as GGUF stores it."""
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def start(tensors: int, keys: int, version: int = 3) -> bytes:
    """The first bytes of a file that claims so many tensors and keys."""
    return b"GGUF" + struct.pack("<IQQ", version, tensors, keys)


def pair(key: str, kind: int, payload: bytes) -> bytes:
    """A key, the number of a type, and bytes as its value."""
    return text(key) + struct.pack("<I", kind) + payload


def header_bytes(metadata: Mapping[str, Value], tensors: Sequence[Tensor] = (), *, version: int = 3) -> bytes:
    """A header, up to where the padding before the data begins."""
    alignment = alignment_of(metadata)
    parts = [start(len(tensors), len(metadata), version)]
    for key, value in metadata.items():
        kind, payload = _encoded(value)
        parts.append(pair(key, kind, payload))
    offset = 0
    for tensor in tensors:
        shape = struct.pack(f"<{len(tensor.shape)}Q", *tensor.shape)
        parts += [text(tensor.name), struct.pack("<I", len(tensor.shape)), shape]
        parts.append(struct.pack("<IQ", tensor.type, offset))
        offset += _aligned(tensor.size, alignment)
    return b"".join(parts)


def write_gguf(path: Path, metadata: Mapping[str, Value], tensors: Sequence[Tensor] = ()) -> Path:
    """A whole file. The weights are a hole, so that a model of any size takes no room on the disk."""
    header = header_bytes(metadata, tensors)
    alignment = alignment_of(metadata)
    path.write_bytes(header)
    with path.open("r+b") as file:
        size = _aligned(len(header), alignment)
        file.truncate(size + sum(_aligned(tensor.size, alignment) for tensor in tensors))
    return path


def alignment_of(metadata: Mapping[str, Value]) -> int:
    """The alignment that the metadata asks for."""
    value = metadata.get("general.alignment", 32)
    return value if isinstance(value, int) else 32


def vocabulary(size: int) -> dict[str, Value]:
    """The keys of a vocabulary of that many made-up tokens, in the byte-level kind that llama.cpp calls gpt2."""
    tokens = [f"t{number}" for number in range(size - 1)] + ["<|end|>"]
    return {
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "default",
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.token_type": Raw(9, struct.pack(f"<IQ{size}i", 5, size, *[1] * (size - 1), 3)),
        "tokenizer.ggml.merges": ["t 1"],
        "tokenizer.ggml.eos_token_id": size - 1,
    }


@dataclass(frozen=True)
class DenseShape:
    """A Llama-like model. `type` is the ggml_type of its matrices; without `output` the embedding serves at the end."""

    layers: int
    embedding: int
    heads: int
    kv_heads: int
    head: int
    feed_forward: int
    vocabulary: int = 64
    context: int = 4096
    type: int = 0
    output: bool = False
    architecture: str = "llama"

    def metadata(self) -> dict[str, Value]:
        """Its keys, vocabulary included."""
        prefix = self.architecture
        return {
            "general.architecture": prefix,
            "general.name": "A dense model",
            f"{prefix}.block_count": self.layers,
            f"{prefix}.context_length": self.context,
            f"{prefix}.embedding_length": self.embedding,
            f"{prefix}.feed_forward_length": self.feed_forward,
            f"{prefix}.attention.head_count": self.heads,
            f"{prefix}.attention.head_count_kv": self.kv_heads,
            f"{prefix}.attention.key_length": self.head,
            f"{prefix}.attention.value_length": self.head,
            f"{prefix}.attention.layer_norm_rms_epsilon": 1e-5,
            f"{prefix}.rope.dimension_count": self.head,
            **vocabulary(self.vocabulary),
        }

    def tensors(self) -> list[Tensor]:
        """Its tensors, named as llama.cpp names them."""
        width, head, kind = self.embedding, self.head, self.type
        found = [Tensor("token_embd.weight", (width, self.vocabulary), kind)]
        for layer in range(self.layers):
            block = f"blk.{layer}."
            found += [
                Tensor(block + "attn_norm.weight", (width,)),
                Tensor(block + "attn_q.weight", (width, self.heads * head), kind),
                Tensor(block + "attn_k.weight", (width, self.kv_heads * head), kind),
                Tensor(block + "attn_v.weight", (width, self.kv_heads * head), kind),
                Tensor(block + "attn_output.weight", (self.heads * head, width), kind),
                Tensor(block + "ffn_norm.weight", (width,)),
                Tensor(block + "ffn_gate.weight", (width, self.feed_forward), kind),
                Tensor(block + "ffn_up.weight", (width, self.feed_forward), kind),
                Tensor(block + "ffn_down.weight", (self.feed_forward, width), kind),
            ]
        found.append(Tensor("output_norm.weight", (width,)))
        if self.output:
            found.append(Tensor("output.weight", (width, self.vocabulary), kind))
        return found

    def write(self, path: Path, more: Mapping[str, Value] | None = None) -> Path:
        """The model as a file, with more keys beside its own."""
        return write_gguf(path, {**self.metadata(), **(more or {})}, self.tensors())


def _encoded(value: Value) -> tuple[int, bytes]:
    """The type number of a value and its bytes."""
    if isinstance(value, Raw):
        return value.kind, value.payload
    if isinstance(value, bool):
        return 7, struct.pack("<?", value)
    if isinstance(value, int):
        return _encoded_integer(value)
    if isinstance(value, float):
        return 6, struct.pack("<f", value)
    if isinstance(value, str):
        return 8, text(value)
    items = [_encoded(item) for item in value]
    kind = items[0][0] if items else 4
    return 9, struct.pack("<IQ", kind, len(items)) + b"".join(payload for _, payload in items)


def _encoded_integer(value: int) -> tuple[int, bytes]:
    if value < 0:
        return 5, struct.pack("<i", value)
    return (4, struct.pack("<I", value)) if value < 2**32 else (10, struct.pack("<Q", value))


def _aligned(size: int, alignment: int) -> int:
    return -(-size // alignment) * alignment
