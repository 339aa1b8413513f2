"""What is chosen on a page holds at once, and everything goes back to its default, alone or with its page."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QRadioButton

from app.services.settings_service import SettingsService
from app.settings import (
    CONTEXT,
    GPU_LAYERS,
    IDLE_UNLOAD,
    INHIBIT_SLEEP,
    LANGUAGE,
    MAX_TOKENS,
    MIN_P,
    READING_WIDTH,
    REPEAT_PENALTY,
    SEED,
    SYSTEM_PROMPT,
    TEMPERATURE,
    TEXT_SIZE,
    THEME,
    THREADS,
    TOP_K,
    TOP_P,
    Choice,
)
from app.ui.controls.choice_field import ChoiceField
from app.ui.controls.menu import Menu
from app.ui.controls.slider import Slider
from app.ui.controls.switch import Switch
from app.ui.settings.models import ModelsPage
from app.ui.settings.own_number import OwnNumber
from app.ui.settings.page import SettingsPage
from app.ui.settings.row import SettingRow
from app.ui.settings.system_prompt import SystemPromptPage
from app.ui.settings.view import SettingsView
from app.ui.theme import Space
from tests.waiting import wait_until

Shown = Callable[[str], SettingsPage]

NUMBERS = [
    ("generation", TEMPERATURE),
    ("generation", TOP_K),
    ("generation", TOP_P),
    ("generation", MIN_P),
    ("generation", REPEAT_PENALTY),
    ("generation", SEED),
    ("generation", MAX_TOKENS),
    ("models", GPU_LAYERS),
    ("models", CONTEXT),
    ("models", THREADS),
]


def _segment(row: SettingRow, text: str) -> QRadioButton:
    return next(one for one in row.findChildren(QRadioButton) if one.text() == text)


def _own(row: SettingRow) -> OwnNumber:
    control = row.findChild(OwnNumber)
    assert control is not None
    return control


def _choose(field: ChoiceField, value: str) -> None:
    """As the menu does."""
    field.open_menu()
    words = field.options[value]
    menu = field.findChildren(Menu)[-1]
    next(action for action in menu.actions() if action.text() == words).trigger()
    menu.close()


def test_a_theme_holds_at_once_and_goes_back(page: Shown, settings: SettingsService) -> None:
    row = page("appearance").rows["theme"]
    assert row.reset_button.isHidden()
    QTest.mouseClick(_segment(row, "Dark"), Qt.MouseButton.LeftButton)
    assert settings.get(THEME) == "dark"
    assert row.reset_button.isVisible()
    assert row.reset_button.accessibleName() == "Back to the default: Theme"
    QTest.mouseClick(row.reset_button, Qt.MouseButton.LeftButton)
    assert settings.get(THEME) == "system"
    assert _segment(row, "As this machine").isChecked()
    assert row.reset_button.isHidden()


def test_the_way_back_hands_the_focus_to_its_control(page: Shown, settings: SettingsService) -> None:
    settings.set(TEMPERATURE, 0.5)
    row = page("generation").rows["temperature"]
    row.reset_button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(row.reset_button, Qt.Key.Key_Space)
    assert settings.get(TEMPERATURE) == -1
    focused = QApplication.focusWidget()
    assert focused is not None
    assert row.isAncestorOf(focused)
    assert focused.isVisible()


def test_what_is_changed_elsewhere_is_shown(page: Shown, settings: SettingsService) -> None:
    row = page("appearance").rows["text_size"]
    settings.set(TEXT_SIZE, 150)
    slider = row.findChild(Slider)
    assert slider is not None
    assert slider.value() == 150
    QTest.keyClick(slider, Qt.Key.Key_Left)
    assert settings.get(TEXT_SIZE) == 145


def test_a_reading_width_is_chosen_by_its_name(page: Shown, settings: SettingsService) -> None:
    row = page("appearance").rows["reading_width"]
    for name, width in (("Narrow", 480), ("Wide", 640), ("Very wide", 760), ("Medium", 544)):
        QTest.mouseClick(_segment(row, name), Qt.MouseButton.LeftButton)
        assert settings.get(READING_WIDTH) == width


def test_another_language_waits_for_the_next_start(page: Shown, settings: SettingsService) -> None:
    row = page("appearance").rows["language"]
    field = row.findChild(ChoiceField)
    assert field is not None
    assert field.options == {"": "As this machine", "en": "English"}
    _choose(field, "en")
    assert settings.get(LANGUAGE) == "en"
    assert row.about.plain_text == "It changes when Soliloquy is started again."
    _choose(field, "")
    assert "started again" not in row.about.plain_text


@pytest.mark.parametrize(("section", "choice"), NUMBERS)
def test_a_number_of_ones_own_and_back(
    page: Shown, settings: SettingsService, section: str, choice: Choice[int]
) -> None:
    row = page(section).rows[choice.name]
    control = _own(row)
    assert control.field.isHidden()
    _choose(control.choice, "own")
    begun = settings.get(choice)
    assert begun != choice.default
    assert control.field.hasFocus()
    QTest.keyClick(control.field, Qt.Key.Key_Up)
    assert settings.get(choice) > begun
    assert isinstance(settings.get(choice), type(choice.default))
    QTest.mouseClick(row.reset_button, Qt.MouseButton.LeftButton)
    assert settings.get(choice) == choice.default
    assert control.field.isHidden()


def test_what_cannot_be_is_said_under_the_setting(page: Shown, settings: SettingsService) -> None:
    row = page("generation").rows["temperature"]
    control = _own(row)
    _choose(control.choice, "own")
    QTest.keyClicks(control.field, "3")
    assert row.problem.text == "The most is 2.0."
    assert settings.get(TEMPERATURE) == 0.7
    QTest.keyClick(control.field, Qt.Key.Key_Return)
    assert row.problem.text == ""


def test_the_processor_alone_is_a_word_of_its_own(page: Shown, settings: SettingsService) -> None:
    control = _own(page("models").rows["gpu_layers"])
    _choose(control.choice, "0")
    assert settings.get(GPU_LAYERS) == 0
    assert control.field.isHidden()


def test_an_idle_time_that_is_not_offered_stays_visible(page: Shown, settings: SettingsService) -> None:
    settings.set(IDLE_UNLOAD, 42)
    field = page("models").rows["idle_unload"].findChild(ChoiceField)
    assert field is not None
    assert field.options["42"] == "After 42 minutes"
    assert field.options["60"] == "After 1 hour"
    assert list(field.options)[-1] == "0"
    _choose(field, "0")
    assert settings.get(IDLE_UNLOAD) == 0
    assert "42" not in field.options


def test_a_model_is_loaded_again_only_when_there_is_one(view: SettingsView, page: Shown) -> None:
    asked: list[bool] = []
    view.load_again_requested.connect(lambda: asked.append(True))
    models = page("models")
    assert isinstance(models, ModelsPage)
    models.load_again.click()
    view.set_loaded(False)
    models.load_again.click()
    assert asked == [True]
    assert models.load_again.toolTip() == "No model is loaded"


def test_a_switch_holds_at_once(page: Shown, settings: SettingsService) -> None:
    switch = page("generation").rows["inhibit_sleep"].findChild(Switch)
    assert switch is not None
    assert switch.isChecked()
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert not settings.get(INHIBIT_SLEEP)


def test_a_page_goes_back_as_a_whole_and_leaves_others_alone(page: Shown, settings: SettingsService) -> None:
    generation = page("generation")
    assert generation.reset_button.isHidden()
    settings.set(TEMPERATURE, 0.5)
    settings.set(INHIBIT_SLEEP, False)
    settings.set(THREADS, 3)
    assert generation.reset_button.isVisible()
    generation.reset_button.click()
    assert settings.get(TEMPERATURE) == -1
    assert settings.get(INHIBIT_SLEEP)
    assert settings.get(THREADS) == 3
    assert generation.reset_button.isHidden()


def test_the_system_prompt_is_kept_and_counted(page: Shown, settings: SettingsService) -> None:
    prompt = page("system_prompt")
    assert isinstance(prompt, SystemPromptPage)
    assert prompt.count.text() == "0 characters"
    prompt.area.setFocus()
    QTest.keyClicks(prompt.area, "Be brief.")
    assert settings.get(SYSTEM_PROMPT) == "Be brief."
    assert prompt.count.text() == "9 characters"
    prompt.rows["system_prompt"].reset_button.click()
    assert settings.get(SYSTEM_PROMPT) == ""
    prompt.area.undo()
    assert settings.get(SYSTEM_PROMPT) == "Be brief."


def test_the_field_of_the_prompt_takes_the_height_that_there_is(page: Shown, view: SettingsView) -> None:
    prompt = page("system_prompt")
    assert isinstance(prompt, SystemPromptPage)
    QTest.qWait(20)
    tall = prompt.area.height()
    view.pages.window().resize(1280, 480)
    QTest.qWait(20)
    assert prompt.area.height() < tall
    assert prompt.count.mapTo(prompt, prompt.count.rect().topLeft()).y() < prompt.height()


def test_a_prompt_that_is_too_long_is_said_and_the_last_good_one_kept(
    page: Shown, settings: SettingsService
) -> None:
    prompt = page("system_prompt")
    assert isinstance(prompt, SystemPromptPage)
    prompt.area.setPlainText("Be brief.")
    prompt.area.setPlainText("x" * (SYSTEM_PROMPT.longest + 1))
    assert settings.get(SYSTEM_PROMPT) == "Be brief."
    assert "more than 100,000 characters" in prompt.rows["system_prompt"].problem.text
    prompt.area.setPlainText("Be kind.")
    assert settings.get(SYSTEM_PROMPT) == "Be kind."
    assert prompt.rows["system_prompt"].problem.text == ""


def test_the_column_stays_where_it_is_when_a_page_begins_to_scroll(page: Shown, view: SettingsView) -> None:
    def middle(shown: SettingsPage) -> int:
        row = next(iter(shown.rows.values()))
        return row.mapTo(view.pages, row.rect().center()).x()

    still = page("appearance")
    QTest.qWait(20)
    scrolls = page("shortcuts")
    QTest.qWait(20)
    assert scrolls.verticalScrollBar().maximum() > 0
    assert still.verticalScrollBar().maximum() == 0
    assert abs(middle(still) - middle(scrolls)) <= 1


@pytest.mark.parametrize("section", ["appearance", "generation", "models", "backups", "privacy", "about"])
def test_nothing_is_cut_in_the_smallest_window(page: Shown, view: SettingsView, section: str) -> None:
    view.rail.hide()
    view.pages.window().resize(640, 480)
    shown = page(section)
    content = shown.widget()
    assert content is not None

    def needed() -> int:
        return max(shown.viewport().height(), content.heightForWidth(content.width()))

    QTest.qWait(30)
    wait_until(lambda: content.height() == needed(), "the page to fit")
    assert content.width() <= shown.viewport().width()
    for row in shown.rows.values():
        assert row.about.isHidden() or row.about.height() >= row.about.heightForWidth(row.about.width())


def test_on_a_narrow_page_the_edge_of_the_text_is_the_same_on_all(page: Shown, view: SettingsView) -> None:
    view.rail.hide()
    view.pages.window().resize(640, 420)
    starts = set()
    for section in ("appearance", "generation", "about"):
        shown = page(section)
        QApplication.processEvents()
        row = next(iter(shown.rows.values()))
        starts.add(row.mapTo(view.pages, QPoint(0, 0)).x())
    assert starts == {Space.PAGE}
