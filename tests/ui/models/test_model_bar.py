"""The model bar shows what the engine says, and offers what can be done and nothing else."""

import pytest
from PySide6.QtGui import QAccessible, QKeySequence

from app.chat.options import Placement, Thinking
from app.services.conversations.chat_service import ContextUse
from app.services.models.engine_service import EngineState, Phase
from app.ui.controls.menu import Menu
from app.ui.icons import Icons
from app.ui.models.model_bar import ModelBar, ThinkingChoice
from app.ui.theme import Theme
from tests.doubles.services import EFFORTS, SWITCHABLE, capabilities
from tests.ui.conftest import DEMO, Show


@pytest.fixture
def bar(theme: Theme, icons: Icons, show: Show) -> ModelBar:
    bar = ModelBar(theme, icons, DEMO, QKeySequence("Ctrl+O"))
    show(bar)
    return bar


def _ready(
    thinking: Thinking = SWITCHABLE, placement: Placement | None = None, path: str = "/m/q.gguf"
) -> EngineState:
    model = capabilities(thinking=thinking, placement=placement)
    return EngineState("ready", path, model.model, 1.0, model)


def _menu(bar: ModelBar, which: str = "model") -> Menu:
    getattr(bar, which).opened.emit()
    menu = bar.menu
    assert menu is not None
    menu.hide()
    return menu


def _items(menu: Menu) -> list[str]:
    return [action.text().split("\t")[0] for action in menu.actions() if not action.isSeparator()]


def _choose(menu: Menu, text: str) -> None:
    next(action for action in menu.actions() if action.text().split("\t")[0] == text).trigger()


def test_its_parts_have_the_names_of_the_design(bar: ModelBar) -> None:
    bar.set_state(_ready())
    bar.set_context(ContextUse(3106, 8192))
    names = [
        QAccessible.queryAccessibleInterface(part).text(QAccessible.Text.Name)
        for part in (bar.model, bar.thinking)
    ]
    assert names == ["Model", "Thinking effort"]
    assert bar.context.bar.accessibleName() == "Context: 38\N{NO-BREAK SPACE}% used"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (EngineState(), "No model"),
        (EngineState("loading", "/m/q.gguf", "q", 0.46), "q 46\N{NO-BREAK SPACE}%"),
        (EngineState("failed", "/m/q.gguf", "q"), "q not running"),
        (_ready(placement=Placement("", 0, 28)), "Qwen3 8B on the processor"),
        (_ready(placement=Placement("GPU", 22, 28)), "Qwen3 8B 22 of 28 layers on the GPU"),
        (_ready(), "Qwen3 8B on the GPU"),
    ],
)
def test_it_says_which_model_there_is_and_where_it_runs(
    bar: ModelBar, state: EngineState, words: str
) -> None:
    bar.set_state(state)
    assert bar.model.words == words


@pytest.mark.parametrize(
    ("phase", "items"),
    [
        ("empty", ["Load a model file…", "Demo model (tiny)"]),
        ("loading", ["Stop loading", "Load another model file…", "Demo model (tiny)"]),
        ("ready", ["Load another model file…", "Demo model (tiny)", "Unload"]),
        ("failed", ["Load another model file…", "Demo model (tiny)", "Unload"]),
    ],
)
def test_its_menu_has_what_can_be_done_now(bar: ModelBar, phase: Phase, items: list[str]) -> None:
    path = "" if phase == "empty" else "/m/q.gguf"
    bar.set_state(EngineState(phase, path, "q", 0.5, capabilities() if phase == "ready" else None))
    assert _items(_menu(bar)) == items


def test_each_item_says_what_is_wanted(bar: ModelBar) -> None:
    heard: list[str] = []
    bar.load_requested.connect(lambda: heard.append("load"))
    bar.demo_requested.connect(lambda: heard.append("demo"))
    bar.unload_requested.connect(lambda: heard.append("unload"))
    bar.cancel_requested.connect(lambda: heard.append("cancel"))
    bar.set_state(_ready())
    for item in ("Load another model file…", "Demo model (tiny)", "Unload"):
        _choose(_menu(bar), item)
    bar.set_state(EngineState("loading", "/m/q.gguf", "q"))
    _choose(_menu(bar), "Stop loading")
    assert heard == ["load", "demo", "unload", "cancel"]


def test_the_demo_model_is_not_offered_while_it_is_the_one(bar: ModelBar) -> None:
    bar.set_state(_ready(path=str(DEMO)))
    demo = next(action for action in _menu(bar).actions() if action.text() == "Demo model (tiny)")
    assert not demo.isEnabled()


@pytest.mark.parametrize(
    ("thinking", "there"),
    [
        (Thinking("none"), False),
        (Thinking("always"), True),
        (SWITCHABLE, True),
        (EFFORTS, True),
    ],
)
def test_thinking_is_offered_only_where_there_is_a_choice(
    bar: ModelBar, thinking: Thinking, there: bool
) -> None:
    bar.set_state(_ready(thinking))
    assert bar.thinking.isVisible() == there


def test_the_thinking_menu_has_exactly_the_models_choices_and_marks_the_default(bar: ModelBar) -> None:
    bar.set_state(_ready(EFFORTS))
    assert bar.thinking.words == "Thinking Medium"
    menu = _menu(bar, "thinking")
    assert _items(menu)[:-1] == ["Off", "Low", "Medium", "High", "Max"]
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["Medium"]


def test_off_and_on_come_first_wherever_the_template_has_them(bar: ModelBar) -> None:
    bar.set_state(_ready(Thinking("efforts", ("max", "on", "low", "off"), "on")))
    assert _items(_menu(bar, "thinking"))[:-1] == ["Off", "On", "Max", "Low"]


def test_a_model_that_always_thinks_says_so_and_offers_no_switch(bar: ModelBar) -> None:
    bar.set_state(_ready(Thinking("always")))
    assert bar.thinking.words == "Thinking Always"
    assert bar.thinking.accessibleName() == "Always thinks"
    said, _separator, language = _menu(bar, "thinking").actions()
    assert said.text() == "This model always thinks; that cannot be switched off."
    assert (said.isEnabled(), language.isEnabled()) == (False, True)
    bar.set_state(_ready(SWITCHABLE))
    assert bar.thinking.accessibleName() == "Thinking effort"


def test_thinking_in_the_persons_language_is_switched_in_the_same_menu(bar: ModelBar) -> None:
    chosen: list[bool] = []
    bar.own_language_chosen.connect(chosen.append)
    bar.set_state(_ready())
    for on in (False, True):
        bar.set_thinking(ThinkingChoice("on", own_language=on))
        switch = _menu(bar, "thinking").actions()[-1]
        assert switch.text().startswith("Think in my language. ")
        assert switch.isCheckable()
        assert switch.isChecked() == on
        switch.trigger()
    assert chosen == [True, False]


def test_a_choice_that_the_model_lacks_is_said_in_the_menu_and_beside_it(bar: ModelBar) -> None:
    bar.set_state(_ready(SWITCHABLE))
    bar.set_thinking(ThinkingChoice("on", waits="max"))
    said = "“Max” was chosen here. It waits for a model that has it."
    assert said in _items(_menu(bar, "thinking"))
    assert bar.thinking.toolTip() == said
    assert bar.thinking.accessibleDescription() == f"Thinking On. {said}"
    bar.set_thinking(ThinkingChoice("on"))
    assert bar.thinking.toolTip() == ""
    assert bar.thinking.accessibleDescription() == "Thinking On"


def test_a_choice_of_thinking_is_told_and_shown(bar: ModelBar) -> None:
    chosen: list[str] = []
    bar.thinking_chosen.connect(chosen.append)
    bar.set_state(_ready(EFFORTS))
    _choose(_menu(bar, "thinking"), "Max")
    assert chosen == ["max"]
    bar.set_thinking(ThinkingChoice("max"))
    assert bar.thinking.words == "Thinking Max"


def test_the_context_is_shown_only_where_it_is_known(bar: ModelBar) -> None:
    bar.set_context(ContextUse(0, 0))
    assert not bar.context.isVisible()
    bar.set_context(ContextUse(3106, 8192))
    assert bar.context.isVisible()
    assert bar.context.text == "38\N{NO-BREAK SPACE}%"
    assert bar.context.toolTip() == "3,106 of 8,192 tokens"


def test_a_ring_turns_while_a_model_is_loading(bar: ModelBar) -> None:
    turning = [bar.ring.turning]
    bar.set_state(EngineState("loading", "/m/q.gguf", "q", 0.1))
    turning.append(bar.ring.turning)
    bar.set_state(_ready())
    turning.append(bar.ring.turning)
    assert turning == [False, True, False]


def test_a_very_long_name_leaves_room_for_the_rest(bar: ModelBar) -> None:
    bar.set_state(EngineState("failed", "/m/q.gguf", "A-very-long-name-" * 12))
    assert bar.sizeHint().width() < 400


def test_in_narrow_windows_the_context_has_no_label(bar: ModelBar) -> None:
    bar.set_context(ContextUse(3106, 8192))
    wide = bar.context.sizeHint().width()
    bar.set_narrow(True)
    assert bar.context.sizeHint().width() < wide
