"""How the packages are tried: what counts as failed and as skipped, and what is read from what tools say."""

import json
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bundle.debian import LINUX
from linux import debian_root, debian_steps, old_processor
from linux.trial import SkipError, StepError, run_steps, told, wait_for

_ON_POSIX = pytest.mark.skipif(sys.platform == "win32", reason="packages are tried on Linux")


def _says(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def _raises(error: Exception) -> str:
    raise error


def test_one_step_that_fails_fails_all_and_the_others_are_tried(capsys: pytest.CaptureFixture[str]) -> None:
    steps = {
        "a": lambda: _raises(StepError("broken")),
        "b": lambda: _raises(SkipError("no screen")),
        "c": lambda: "fine",
    }
    assert run_steps(steps) == 1
    verdicts = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert verdicts == ["FAILED", "skipped", "ok"]


def test_what_cannot_be_tried_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_steps({"a": lambda: _raises(SkipError("no screen"))}) == 0
    assert "no screen" in capsys.readouterr().out


@_ON_POSIX
def test_a_program_that_fails_is_told_with_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(StepError, match=r"code 3: .*no model"):
        told(_says("import sys; sys.stderr.write('no model'); sys.exit(3)"), tmp_path, {})


@_ON_POSIX
def test_waiting_ends_when_the_program_has_ended() -> None:
    with (
        subprocess.Popen(_says("raise SystemExit(7)")) as running,
        pytest.raises(StepError, match="the picture: the program ended with 7"),
    ):
        wait_for("the picture", lambda: False, running)


@pytest.mark.parametrize(
    ("model", "words"),
    [("", ["soliloquy"]), ("/home/a b/c.gguf", ["soliloquy", "/home/a b/c.gguf"])],
)
def test_a_model_file_is_one_word_of_the_desktop_s_command(model: str, words: list[str]) -> None:
    assert debian_steps.desktop_command(LINUX / "soliloquy.desktop", model) == words


def test_the_model_of_the_window_is_read_from_its_settings(tmp_path: Path) -> None:
    assert debian_steps.last_model(tmp_path) == ""
    settings = tmp_path / ".local/share/soliloquy/settings.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"last_model": "/a.gguf"}), encoding="utf-8")
    assert debian_steps.last_model(tmp_path) == "/a.gguf"


def test_libraries_that_are_not_found_are_read_from_what_ldd_says() -> None:
    said = "/usr/a.so:\n\tlibx.so.1 => /lib/libx.so.1 (0x0)\n\tliby.so.2 => not found\n"
    assert debian_steps.missing_libraries(said) == {"liby.so.2"}


def test_a_missing_library_is_allowed_where_its_package_is_recommended() -> None:
    missing = {"libvulkan.so.1", "libgtk-3.so.0", "libxcb.so.1"}
    assert debian_steps.named_by_choice(missing, "libnotify-bin, libvulkan1 (>= 1.3) | other") == {
        "libvulkan.so.1"
    }


def test_what_the_program_can_do_without_is_recommended_or_suggested() -> None:
    control = (LINUX / "control").read_text(encoding="utf-8")
    lines = dict(line.split(": ", 1) for line in control.splitlines() if not line.startswith(" "))
    named = {name.strip() for name in f"{lines['Recommends']},{lines['Suggests']}".split(",")}
    assert set(debian_steps.BY_CHOICE.values()) <= named


def test_programs_are_known_by_their_first_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.so").write_bytes(b"\x7fELF....")
    (tmp_path / "b.so").write_bytes(b"text")
    (tmp_path / "link").symlink_to("a.so")
    assert debian_steps.programs_in(tmp_path) == [tmp_path / "a.so"]


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="dpkg is not installed")
def test_an_older_package_differs_in_its_version_and_one_file(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "DEBIAN").mkdir(parents=True)
    control = "Package: soliloquy\nVersion: 1.2.3\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: x\n"
    (tree / "DEBIAN" / "control").write_text(control, encoding="utf-8")
    deb = tmp_path / "new.deb"
    subprocess.run(["dpkg-deb", "--build", tree, deb], check=True, capture_output=True)
    older = debian_steps.older_package(deb, tmp_path / "older")
    version = subprocess.run(
        ["dpkg-deb", "--field", older, "Version"], check=True, capture_output=True, text=True
    ).stdout.strip()
    assert subprocess.run(["dpkg", "--compare-versions", version, "lt", "1.2.3"], check=False).returncode == 0
    listed = subprocess.run(
        ["dpkg-deb", "--contents", older], check=True, capture_output=True, text=True
    ).stdout
    assert debian_steps.LEFTOVER in listed


def test_the_root_gets_the_machine_s_own_sources_and_settings(tmp_path: Path) -> None:
    sources, settings = [tmp_path / "debian.sources"], [tmp_path / "proxy"]
    command = debian_root.making("bookworm", tmp_path / "root.tar", tmp_path / "a.deb", sources, settings)
    assert command[-3:] == ["bookworm", str(tmp_path / "root.tar"), str(sources[0])]
    assert f"--aptopt={settings[0]}" in command
    assert any("--download-only install /tmp/a.deb" in word for word in command)


@pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"), reason="the filter is for Linux on x86-64"
)
def test_only_waiting_by_descriptor_is_refused() -> None:
    code = (
        "import ctypes; library = ctypes.CDLL(None, use_errno=True)\n"
        "for kind in (0, 3): library.waitid(kind, 2147483647, None, 4); print(ctypes.get_errno())"
    )
    ended = subprocess.run(
        _says(code),
        check=True,
        capture_output=True,
        text=True,
        preexec_fn=old_processor.refuse_waiting_by_descriptor,
    )
    assert ended.stdout.split() == ["10", "22"]
