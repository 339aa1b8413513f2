"""What is being packaged: name, version, the moment of its commit, and the machine that it is for."""

import os
import platform
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

IDENTIFIER = "org.example.soliloquy"
"""What software centres and macOS know the app by, which can never change once it was published."""

MAINTAINER = "The Soliloquy authors <soliloquy@example.org>"
"""Whom Debian's tools write to. Both stand on a domain that is kept free for examples and belongs to nobody: whoever
publishes the app puts their own in these two places before the first release."""

_DEBIAN_NAMES = {"x86_64": "amd64", "aarch64": "arm64"}


@dataclass(frozen=True)
class Release:
    """One version for one kind of processor; `epoch` is the commit's time in seconds, for every date in a package."""

    version: str
    epoch: int
    machine: str

    @classmethod
    def here(cls) -> "Release":
        """The tree that this file lies in, for the machine that it runs on."""
        return cls(version_in(ROOT / "app" / "__init__.py"), commit_time(), platform.machine().lower())

    @property
    def debian_machine(self) -> str:
        """What Debian calls the processor."""
        return _DEBIAN_NAMES.get(self.machine, self.machine)

    @property
    def day(self) -> str:
        """The commit's day, such as 2026-11-25."""
        return time.strftime("%Y-%m-%d", time.gmtime(self.epoch))

    @property
    def mail_date(self) -> str:
        """The commit's time as Debian's changelog writes it."""
        return time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(self.epoch))

    @property
    def portable_name(self) -> str:
        """The folder inside the portable archive, and the archive's name without its ending."""
        return f"soliloquy-{self.version}-linux-{self.machine}"

    @property
    def deb_name(self) -> str:
        """The .deb as Debian names it."""
        return f"soliloquy_{self.version}_{self.debian_machine}.deb"


def version_in(module: Path) -> str:
    """The version that the app tells of itself."""
    match = re.search(r'^__version__ = "([^"]+)"$', module.read_text(encoding="utf-8"), re.MULTILINE)
    if match is None:
        raise ValueError(f"{module} names no version")
    return match[1]


def commit_time() -> int:
    """SOURCE_DATE_EPOCH, or when the tree was last committed; 1980 where it has no history (zip knows no earlier)."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given.isdigit():
        return int(given)
    command = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    try:
        told = subprocess.run(command, check=False, capture_output=True, text=True).stdout.strip()
    except FileNotFoundError:
        told = ""
    return int(told) if told.isdigit() else 315_532_800
