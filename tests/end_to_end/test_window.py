"""The real window on the real engine: ask, watch, stop, kill, continue, and files that are none."""

import os
import random
import signal
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.application import Application
from app.chat.conversation import Message
from app.chat.options import Choices, ChosenSampling
from app.paths import demo_model
from app.services.conversations.chat_service import GenerationChoices
from app.settings import LAST_MODEL
from tests.conftest import Noise
from tests.waiting import wait_until


def named(application: Application, name: str) -> QWidget:
    """The visible part of that accessible name."""
    found = [
        widget
        for widget in application.window.findChildren(QWidget)
        if widget.accessibleName() == name and widget.isVisible()
    ]
    assert found, f"nothing visible is called {name}"
    return found[-1]


def ask(application: Application, text: str) -> None:
    """Types a question and presses Enter."""
    editor = named(application, "Message")
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)


def last(application: Application) -> Message:
    """The last message of the conversation."""
    return application.chat.conversation.branch()[-1]


def finished(application: Application) -> None:
    """Waits until no reply grows."""
    wait_until(lambda: application.chat.answering is None, "the end of the reply")


def load(application: Application, path: Path) -> None:
    """Loads a model and waits for it, whatever becomes of it."""
    application.engine.load(path)
    wait_until(lambda: application.engine.state.phase in ("ready", "failed"), "the load")


def test_a_question_is_typed_and_the_demo_model_thinks_and_answers(ready: Application) -> None:
    channels: list[str] = []
    ready.engine.delta.connect(lambda delta: channels.append(delta.channel))
    assert ready.engine.state.name == "Demo model (tiny)"
    ask(ready, "What is 12 + 35?")
    finished(ready)
    assert set(channels) == {"thinking", "answer"}
    reply = last(ready)
    assert reply.thinking
    assert "47" in reply.answer
    header = named(ready, "Thinking")
    assert isinstance(header, QAbstractButton)
    assert not header.isChecked()
    assert header.accessibleDescription().startswith("Thought for ")
    assert ready.settings.get(LAST_MODEL) == str(demo_model())


def test_a_second_question_reads_only_what_is_new(ready: Application) -> None:
    ask(ready, "12+35=")
    finished(ready)
    ask(ready, "Sort 9, 2, 5")
    finished(ready)
    statistics = last(ready).statistics
    assert statistics is not None
    # The template drops the thinking of the first reply, so what is shared ends where that reply began.
    assert statistics.cached_tokens > 5
    assert "2, 5, 9" in last(ready).answer


def test_thinking_can_be_switched_off_where_the_model_has_a_switch(ready: Application) -> None:
    assert named(ready, "Thinking effort").isEnabled()
    ready.chat.choosing.choose(Choices("off"))
    ask(ready, "12+35=")
    finished(ready)
    assert last(ready).thinking == ""
    assert last(ready).answer


def test_a_model_that_does_not_think_has_no_thinking_control(application: Application, smollm2: Path) -> None:
    load(application, smollm2)
    application.chat.system_prompt = "You are a helpful assistant."
    application.chat.choosing.set_settings(GenerationChoices(ChosenSampling(temperature=0.0)))
    ask(application, "What is the capital of France?")
    finished(application)
    assert "Paris" in last(application).answer
    with pytest.raises(AssertionError, match="Thinking effort"):
        named(application, "Thinking effort")
    with pytest.raises(AssertionError, match="Thinking"):
        named(application, "Thinking")


def test_a_reply_is_stopped_by_its_button_and_continued_in_its_place(
    application: Application, smollm2: Path
) -> None:
    load(application, smollm2)
    ask(application, "Tell a very long story about the sea.")
    wait_until(lambda: len(last(application).answer) > 20, "the first words")
    QTest.mouseClick(named(application, "Stop"), Qt.MouseButton.LeftButton)
    finished(application)
    stopped = last(application)
    assert stopped.reason == "stopped"
    application.chat.continue_reply(stopped.id)
    wait_until(lambda: len(last(application).answer) > len(stopped.answer) + 20, "more words")
    assert last(application).answer.startswith(stopped.answer)
    application.chat.stop()
    finished(application)
    assert len(application.chat.conversation.branch()) == 2


def test_an_engine_that_is_killed_takes_no_word_along(
    application: Application, smollm2: Path, noise: Noise
) -> None:
    noise.allow("the engine ended")
    load(application, smollm2)
    ask(application, "Tell a very long story about the sea.")
    wait_until(lambda: len(last(application).answer) > 20, "the first words")
    os.kill(application.engine.pid, signal.SIGKILL)
    finished(application)
    cut = last(application)
    assert cut.state == "interrupted"
    assert len(cut.answer) > 20
    application.chat.continue_reply(cut.id)
    wait_until(lambda: len(last(application).answer) > len(cut.answer) + 20, "more words")
    assert last(application).answer.startswith(cut.answer)
    application.chat.stop()
    finished(application)


def test_an_engine_that_crashes_is_started_again_by_the_next_question(
    ready: Application, noise: Noise
) -> None:
    noise.allow("the engine ended")
    os.kill(ready.engine.pid, signal.SIGSEGV)
    wait_until(lambda: ready.engine.state.phase == "failed", "the crash")
    ask(ready, "12+35=")
    finished(ready)
    assert "47" in last(ready).answer


def drop(application: Application, path: Path) -> None:
    """Drops a file on the window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    application.window.dropEvent(
        QDropEvent(
            QPointF(50, 50),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


def test_a_model_file_is_dropped_on_the_window(ready: Application, zoo: Path) -> None:
    drop(ready, zoo / "qwen3.gguf")
    wait_until(lambda: ready.engine.state.name == "Qwen3 tiny", "the dropped model")


def test_a_dropped_file_that_is_no_model_leaves_the_working_one_alone(
    ready: Application, tmp_path: Path
) -> None:
    refused: list[str] = []
    assert ready.attendance is not None
    ready.attendance.inspector.refused.connect(lambda error: refused.append(error.code))
    before = ready.engine.pid
    file = tmp_path / "letter.gguf"
    file.write_text("Dear model,", encoding="utf-8")
    drop(ready, file)
    wait_until(lambda: bool(refused), "the refusal")
    assert refused == ["not_gguf"]
    assert (ready.engine.state.phase, ready.engine.pid) == ("ready", before)
    assert "not_gguf" in ready.window.page.notices.banners
    ask(ready, "12+35=")
    finished(ready)
    assert "47" in last(ready).answer


def test_a_file_cut_anywhere_never_crashes_the_window(application: Application, tmp_path: Path) -> None:
    whole = demo_model().read_bytes()
    generator = random.Random(3)
    cuts = [0, 1, 4, 23, 24, len(whole) - 1, *(generator.randrange(len(whole)) for _ in range(14))]
    assert len(cuts) == 20
    for cut in cuts:
        file = tmp_path / "cut.gguf"
        file.write_bytes(whole[:cut])
        load(application, file)
        assert application.engine.state.phase == "failed", cut
        assert application.engine.pid == 0
    ask(application, "hello")
    finished(application)
    load(application, demo_model())
    assert application.engine.state.phase == "ready"


def test_what_was_typed_stays_when_it_cannot_be_sent(application: Application) -> None:
    ask(application, "a precious thought")
    editor = named(application, "Message")
    assert "a precious thought" in editor.property("plainText")
    assert application.chat.conversation.branch() == ()


def test_unloading_gives_the_memory_back_and_loading_brings_the_model_again(ready: Application) -> None:
    ready.engine.unload()
    assert ready.engine.pid == 0
    load(ready, demo_model())
    ask(ready, "12+35=")
    finished(ready)
    assert "47" in last(ready).answer
