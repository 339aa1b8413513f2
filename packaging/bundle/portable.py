"""The portable archive: the program's folder under its name, to be unpacked anywhere."""

from pathlib import Path

from bundle.archives import entries_of, tar, xz
from bundle.release import Release


def write_portable(folder: Path, target: Path, release: Release) -> Path:
    """Packs the folder into `target` and returns the archive."""
    packed = tar(entries_of(folder, f"{release.portable_name}/"), release.epoch)
    file = target / f"{release.portable_name}.tar.xz"
    file.write_bytes(xz(packed, release.machine))
    return file
