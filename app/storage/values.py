"""What the store says about itself, as frozen values; without SQLite, so that anyone may know them."""

from pathlib import Path
from typing import Literal, NamedTuple

BackupKind = Literal["daily", "asked", "update", "restore"]
"""Why a backup was made: once a day, by the person, before a migration, before a restore."""


class Repair(NamedTuple):
    """What became of a damaged file: where it lies now, and how many conversations were carried over.

    `lost` of the `conversations` found could not be read in full: messages or text of theirs are missing.
    """

    aside: Path
    conversations: int
    lost: int


class StoreSize(NamedTuple):
    """How many conversations there are, and how many bytes they take on the disk."""

    conversations: int
    bytes: int


class Backup(NamedTuple):
    """A copy of the store; `made` in seconds since 1970, by the clock of that time."""

    path: Path
    made: float
    bytes: int
    kind: BackupKind
