"""An empty conversation says which model there is and what it can do."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.chat.options import Placement
from app.services.models.engine_service import EngineState
from app.ui.controls.buttons import Button
from app.ui.conversations.empty_state import EmptyState
from app.ui.theme import Theme
from tests.doubles.services import capabilities
from tests.ui.conftest import DEMO, Show


def test_a_model_is_ready_and_says_where_it_runs(theme: Theme) -> None:
    state = EmptyState(theme, DEMO)
    model = capabilities()
    state.show_state(EngineState("ready", "/m/q.gguf", "Qwen3 8B", 1.0, model))
    assert state.text == "Qwen3 8B is ready\nIt runs on the GPU, with room for about 12 pages."


def test_the_demo_model_never_pretends_to_be_more(theme: Theme) -> None:
    state = EmptyState(theme, DEMO)
    model = capabilities(placement=Placement("", 0, 4))
    state.show_state(EngineState("ready", str(DEMO), "Demo model (tiny)", 1.0, model))
    title, lines = state.text.split("\n")
    assert title == "Demo model (tiny) is ready"
    assert lines.startswith("It runs on the processor. It thinks for real, but it is very small")


def test_without_a_model_it_says_how_to_come_by_one(theme: Theme, show: Show) -> None:
    state = EmptyState(theme, DEMO)
    heard: list[str] = []
    state.load_requested.connect(lambda: heard.append("load"))
    state.demo_requested.connect(lambda: heard.append("demo"))
    state.show_state(EngineState())
    show(state)
    for button in state.findChildren(Button):
        assert button.isVisible()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert heard == ["load", "demo"]


def test_a_model_that_is_not_running_can_be_asked_all_the_same(theme: Theme) -> None:
    state = EmptyState(theme, DEMO)
    state.show_state(EngineState("failed", "/m/q.gguf", "Qwen3 8B"))
    assert state.text.startswith("Qwen3 8B is not running\nThe next question loads it again.")


def test_while_a_model_is_loading_it_leaves_the_word_to_the_loading_row(theme: Theme) -> None:
    state = EmptyState(theme, DEMO)
    state.show_state(EngineState("loading", "/m/q.gguf", "Qwen3 8B"))
    assert state.text.strip() == ""
