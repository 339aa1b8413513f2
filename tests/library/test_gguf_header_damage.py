"""Headers that were cut, forged or flipped: each is refused with a code, in little time and memory."""

import json
import os
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import ModelFileError
from app.library.gguf_header import GgufHeader, read_header
from tests.doubles.gguf_writer import DenseShape, Raw, pair, start, text, write_gguf

SMALL = DenseShape(
    layers=1, embedding=32, heads=2, kv_heads=1, head=16, feed_forward=32, vocabulary=8, type=8
)
CODES = {"gguf_truncated", "gguf_invalid", "gguf_version", "not_gguf"}


def refusal(path: Path) -> ModelFileError:
    with pytest.raises(ModelFileError) as caught:
        read_header(path)
    return caught.value


# Cut short


def test_a_file_cut_at_any_byte_of_its_header_is_truncated(tmp_path: Path) -> None:
    whole = SMALL.write(tmp_path / "whole.gguf").read_bytes()
    data_offset = read_header(tmp_path / "whole.gguf").data_offset
    cut = tmp_path / "cut.gguf"
    for size in range(data_offset):
        cut.write_bytes(whole[:size])
        error = refusal(cut)
        assert error.code == "gguf_truncated", size
        assert error.parameters["actual"] == size
        assert size < int(error.parameters["expected"]) <= len(whole)


def test_a_file_cut_at_twenty_places_of_its_data_is_truncated_and_says_by_how_much(tmp_path: Path) -> None:
    path = SMALL.write(tmp_path / "whole.gguf")
    header, whole = read_header(path), path.read_bytes()
    needed = header.data_offset + header.tensors[-1].offset + header.tensors[-1].size
    for place in range(20):
        size = header.data_offset + (needed - 1 - header.data_offset) * place // 19
        path.write_bytes(whole[:size])
        error = refusal(path)
        assert error.code == "gguf_truncated"
        assert error.parameters == {"path": str(path), "expected": needed, "actual": size}
    path.write_bytes(whole[:needed])
    assert read_header(path).tensors == header.tensors


def test_a_file_that_shrinks_while_it_is_read_is_truncated(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "m.gguf", {"a.text": "x" * 600_000, "a.more": "y" * 600_000})

    class Shrinking(type(path)):  # type: ignore[misc]  # the class of a path depends on the system
        """A path whose file loses its second half just after it was looked at and opened."""

        def open(self, *arguments: object, **options: object) -> object:
            file = path.open(*arguments, **options)  # type: ignore[call-overload]  # passed on as they are
            os.truncate(path, 600_100)
            return file

    error = refusal(Shrinking(path))
    assert error.code == "gguf_truncated"


# Hostile


HOSTILE: dict[str, tuple[bytes, str]] = {
    "more keys than anyone has": (start(0, 2**60), "key_count"),
    "more tensors than anyone has": (start(2**60, 0), "tensor_count"),
    "a key longer than allowed": (start(0, 1) + struct.pack("<Q", 2**60) + bytes(64), "key_length"),
    "a string longer than allowed": (start(0, 1) + pair("a", 8, struct.pack("<Q", 2**60)), "string_length"),
    "an array longer than any file": (
        start(0, 1) + pair("a", 9, struct.pack("<IQ", 8, 2**60)),
        "array_length",
    ),
    "a vocabulary longer than any file": (
        start(0, 1) + pair("tokenizer.ggml.tokens", 9, struct.pack("<IQ", 8, 2**63)),
        "array_length",
    ),
    "a token longer than any file": (
        start(0, 1) + pair("tokenizer.ggml.tokens", 9, struct.pack("<IQQ", 8, 1, 2**63)),
        "length",
    ),
    "the same key twice": (start(0, 2) + pair("a", 7, b"\1") + pair("a", 7, b"\1"), "key_twice"),
    "the same array twice": (
        start(0, 2) + pair("a", 9, struct.pack("<IQI", 4, 1, 1)) + pair("a", 9, struct.pack("<IQI", 4, 1, 1)),
        "key_twice",
    ),
    "a value of no known type": (start(0, 1) + pair("a", 13, bytes(64)), "value_type"),
    "an array of no known type": (
        start(0, 1) + pair("a", 9, struct.pack("<IQ", 77, 1) + bytes(64)),
        "value_type",
    ),
    "arrays within arrays without end": (
        start(0, 1) + pair("a", 9, struct.pack("<IQ", 9, 1) * 50 + struct.pack("<IQ", 4, 0)),
        "array_depth",
    ),
    "a key that is not text": (
        start(0, 1) + struct.pack("<Q", 2) + b"\xff\xfe" + bytes(32),
        "text_encoding",
    ),
    "an alignment of zero": (start(0, 1) + pair("general.alignment", 4, struct.pack("<I", 0)), "alignment"),
    "an alignment that is no power of two": (
        start(0, 1) + pair("general.alignment", 4, struct.pack("<I", 24)),
        "alignment",
    ),
    "an alignment that is text": (start(0, 1) + pair("general.alignment", 8, text("32")), "alignment"),
    "a huge alignment": (start(0, 1) + pair("general.alignment", 4, struct.pack("<I", 2**31)), "alignment"),
    "a tensor of too many dimensions": (
        start(1, 0) + text("t") + struct.pack("<I", 2**31) + bytes(64),
        "tensor_shape",
    ),
    "a tensor whose size overflows": (
        start(1, 0) + text("t") + struct.pack("<I4QIQ", 4, 2**32, 2**32, 2**32, 2**32, 0, 0),
        "tensor_shape",
    ),
    "a tensor that does not fill its blocks": (
        start(1, 0) + text("t") + struct.pack("<IQIQ", 1, 33, 8, 0),
        "tensor_shape",
    ),
    "a tensor at an odd place": (
        start(1, 0) + text("t") + struct.pack("<IQIQ", 1, 8, 0, 7),
        "tensor_offset",
    ),
    "a tensor beyond any file": (
        start(1, 0) + text("t") + struct.pack("<IQIQ", 1, 8, 0, 2**62),
        "tensor_offset",
    ),
    "two tensors at one place": (
        start(2, 0)
        + text("t")
        + struct.pack("<IQIQ", 1, 64, 0, 0)
        + text("u")
        + struct.pack("<IQIQ", 1, 64, 0, 32),
        "tensor_offset",
    ),
    "two tensors of one name": (
        start(2, 0)
        + text("t")
        + struct.pack("<IQIQ", 1, 8, 0, 0)
        + text("t")
        + struct.pack("<IQIQ", 1, 8, 0, 32),
        "tensor_twice",
    ),
    "a tensor name without end": (start(1, 0) + struct.pack("<Q", 2**20) + bytes(64), "tensor_name"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_header_is_refused_that_has(name: str, written: Callable[[bytes], Path]) -> None:
    data, reason = HOSTILE[name]
    error = refusal(written(data + bytes(256)))
    assert (error.code, error.parameters.get("reason")) == ("gguf_invalid", reason)


def sparse(path: Path, data: bytes, size: int) -> Path:
    """A file of that size which begins with `data`; the rest is a hole."""
    path.write_bytes(data)
    os.truncate(path, size)
    return path


LARGE: dict[str, tuple[bytes, str]] = {
    "empty tokens": (
        start(0, 1) + pair("tokenizer.ggml.tokens", 9, struct.pack("<IQ", 8, 20_000_000)),
        "elements",
    ),
    "empty arrays": (start(0, 1) + pair("a", 9, struct.pack("<IQ", 9, 10_000_000)), "elements"),
    "a long header": (start(0, 2) + pair("a", 9, struct.pack("<IQ", 0, 2**29)), "header_size"),
    "texts to keep": (
        start(0, 3) + pair("a", 8, struct.pack("<Q", 2**25)),
        "metadata_size",
    ),
}


@pytest.mark.parametrize("name", LARGE)
def test_a_large_file_is_refused_when_its_header_claims(name: str, tmp_path: Path) -> None:
    data, reason = LARGE[name]
    error = refusal(sparse(tmp_path / "m.gguf", data, 2**30))
    assert (error.code, error.parameters.get("reason")) == ("gguf_invalid", reason)


READ_WITH_LITTLE_MEMORY = """
import json, resource, sys
from pathlib import Path
from app.errors import ModelFileError
from app.library.gguf_header import read_header
resource.setrlimit(resource.RLIMIT_AS, (300 * 2**20, 300 * 2**20))
codes = []
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        read_header(path)
        codes.append("read")
    except ModelFileError as error:
        codes.append(error.code)
print(json.dumps(codes))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited this way on Linux")
def test_no_hostile_header_takes_300_megabytes(tmp_path: Path) -> None:
    for number, (data, _) in enumerate([*HOSTILE.values(), *LARGE.values()]):
        sparse(tmp_path / f"{number:03}.gguf", data, 2**30)
    done = subprocess.run(
        [sys.executable, "-c", READ_WITH_LITTLE_MEMORY, str(tmp_path)],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert json.loads(done.stdout) == ["gguf_invalid"] * (len(HOSTILE) + len(LARGE))


# Random damage


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A small valid model with nested arrays."""
    nested = struct.pack("<IQ", 9, 1) + struct.pack("<IQ2I", 4, 2, 1, 2)
    path = SMALL.write(tmp_path_factory.mktemp("sample") / "m.gguf", {"nested": Raw(9, nested)})
    return path.read_bytes()


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file to write damaged models to."""
    return tmp_path_factory.mktemp("damaged") / "m.gguf"


def outcome(path: Path, data: bytes) -> GgufHeader | str:
    path.write_bytes(data)
    try:
        return read_header(path)
    except ModelFileError as error:
        return error.code


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 255)), min_size=1, max_size=8))
def test_flipped_bytes_raise_nothing_but_model_file_errors(
    sample: bytes, scratch: Path, changes: list[tuple[int, int]]
) -> None:
    data = bytearray(sample)
    for place, value in changes:
        data[place % len(data)] = value
    found = outcome(scratch, bytes(data))
    assert isinstance(found, GgufHeader) or found in CODES


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 1500), value=st.sampled_from([0, 1, 2**31, 2**32 - 1, 2**60, 2**63, 2**64 - 1]))
def test_extreme_numbers_anywhere_raise_nothing_but_model_file_errors(
    sample: bytes, scratch: Path, place: int, value: int
) -> None:
    place %= len(sample) - 8
    found = outcome(scratch, sample[:place] + struct.pack("<Q", value) + sample[place + 8 :])
    assert isinstance(found, GgufHeader) or found in CODES


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tail=st.binary(max_size=400))
def test_random_bytes_after_the_magic_raise_nothing_but_model_file_errors(scratch: Path, tail: bytes) -> None:
    found = outcome(scratch, b"GGUF" + struct.pack("<I", 3) + tail)
    assert isinstance(found, GgufHeader) or found in CODES
