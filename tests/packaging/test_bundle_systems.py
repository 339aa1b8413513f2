"""The files that Debian, Windows and macOS want are well formed and agree with each other."""

import configparser
import plistlib
import re
import shutil
import struct
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bundle import systems
from bundle.archives import Entry
from bundle.debian import control_text, copyright_text, deb, desktop_entries, program_entries, sums
from bundle.icons import SIZES, coloured_mark, drawn, icns, ico
from bundle.release import IDENTIFIER, Release

from tests.rules.source import ROOT

_RELEASE = Release("1.2.3", 1_700_000_000, "x86_64")
_PACKAGING = ROOT / "packaging"
_LINUX = _PACKAGING / "linux"
_PNG = dict.fromkeys(SIZES, b"\x89PNG")


def _desktop() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(_LINUX / "soliloquy.desktop", encoding="utf-8")
    return parser["Desktop Entry"]


def test_the_desktop_file_starts_the_program_with_a_model_file() -> None:
    entry = _desktop()
    assert (entry["Exec"], entry["Icon"], entry["Terminal"]) == ("soliloquy %f", "soliloquy", "false")


def test_the_type_of_model_files_is_the_same_everywhere() -> None:
    mime = ElementTree.parse(_LINUX / "soliloquy-mime.xml").getroot()[0]
    metainfo = ElementTree.parse(_LINUX / "soliloquy.metainfo.xml")
    name = mime.attrib["type"]
    assert _desktop()["MimeType"] == f"{name};"
    assert metainfo.findtext("provides/mediatype") == name
    assert metainfo.findtext("launchable") == "soliloquy.desktop"


def test_every_file_of_the_desktop_is_where_debian_looks_for_it() -> None:
    names = {entry.name.removeprefix("usr/share/") for entry in desktop_entries("<svg/>", _PNG, _RELEASE)}
    assert {
        "applications/soliloquy.desktop",
        f"metainfo/{IDENTIFIER}.metainfo.xml",
        "mime/packages/soliloquy.xml",
        "icons/hicolor/scalable/apps/soliloquy.svg",
        "icons/hicolor/48x48/apps/soliloquy.png",
        "man/man1/soliloquy.1.gz",
        "doc/soliloquy/copyright",
        "doc/soliloquy/changelog.gz",
        "doc/soliloquy/NEWS.gz",
    } <= names


def test_no_template_is_left_unfilled() -> None:
    texts = [entry.data for entry in desktop_entries("<svg/>", _PNG, _RELEASE)]
    texts.append(control_text([], _RELEASE).encode())
    assert [text for text in texts if re.search(rb"@[A-Z]+@", text)] == []
    assert "Permission is hereby granted" in copyright_text()


def test_the_control_file_tells_version_machine_and_size() -> None:
    control = control_text([Entry("a", content=b"x" * 1025), Entry("b", content=b"x")], _RELEASE)
    assert "\nVersion: 1.2.3\nArchitecture: amd64\n" in control
    assert "\nInstalled-Size: 3\n" in control
    assert Release("1", 0, "aarch64").debian_machine == "arm64"


def test_the_command_is_a_link_to_the_program(tmp_path: Path) -> None:
    (tmp_path / "soliloquy").touch(0o755)
    (tmp_path / "soliloquy-portable").touch(0o755)
    entries = {entry.name: entry for entry in program_entries(tmp_path)}
    assert set(entries) == {"usr/bin/soliloquy", "usr/lib/soliloquy/soliloquy"}
    assert entries["usr/bin/soliloquy"].link == "../lib/soliloquy/soliloquy"


def test_links_have_no_digest() -> None:
    assert sums([Entry("b", content=b""), Entry("a", link="b")]) == "d41d8cd98f00b204e9800998ecf8427e  b\n"


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="dpkg is not installed")
def test_dpkg_reads_the_package(tmp_path: Path) -> None:
    file = tmp_path / "soliloquy.deb"
    files = [Entry("usr/lib/soliloquy/soliloquy", content=b"x", executable=True)]
    file.write_bytes(deb(files, _RELEASE))
    assert file.read_bytes() == deb(files, _RELEASE)
    told = subprocess.run(["dpkg-deb", "--info", file], check=True, capture_output=True, text=True).stdout
    assert "Package: soliloquy" in told
    listed = subprocess.run(
        ["dpkg-deb", "--contents", file], check=True, capture_output=True, text=True
    ).stdout
    assert "-rwxr-xr-x root/root" in listed


def test_purging_says_that_what_people_wrote_stays() -> None:
    said = subprocess.run(
        ["sh", _LINUX / "postrm", "purge"], check=True, capture_output=True, text=True
    ).stdout
    assert "~/.local/share/soliloquy" in said


def test_the_portable_start_keeps_its_data_beside_it(tmp_path: Path) -> None:
    shutil.copy(_LINUX / "soliloquy-portable", tmp_path)
    program = tmp_path / "soliloquy"
    program.write_text('#!/bin/sh\nprintf "%s|" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    words = [str(tmp_path / "soliloquy-portable"), "ask", "two words"]
    said = subprocess.run(words, check=True, capture_output=True, text=True, env={"PATH": ""}).stdout
    assert said == f"--data-dir|{tmp_path}/data|ask|two words|"


def test_the_icons_are_drawn_in_the_app_s_colour() -> None:
    svg = coloured_mark()
    assert "accent-color" not in svg
    pictures = drawn(svg, (16, 48))
    assert all(picture.startswith(b"\x89PNG") for picture in pictures.values())
    assert struct.unpack(">II", pictures[48][16:24]) == (48, 48)


def test_the_icon_files_of_windows_and_macos_count_what_they_hold() -> None:
    packed = ico(_PNG)
    count = struct.unpack("<HHH", packed[:6])[2]
    places = [struct.unpack("<II", packed[6 + 16 * i + 8 : 6 + 16 * i + 16]) for i in range(count)]
    assert all(packed[place : place + size] == b"\x89PNG" for size, place in places)
    apple = icns(_PNG)
    assert apple[:4] == b"icns"
    assert struct.unpack(">I", apple[4:8])[0] == len(apple)


def test_macos_is_told_which_files_open_with_the_app() -> None:
    properties = plistlib.loads(systems.properties_file("1.2.3"))
    declared = properties["UTImportedTypeDeclarations"][0]
    assert properties["CFBundleDocumentTypes"][0]["LSItemContentTypes"] == [declared["UTTypeIdentifier"]]
    assert plistlib.loads((_PACKAGING / "macos" / "entitlements.plist").read_bytes())


def test_windows_is_told_the_version_in_four_numbers(tmp_path: Path) -> None:
    text = Path(systems.windows_version_file(tmp_path, "1.2.3")).read_text(encoding="utf-8")
    assert "filevers=(1, 2, 3, 0)" in text
    compile(text, "version.txt", "eval")


def test_the_installer_of_windows_names_files_that_are_there() -> None:
    script = (_PACKAGING / "windows" / "soliloquy.iss").read_text(encoding="utf-8")
    assert (_PACKAGING / "windows" / re.search(r"LicenseFile=(.*)", script)[1].replace("\\", "/")).is_file()  # type: ignore[index]
    assert "PrivilegesRequired=lowest" in script
    assert set(re.findall(r"Tasks: (\w+)", script)) == set(
        re.findall(r'^Name: "(\w+)"; Desc', script, re.MULTILINE)
    )


@pytest.mark.parametrize("script", ["linux/postrm", "linux/soliloquy-portable", "macos/make_dmg.sh"])
def test_every_shell_script_can_be_read_by_a_shell(script: str) -> None:
    subprocess.run(["sh", "-n", _PACKAGING / script], check=True)
