"""Every page and state of the window, by name, and how each is brought about."""

from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.chat.conversation import Statistics
from app.errors import AppError, EngineError
from app.paths import demo_model
from app.protocol.engine import Finished
from app.services.conversations.chat_service import ContextUse
from app.services.machine_report import MachineReport
from app.services.models.engine_service import EngineState
from app.services.words.messages import explain
from app.settings import MAX_TOKENS, SEED, TEMPERATURE
from app.ui.already_open import message_box
from app.ui.notices import Action
from app.ui.settings.backups import BackupsPage
from app.ui.settings.catalogue import sections
from app.ui.settings.keys import KeysPage
from tests.doubles import sample_conversations as sample
from tests.doubles.services import EFFORTS, capabilities
from tests.pictures.asking_scenes import ASKING
from tests.pictures.studio import Scene, Studio

_PREFIX: Final = f"{sample.OPEN}-"
_MACHINE: Final = MachineReport(
    "AMD Ryzen 7 5800X", 8, 34_200_000_000, 21_500_000_000, "RTX 3070", 8_589_934_592, 310 * 10**9, 10**12
)


def _loading(studio: Studio) -> None:
    studio.engine.become(EngineState("loading", "Qwen3-8B-Q4_K_M.gguf", sample.MODEL, 0.46))


def _demo(studio: Studio) -> None:
    studio.engine.be_ready(capabilities("demo", context=2048), str(demo_model()))


def _top(studio: Studio) -> None:
    studio.open()
    studio.window.page.transcript.verticalScrollBar().setValue(0)


def _thinking(studio: Studio) -> None:
    studio.be_ready()
    reply = studio.ask(sample.OPEN, "And with a third espresso at 17:00?")
    studio.write(reply, sample.THINKING, thinking=True)


def _answering(studio: Studio) -> None:
    _thinking(studio)
    studio.write(studio.services.chat.answering or "", sample.ANSWER)


def _elsewhere(studio: Studio) -> None:
    studio.be_ready()
    reply = studio.ask(sample.ANSWERED, "And what does it do with phony targets?")
    studio.write(
        reply, "It runs them each time.\nThat is what they are for.\nNothing is asked of the disk.\n"
    )
    studio.ask(sample.QUEUED, "Shorter.")
    studio.open()


def _queued(studio: Studio) -> None:
    _elsewhere(studio)
    studio.window.desk.open(sample.QUEUED)


def _editing(studio: Studio) -> None:
    studio.open()
    studio.window.page.transcript.edit_requested.emit(f"{_PREFIX}q1")


def _temporary(studio: Studio) -> None:
    studio.open()
    studio.window.desk.begin_temporary()


def _temporary_asked(studio: Studio) -> None:
    _temporary(studio)
    assert studio.services.chat.send("Write a short poem that nobody keeps.")
    studio.write(studio.services.chat.answering or "", "A line on water\nis a line all the same.")


def _left_out(studio: Studio) -> None:
    _top(studio)
    left = (f"{_PREFIX}q0", f"{_PREFIX}a0")
    studio.services.chat.context_changed.emit(ContextUse(7900, 8192, left))
    studio.window.page.transcript.verticalScrollBar().setValue(0)


def _too_long(studio: Studio) -> None:
    studio.open()
    studio.window.page.composer.editor.setPlainText("And if I had a third one?\nAt 17:00, say.\n" * 6)
    studio.services.chat.context_changed.emit(ContextUse(9300, 8192, (), fits=False))


def _toast(studio: Studio) -> None:
    studio.open()
    studio.window.desk.delete(sample.ANSWERED)


def _banners(studio: Studio) -> None:
    studio.open()
    notices = studio.window.page.notices
    notices.show_error(EngineError("engine_crashed"), Action("Start it again", lambda: None))
    notices.show_notice("device_failed")
    studio.window.storage.show_failure(AppError("disk_full"))
    studio.settle()


def _banner_after_toast(studio: Studio) -> None:
    _toast(studio)
    _banners(studio)


def _renamed_in_header(studio: Studio) -> None:
    studio.open()
    studio.window.desk.begin_rename()


def _renamed_in_list(studio: Studio) -> None:
    studio.open()
    studio.window.frame.toggle_side() if studio.window.frame.narrow else None
    studio.window.sidebar.rename(sample.ANSWERED)


def _found(studio: Studio) -> None:
    studio.open()
    studio.window.sidebar.search.setText("ca")


def _not_found(studio: Studio) -> None:
    studio.open()
    studio.window.sidebar.search.setText("quokka")


def _over(studio: Studio) -> None:
    studio.open()
    studio.window.frame.open_over()


def _focused(studio: Studio) -> None:
    studio.open()
    studio.window.activateWindow()
    studio.window.page.composer.editor.setFocus()
    QTest.keyClick(studio.window.page.composer.editor, Qt.Key.Key_Tab)


def _hard(studio: Studio) -> None:
    studio.open("hard2")


def _hard_word(studio: Studio) -> None:
    studio.open("hard3")


def _row_menu(studio: Studio) -> QWidget | None:
    studio.open()
    studio.window.sidebar.view.menu_requested.emit(sample.ANSWERED, QPoint(100, 200))
    return QApplication.activePopupWidget()


def _window_menu(studio: Studio) -> QWidget | None:
    studio.open()
    studio.window.header.more_button.click()
    return QApplication.activePopupWidget()


def _model_menu(studio: Studio) -> QWidget | None:
    studio.open()
    studio.window.model_bar.model.opened.emit()
    return studio.window.model_bar.menu


def _thinking_menu(studio: Studio) -> QWidget | None:
    studio.open()
    studio.be_ready(EFFORTS)
    studio.window.model_bar.thinking.opened.emit()
    return studio.window.model_bar.menu


def _first_run(studio: Studio) -> None:
    studio.pages.show_first_run()
    studio.settle(600)
    page = studio.pages.first_run
    assert page is not None
    page.show_machine(_MACHINE)


def _settings(section: str) -> Scene:
    def show(studio: Studio) -> None:
        studio.view(section)

    return show


def _backups(studio: Studio) -> None:
    studio.store.back_up_now()
    studio.settle(300)
    studio.view("backups")


def _restore(studio: Studio) -> QWidget | None:
    _backups(studio)
    view = studio.pages.settings_view
    page = view.page("backups") if view is not None else None
    assert isinstance(page, BackupsPage)
    button = page.backups[0].button
    assert button is not None
    button.click()
    return page.dialog


def _switch(studio: Studio) -> QWidget | None:
    _elsewhere(studio)
    studio.window.switch.to_another("Gemma 3 12B", lambda: None)
    return studio.window.switch.dialog


def _settings_found(text: str) -> Scene:
    def show(studio: Studio) -> None:
        view = studio.view("appearance")
        if studio.window.frame.narrow:
            studio.window.frame.open_over()
        view.rail.search.setText(text)

    return show


def _settings_hit(studio: Studio) -> None:
    studio.view("appearance").show_setting("secure_delete")


def _own_number(studio: Studio) -> None:
    studio.settings.set(TEMPERATURE, 0.7)
    studio.settings.set(SEED, 42)
    studio.settings.set(MAX_TOKENS, 2048)
    studio.view("generation")


def _capture(studio: Studio) -> None:
    page = studio.view("shortcuts").page("shortcuts")
    assert isinstance(page, KeysPage)
    page.field("rename").set_capturing(True)


def _conflict(studio: Studio) -> None:
    page = studio.view("shortcuts").page("shortcuts")
    assert isinstance(page, KeysPage)
    field = page.field("new_temporary")
    field.set_capturing(True)
    QTest.keyClick(field, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)


def _export(studio: Studio) -> QWidget | None:
    studio.open()
    studio.window.desk.export_open()
    studio.settle(300)
    return studio.exchange.dialog


def _export_all(studio: Studio) -> QWidget | None:
    studio.open()
    studio.exchange.export_all()
    studio.settle(300)
    return studio.exchange.dialog


def _versions(studio: Studio) -> None:
    studio.open()
    studio.services.chat.regenerate(f"{_PREFIX}a1")
    reply = studio.services.chat.answering or ""
    studio.write(reply, sample.ANSWER)
    studio.engine.finished.emit(Finished(reply, "end", Statistics(40, 0, 0, 120, 0.0, 4.0, 30.0, 0.4)))


def _closing(studio: Studio) -> QWidget | None:
    studio.open()
    studio.store.error = AppError("disk_full")
    assert studio.services.chat.send("What is still there at 01:00?")
    studio.settle()
    studio.window.close()
    studio.settle(2000)
    studio.store.error = None
    return studio.window.closing.dialog


def _already_open(studio: Studio) -> QWidget | None:
    words = explain(AppError("already_open", path="/home/you/.local/share/soliloquy"))
    box = message_box(studio.theme, words)
    box.open()
    return box


NEW: Final[dict[str, Scene]] = {
    "first-run": _first_run,
    "empty": lambda _studio: None,
    "loading": _loading,
    "demo": _demo,
    "ready": lambda studio: studio.be_ready(),
}
SCENES: Final[dict[str, Scene]] = {
    "full": lambda studio: studio.open(),
    "top": _top,
    "thinking": _thinking,
    "answering": _answering,
    "elsewhere": _elsewhere,
    "queued": _queued,
    "editing": _editing,
    "temporary": _temporary,
    "temporary-asked": _temporary_asked,
    "left-out": _left_out,
    "too-long": _too_long,
    "toast": _toast,
    "banners": _banners,
    "banner-after-toast": _banner_after_toast,
    "rename-header": _renamed_in_header,
    "rename-list": _renamed_in_list,
    "found": _found,
    "not-found": _not_found,
    "over": _over,
    "focus": _focused,
    "hard": _hard,
    "hard-word": _hard_word,
    "row-menu": _row_menu,
    "window-menu": _window_menu,
    "model-menu": _model_menu,
    "thinking-menu": _thinking_menu,
    **ASKING,
    "switch": _switch,
    "restore": _restore,
    "versions": _versions,
    "closing": _closing,
    "export": _export,
    "export-all": _export_all,
    "already-open": _already_open,
    **{f"settings-{section.name}": _settings(section.name) for section in sections()},
    "settings-backups": _backups,
    "settings-found": _settings_found("text"),
    "settings-not-found": _settings_found("quokka"),
    "settings-hit": _settings_hit,
    "settings-own-number": _own_number,
    "settings-capture": _capture,
    "settings-conflict": _conflict,
}
