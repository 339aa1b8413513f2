"""Headers of GGUF files: real ones agree with the reference reader, hostile ones are refused and cost nothing."""

import json
import os
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import gguf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import ModelFileError
from app.library.gguf_header import GgufHeader, read_header
from tests.doubles.gguf_writer import DenseShape, Raw, Tensor, Value, header_bytes, text, write_gguf

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
SMALL = DenseShape(
    layers=1, embedding=32, heads=2, kv_heads=1, head=16, feed_forward=32, vocabulary=8, type=8
)
CODES = {"gguf_truncated", "gguf_invalid", "gguf_version", "not_gguf"}


def real_files() -> list[Path]:
    return sorted((SHARED / "zoo").glob("*.gguf")) + sorted((SHARED / "vocab").glob("*.gguf"))


@pytest.fixture
def written(tmp_path: Path) -> Callable[[bytes], Path]:
    """Writes bytes to a file of their own."""

    def write(data: bytes) -> Path:
        path = tmp_path / "model.gguf"
        path.write_bytes(data)
        return path

    return write


def refusal(path: Path) -> ModelFileError:
    with pytest.raises(ModelFileError) as caught:
        read_header(path)
    return caught.value


def pair(key: str, kind: int, payload: bytes) -> bytes:
    return text(key) + struct.pack("<I", kind) + payload


def counts(tensors: int, keys: int, version: int = 3) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", version, tensors, keys)


# Real files


@pytest.mark.skipif(not real_files(), reason="the shared model files are not here")
@pytest.mark.parametrize("path", real_files(), ids=lambda path: path.stem)
def test_a_real_header_agrees_with_the_reference_reader(path: Path) -> None:
    header = read_header(path)
    reference = gguf.GGUFReader(path)
    fields = {key: field for key, field in reference.fields.items() if not key.startswith("GGUF.")}
    for key, field in fields.items():
        contents = field.contents()
        if isinstance(contents, list):
            assert header.lengths[key] == len(contents)
            if key in header.metadata:
                assert header.metadata[key] == tuple(contents)
        else:
            assert header.metadata[key] == contents
    assert set(header.metadata) | set(header.lengths) == set(fields)
    assert [tensor.name for tensor in header.tensors] == [tensor.name for tensor in reference.tensors]
    for ours, theirs in zip(header.tensors, reference.tensors, strict=True):
        assert list(ours.shape) == list(theirs.shape)
        assert ours.type == theirs.tensor_type
        assert ours.size == theirs.n_bytes
        assert ours.elements == theirs.n_elements
        assert header.data_offset + ours.offset == theirs.data_offset


@pytest.mark.skipif(not real_files(), reason="the shared model files are not here")
def test_a_vocabulary_is_counted_and_not_kept() -> None:
    header = read_header(SHARED / "vocab" / "qwen2.gguf")
    assert header.lengths["tokenizer.ggml.tokens"] == 151_936
    assert "tokenizer.ggml.tokens" not in header.metadata
    assert "tokenizer.ggml.merges" not in header.metadata


# Our own files


def test_every_kind_of_value_comes_back(tmp_path: Path) -> None:
    metadata: dict[str, Value] = {
        "a.u8": Raw(0, b"\xff"),
        "a.i8": Raw(1, b"\xff"),
        "a.u16": Raw(2, b"\xff\xff"),
        "a.i16": Raw(3, b"\xff\xff"),
        "a.u32": 7,
        "a.i32": -7,
        "a.f32": 0.5,
        "a.yes": True,
        "a.no": False,
        "a.text": "ä € 🙂",
        "a.u64": 2**40,
        "a.i64": Raw(11, struct.pack("<q", -(2**40))),
        "a.f64": Raw(12, struct.pack("<d", 0.1)),
        "a.numbers": [1, 2, 3],
        "a.texts": ["x", "", "yz"],
        "a.flags": [True, False],
        "a.nothing": [],
    }
    header = read_header(write_gguf(tmp_path / "m.gguf", metadata))
    assert header.metadata == {
        "a.u8": 255,
        "a.i8": -1,
        "a.u16": 65535,
        "a.i16": -1,
        "a.u32": 7,
        "a.i32": -7,
        "a.f32": 0.5,
        "a.yes": True,
        "a.no": False,
        "a.text": "ä € 🙂",
        "a.u64": 2**40,
        "a.i64": -(2**40),
        "a.f64": 0.1,
        "a.numbers": (1, 2, 3),
        "a.texts": ("x", "", "yz"),
        "a.flags": (True, False),
        "a.nothing": (),
    }
    assert header.lengths == {"a.numbers": 3, "a.texts": 3, "a.flags": 2, "a.nothing": 0}


def test_version_2_reads_like_version_3(written: Callable[[bytes], Path]) -> None:
    assert read_header(written(header_bytes({"a": 1}, version=2))).version == 2


def test_long_arrays_are_counted_only(tmp_path: Path) -> None:
    header = read_header(
        write_gguf(tmp_path / "m.gguf", {"a.long": [1] * 5000, "a.texts": ["x"] * 5000, "b": 2})
    )
    assert header.metadata == {"b": 2}
    assert header.lengths == {"a.long": 5000, "a.texts": 5000}


def test_strings_longer_than_a_window_of_the_reader_are_passed_and_read(tmp_path: Path) -> None:
    long = "x" * 700_000
    metadata: dict[str, Value] = {
        "tokenizer.ggml.tokens": ["a", long, "b", long],
        "a.template": long,
        "a.end": 1,
    }
    header = read_header(write_gguf(tmp_path / "m.gguf", metadata))
    assert header.metadata == {"a.template": long, "a.end": 1}


def test_arrays_of_arrays_are_passed(written: Callable[[bytes], Path]) -> None:
    numbers = struct.pack("<IQ3I", 4, 3, 1, 2, 3)
    texts = struct.pack("<IQ", 8, 1) + text("x")
    deeper = struct.pack("<IQ", 9, 1) + numbers
    nested = struct.pack("<IQ", 9, 3) + numbers + texts + deeper
    header = read_header(written(counts(0, 2) + pair("a", 9, nested) + pair("b", 4, struct.pack("<I", 5))))
    assert header.metadata == {"b": 5}


def test_the_alignment_moves_the_data(tmp_path: Path) -> None:
    tensors = [Tensor("a", (3,)), Tensor("b", (5,))]
    header = read_header(write_gguf(tmp_path / "m.gguf", {"general.alignment": 256}, tensors))
    assert header.alignment == 256
    assert header.data_offset % 256 == 0
    assert [(tensor.offset, tensor.size) for tensor in header.tensors] == [(0, 12), (256, 20)]


def test_a_tensor_of_a_type_from_the_future_takes_the_room_up_to_the_next(
    written: Callable[[bytes], Path],
) -> None:
    def entry(name: str, kind: int, offset: int) -> bytes:
        return text(name) + struct.pack("<IQIQ", 1, 64, kind, offset)

    header = counts(3, 0) + entry("a", 999, 0) + entry("b", 0, 96) + entry("c", 999, 352)
    data_offset = -(-len(header) // 32) * 32
    read = read_header(written(header.ljust(data_offset, b"\0") + bytes(400)))
    assert [tensor.size for tensor in read.tensors] == [96, 256, 48]


def test_the_parts_of_a_split_model_are_numbered(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "m.gguf", {"split.no": Raw(2, b"\1\0"), "split.count": Raw(2, b"\3\0")})
    assert (read_header(path).split_number, read_header(path).split_count) == (1, 3)
    alone = read_header(write_gguf(tmp_path / "n.gguf", {"a": 1}))
    assert (alone.split_number, alone.split_count) == (0, 1)


def test_a_value_of_another_type_than_asked_for_reads_as_missing(tmp_path: Path) -> None:
    header = read_header(write_gguf(tmp_path / "m.gguf", {"a": "text", "b": True, "c": 3}))
    assert [header.integer(key, -1) for key in "abcd"] == [-1, -1, 3, -1]
    assert [header.text(key) for key in "abcd"] == ["text", None, None, None]


def test_a_wrong_byte_in_a_text_is_replaced(written: Callable[[bytes], Path]) -> None:
    value = struct.pack("<Q", 3) + b"a\xffb"
    assert read_header(written(counts(0, 1) + pair("a", 8, value))).metadata == {"a": "a\ufffdb"}


# What is not a file, or not this kind of file


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    for name in ("absent.gguf", "absent/below.gguf", "a\0b.gguf"):
        assert refusal(tmp_path / name).code == "file_missing"
    (tmp_path / "file").write_bytes(b"")
    assert refusal(tmp_path / "file" / "below.gguf").code == "file_missing"


def test_a_folder_is_said_to_be_a_folder(tmp_path: Path) -> None:
    error = refusal(tmp_path)
    assert (error.code, error.parameters["path"]) == ("file_is_folder", str(tmp_path))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_a_file_without_permission_is_unreadable(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "m.gguf", {"a": 1})
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("whoever may read everything cannot see this")
    assert refusal(path).code == "file_unreadable"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.gguf")
    assert refusal(tmp_path / "pipe.gguf").code == "file_unreadable"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no such device")
def test_a_device_is_refused() -> None:
    assert refusal(Path("/dev/zero")).code == "file_unreadable"


def test_a_name_that_is_too_long_is_a_model_file_error(tmp_path: Path) -> None:
    assert refusal(tmp_path / ("x" * 300)).code == "file_unreadable"


def test_other_files_are_not_gguf(written: Callable[[bytes], Path]) -> None:
    for data in (b"hello, this is a text", b"GGML" + bytes(100), b"\0" * 100, b"PK\3\4", b"x"):
        assert refusal(written(data)).code == "not_gguf"


def test_an_empty_file_is_truncated(written: Callable[[bytes], Path]) -> None:
    error = refusal(written(b""))
    assert (error.code, error.parameters["actual"]) == ("gguf_truncated", 0)


def test_other_versions_and_byte_orders_are_named(written: Callable[[bytes], Path]) -> None:
    for version in (0, 1, 4, 99):
        error = refusal(written(counts(0, 0, version)))
        assert (error.code, error.parameters["version"]) == ("gguf_version", version)
        assert error.parameters["byte_order"] == "little"
    error = refusal(written(b"GGUF" + struct.pack(">IQQ", 3, 0, 0)))
    assert (error.code, error.parameters["version"]) == ("gguf_version", 3)
    assert error.parameters["byte_order"] == "big"


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
    "more keys than anyone has": (counts(0, 2**60), "key_count"),
    "more tensors than anyone has": (counts(2**60, 0), "tensor_count"),
    "a key longer than allowed": (counts(0, 1) + struct.pack("<Q", 2**60) + bytes(64), "key_length"),
    "a string longer than allowed": (counts(0, 1) + pair("a", 8, struct.pack("<Q", 2**60)), "string_length"),
    "an array longer than any file": (
        counts(0, 1) + pair("a", 9, struct.pack("<IQ", 8, 2**60)),
        "array_length",
    ),
    "a vocabulary longer than any file": (
        counts(0, 1) + pair("tokenizer.ggml.tokens", 9, struct.pack("<IQ", 8, 2**63)),
        "array_length",
    ),
    "a token longer than any file": (
        counts(0, 1) + pair("tokenizer.ggml.tokens", 9, struct.pack("<IQQ", 8, 1, 2**63)),
        "length",
    ),
    "the same key twice": (counts(0, 2) + pair("a", 7, b"\1") + pair("a", 7, b"\1"), "key_twice"),
    "the same array twice": (
        counts(0, 2)
        + pair("a", 9, struct.pack("<IQI", 4, 1, 1))
        + pair("a", 9, struct.pack("<IQI", 4, 1, 1)),
        "key_twice",
    ),
    "a value of no known type": (counts(0, 1) + pair("a", 13, bytes(64)), "value_type"),
    "an array of no known type": (
        counts(0, 1) + pair("a", 9, struct.pack("<IQ", 77, 1) + bytes(64)),
        "value_type",
    ),
    "arrays within arrays without end": (
        counts(0, 1) + pair("a", 9, struct.pack("<IQ", 9, 1) * 50 + struct.pack("<IQ", 4, 0)),
        "array_depth",
    ),
    "a key that is not text": (
        counts(0, 1) + struct.pack("<Q", 2) + b"\xff\xfe" + bytes(32),
        "text_encoding",
    ),
    "an alignment of zero": (counts(0, 1) + pair("general.alignment", 4, struct.pack("<I", 0)), "alignment"),
    "an alignment that is no power of two": (
        counts(0, 1) + pair("general.alignment", 4, struct.pack("<I", 24)),
        "alignment",
    ),
    "an alignment that is text": (counts(0, 1) + pair("general.alignment", 8, text("32")), "alignment"),
    "a huge alignment": (counts(0, 1) + pair("general.alignment", 4, struct.pack("<I", 2**31)), "alignment"),
    "a tensor of too many dimensions": (
        counts(1, 0) + text("t") + struct.pack("<I", 2**31) + bytes(64),
        "tensor_shape",
    ),
    "a tensor whose size overflows": (
        counts(1, 0) + text("t") + struct.pack("<I4QIQ", 4, 2**32, 2**32, 2**32, 2**32, 0, 0),
        "tensor_shape",
    ),
    "a tensor that does not fill its blocks": (
        counts(1, 0) + text("t") + struct.pack("<IQIQ", 1, 33, 8, 0),
        "tensor_shape",
    ),
    "a tensor at an odd place": (
        counts(1, 0) + text("t") + struct.pack("<IQIQ", 1, 8, 0, 7),
        "tensor_offset",
    ),
    "a tensor beyond any file": (
        counts(1, 0) + text("t") + struct.pack("<IQIQ", 1, 8, 0, 2**62),
        "tensor_offset",
    ),
    "two tensors at one place": (
        counts(2, 0)
        + text("t")
        + struct.pack("<IQIQ", 1, 64, 0, 0)
        + text("u")
        + struct.pack("<IQIQ", 1, 64, 0, 32),
        "tensor_offset",
    ),
    "two tensors of one name": (
        counts(2, 0)
        + text("t")
        + struct.pack("<IQIQ", 1, 8, 0, 0)
        + text("t")
        + struct.pack("<IQIQ", 1, 8, 0, 32),
        "tensor_twice",
    ),
    "a tensor name without end": (counts(1, 0) + struct.pack("<Q", 2**20) + bytes(64), "tensor_name"),
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
        counts(0, 1) + pair("tokenizer.ggml.tokens", 9, struct.pack("<IQ", 8, 20_000_000)),
        "elements",
    ),
    "empty arrays": (counts(0, 1) + pair("a", 9, struct.pack("<IQ", 9, 10_000_000)), "elements"),
    "a long header": (counts(0, 2) + pair("a", 9, struct.pack("<IQ", 0, 2**29)), "header_size"),
    "texts to keep": (
        counts(0, 3) + pair("a", 8, struct.pack("<Q", 2**25)),
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
