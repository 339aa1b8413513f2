"""What goes into the program's folder, what stays outside, and that the specification can be evaluated."""

import json
import re
import zipfile
from pathlib import Path, PurePosixPath
from types import SimpleNamespace
from typing import Any

import pytest
from bundle import contents, llama_files, sbom, sizes
from bundle.components import Component, UnknownFileError, claimed, components
from bundle.release import Release, version_in

import app
from tests.rules.source import ROOT

_RELEASE = Release("1.2.3", 1_700_000_000, "x86_64")
_LIB = "_internal/PySide6/Qt/lib/"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("PySide6/QtWidgets.abi3.so", True),
        ("PySide6/QtQml.abi3.so", False),
        ("PySide6/Qt/lib/libQt6Core.so.6", True),
        ("PySide6/Qt/lib/libQt6Qml.so.6", False),
        ("PySide6/Qt/lib/libicudata.so.73", True),
        ("libQt6Core.so.6", False),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqeglfs.so", False),
        ("PySide6/Qt/plugins/tls/libqopensslbackend.so", False),
        ("PySide6/Qt/translations/qtbase_de.qm", False),
        ("PySide6/libpyside6.abi3.so.6.11", True),
        ("shiboken6/libshiboken6.abi3.so.6.11", True),
        ("PySide6/plugins/platforms/qwindows.dll", True),
        ("PySide6/Qt6Core.dll", True),
        ("libX11.so.6", False),
        ("libxcb-cursor.so.0", False),
        ("libstdc++.so.6", False),
        ("libcrypto.so.3", False),
        ("libssl.so.3", False),
        ("libgomp.so.1", True),
        ("libffi.so.8", True),
        ("libsqlite3.so.0", True),
        ("libpython3.11.so.1.0", True),
        ("msgspec/_core.cpython-311-x86_64-linux-gnu.so", True),
        ("resources/models/demo.gguf", True),
    ],
)
def test_only_what_the_app_uses_is_kept(name: str, kept: bool) -> None:
    assert contents.is_kept(name) is kept


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("llama_cpp/llama_cpp.py", "llama_cpp/llama_cpp.py"),
        ("llama_cpp/llama.py", None),
        ("llama_cpp/__init__.py", None),
        ("llama_cpp/lib/libllama.so", "llama_cpp/lib/libllama.so"),
        ("llama_cpp/lib/libllama.so.0", None),
        ("lib/libllama.so", None),
        ("llama_cpp/lib/libggml.so", None),
        ("llama_cpp/lib/libggml.so.0", "llama_cpp/lib/libggml.so.0"),
        ("llama_cpp/lib/libggml-base.so.0.25.3", None),
        ("llama_cpp/lib/libmtmd.so", None),
        ("bin/libggml-cpu-haswell.so", "llama_cpp/lib/libggml-cpu-haswell.so"),
        ("bin/libggml-cpu-sapphirerapids.so", None),
        ("bin/libggml-vulkan.so", "llama_cpp/lib/libggml-vulkan.so"),
        ("llama_cpp_python-0.3.36.dist-info/METADATA", "llama_cpp_python-0.3.36.dist-info/METADATA"),
        ("llama_cpp_python-0.3.36.dist-info/RECORD", None),
    ],
)
def test_each_library_of_llama_cpp_is_taken_once(name: str, place: str | None) -> None:
    assert llama_files.place_of(name) == (PurePosixPath(place) if place else None)


def test_staging_empties_the_folder_and_brings_the_bare_package(tmp_path: Path) -> None:
    wheel, target = tmp_path / "some.whl", tmp_path / "staged"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("llama_cpp/__init__.py", "import numpy")
        archive.writestr("llama_cpp/llama_cpp.py", "bindings")
        archive.writestr("bin/libggml-cpu-x64.so", b"library")
    target.mkdir()
    (target / "old").touch()
    assert llama_files.stage(wheel, target) == [
        "llama_cpp/__init__.py",
        "llama_cpp/lib/libggml-cpu-x64.so",
        "llama_cpp/llama_cpp.py",
    ]
    assert "import" not in (target / "llama_cpp" / "__init__.py").read_text("utf-8").partition('"""\n')[2]


def test_the_engine_uses_nothing_of_the_package_module_that_is_left_out() -> None:
    """The frozen `llama_cpp` is bare: only its submodule and its place may be used."""
    for path in (ROOT / "app").rglob("*.py"):
        used = set(re.findall(r"\bllama_cpp\.(\w+)", path.read_text(encoding="utf-8")))
        assert used <= {"__file__", "llama_cpp"}, path


def test_every_module_of_the_app_is_asked_for() -> None:
    modules = contents.hidden_modules(ROOT)
    assert {"app", "app.engine.role", "app.engine.worker", "app.ui.settings.view"} <= set(modules)
    assert modules == sorted(modules)


@pytest.mark.parametrize("name", ["soliloquy", "empty-window"])
@pytest.mark.parametrize("system", ["linux", "win32", "darwin"])
def test_the_specification_evaluates(
    name: str, system: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    staged = tmp_path / "staged" / "llama_cpp" / "lib"
    staged.mkdir(parents=True)
    (staged / "libllama.so").touch()
    made = _evaluated(name, system, tmp_path, monkeypatch)
    names = [program["name"] for program in made["programs"]]
    binaries = [entry[0] for entry in made["analysis"].binaries]
    if name == "soliloquy":
        assert names == (["soliloquy", "soliloquy-console"] if system == "win32" else ["soliloquy"])
        assert "llama_cpp/lib/libllama.so" in binaries
        assert "libX11.so.6" not in binaries
        targets = {Path(source).name: target for source, target in made["data"]}
        assert targets["demo.gguf"] == "resources/models"
        assert targets["0001_initial.sql"] == "app/storage/migrations"
        assert bool(made["bundles"]) is (system == "darwin")
    else:
        assert names == ["empty-window"]
        assert made["data"] == []


def _evaluated(name: str, system: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Runs app.spec with doubles of what PyInstaller gives it."""
    made: dict[str, Any] = {"programs": [], "bundles": []}

    def analysis(scripts: list[str], **words: Any) -> SimpleNamespace:
        assert all(Path(script).is_file() for script in (*scripts, *words["runtime_hooks"]))
        made["data"] = words["datas"]
        gathered = [("libX11.so.6", "/x", "BINARY"), ("libffi.so.8", "/f", "BINARY")]
        return SimpleNamespace(binaries=gathered, datas=[], pure=[], scripts=[])

    def program(*_parts: Any, **words: Any) -> str:
        made["programs"].append(words)
        return str(words["name"])

    monkeypatch.setattr("sys.platform", system)
    monkeypatch.setattr("sys.path", [*__import__("sys").path])
    for word, value in (("BUNDLE", name), ("STAGED", str(folder / "staged")), ("VERSION", "1.2.3")):
        monkeypatch.setenv(f"SOLILOQUY_{word}", value)
    bindepend = SimpleNamespace(resolve_library_path=lambda library: f"/usr/lib/{library}")
    for module in ("PyInstaller", "PyInstaller.depend"):
        monkeypatch.setitem(__import__("sys").modules, module, SimpleNamespace())
    monkeypatch.setitem(__import__("sys").modules, "PyInstaller.depend.bindepend", bindepend)
    names = {
        "SPECPATH": str(ROOT / "packaging"),
        "Analysis": analysis,
        "PYZ": lambda pure: pure,
        "EXE": program,
        "COLLECT": lambda *parts, **words: parts,
        "BUNDLE": lambda *parts, **words: made["bundles"].append(words),
    }
    spec = ROOT / "packaging" / "app.spec"
    exec(compile(spec.read_text(encoding="utf-8"), str(spec), "exec"), names)
    return made | {"analysis": names["analysis"]}


def test_the_version_is_the_app_s_own() -> None:
    assert version_in(ROOT / "app" / "__init__.py") == app.__version__


def _folder(tmp_path: Path) -> Path:
    for name in (
        "soliloquy",
        "_internal/app/export/FORMAT.md",
        "_internal/libffi.so.8",
        f"{_LIB}libicuuc.so.73",
    ):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name, encoding="utf-8")
    return tmp_path


def test_the_list_of_contents_names_every_file_with_its_digest(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    text = sbom.write(folder, _RELEASE).read_text(encoding="utf-8")
    document = json.loads(text)
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.5")
    assert document["metadata"]["timestamp"] == "2023-11-14T22:13:20Z"
    assert sbom.digests(text) == sbom.digests_of(folder)
    versions = {entry["name"]: entry["version"] for entry in document["components"]}
    assert (versions["libffi"], "Jinja2" in versions, "Inter" in versions) == ("8", True, False)
    assert all(entry["licenses"][0]["expression"] for entry in document["components"])
    assert sbom.write(folder, _RELEASE).read_text(encoding="utf-8") == text


def test_a_file_that_belongs_to_nobody_is_refused(tmp_path: Path) -> None:
    (_folder(tmp_path) / "_internal" / "libstranger.so").touch()
    with pytest.raises(UnknownFileError, match="libstranger"):
        sbom.write(tmp_path, _RELEASE)


def test_a_file_that_belongs_to_two_is_refused() -> None:
    known = [Component(name, "1", "MIT", "file") for name in "ab"]
    with pytest.raises(UnknownFileError, match="a, b"):
        claimed(["file"], known)


def test_every_licence_of_a_component_is_listed_with_the_app_s(tmp_path: Path) -> None:
    listed = json.loads((ROOT / "resources" / "licences" / "index.json").read_text(encoding="utf-8"))
    licences = {entry["licence"] for entry in listed} | {"MIT"}
    assert {component.licence for component in components(_RELEASE, tmp_path)} <= licences


def test_large_parts_are_told_with_their_reasons(tmp_path: Path) -> None:
    known, unknown = tmp_path / f"{_LIB}libQt6Gui.so.6", tmp_path / "_internal" / "libnew.so"
    known.parent.mkdir(parents=True)
    for path, size in ((known, 6_000_000), (unknown, 7_000_000), (tmp_path / "small", 10)):
        with path.open("wb") as file:
            file.truncate(size)
    parts = sizes.large_parts(tmp_path)
    assert [(part.name, bool(part.reason)) for part in parts] == [
        ("_internal/libnew.so", False),
        (f"{_LIB}libQt6Gui.so.6", True),
    ]
    assert sizes.folder_size(tmp_path) == 13_000_010
