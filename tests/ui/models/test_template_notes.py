"""What a model's chat template cannot do or may not is told where it matters, and a person may trust it again."""

from pathlib import Path

import msgspec
import pytest

from app.chat.conversation import Statistics
from app.chat.options import Choices
from app.errors import PromptError
from app.protocol.engine import Finished
from app.services.conversations.chat_service import ChatService
from app.services.models.engine_service import EngineState
from app.ui.controls.buttons import Button
from app.ui.main_window import MainWindow
from tests.doubles.services import PlayedEngine, capabilities


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model's file, in so far as one can be marked."""
    file = tmp_path / "model.gguf"
    file.write_bytes(b"GGUF")
    return file


def _folding(engine: PlayedEngine, name: str) -> None:
    engine.be_ready(msgspec.structs.replace(capabilities(), folds_system=True), f"/models/{name}.gguf")


def _ask(chat: ChatService, engine: PlayedEngine) -> None:
    """A question in a new conversation, and its whole reply."""
    chat.new_conversation()
    assert chat.send("Hi")
    assert chat.answering is not None
    engine.finished.emit(Finished(chat.answering, "end", Statistics()))


def test_a_template_that_is_not_trusted_is_told_and_can_be_trusted_again(
    window: MainWindow, engine: PlayedEngine, model: Path
) -> None:
    engine.templates.distrust(model)
    engine.be_ready(path=str(model))
    engine.notice.emit("template_distrusted")
    banner = window.page.notices.banners["template_distrusted"]
    assert isinstance(banner.button, Button)
    assert banner.button.text() == "Trust again"
    assert "plain words" in banner.text
    banner.button.click()
    assert not engine.templates.distrusts(model)
    assert engine.loaded == [(model, "Qwen3 8B")]
    assert window.page.notices.banners == {}


def test_why_a_template_was_stopped_is_still_said_when_its_model_is_there_again(
    window: MainWindow, engine: PlayedEngine, model: Path
) -> None:
    engine.be_ready(path=str(model))
    engine.failed.emit(PromptError("template_too_long"))
    engine.become(EngineState("loading", str(model), "model"))
    engine.be_ready(path=str(model))
    engine.notice.emit("template_distrusted")
    said = [list(window.page.notices.banners)]
    engine.become(EngineState("loading", "/models/another.gguf", "another"))
    said.append(list(window.page.notices.banners))
    assert said == [["template_too_long", "template_distrusted"], []]


def test_other_notices_are_told_as_they_are(window: MainWindow, engine: PlayedEngine) -> None:
    engine.be_ready()
    engine.notice.emit("template_missing")
    assert list(window.page.notices.banners) == ["template_missing"]


def test_that_a_system_prompt_leads_the_question_is_said_once_for_each_model(
    window: MainWindow, engine: PlayedEngine, chat: ChatService
) -> None:
    said = []
    for system, name in (("", "a"), ("Be brief.", "a"), ("Be brief.", "a"), ("Be brief.", "b")):
        chat.system_prompt = system
        _folding(engine, name)
        _ask(chat, engine)
        said.append("system_folded" in window.page.notices.banners)
        window.page.clear_notices()
    assert said == [False, True, False, True]


def test_the_line_for_the_persons_language_counts_as_one(
    window: MainWindow, engine: PlayedEngine, chat: ChatService
) -> None:
    _folding(engine, "a")
    chat.new_conversation()
    chat.choosing.choose(Choices(own_language=True))
    assert chat.send("Hi")
    assert "This model knows no system prompt." in window.page.notices.banners["system_folded"].text
