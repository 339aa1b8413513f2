"""Who is alive: locks that die with their process, and what dead ones leave behind."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.storage.database import open_store, processes
from app.storage.ownership import Ownership, gate


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of locks."""
    path = tmp_path / "processes"
    with gate(path):
        return path


def test_one_is_alive_until_released(folder: Path) -> None:
    one, two = Ownership(folder), Ownership(folder)
    assert one.name != two.name
    assert one.is_alive(two.name)
    assert one.is_alive(one.name)
    assert not one.alone()
    two.release()
    two.release()
    assert not one.is_alive(two.name)
    assert one.alone()
    one.release()
    assert [path.name for path in folder.iterdir()] == ["gate"]


@pytest.mark.parametrize("name", ["", "gate", "nobody", "../conversations.db", "a\0b"])
def test_names_that_stand_for_nobody(folder: Path, name: str) -> None:
    own = Ownership(folder)
    assert not own.is_alive(name)
    own.release()


def test_a_killed_process_is_dead_at_once_and_tidied_away(folder: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from app.storage.ownership import Ownership;"
        "own = Ownership(Path(sys.argv[1])); print(own.name, flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", script, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    name = other.stdout.readline().strip()
    own = Ownership(folder)
    assert own.is_alive(name)
    assert not own.alone()
    other.kill()
    other.communicate()
    assert not own.is_alive(name)
    assert (folder / name).exists()
    assert own.alone()
    assert not (folder / name).exists()
    own.release()


def test_each_opening_tidies_away_what_the_dead_left(tmp_path: Path) -> None:
    file = tmp_path / "conversations.db"
    open_store(file, tmp_path / "backups").store.close()
    left = processes(file) / "4711-0123456789ab"
    left.touch(0o600)
    open_store(file, tmp_path / "backups").store.close()
    assert [path.name for path in processes(file).iterdir()] == ["gate"]
