"""Everything the app writes lies where it says, for that person alone."""

import errno
import sys
from pathlib import Path

import pytest

from app.paths import Paths, demo_model, import_root, own_command, resources


def test_one_folder_holds_everything_when_it_is_asked_for(tmp_path: Path) -> None:
    paths = Paths.under(tmp_path / "stick")
    paths.prepare()
    for folder in (paths.data, paths.models, paths.cache, paths.logs):
        assert folder.is_dir()
        assert folder.is_relative_to(tmp_path / "stick")
    assert paths.data.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(sys.platform == "win32", reason="modes of Unix")
def test_a_folder_that_everyone_shares_is_not_closed_to_the_others(tmp_path: Path) -> None:
    shared = tmp_path / "tmp"
    shared.mkdir()
    shared.chmod(0o1777)
    Paths.under(shared).prepare()
    assert shared.stat().st_mode & 0o7777 == 0o1777
    assert (shared / "logs").stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(sys.platform == "win32", reason="modes of Unix")
def test_a_folder_that_was_open_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    Paths.under(tmp_path).prepare()
    assert tmp_path.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(sys.platform == "win32", reason="modes of Unix")
def test_a_folder_that_its_owner_may_not_write_to_stays_so(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(0o555)
    Paths.under(folder).prepare()
    assert folder.stat().st_mode & 0o777 == 0o500
    folder.chmod(0o700)


def test_a_folder_that_cannot_be_written_to_is_a_folder_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.mkdir

    def refusing(folder: Path, mode: int = 0o777, parents: bool = False, exist_ok: bool = False) -> None:
        if folder != tmp_path:
            raise OSError(errno.EROFS, "Read-only file system")
        real(folder, mode, parents, exist_ok)

    monkeypatch.setattr(Path, "mkdir", refusing)
    Paths.under(tmp_path).prepare()
    with pytest.raises(OSError, match="Read-only"):
        Paths.under(tmp_path / "other").prepare()


def test_the_standard_folders_bear_the_app_s_name() -> None:
    paths = Paths.standard()
    assert all("soliloquy" in str(folder).lower() for folder in (paths.data, paths.cache, paths.logs))


def test_what_is_shipped_is_there() -> None:
    assert demo_model().is_file()
    assert demo_model().stat().st_size <= 4_000_000
    assert (resources() / "licences").is_dir()
    assert (import_root() / "app" / "__main__.py").is_file()


def test_a_frozen_program_starts_itself_by_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert own_command("--role")[1:] == ["-m", "app", "--role"]
    monkeypatch.setattr("sys.frozen", True, raising=False)
    assert own_command("--role")[1:] == ["--role"]


def test_a_frozen_program_on_windows_starts_its_twin_with_standard_streams(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program, twin = tmp_path / "soliloquy.exe", tmp_path / "soliloquy-console.exe"
    monkeypatch.setattr("sys.frozen", True, raising=False)
    monkeypatch.setattr("sys.executable", str(program))
    twin.touch()
    assert own_command("--role") == [str(program), "--role"]
    monkeypatch.setattr("sys.platform", "win32")
    assert own_command("--role") == [str(twin), "--role"]
