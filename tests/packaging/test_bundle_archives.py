"""Archives are the same bytes each time, and are read by the tools that people have."""

import io
import lzma
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from bundle.archives import Entry, ar, entries_of, gz, tar, xz

_EPOCH = 1_700_000_000


def _entries() -> list[Entry]:
    return [
        Entry("b/program", content=b"\x7fELF" * 10, executable=True),
        Entry("a.txt", content=b"text"),
        Entry("b/link", link="program"),
    ]


def test_names_are_sorted_and_folders_come_before_what_is_in_them() -> None:
    with tarfile.open(fileobj=io.BytesIO(tar(_entries(), _EPOCH, "./"))) as archive:
        assert archive.getnames() == [".", "./a.txt", "./b", "./b/link", "./b/program"]


def test_the_order_in_which_files_are_given_plays_no_part() -> None:
    assert tar(_entries(), _EPOCH) == tar(reversed(_entries()), _EPOCH)


def test_everything_belongs_to_root_and_has_the_commit_s_date() -> None:
    with tarfile.open(fileobj=io.BytesIO(tar(_entries(), _EPOCH))) as archive:
        heads = archive.getmembers()
    assert {(head.uid, head.gid, head.uname, head.mtime) for head in heads} == {(0, 0, "root", _EPOCH)}
    assert {head.name: head.mode for head in heads} == {
        "a.txt": 0o644,
        "b": 0o755,
        "b/link": 0o777,
        "b/program": 0o755,
    }


@pytest.mark.parametrize("machine", ["x86_64", "aarch64", ""])
def test_what_is_compressed_comes_back(machine: str) -> None:
    data = bytes(range(256)) * 100
    assert lzma.decompress(xz(data, machine)) == data
    assert xz(data, machine) == xz(data, machine)


def test_gzip_holds_no_date() -> None:
    assert gz(b"text")[4:8] == b"\0\0\0\0"


def test_a_member_of_odd_length_is_padded() -> None:
    packed = ar([("a", b"123"), ("b", b"45")], _EPOCH)
    assert packed == (
        b"!<arch>\na               1700000000  0     0     100644  3         `\n123\n"
        b"b               1700000000  0     0     100644  2         `\n45"
    )


def test_a_folder_s_files_keep_whether_they_can_be_run(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "run").touch(0o755)
    (tmp_path / "read").touch(0o644)
    found = {entry.name: entry.executable for entry in entries_of(tmp_path, "top/")}
    assert found == {"top/inner/run": True, "top/read": False}


@pytest.mark.skipif(
    shutil.which("tar") is None or shutil.which("xz") is None, reason="tar and xz are missing"
)
def test_tar_unpacks_it(tmp_path: Path) -> None:
    file = tmp_path / "some.tar.xz"
    file.write_bytes(xz(tar(_entries(), _EPOCH), "x86_64"))
    subprocess.run(["tar", "-xJf", file, "-C", tmp_path], check=True)
    assert (tmp_path / "b" / "link").read_bytes() == b"\x7fELF" * 10
