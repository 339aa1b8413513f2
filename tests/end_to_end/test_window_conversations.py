"""The real window on a real store: what was written is there the next time, in its place."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication

from app.application import Application
from app.paths import Paths, demo_model
from app.settings import WELCOMED, Settings
from tests.waiting import wait_until

Start = Callable[[], Application]


@pytest.fixture
def start(qt_app: QApplication, tmp_path: Path) -> Iterator[Start]:
    """Starts the app on one data folder, as often as a test wants; each is ended by the test or after it."""
    paths = Paths.under(tmp_path / "data")
    paths.prepare()
    settings = Settings(paths.data / "settings.json")
    settings.set(WELCOMED, True)
    settings.save()
    running: list[Application] = []

    def begin() -> Application:
        made = Application(paths)
        running.append(made)
        made.open(None)
        wait_until(lambda: made.engine.state.phase == "ready", "the demo model")
        return made

    yield begin
    for application in running:
        _end(application)


def _end(application: Application) -> None:
    application.close()
    application.window.deleteLater()


def _ask(application: Application, text: str) -> str:
    application.window.page.composer.send_requested.emit(text)
    wait_until(lambda: application.chat.answering is None, "the reply")
    return application.chat.conversation.id


def test_the_last_conversation_is_open_the_next_time_with_its_draft(start: Start) -> None:
    first = start()
    _ask(first, "12+35=")
    first.window.desk.begin()
    conversation = _ask(first, "Sort 9, 2, 5")
    first.window.page.composer.editor.setPlainText("And now")
    first.close()
    second = start()
    wait_until(lambda: second.chat.conversation.id == conversation, "the last conversation")
    assert second.window.header.title.text() == "Sort 9, 2, 5"
    assert second.window.page.composer.editor.text == "And now"
    wait_until(lambda: second.window.sidebar.model.conversations == 2, "the list")
    assert second.chat.conversation.branch()[-1].answer


def test_a_temporary_conversation_is_gone_the_next_time(start: Start) -> None:
    first = start()
    first.window.desk.begin_temporary()
    _ask(first, "12+35=")
    first.close()
    second = start()
    list_read: list[bool] = []
    second.store.run(lambda store: store.summaries(), lambda rows: list_read.append(bool(rows)))
    wait_until(lambda: bool(list_read), "the list")
    assert list_read == [False]
    assert second.conversations.summaries == ()
    stored = [path for path in second.paths.data.rglob("*") if path.is_file()]
    assert all(b"12+35=" not in path.read_bytes() for path in stored)


def test_what_was_deleted_stays_deleted_and_what_was_brought_back_is_there(start: Start) -> None:
    first = start()
    gone = _ask(first, "12+35=")
    first.window.desk.begin()
    back = _ask(first, "Sort 9, 2, 5")
    first.window.desk.delete(gone)
    first.window.desk.delete(back)
    first.window.desk.undo_delete()
    first.close()
    second = start()
    wait_until(lambda: second.window.sidebar.model.conversations == 1, "the list")
    assert [summary.id for summary in second.conversations.summaries] == [back]


def test_a_running_reply_is_stopped_and_kept_when_the_window_closes(start: Start) -> None:
    first = start()
    first.window.page.composer.send_requested.emit("Sort 9, 2, 5, 7, 1")
    wait_until(lambda: first.chat.conversation.branch()[-1].segments != (), "the first words")
    first.close()
    second = start()
    wait_until(lambda: bool(second.chat.conversation.messages), "the last conversation")
    reply = second.chat.conversation.branch()[-1]
    assert reply.segments
    assert reply.state in ("finished", "interrupted")


def test_a_reply_whose_model_is_switched_says_so_now_and_the_next_time(start: Start, tmp_path: Path) -> None:
    first = start()
    first.window.page.composer.send_requested.emit("Sort 9, 2, 5, 7, 1")
    wait_until(lambda: first.chat.conversation.branch()[-1].segments != (), "the first words")
    other = tmp_path / "other.gguf"
    other.symlink_to(demo_model())
    first.engine.load(other)
    wait_until(lambda: first.engine.state.phase == "ready", "the other model")
    assert _ending(first) == "Stopped while thinking, when the model was switched"
    first.close()
    second = start()
    wait_until(lambda: bool(second.chat.conversation.messages), "the last conversation")
    assert _ending(second) == "Stopped while thinking, when the model was switched"


def _ending(application: Application) -> str:
    """What the last reply says of its end."""
    transcript = application.window.page.transcript
    return transcript.stage.document.items[-1].ending


def test_the_first_start_shows_the_first_page_and_the_second_does_not(
    qt_app: QApplication, tmp_path: Path
) -> None:
    paths = Paths.under(tmp_path / "data")
    paths.prepare()
    first = Application(paths)
    first.open(None)
    page = first.pages.first_run
    assert page is not None
    wait_until(lambda: first.engine.state.phase == "ready", "the demo model")
    page.demo_requested.emit()
    _ask(first, "12+35=")
    _end(first)
    second = Application(paths)
    second.open(None)
    assert second.pages.first_run is None
    wait_until(lambda: second.window.sidebar.model.conversations == 1, "the list")
    _end(second)


def test_a_damaged_file_is_told_with_what_was_saved_of_it(start: Start) -> None:
    first = start()
    _ask(first, "12+35=")
    first.close()
    file = first.paths.data / "conversations.db"
    held = bytearray(file.read_bytes())
    held[100:1100] = b"\xff" * 1000
    file.write_bytes(held)
    second = start()
    banners = second.window.page.notices.banners
    wait_until(lambda: "store_repaired" in second.window.page.notices.banners, "what became of it")
    assert "damaged" in second.window.page.notices.banners["store_repaired"].text, banners
    assert list(first.paths.data.glob("conversations.db.damaged-*"))


def test_a_file_that_is_gone_is_told_where_backups_of_it_are(start: Start, tmp_path: Path) -> None:
    first = start()
    _ask(first, "12+35=")
    made: list[object] = []
    first.store.back_up_now(made.append)
    wait_until(lambda: bool(made), "the backup")
    first.close()
    for path in (tmp_path / "data").glob("conversations.db*"):
        if path.is_file():
            path.unlink()
    second = start()
    banner = second.window.page.notices.banners["store_missing"]
    assert "a new one was begun" in banner.text
    assert isinstance(banner.button, QAbstractButton)
    banner.button.click()
    view = second.pages.settings_view
    assert view is not None
    assert view.pages.isVisible()
    assert "store_missing" not in second.window.page.notices.banners
