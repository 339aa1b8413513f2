"""What is kept is counted by kind, and it is said whether others can look into it."""

import sys
from pathlib import Path

import pytest

from app.paths import Paths
from app.services.kept_data import Kept, KeptData, kept_data


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths.under(tmp_path / "data")
    paths.prepare()
    return paths


def _of(data: KeptData, kind: str) -> Kept:
    return next(kept for kept in data.kinds if kept.kind == kind)


def test_an_empty_folder_keeps_nothing(paths: Paths) -> None:
    data = kept_data(paths)
    assert [kept.bytes for kept in data.kinds] == [0] * 6
    assert data.private


def test_every_file_counts_for_its_kind(paths: Paths) -> None:
    (paths.data / "conversations.db").write_bytes(b"x" * 100)
    (paths.data / "conversations.db-wal").write_bytes(b"x" * 20)
    (paths.data / "conversations.db.damaged-1").write_bytes(b"x" * 3)
    (paths.data / "settings.json").write_bytes(b"x" * 7)
    (paths.data / "backups").mkdir()
    (paths.data / "backups" / "one.db").write_bytes(b"x" * 50)
    (paths.models / "deep").mkdir()
    (paths.models / "deep" / "model.gguf").write_bytes(b"x" * 1000)
    data = kept_data(paths)
    assert _of(data, "conversations") == Kept("conversations", paths.data, 3, 123)
    assert _of(data, "backups").bytes == 50
    assert _of(data, "settings").bytes == 7
    assert _of(data, "models").bytes == 1000
    assert data.bytes_of("conversations", "backups") == 173


def test_a_link_takes_no_room_and_a_broken_one_is_no_file(paths: Paths, tmp_path: Path) -> None:
    large = tmp_path / "large"
    large.write_bytes(b"x" * 100_000)
    (paths.models / "linked.gguf").symlink_to(large)
    (paths.models / "broken.gguf").symlink_to(tmp_path / "nowhere")
    models = _of(kept_data(paths), "models")
    assert models.files == 1
    assert models.bytes < 1000


@pytest.mark.skipif(sys.platform == "win32", reason="modes tell nothing on Windows")
def test_an_open_folder_is_told(paths: Paths) -> None:
    paths.data.chmod(0o755)
    assert not kept_data(paths).private


def test_folders_that_are_gone_are_no_error(tmp_path: Path) -> None:
    data = kept_data(Paths.under(tmp_path / "nowhere"))
    assert data.bytes_of("models", "log", "cache") == 0
    assert not data.private
