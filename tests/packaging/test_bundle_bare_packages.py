"""The short modules that stand in for a library's own in the program, beside those."""

import ast
import importlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import shiboken6
from bundle import bare_packages
from bundle.release import ROOT

_WRONG_CALLS = """
import builtins, sys
from PySide6.QtCore import QObject, QPoint, QTimer, Qt, Signal
from PySide6.QtGui import QColor

class Speaker(QObject):
    said = Signal(str)

def wrong_property(): QObject(nothing=1)
def wrong_enum(): QTimer().setTimerType("precise")
speaker = Speaker()
def wrong_count(): speaker.said.emit()
def wrong_slot(): speaker.said.connect(4)
def wrong_types(): QPoint("a", "b")
def wrong_color(): QColor(QPoint())
def missing(): QTimer.singleShot()

for call in (wrong_property, wrong_enum, wrong_count, wrong_slot, wrong_types, wrong_color, missing):
    try:
        call()
    except (TypeError, AttributeError, ValueError) as error:
        print(call.__name__, type(error).__name__, error)
print(QPoint.__doc__, QTimer.start.__doc__)
print(hasattr(builtins, "__orig_import__"), "shibokensupport.signature.whole_loader" in sys.modules)
"""

_ROUND_TRIP = """
import sys
import msgspec, typing_extensions
from app.protocol.engine import Delta, Event
word = Delta(reply_id="1", channel="answer", author="model", text="so", tokens=2)
read = msgspec.json.decode(msgspec.json.encode(word), type=Event)
print(read == word, msgspec.structs.replace(word, text="and").text, msgspec.__file__)
print(typing_extensions.__file__)
print(sorted(set(sys.modules) & {"msgspec.inspect", "msgspec.yaml", "msgspec._json_schema"}))
"""


def test_the_loader_defines_what_pysides_own_does() -> None:
    archive: Any = importlib.import_module("shibokensupport.feature").__loader__
    own = ast.parse(archive.zfile.read("shibokensupport/signature/loader.py"))
    asked = {node.name for node in own.body if isinstance(node, ast.FunctionDef)} | {"post_init"}
    inner = {"put_into_package", "move_into_pyside_package"}
    ours = ast.parse((bare_packages.BARE / "shibokensupport" / "loader.py").read_text(encoding="utf-8"))
    defined = {node.name for node in ours.body if isinstance(node, ast.FunctionDef)}
    assert defined - {"_whole", "_prepare"} == asked - inner


def test_a_wrong_call_is_told_in_the_same_words(tmp_path: Path) -> None:
    shiboken = tmp_path / "shiboken6"
    shutil.copytree(Path(shiboken6.__file__).parent, shiboken, ignore=shutil.ignore_patterns("files.dir"))
    usual = _said(_WRONG_CALLS, tmp_path)
    bare_packages.stage_signature_modules(shiboken / "files.dir")
    ours = _said(_WRONG_CALLS, tmp_path)
    assert len(usual) > 8
    assert ours[:-1] == usual[:-1]
    # Imports are Python's own, and PySide's loader came when it was asked for the words.
    assert ours[-1] == "False True"
    assert usual[-1] == "True False"


def test_the_signature_modules_are_the_same_each_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        bare_packages.stage_signature_modules(tmp_path / name)
    made = {
        name: {
            path.relative_to(tmp_path / name).as_posix(): path.read_bytes()
            for path in (tmp_path / name).rglob("*.pyc")
        }
        for name in ("one", "two")
    }
    assert len(made["one"]) > 10
    assert made["one"] == made["two"]


def test_the_words_between_processes_need_no_more_of_msgspec(tmp_path: Path) -> None:
    bare_packages.stage(tmp_path)
    told, annotations, brought = _said(_ROUND_TRIP, tmp_path)
    assert told == f"True and {tmp_path / 'msgspec' / '__init__.py'}"
    assert annotations == str(tmp_path / "typing_extensions.py")
    assert brought == "[]"


def test_the_app_uses_nothing_of_msgspec_that_is_left_out() -> None:
    bare = bare_packages.BARE / "msgspec"
    top = _listed(bare / "__init__.py") | {f"json.{name}" for name in _listed(bare / "json.py")}
    for path in (ROOT / "app").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        used = set(re.findall(r"\bmsgspec\.((?:json\.|structs\.)?\w+)", text))
        assert {name for name in used if not name.startswith("structs.")} <= top, path
        assert not re.search(r"^\s*from msgspec", text, re.MULTILINE), path


def test_the_bindings_ask_for_no_more_of_typing_than_there_is() -> None:
    found = importlib.util.find_spec("llama_cpp")
    assert found is not None
    assert found.origin is not None
    there = _listed(bare_packages.BARE / "typing_extensions.py")
    asked: set[str] = set()
    for name in ("llama_cpp.py", "_ctypes_extensions.py"):
        for node in ast.walk(ast.parse((Path(found.origin).parent / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "typing_extensions":
                asked |= {alias.name for alias in node.names}
    assert asked
    assert asked <= there


def _listed(module: Path) -> set[str]:
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            return set(ast.literal_eval(node.value))
    raise AssertionError(module)


def _said(program: str, first: Path) -> list[str]:
    """What a program prints that finds its modules in `first` before all others."""
    environment = os.environ | {"PYTHONPATH": f"{first}{os.pathsep}{ROOT}", "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", program]
    ended = subprocess.run(command, env=environment, check=True, capture_output=True, text=True, timeout=60)
    return ended.stdout.splitlines()
