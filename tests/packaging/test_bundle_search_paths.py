"""Libraries in a package do not look for others where the machine that built them keeps its own."""

import ctypes
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bundle.search_paths import forget_foreign_folders, without_foreign_folders

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("cc") is None, reason="it wants a C compiler on Linux"
)


def _library(file: Path, search: str, *options: str) -> Path:
    source = file.with_suffix(".c")
    # Its name is the end of the folder's: linkers keep both in the same bytes.
    source.write_text("int lib(void) { return 7; }\n", encoding="utf-8")
    command = ["cc", "-shared", "-fPIC", f"-Wl,-rpath,{search}", *options, "-o", str(file), str(source)]
    subprocess.run(command, check=True)
    return file


@pytest.mark.parametrize("kind", ["-Wl,--enable-new-dtags", "-Wl,--disable-new-dtags"])
def test_a_foreign_folder_is_forgotten_and_the_library_works(kind: str, tmp_path: Path) -> None:
    file = _library(tmp_path / "some.so", "/far/away/lib", kind, "-Wl,-O2")
    assert b"/far/away" in file.read_bytes()
    size = file.stat().st_size
    assert forget_foreign_folders(tmp_path) == ["some.so"]
    assert (b"/far" in file.read_bytes(), file.stat().st_size) == (False, size)
    assert ctypes.CDLL(str(file)).lib() == 7
    assert forget_foreign_folders(tmp_path) == []


def test_what_begins_at_the_program_stays(tmp_path: Path) -> None:
    data = _library(tmp_path / "some.so", "$ORIGIN/../lib").read_bytes()
    assert without_foreign_folders(data) == data


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "text").write_bytes(b"/far/away/lib")
    assert forget_foreign_folders(tmp_path) == []
