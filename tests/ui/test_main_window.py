"""The window joins the frame to the engine: loading, dropping, notices, shortcuts, sizes."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.chat.options import Choices
from app.errors import AppError, EngineError, ModelFileError, PromptError
from app.services.conversations.chat_service import ChatService
from app.services.models.engine_service import EngineState
from app.services.settings_service import SettingsService
from app.settings import TEXT_SIZE
from app.ui.controls.buttons import Button
from app.ui.main_window import MainWindow
from app.ui.theme import Space, Theme
from tests.doubles.services import EFFORTS, SWITCHABLE, PlayedEngine, capabilities
from tests.ui.conftest import DEMO


def _drag(window: MainWindow, *names: str) -> tuple[bool, bool]:
    """Drags files over the window and drops them; whether it took either."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(name) for name in names])
    left, none, copy = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    at = QPointF(300, 300)
    enter = QDragEnterEvent(at.toPoint(), copy, mime, left, none)
    enter.setAccepted(False)
    QApplication.sendEvent(window, enter)
    drop = QDropEvent(at, copy, mime, left, none)
    drop.setAccepted(False)
    QApplication.sendEvent(window, drop)
    return enter.isAccepted(), drop.isAccepted()


def _press(window: MainWindow, key: Qt.Key, control: bool = True) -> None:
    held = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(window.page.composer.editor, key, held)


def test_a_dropped_model_is_loaded_wherever_it_falls(window: MainWindow, engine: PlayedEngine) -> None:
    assert _drag(window, "/m/q.gguf") == (True, True)
    assert engine.loaded == [(Path("/m/q.gguf"), "")]


def test_what_is_no_model_is_refused_in_words(
    window: MainWindow, engine: PlayedEngine, tmp_path: Path
) -> None:
    assert _drag(window, "/m/q.txt") == (True, True)
    assert "is not a GGUF model" in window.page.notices.banners["not_gguf"].text
    assert _drag(window, str(tmp_path)) == (True, True)
    assert "is a folder" in window.page.notices.banners["file_is_folder"].text
    assert _drag(window, "/m/a.gguf", "/m/b.gguf") == (False, False)
    assert engine.loaded == []


def test_the_composer_has_the_cursor_from_the_start(window: MainWindow) -> None:
    assert window.page.composer.editor.hasFocus()
    assert not window.ring.isVisible()


def test_loading_is_told_in_the_page_and_can_be_cancelled(window: MainWindow, engine: PlayedEngine) -> None:
    engine.become(EngineState("loading", "/m/q.gguf", "Qwen3 8B", 0.46))
    assert window.page.dock.loading.text == "Loading Qwen3 8B, 46\N{NO-BREAK SPACE}%"
    window.page.dock.loading.cancel_requested.emit()
    assert engine.unloads == 1
    assert window.page.dock.loading.isHidden()


def test_the_demo_model_has_the_name_that_says_what_it_is(window: MainWindow, engine: PlayedEngine) -> None:
    window.model_bar.demo_requested.emit()
    assert engine.loaded[0][0] == DEMO
    assert window.model_bar.model.words.startswith("Demo model (tiny)")


@pytest.mark.parametrize(
    ("error", "verb"),
    [
        (ModelFileError("not_gguf", path="x"), "Choose a file"),
        (EngineError("load_memory"), "Choose a file"),
        (EngineError("engine_crashed"), "Start it again"),
        (EngineError("engine_killed"), "Start it again"),
        (PromptError("context_full", needed=9000, context=8192), ""),
        (EngineError("device_failed"), ""),
        (AppError("never_heard_of"), ""),
    ],
)
def test_each_failure_has_the_one_button_that_may_help(
    window: MainWindow, engine: PlayedEngine, error: AppError, verb: str
) -> None:
    engine.be_ready()
    engine.failed.emit(error)
    button = window.page.notices.banners[error.code].button
    assert (button.text() if isinstance(button, Button) else "") == verb


def test_a_new_conversation_is_offered_only_where_there_is_something_to_leave(
    window: MainWindow, engine: PlayedEngine, chat: ChatService
) -> None:
    engine.be_ready()
    chat.send("Hello")
    engine.failed.emit(PromptError("context_full", needed=9000, context=8192))
    button = window.page.notices.banners["context_full"].button
    assert isinstance(button, Button)
    assert button.text() == "New conversation"
    first = chat.conversation.id
    button.click()
    assert chat.conversation.id != first
    assert window.page.notices.banners == {}


def test_starting_again_loads_the_same_file(window: MainWindow, engine: PlayedEngine) -> None:
    engine.become(EngineState("failed", "/m/q.gguf", "q"))
    engine.failed.emit(EngineError("engine_crashed"))
    QApplication.processEvents()
    QTest.mouseClick(window.page.notices.banners["engine_crashed"].button, Qt.MouseButton.LeftButton)
    assert engine.loaded == [(Path("/m/q.gguf"), "")]
    assert window.page.notices.banners == {}


def test_notices_of_the_engine_are_shown(window: MainWindow, engine: PlayedEngine) -> None:
    engine.notice.emit("template_missing")
    assert "chat template" in window.page.notices.banners["template_missing"].text


def test_a_new_load_takes_old_banners_away(window: MainWindow, engine: PlayedEngine) -> None:
    engine.failed.emit(ModelFileError("not_gguf", path="x"))
    engine.load(Path("/m/q.gguf"))
    assert window.page.notices.banners == {}


def test_a_thinking_choice_reaches_the_next_question(
    window: MainWindow, engine: PlayedEngine, chat: ChatService
) -> None:
    engine.be_ready(capabilities(thinking=EFFORTS))
    window.model_bar.thinking_chosen.emit("high")
    chat.send("Hello")
    assert engine.requests[0].options.thinking == "high"
    assert window.model_bar.thinking.words == "Thinking High"


def test_a_choice_that_the_next_model_does_not_have_waits(
    window: MainWindow, engine: PlayedEngine, chat: ChatService
) -> None:
    chat.choosing.choose(Choices("high"))
    shown = []
    for thinking in (EFFORTS, SWITCHABLE, EFFORTS):
        engine.be_ready(capabilities(thinking=thinking))
        shown.append((chat.choosing.thinking_now, window.model_bar.thinking.words))
    assert shown == [("high", "Thinking High"), ("on", "Thinking On"), ("high", "Thinking High")]


def test_shortcuts(window: MainWindow, engine: PlayedEngine, chat: ChatService) -> None:
    engine.be_ready()
    chat.send("Hello")
    _press(window, Qt.Key.Key_Escape, control=False)
    assert engine.stopped == [engine.requests[0].reply_id]
    first = chat.conversation.id
    _press(window, Qt.Key.Key_N)
    assert chat.conversation.id != first
    window.model_bar.model.setFocus()
    QTest.keyClick(window.model_bar.model, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert window.page.composer.editor.hasFocus()


def test_everything_is_reached_by_tab_in_the_order_of_reading(
    window: MainWindow, engine: PlayedEngine, qt_app: QApplication
) -> None:
    engine.be_ready()
    QTest.keyClicks(window.page.composer.editor, "Hi")
    names: list[str] = []
    while len(names) < 11:
        focused = qt_app.focusWidget()
        assert isinstance(focused, QWidget)
        names.append(focused.accessibleName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
        assert window.ring.isVisible()
    assert names == [
        *("Message", "Sampling", "Send", "New conversation", "Hide the list", "Search conversations"),
        *("Settings", "Model", "Thinking effort", "More", "Transcript"),
    ]
    assert window.page.composer.editor.hasFocus()


def test_the_engines_memory_is_shown_while_it_runs(
    window: MainWindow, engine: PlayedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PlayedEngine, "pid", os.getpid())
    engine.be_ready()
    window.models.show_memory()
    assert "Memory" in window.status_line.text
    engine.unload()
    assert "Memory" not in window.status_line.text


def test_a_change_of_theme_repaints_the_whole_window(window: MainWindow, theme: Theme) -> None:
    theme.set_scheme("dark")
    QApplication.processEvents()
    image = window.grab().toImage()
    header, status = image.pixelColor(400, 20), image.pixelColor(400, window.height() - 10)
    assert header == status == theme.tokens.page


def test_it_never_gets_smaller_than_its_parts_bear(window: MainWindow) -> None:
    window.resize(10, 10)
    assert (window.width(), window.height()) == (640, 480)
    assert window.header.model_bar.geometry().right() <= window.width()


def test_closing_it_leaves_nothing_that_runs(window: MainWindow, engine: PlayedEngine) -> None:
    engine.be_ready()
    assert window.close()


def test_pictures_are_drawn_anew_where_the_screen_has_another_scale(window: MainWindow, theme: Theme) -> None:
    repainted: list[bool] = []
    theme.changed.connect(lambda: repainted.append(True))
    QApplication.sendEvent(window, QEvent(QEvent.Type.DevicePixelRatioChange))
    assert repainted


def test_keys_that_a_person_chose_do_it_and_the_old_ones_no_longer_do(
    window: MainWindow, engine: PlayedEngine, chat: ChatService
) -> None:
    engine.be_ready()
    chat.send("Hello")
    first = chat.conversation.id
    window.shortcuts.set("new_conversation", QKeySequence("Ctrl+Shift+M"))
    _press(window, Qt.Key.Key_N)
    assert chat.conversation.id == first
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(window.page.composer.editor, Qt.Key.Key_M, held)
    assert chat.conversation.id != first


def test_text_size_by_keys(window: MainWindow, settings: SettingsService) -> None:
    sizes = []
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Plus, Qt.Key.Key_0, Qt.Key.Key_Minus):
        _press(window, key)
        sizes.append(settings.get(TEXT_SIZE))
    assert sizes == [110, 125, 100, 92]
    for _ in range(12):
        _press(window, Qt.Key.Key_Minus)
    assert settings.get(TEXT_SIZE) == 85


def test_a_title_stays_in_its_place_while_it_is_typed(window: MainWindow) -> None:
    before = window.header.title.x()
    window.header.begin_rename("Caffeine")
    QApplication.processEvents()
    field = window.header.field
    assert field is not None
    assert field.x() == before - Space.S
    QTest.keyClick(field, Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert window.header.title.x() == before
