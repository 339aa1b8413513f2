"""Headers of GGUF files: real ones agree with the reference reader, and what is none is told apart."""

import os
import struct
import sys
from collections.abc import Callable
from pathlib import Path

import gguf
import pytest

from app.errors import ModelFileError
from app.library.gguf_header import read_header
from tests.doubles.gguf_writer import Raw, Tensor, Value, header_bytes, pair, start, text, write_gguf

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def real_files() -> list[Path]:
    return sorted((SHARED / "zoo").glob("*.gguf")) + sorted((SHARED / "vocab").glob("*.gguf"))


def refusal(path: Path) -> ModelFileError:
    with pytest.raises(ModelFileError) as caught:
        read_header(path)
    return caught.value


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


@pytest.mark.parametrize(
    ("written_as", "read_as"),
    [
        (Raw(0, b"\xff"), 255),
        (Raw(1, b"\xff"), -1),
        (Raw(2, b"\xff\xff"), 65535),
        (Raw(3, b"\xff\xff"), -1),
        (7, 7),
        (-7, -7),
        (0.5, 0.5),
        (True, True),
        (False, False),
        ("ä € 🙂", "ä € 🙂"),
        (2**40, 2**40),
        (Raw(11, struct.pack("<q", -(2**40))), -(2**40)),
        (Raw(12, struct.pack("<d", 0.1)), 0.1),
        ([1, 2, 3], (1, 2, 3)),
        (["x", "", "yz"], ("x", "", "yz")),
        ([True, False], (True, False)),
        ([], ()),
    ],
)
def test_every_kind_of_value_comes_back(written_as: Value, read_as: object, tmp_path: Path) -> None:
    header = read_header(write_gguf(tmp_path / "m.gguf", {"a": written_as, "b": "after"}))
    assert header.metadata == {"a": read_as, "b": "after"}
    assert type(header.metadata["a"]) is type(read_as)
    assert header.lengths == ({"a": len(read_as)} if isinstance(read_as, tuple) else {})


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
    header = read_header(written(start(0, 2) + pair("a", 9, nested) + pair("b", 4, struct.pack("<I", 5))))
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

    header = start(3, 0) + entry("a", 999, 0) + entry("b", 0, 96) + entry("c", 999, 352)
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
    assert read_header(written(start(0, 1) + pair("a", 8, value))).metadata == {"a": "a\ufffdb"}


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
        error = refusal(written(start(0, 0, version)))
        assert (error.code, error.parameters["version"]) == ("gguf_version", version)
        assert error.parameters["byte_order"] == "little"
    error = refusal(written(b"GGUF" + struct.pack(">IQQ", 3, 0, 0)))
    assert (error.code, error.parameters["version"]) == ("gguf_version", 3)
    assert error.parameters["byte_order"] == "big"
