"""Every weight file of the zoo through `ask` and through the window, in each mode that its template offers.

Random weights never close their thinking, so the replies are forced token by token; everything else is real.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.application import Application
from app.chat.conversation import Message
from app.chat.options import Choices
from app.paths import Paths
from app.protocol.engine import Delta
from tests.conftest import Noise
from tests.doubles.forced_engine import forced_command
from tests.doubles.forced_sampling import Script, write_script
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parent.parent.parent

BEGUN = "so it is\n</think>\n\nIt is."
"""What a model writes whose thinking the template has begun."""

OWN = "<think>\nso it is\n</think>\n\nIt is."
HARMONY = "<|channel|>analysis<|message|>so it is<|end|><|start|>assistant<|channel|>final<|message|>It is."
ZOO: dict[str, tuple[tuple[str, ...], str]] = {
    "deepseek2-r1": (("on",), BEGUN),
    "deepseek32": (("off", "on"), BEGUN),
    "deepseek4": (("off", "on", "max"), BEGUN),
    "gptoss": (("low", "medium", "high"), HARMONY),
    "llama-distill": (("on",), BEGUN),
    "qwen3": (("off", "on"), OWN),
    "qwen35": (("off", "on"), BEGUN),
}
"""By file: its modes, and what it writes in all of them but "off"."""


@pytest.fixture(scope="module")
def shared_paths(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    """A data folder for all, so that the CPU library is proven once."""
    paths = Paths.under(tmp_path_factory.mktemp("zoo"))
    paths.prepare()
    return paths


def script_for(folder: Path, name: str, mode: str) -> Path:
    """A file that says what a model of the zoo replies in a mode."""
    file = folder / f"{name}-reply.json"
    write_script(file, Script("It is." if mode == "off" else ZOO[name][1]))
    return file


def begin_to_ask(paths: Paths, model: Path, mode: str, script: Path) -> subprocess.Popen[str]:
    """The command, running."""
    own = [sys.executable, "-m", "tests.doubles.forced_engine", str(script)]
    words = ["ask", "--data-dir", str(paths.data), "--json", "--model", str(model), "--think", mode]
    return subprocess.Popen(
        [*own, *words, "Is it so?"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("name", ZOO)
def test_ask_tells_the_channels_apart_in_each_mode(
    tmp_path: Path, zoo: Path, shared_paths: Paths, name: str
) -> None:
    asking = {}
    for mode in ZOO[name][0]:
        (tmp_path / mode).mkdir()
        script = script_for(tmp_path / mode, name, mode)
        asking[mode] = begin_to_ask(shared_paths, zoo / f"{name}.gguf", mode, script)
    for mode, process in asking.items():
        said, complaint = process.communicate(timeout=120)
        assert process.returncode == 0, complaint
        *texts, last = [json.loads(line) for line in said.splitlines()]
        thoughts = [] if mode == "off" else [{"thinking": "so it is"}]
        assert texts == [*thoughts, {"answer": "It is."}]
        done = last["done"]
        assert done["reason"] == "end"
        assert bool(done["thinking_tokens"]) is bool(thoughts)
        assert min(done["answer_tokens"], done["prompt_tokens"], done["tokens_per_second"]) > 0


def load(application: Application, script: Path, shared_paths: Paths, model: Path) -> None:
    """Loads a model whose replies say what the script has."""
    application.engine._command = forced_command(script, shared_paths)
    application.engine.load(model)
    wait_until(lambda: application.engine.state.phase == "ready", "the model")


def ask(application: Application, text: str) -> None:
    """Types a question and presses Enter."""
    editors = [
        each for each in application.window.findChildren(QWidget) if each.accessibleName() == "Message"
    ]
    (editor,) = [each for each in editors if each.isVisible()]
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    wait_until(lambda: application.chat.answering is not None, "the reply")


def last(application: Application) -> Message:
    """The last message."""
    return application.chat.conversation.branch()[-1]


def shown(application: Application) -> str:
    """What can be read of the conversation."""
    transcript = application.window.page.transcript
    transcript.select_all()
    return transcript.selected_text()


def over(application: Application) -> None:
    """Waits for the end of the reply."""
    wait_until(lambda: application.chat.answering is None, "the end of the reply")


def test_the_window_shows_both_channels_of_every_file_in_each_mode(
    application: Application, tmp_path: Path, zoo: Path, shared_paths: Paths
) -> None:
    deltas: list[Delta] = []
    application.engine.delta.connect(deltas.append)
    for name, (modes, _) in ZOO.items():
        load(application, script_for(tmp_path, name, "on"), shared_paths, zoo / f"{name}.gguf")
        loaded = application.engine.state.capabilities
        assert loaded is not None
        assert (loaded.thinking.choices, loaded.notices) == (modes, ()), name
        application.chat.new_conversation()
        for mode in modes:
            deltas.clear()
            script_for(tmp_path, name, mode)
            application.chat.choosing.choose(Choices(thinking=mode))
            ask(application, "Is it so?")
            over(application)
            check(last(application), deltas, "" if mode == "off" else "so it is")
        assert shown(application).count("It is.") == len(modes)
        assert not set("<|>") & set(shown(application))


def check(reply: Message, deltas: Sequence[Delta], thoughts: str) -> None:
    """Both channels, in order, without a marker; how it ended, and its statistics."""
    assert (reply.thinking, reply.answer) == (thoughts, "It is.")
    channels = [channel for channel, _ in groupby(delta.channel for delta in deltas)]
    assert channels == [*(["thinking"] if thoughts else []), "answer"]
    assert (reply.state, reply.reason) == ("finished", "end")
    assert reply.statistics is not None
    assert bool(reply.statistics.thinking_tokens) is bool(thoughts)
    assert min(reply.statistics.answer_tokens, reply.statistics.tokens_per_second) > 0


def thinking_on_and_on(folder: Path, name: str) -> Path:
    """A script of a thought that does not end by itself."""
    file = folder / f"{name}-reply.json"
    write_script(file, Script(ZOO[name][1].partition("so it is")[0] + "so it", ends=False, pause=0.01))
    return file


def test_a_model_that_is_exchanged_while_it_thinks_leaves_a_thought_that_the_other_ends(
    application: Application, tmp_path: Path, zoo: Path, shared_paths: Paths
) -> None:
    load(application, thinking_on_and_on(tmp_path, "qwen3"), shared_paths, zoo / "qwen3.gguf")
    ask(application, "Is it so?")
    wait_until(lambda: last(application).thinking.startswith("so it."), "a thought")
    script = tmp_path / "other.json"
    write_script(script, Script(" is" + HARMONY.partition("so it is")[2]))
    load(application, script, shared_paths, zoo / "gptoss.gguf")
    cut = last(application)
    assert (cut.state, cut.answer) == ("interrupted", "")
    application.chat.continue_reply(cut.id)
    wait_until(lambda: application.chat.answering is not None, "the reply")
    over(application)
    whole = last(application)
    assert (whole.id, whole.thinking, whole.answer) == (cut.id, f"{cut.thinking} is", "It is.")
    assert (whole.state, whole.reason) == ("finished", "end")


def test_an_engine_that_dies_while_it_thinks_goes_on_there_when_it_is_back(
    application: Application, tmp_path: Path, zoo: Path, shared_paths: Paths, noise: Noise
) -> None:
    noise.allow("the engine ended")
    load(application, thinking_on_and_on(tmp_path, "qwen35"), shared_paths, zoo / "qwen35.gguf")
    ask(application, "Is it so?")
    wait_until(lambda: last(application).thinking.startswith("so it."), "a thought")
    os.kill(application.engine.pid, signal.SIGKILL)
    over(application)
    cut = last(application)
    assert (cut.state, cut.reason, cut.answer) == ("interrupted", "interrupted", "")
    write_script(tmp_path / "qwen35-reply.json", Script(" is" + BEGUN.partition("so it is")[2]))
    application.chat.continue_reply(cut.id)
    wait_until(lambda: application.chat.answering is not None, "the reply")
    over(application)
    whole = last(application)
    assert (whole.thinking, whole.answer) == (f"{cut.thinking} is", "It is.")
    assert not set("<|>") & set(shown(application))
