"""Reads the header of a GGUF file under strict limits, because anyone may have written the file.

The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (versions 2 and 3, little endian).
Nothing is allocated because a number in the file asks for it: every count is checked against the bytes that are left
and against the limits below, and the lists of the vocabulary are walked without being kept.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.errors import ModelFileError
from app.library.bounded_file import LARGEST_FILE, BoundedFile
from app.library.quantization import TENSOR_TYPES

MetadataValue = bool | int | float | str | tuple[bool | int | float | str, ...]

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_STRING, _ARRAY = 8, 9
_SCALARS = {
    0: struct.Struct("<B"),
    1: struct.Struct("<b"),
    2: struct.Struct("<H"),
    3: struct.Struct("<h"),
    4: struct.Struct("<I"),
    5: struct.Struct("<i"),
    6: struct.Struct("<f"),
    7: struct.Struct("<?"),
    10: struct.Struct("<Q"),
    11: struct.Struct("<q"),
    12: struct.Struct("<d"),
}

# Real files stay far below each of these: the largest known header is about 30 MB, with 400,000 strings.
_MAX_HEADER = 512 * 2**20
_MAX_KEYS = 65_536
_MAX_TENSORS = 131_072
_MAX_KEY = 65_535
_MAX_NAME = 256
_MAX_DIMENSIONS = 8
_MAX_DEPTH = 4
_MAX_STRING = 64 * 2**20
_MAX_ELEMENTS = 2**23
_MAX_KEPT = 32 * 2**20
_MAX_ALIGNMENT = 2**20
# Longer arrays are of the vocabulary's kind, and are walked but not kept.
_KEPT_ARRAY = 1024
_VOCABULARY = "tokenizer.ggml."
# The fewest bytes that a tensor's entry, a key with its value and an array take.
_SMALLEST_TENSOR, _SMALLEST_PAIR, _SMALLEST_ARRAY = 24, 13, 12


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """One tensor: `shape` fastest dimension first, `type` a ggml_type; `offset` from the data's start, `size` in bytes.

    The size of a type that this version does not know is the room up to the next tensor.
    """

    name: str
    shape: tuple[int, ...]
    type: int
    offset: int
    size: int

    @property
    def elements(self) -> int:
        """How many numbers it holds."""
        count = 1
        for dimension in self.shape:
            count *= dimension
        return count


@dataclass(frozen=True)
class GgufHeader:
    """What stands before the weights.

    `metadata` holds scalars, strings and short arrays; `lengths` how long each array is, kept or not. `data_offset`,
    `alignment` and `file_size` are in bytes.
    """

    version: int
    metadata: Mapping[str, MetadataValue]
    lengths: Mapping[str, int]
    tensors: tuple[TensorInfo, ...]
    data_offset: int
    alignment: int
    file_size: int

    @property
    def split_count(self) -> int:
        """Of how many files the model consists; 1 for a file that stands alone."""
        return max(1, self.integer("split.count", 0))

    @property
    def split_number(self) -> int:
        """Which of these files this one is, from 0."""
        return self.integer("split.no", 0)

    def integer(self, key: str, default: int) -> int:
        """A metadata value that should be a whole number; `default` where it is missing or something else."""
        value = self.metadata.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else default

    def text(self, key: str) -> str | None:
        """A metadata value that should be a string; None where it is missing or something else."""
        value = self.metadata.get(key)
        return value if isinstance(value, str) else None


def read_header(path: Path) -> GgufHeader:
    """The header of a GGUF file.

    Raises ModelFileError: `file_missing`, `file_is_folder`, `file_unreadable` (`reason`), `not_gguf`, `gguf_version`
    (`version`), `gguf_invalid` (`reason`, `offset`), `gguf_truncated` (`expected` bytes at least, `actual` bytes).
    """
    try:
        with BoundedFile(path, _MAX_HEADER) as file:
            return _HeaderReader(path, file).header()
    except FileNotFoundError:  # removed since it was looked at
        raise ModelFileError("file_missing", path=str(path)) from None
    except OSError as error:
        raise ModelFileError(
            "file_unreadable", path=str(path), reason=error.strerror or str(error)
        ) from error


@dataclass
class _HeaderReader:
    """Reads one header; `elements_left` array items may still be walked and `kept_left` bytes be kept."""

    path: Path
    file: BoundedFile
    elements_left: int = _MAX_ELEMENTS
    kept_left: int = _MAX_KEPT
    lengths: dict[str, int] = field(default_factory=dict)

    def header(self) -> GgufHeader:
        """Reads everything up to the weights and checks that the weights are there."""
        version = self._version()
        tensor_count = self._count(_MAX_TENSORS, _SMALLEST_TENSOR, "tensor_count")
        key_count = self._count(_MAX_KEYS, _SMALLEST_PAIR, "key_count")
        metadata = self._metadata(key_count)
        alignment = self._alignment(metadata)
        tensors = self._tensors(tensor_count, alignment)
        data_offset = -(-self.file.position // alignment) * alignment
        tensors = self._within_file(tensors, data_offset)
        return GgufHeader(
            version, metadata, self.lengths, tuple(tensors), data_offset, alignment, self.file.size
        )

    def _version(self) -> int:
        magic = self.file.take(max(1, min(len(_MAGIC), self.file.size)))
        if not _MAGIC.startswith(magic):
            raise ModelFileError("not_gguf", path=str(self.path))
        self.file.require(len(_MAGIC) - len(magic))
        version = self.file.u32()
        if version in _VERSIONS:
            return version
        swapped = int.from_bytes(version.to_bytes(4, "little"), "big")
        if swapped in _VERSIONS:
            raise ModelFileError("gguf_version", path=str(self.path), version=swapped, byte_order="big")
        raise ModelFileError("gguf_version", path=str(self.path), version=version, byte_order="little")

    def _metadata(self, count: int) -> dict[str, MetadataValue]:
        metadata: dict[str, MetadataValue] = {}
        seen: set[str] = set()
        for _ in range(count):
            key = self._name(_MAX_KEY, "key_length")
            if key in seen:
                self.file.invalid("key_twice")
            seen.add(key)
            value = self._value(key)
            if value is not None:
                metadata[key] = value
        return metadata

    def _alignment(self, metadata: Mapping[str, MetadataValue]) -> int:
        value = metadata.get("general.alignment", 32)
        if not isinstance(value, int) or not 0 < value <= _MAX_ALIGNMENT or value & (value - 1):
            self.file.invalid("alignment")
        return value

    def _tensors(self, count: int, alignment: int) -> list[TensorInfo]:
        tensors: list[TensorInfo] = []
        seen: set[str] = set()
        end = 0
        for _ in range(count):
            tensor = self._tensor()
            if tensor.name in seen:
                self.file.invalid("tensor_twice")
            seen.add(tensor.name)
            # llama.cpp wants tensors in order and without overlap too
            if tensor.offset % alignment or tensor.offset < end or tensor.offset + tensor.size > LARGEST_FILE:
                self.file.invalid("tensor_offset")
            end = tensor.offset + tensor.size
            tensors.append(tensor)
        return tensors

    def _tensor(self) -> TensorInfo:
        name = self._name(_MAX_NAME, "tensor_name")
        dimensions = self.file.u32()
        if dimensions > _MAX_DIMENSIONS:
            self.file.invalid("tensor_shape")
        shape = tuple(self.file.u64() for _ in range(dimensions))
        tensor = TensorInfo(name, shape, self.file.u32(), self.file.u64(), 0)
        if tensor.elements > 8 * LARGEST_FILE:
            self.file.invalid("tensor_shape")
        known = TENSOR_TYPES.get(tensor.type)
        if known is None:
            return tensor
        if (shape[0] if shape else 1) % known.block:
            self.file.invalid("tensor_shape")
        return replace(tensor, size=tensor.elements // known.block * known.size)

    def _within_file(self, tensors: list[TensorInfo], data_offset: int) -> list[TensorInfo]:
        """Gives tensors of unknown types the room up to the next one; refuses a file that ends too early."""
        end = tensors[-1].offset + tensors[-1].size if tensors else 0
        if tensors and data_offset + end > self.file.size:
            self.file.truncated(data_offset + end)
        following = max(end, self.file.size - data_offset)
        sized = []
        for tensor in reversed(tensors):
            known = tensor.type in TENSOR_TYPES
            sized.append(tensor if known else replace(tensor, size=following - tensor.offset))
            following = tensor.offset
        return sized[::-1]

    def _value(self, key: str) -> MetadataValue | None:
        """The value that follows, or None when it was only passed."""
        kind = self.file.u32()
        if kind == _ARRAY:
            return self._array(key)
        if kind == _STRING:
            return self._string()
        scalar = self._scalar(kind)
        value: bool | int | float = scalar.unpack(self.file.take(scalar.size))[0]
        return value

    def _array(self, key: str) -> MetadataValue | None:
        kind = self.file.u32()
        if kind == _ARRAY:
            self._pass_arrays(depth=2)
            return None
        size = 8 if kind == _STRING else self._scalar(kind).size
        count = self.lengths[key] = self._count(LARGEST_FILE, size, "array_length")
        if count > _KEPT_ARRAY or key.startswith(_VOCABULARY):
            self._pass_items(kind, count)
            return None
        if kind == _STRING:
            return tuple(self._string() for _ in range(count))
        self._keep(count * 32)
        return tuple(item for (item,) in self._scalar(kind).iter_unpack(self.file.take(count * size)))

    def _pass_items(self, kind: int, count: int) -> None:
        if kind == _STRING:
            self._spend(count)
            self.file.pass_strings(count)
        else:
            self.file.skip(count * self._scalar(kind).size)

    def _pass_arrays(self, depth: int) -> None:
        """Passes an array of arrays: the format allows them, llama.cpp writes none."""
        if depth > _MAX_DEPTH:
            self.file.invalid("array_depth")
        count = self._count(LARGEST_FILE, _SMALLEST_ARRAY, "array_length")
        self._spend(count * 8)  # each costs about as much time as eight strings
        for _ in range(count):
            kind = self.file.u32()
            if kind == _ARRAY:
                self._pass_arrays(depth + 1)
            else:
                size = 8 if kind == _STRING else self._scalar(kind).size
                self._pass_items(kind, self._count(LARGEST_FILE, size, "array_length"))

    def _string(self) -> str:
        """A value for people or a template: one wrong byte in it is no reason to refuse the model."""
        return self._bytes(_MAX_STRING, "string_length").decode(errors="replace")

    def _name(self, longest: int, reason: str) -> str:
        """A key or the name of a tensor."""
        try:
            return self._bytes(longest, reason).decode()
        except UnicodeDecodeError:
            self.file.invalid("text_encoding")

    def _bytes(self, longest: int, reason: str) -> bytes:
        length = self.file.u64()
        if length > longest:
            self.file.invalid(reason)
        self._keep(length + 64)
        return self.file.take(length)

    def _scalar(self, kind: int) -> struct.Struct:
        scalar = _SCALARS.get(kind)
        if scalar is None:
            self.file.invalid("value_type")
        return scalar

    def _count(self, most: int, size: int, reason: str) -> int:
        """A count of things of at least `size` bytes each, all of which must still fit into the file."""
        count = self.file.u64()
        if count > most:
            self.file.invalid(reason)
        self.file.require(count * size)
        return count

    def _spend(self, elements: int) -> None:
        self.elements_left -= elements
        if self.elements_left < 0:
            self.file.invalid("elements")

    def _keep(self, size: int) -> None:
        self.kept_left -= size
        if self.kept_left < 0:
            self.file.invalid("metadata_size")
