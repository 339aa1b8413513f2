"""Names that every system takes, and files that are written whole or not at all."""

import os
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import ExchangeError
from app.export import files
from app.export.files import drop, files_to_read, free_file, make_folder, read_whole, safe_name, write_whole

posix = pytest.mark.skipif(sys.platform == "win32", reason="modes and devices are POSIX's")
not_root = pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Sums", "Sums"),
        ("a/b\\c:d|e", "a-b-c-d-e"),
        ('What? "This" <is> it*', "What This is it"),
        ("two\nlines\tand tabs", "two lines and tabs"),
        ("../../etc/passwd", "etc-passwd"),
        (".hidden", "hidden"),
        ("--force", "force"),
        ("ends with dots...", "ends with dots"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("LPT¹", "_LPT¹"),
        ("Control", "Control"),
        ("gpj.\u202egnp", "gpj.gnp"),
        ("שלום עולם", "שלום עולם"),
        ("👩‍👩‍👧 family", "👩‍👩‍👧 family"),
        ("", "Untitled"),
        ("???", "Untitled"),
        (" . ", "Untitled"),
        ("\u200d", "Untitled"),
        ("\x00\x1b[2J", "[2J"),
        ("a\ud800b", "a\N{REPLACEMENT CHARACTER}b"),
        ("e\u0301", "é"),
    ],
)
def test_a_title_becomes_a_name(title: str, name: str) -> None:
    assert safe_name(title, "Untitled") == name


@given(st.text(max_size=300))
def test_any_title_becomes_a_name_that_fits(title: str) -> None:
    name = safe_name(title, "Untitled")
    assert 0 < len(name.encode()) <= 121
    assert name == name.strip(" .")
    assert not set(name) & set('<>:"/\\|?*')
    assert name.isprintable() or any(joiner in name for joiner in "\u200c\u200d")


def test_a_long_name_is_not_cut_inside_of_a_letter() -> None:
    assert safe_name("a" * 119 + "e\u0323\u0301", "x") == "a" * 119
    assert safe_name("a" * 116 + "👩‍👩‍👧", "x") == "a" * 116


def test_taken_names_are_numbered(tmp_path: Path) -> None:
    names = [free_file(tmp_path, "Sums", "md").name for _ in range(3)]
    assert names == ["Sums.md", "Sums (2).md", "Sums (3).md"]


@posix
def test_a_file_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o644)
    write_whole(file, "new\n")
    assert file.read_bytes() == b"new\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


@posix
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_text("old", encoding="utf-8")
    (tmp_path / "link.md").symlink_to("real.md")
    write_whole(tmp_path / "link.md", "new")
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "real.md").read_text(encoding="utf-8") == "new"


def failure(file: Path, text: str = "x") -> str:
    with pytest.raises(ExchangeError) as failed:
        write_whole(file, text)
    assert failed.value.code == "export_failed"
    return str(failed.value.parameters["reason"])


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    assert failure(tmp_path) == "folder"
    assert failure(tmp_path / "none" / "a.md") == "missing"
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert failure(tmp_path / "file" / "a.md") == "missing"


@posix
@not_root
def test_a_closed_folder_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert failure(tmp_path / "a.md") == "denied"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_a_full_device_is_told() -> None:
    assert failure(Path("/dev/full")) == "full"


def test_a_disk_that_fills_up_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.md"
    write_whole(file, "old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert failure(file, "new") == "full"
    assert file.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_is_made_and_a_file_in_its_place_is_told(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ExchangeError) as failed:
        make_folder(tmp_path / "file")
    assert failed.value.parameters["reason"] == "no_folder"


def test_a_reserved_file_can_be_dropped(tmp_path: Path) -> None:
    file = free_file(tmp_path, "a", "md")
    drop(file)
    drop(file)
    assert not file.exists()


def unreadable(file: Path) -> str:
    with pytest.raises(ExchangeError) as failed:
        read_whole(file)
    assert failed.value.code == "import_unreadable"
    return str(failed.value.parameters["reason"])


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    assert unreadable(tmp_path / "none.json") == "missing"
    if sys.platform != "win32":
        assert unreadable(tmp_path) == "folder"
        os.mkfifo(tmp_path / "pipe")
        assert unreadable(tmp_path / "pipe") == "no_file"


def test_no_more_is_read_than_tells_that_it_is_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    (tmp_path / "a.json").write_bytes(b"x" * 100)
    assert len(read_whole(tmp_path / "a.json")) == 11


def test_of_a_folder_its_json_files_are_read(tmp_path: Path) -> None:
    for name in ("b.json", "a.JSON", "c.md"):
        (tmp_path / name).write_text("", encoding="utf-8")
    assert [file.name for file in files_to_read(tmp_path)] == ["a.JSON", "b.json"]
    assert files_to_read(tmp_path / "b.json") == (tmp_path / "b.json",)
