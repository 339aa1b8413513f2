"""The files for a Vulkan build come from the mirror that the machine already uses."""

import shutil
from pathlib import Path

import pytest

import vulkan_files

_TARGETS = """\
bookworm-security http://mirror.example/debian-security/
bookworm http://mirror.example/debian/
"""


def test_the_mirror_is_that_of_debian_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vulkan_files, "_run", lambda command, folder: _TARGETS)
    assert vulkan_files._mirror("bookworm") == "http://mirror.example/debian/"


def test_a_machine_without_a_mirror_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vulkan_files, "_run", lambda command, folder: "")
    with pytest.raises(vulkan_files.VulkanFilesError, match="knows no mirror"):
        vulkan_files._mirror("bookworm")


def test_a_system_that_is_not_debian_needs_its_own_compiler(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(vulkan_files, "_os_release", lambda: {"ID": "fedora"})
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(vulkan_files.VulkanFilesError, match="glslc"):
        vulkan_files.vulkan_files(tmp_path)


def test_a_system_that_is_not_debian_uses_its_own_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(vulkan_files, "_os_release", lambda: {"ID": "fedora"})
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    assert vulkan_files.vulkan_files(tmp_path).flags == {}
    assert list(tmp_path.iterdir()) == []


def test_a_command_that_fails_says_why() -> None:
    with pytest.raises(vulkan_files.VulkanFilesError, match=r"^sh failed: no such package$"):
        vulkan_files._run(["sh", "-c", "echo 'no such package' >&2; exit 1"], Path())


def test_the_fetched_compiler_runs_with_its_own_loader(tmp_path: Path) -> None:
    root = tmp_path / "root"
    libraries = root / "usr/lib/x86_64-linux-gnu"
    libraries.mkdir(parents=True)
    loader = libraries / "ld-linux-x86-64.so.2"
    loader.write_text('#!/bin/sh\nprintf "%s\\n" "$@" >"$0.words"\n', encoding="utf-8")
    loader.chmod(0o755)
    script = vulkan_files._runnable_glslc(root, tmp_path)
    assert script == tmp_path / "glslc"
    words = Path(f"{loader}.words").read_text(encoding="utf-8").split()
    assert words == ["--library-path", str(libraries), f"{root}/usr/bin/glslc", "--version"]


def test_where_the_fetched_compiler_does_not_run_the_systems_own_is_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/glslc")
    assert vulkan_files._runnable_glslc(tmp_path, tmp_path) == Path("/usr/bin/glslc")
