"""Choices survive: a restart, a newer version, another process, damage, and a full disk."""

import json
import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.settings import CHOICES, CONTEXT, GPU_LAYERS, LAST_MODEL, THEME, THREADS, Choice, Settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the settings lie."""
    return tmp_path / "settings.json"


def test_without_a_file_the_defaults_count_and_none_is_made(file: Path) -> None:
    settings = Settings(file)
    assert settings.get(LAST_MODEL) == ""
    assert settings.get(CONTEXT) == 0
    assert settings.get(GPU_LAYERS) == -1
    assert settings.get(THEME) == "system"
    assert settings.save()
    assert not file.exists()


def test_what_is_chosen_is_there_after_a_restart(file: Path) -> None:
    settings = Settings(file)
    settings.set(LAST_MODEL, "/models/ä 模型.gguf")
    settings.set(CONTEXT, 16_384)
    assert settings.save()
    again = Settings(file)
    assert (again.get(LAST_MODEL), again.get(CONTEXT)) == ("/models/ä 模型.gguf", 16_384)


def test_a_choice_counts_at_once_and_is_written_by_save(file: Path) -> None:
    settings = Settings(file)
    settings.set(THEME, "dark")
    assert settings.get(THEME) == "dark"
    assert not file.exists()


def test_a_file_name_that_is_not_text_survives(file: Path) -> None:
    settings = Settings(file)
    name = os.fsdecode(b"/models/\xff.gguf")
    settings.set(LAST_MODEL, name)
    assert settings.save()
    assert Settings(file).get(LAST_MODEL) == name


def test_every_choice_has_a_sentence_a_name_of_its_own_and_an_allowed_default() -> None:
    assert len({choice.name for choice in CHOICES}) == len(CHOICES)
    for choice in CHOICES:
        assert choice.meaning.endswith(".")
        assert choice.allows(choice.default)


@pytest.mark.parametrize(
    ("choice", "value"),
    [
        (CONTEXT, -1),
        (CONTEXT, "8192"),
        (CONTEXT, 8192.0),
        (CONTEXT, True),
        (CONTEXT, 10**30),
        (GPU_LAYERS, -2),
        (THEME, "pink"),
        (THEME, 1),
        (THEME, None),
        (LAST_MODEL, "x" * 5000),
        (LAST_MODEL, ["a"]),
    ],
)
def test_values_out_of_limits_read_as_the_default(choice: Choice[Any], value: object, file: Path) -> None:
    file.write_text(json.dumps({choice.name: value}))
    assert Settings(file).get(choice) == choice.default


def test_a_value_out_of_limits_cannot_be_set(file: Path) -> None:
    with pytest.raises(ValueError, match="threads"):
        Settings(file).set(THREADS, -1)


def test_what_a_newer_version_wrote_survives_a_save(file: Path) -> None:
    newer = {"speech": {"voice": "calm", "speed": 1.25}, "context": 999_999_999_999, "theme": "sepia"}
    file.write_text(json.dumps(newer))
    settings = Settings(file)
    settings.set(LAST_MODEL, "m.gguf")
    assert settings.save()
    assert json.loads(file.read_text()) == {**newer, "last_model": "m.gguf"}


def test_two_processes_keep_each_others_choices(file: Path) -> None:
    window, command = Settings(file), Settings(file)
    window.set(THEME, "light")
    command.set(CONTEXT, 4096)
    assert window.save()
    assert command.save()
    assert window.get(CONTEXT) == 0
    assert (Settings(file).get(THEME), Settings(file).get(CONTEXT)) == ("light", 4096)


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[1, 2]", b"null", b"\xff\xfe\x00", b'{"theme": "dark"', b"[" * 100_000, b" " * (2**20 + 1)],
    ids=["empty", "cut", "list", "null", "binary", "half", "deep", "large"],
)
def test_a_damaged_file_is_set_aside_and_the_defaults_count(data: bytes, file: Path) -> None:
    file.write_bytes(data)
    settings = Settings(file)
    assert settings.get(THEME) == "system"
    assert not file.exists()
    assert file.with_name("settings.json.damaged-1").read_bytes() == data
    settings.set(THEME, "dark")
    assert settings.save()
    assert Settings(file).get(THEME) == "dark"


def test_every_damaged_file_is_kept(file: Path) -> None:
    for number in (1, 2, 3):
        file.write_text(f"damage {number}")
        Settings(file)
    kept = [file.with_name(f"settings.json.damaged-{number}").read_text() for number in (1, 2, 3)]
    assert kept == ["damage 1", "damage 2", "damage 3"]


def test_damage_that_happens_while_the_app_runs_is_set_aside_by_the_next_save(file: Path) -> None:
    settings = Settings(file)
    file.write_text("damage")
    settings.set(THEME, "dark")
    assert settings.save()
    assert json.loads(file.read_text()) == {"theme": "dark"}
    assert file.with_name("settings.json.damaged-1").read_text() == "damage"


@given(st.binary(max_size=200))
def test_no_content_of_the_file_raises(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.mktemp("any") / "settings.json"
    file.write_bytes(data)
    table: tuple[Choice[Any], ...] = CHOICES
    for choice in table:
        assert choice.allows(Settings(file).get(choice))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_the_file_is_its_owners_alone(file: Path) -> None:
    former = os.umask(0)
    try:
        settings = Settings(file)
        settings.set(THEME, "dark")
        assert settings.save()
    finally:
        os.umask(former)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_save_leaves_nothing_beside_the_file(file: Path) -> None:
    settings = Settings(file)
    for theme in ("dark", "light"):
        settings.set(THEME, theme)
        assert settings.save()
    assert [path.name for path in file.parent.iterdir()] == ["settings.json"]


def test_a_save_that_fails_says_so_and_leaves_the_old_file_whole(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(file)
    settings.set(THEME, "dark")
    assert settings.save()

    def disk_full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    settings.set(THEME, "light")
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", disk_full)
        assert not settings.save()
    assert Settings(file).get(THEME) == "dark"
    assert [path.name for path in file.parent.iterdir()] == ["settings.json"]
    assert settings.get(THEME) == "light"
    assert settings.save()
    assert Settings(file).get(THEME) == "light"


def test_a_folder_that_is_not_there_fails_quietly(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "absent" / "settings.json")
    settings.set(THEME, "dark")
    assert not settings.save()


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
def test_a_link_stays_a_link(file: Path) -> None:
    target = file.with_name("elsewhere.json")
    target.write_text("{}")
    file.symlink_to(target)
    settings = Settings(file)
    settings.set(THEME, "dark")
    assert settings.save()
    assert file.is_symlink()
    assert json.loads(target.read_text()) == {"theme": "dark"}
