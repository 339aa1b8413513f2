"""Every licence of what the app ships is there, and the list of them is complete."""

import re
import tomllib

import msgspec
import pytest

from tests.rules.source import ROOT

_FOLDER = ROOT / "resources" / "licences"


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One piece of other people's work in the app."""

    name: str
    what: str
    versions: str
    licence: str
    files: tuple[str, ...]


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return msgspec.json.decode((_FOLDER / "index.json").read_bytes(), type=list[Entry])


def test_the_list_and_the_folder_name_the_same_files(entries: list[Entry]) -> None:
    listed = {name for entry in entries for name in entry.files}
    assert listed == {path.name for path in _FOLDER.glob("*.txt")}


def test_every_licence_has_its_text(entries: list[Entry]) -> None:
    assert all(entry.files for entry in entries)
    assert [path.name for path in _FOLDER.glob("*.txt") if len(path.read_text(encoding="utf-8")) < 400] == []


def test_every_dependency_is_listed_with_its_bounds(entries: list[Entry]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    bounds = {entry.name: entry.versions for entry in entries}
    for requirement in project["dependencies"]:
        match = re.match(r"([\w-]+)(>=[\d.]+)", requirement)
        assert match is not None
        assert bounds[match[1]].startswith(match[2])


def test_every_typeface_is_listed(entries: list[Entry]) -> None:
    names = {entry.name.replace(" ", "") for entry in entries}
    assert {path.stem.split("-")[0] for path in (ROOT / "resources" / "fonts").iterdir()} <= names
