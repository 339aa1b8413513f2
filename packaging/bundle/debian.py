"""The .deb: the program in /usr/lib, its desktop file, icons, types and manual where Debian looks for them."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from bundle.archives import Entry, ar, entries_of, gz, tar, xz
from bundle.icons import coloured_mark, drawn
from bundle.release import IDENTIFIER, MAINTAINER, ROOT, Release

LINUX = ROOT / "packaging" / "linux"
HOME = "usr/lib/soliloquy/"

_KIBIBYTE = 1024


def write_deb(folder: Path, target: Path, release: Release) -> Path:
    """Packs the program's folder and what Debian wants with it; returns the .deb in `target`."""
    svg = coloured_mark()
    files = [*program_entries(folder), *desktop_entries(svg, drawn(svg), release)]
    file = target / release.deb_name
    file.write_bytes(deb(files, release))
    return file


def deb(files: list[Entry], release: Release) -> bytes:
    """The package of these files."""
    control = [
        Entry("control", content=control_text(files, release).encode()),
        Entry("md5sums", content=sums(files).encode()),
        Entry("postrm", content=(LINUX / "postrm").read_bytes(), executable=True),
    ]
    members = [
        ("debian-binary", b"2.0\n"),
        ("control.tar.xz", xz(tar(control, release.epoch, "./"), "")),
        ("data.tar.xz", xz(tar(files, release.epoch, "./"), release.machine)),
    ]
    return ar(members, release.epoch)


def program_entries(folder: Path) -> list[Entry]:
    """The program itself, and the command that starts it."""
    kept = [entry for entry in entries_of(folder, HOME) if entry.name != f"{HOME}soliloquy-portable"]
    return [*kept, Entry("usr/bin/soliloquy", link="../lib/soliloquy/soliloquy")]


def desktop_entries(svg: str, pictures: Mapping[int, bytes], release: Release) -> list[Entry]:
    """What tells the desktop of the program, and the manual."""
    share = "usr/share/"
    icons = f"{share}icons/hicolor/"
    metainfo = (LINUX / "soliloquy.metainfo.xml").read_text(encoding="utf-8")
    manual = (LINUX / "soliloquy.1").read_text(encoding="utf-8")
    return [
        Entry(f"{share}applications/soliloquy.desktop", file=LINUX / "soliloquy.desktop"),
        Entry(f"{share}metainfo/{IDENTIFIER}.metainfo.xml", content=filled(metainfo, release).encode()),
        Entry(f"{share}mime/packages/soliloquy.xml", file=LINUX / "soliloquy-mime.xml"),
        Entry(f"{icons}scalable/apps/soliloquy.svg", content=svg.encode()),
        *(Entry(f"{icons}{size}x{size}/apps/soliloquy.png", content=png) for size, png in pictures.items()),
        Entry(f"{share}man/man1/soliloquy.1.gz", content=gz(filled(manual, release).encode())),
        Entry(f"{share}doc/soliloquy/copyright", content=copyright_text().encode()),
        Entry(f"{share}doc/soliloquy/changelog.gz", content=gz(changelog_text(release).encode())),
        Entry(f"{share}doc/soliloquy/NEWS.gz", content=gz((ROOT / "CHANGELOG.md").read_bytes())),
        Entry(f"{share}doc/soliloquy/README.Debian", file=LINUX / "README.Debian"),
        Entry(f"{share}lintian/overrides/soliloquy", file=LINUX / "lintian-overrides"),
    ]


def filled(text: str, release: Release) -> str:
    """A template with version, day and names in their places."""
    words = {
        "VERSION": release.version,
        "DAY": release.day,
        "IDENTIFIER": IDENTIFIER,
        "MAINTAINER": MAINTAINER,
    }
    for word, value in words.items():
        text = text.replace(f"@{word}@", value)
    return text


def changelog_text(release: Release) -> str:
    """What has changed, in the form that Debian's tools read; the whole of it is told beside."""
    return (
        f"soliloquy ({release.version}) unstable; urgency=medium\n\n"
        f"  * Release {release.version}: what is new stands in NEWS.gz.\n\n"
        f" -- {MAINTAINER}  {release.mail_date}\n"
    )


def control_text(files: list[Entry], release: Release) -> str:
    """What dpkg is told: Debian counts sizes in KiB, each file rounded up."""
    blocks = sum(-(-len(entry.data) // _KIBIBYTE) for entry in files)
    template = (LINUX / "control").read_text(encoding="utf-8")
    return (
        filled(template, release)
        .replace("@ARCHITECTURE@", release.debian_machine)
        .replace("@INSTALLED@", str(blocks))
    )


def sums(files: list[Entry]) -> str:
    """The digests by which dpkg can find a damaged file; links have none."""
    lines = [
        f"{hashlib.md5(entry.data, usedforsecurity=False).hexdigest()}  {entry.name}\n"
        for entry in sorted(files, key=lambda entry: entry.name)
        if not entry.link
    ]
    return "".join(lines)


def copyright_text() -> str:
    """Debian's copyright file: the app's own licence, then whose work is inside and where each licence lies."""
    own = (ROOT / "LICENSE").read_text(encoding="utf-8")
    indented = "\n".join(f" {line}" if line else " ." for line in own.splitlines())
    head = (LINUX / "copyright").read_text(encoding="utf-8")
    return head.replace("@MIT@", indented.partition("\n .\n")[2])
