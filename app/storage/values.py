"""What the store says about itself, as frozen values; without SQLite, so that anyone may know them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

BackupKind = Literal["daily", "asked", "update", "restore"]
"""Why a backup was made: once a day, by the person, before a migration, before a restore."""


@dataclass(frozen=True)
class Repair:
    """What became of a damaged file: where it lies now, and how many conversations were carried over.

    `lost` of the `conversations` found could not be read in full: messages or text of theirs are missing.
    """

    aside: Path
    conversations: int
    lost: int


@dataclass(frozen=True)
class StoreSize:
    """How many conversations there are, and how many bytes they take on the disk."""

    conversations: int
    bytes: int


@dataclass(frozen=True)
class Backup:
    """A copy of the store; `made` in seconds since 1970, by the clock of that time."""

    path: Path
    made: float
    bytes: int
    kind: BackupKind
