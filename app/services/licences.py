"""The licences of everything that is shipped, as the resources hold them."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True)
class Component:
    """Something that somebody else made: what it is for, and under which licence it comes."""

    name: str
    what: str
    versions: str
    licence: str
    files: tuple[Path, ...]

    @cached_property
    def text(self) -> str:
        """The whole licence, or all of them; a file that is missing is named."""
        return "\n\n".join(_text(file) for file in self.files)


def components(folder: Path) -> tuple[Component, ...]:
    """Everything that the index in `folder` names; nothing where there is no index."""
    try:
        entries = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    return tuple(
        Component(
            entry["name"],
            entry["what"],
            entry["versions"],
            entry["licence"],
            tuple(folder / name for name in entry["files"]),
        )
        for entry in entries
    )


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return f"({file.name} is missing)"
