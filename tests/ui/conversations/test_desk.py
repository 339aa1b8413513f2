"""What a person does with conversations in the window: from the list, the header, the menu and the keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from app.chat.conversation import Statistics
from app.protocol.engine import Delta, Finished
from app.services.conversations.chat_service import ChatService
from app.ui.main_window import MainWindow
from tests.doubles.services import PlayedEngine, PlayedStore, Services
from tests.waiting import wait_until


class Person:
    """Asks and walks about in the window; ends replies as the engine would."""

    def __init__(self, window: MainWindow, services: Services, engine: PlayedEngine) -> None:
        self.window = window
        self.services = services
        self.chat: ChatService = services.chat
        self.engine = engine
        engine.be_ready()

    def settle(self) -> None:
        """Lets happen what was put off."""
        for _ in range(5):
            QApplication.processEvents()

    def ask(self, text: str, *, ends: bool = True) -> str:
        """Asks in the open conversation; its id."""
        self.chat.send(text)
        job = self.services.replies.job_in(self.chat.conversation.id)
        assert job is not None
        if ends:
            self.services.replies.stop_all_of(self.chat.conversation.id)
        self.settle()
        return self.chat.conversation.id

    def begin(self, text: str, *, ends: bool = True) -> str:
        """Asks in a new conversation; its id."""
        self.window.desk.begin()
        return self.ask(text, ends=ends)

    def titles(self) -> list[str]:
        """What the list says, headings and all."""
        model = self.window.sidebar.model
        return [str(model.index(row).data()) for row in range(model.rowCount())]

    def press(self, key: Qt.Key, *, control: bool = False, shift: bool = False) -> None:
        """Presses keys where the focus is."""
        held = Qt.KeyboardModifier.NoModifier
        held |= Qt.KeyboardModifier.ControlModifier if control else held
        held |= Qt.KeyboardModifier.ShiftModifier if shift else held
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key, held)
        self.settle()


@pytest.fixture
def person(window: MainWindow, services: Services, engine: PlayedEngine) -> Person:
    return Person(window, services, engine)


def test_a_question_puts_its_conversation_into_the_list_and_its_title_into_the_header(person: Person) -> None:
    assert person.window.sidebar.empty.isVisible()
    person.ask("Letter to the landlord")
    assert person.titles() == ["Today", "Letter to the landlord"]
    assert person.window.header.title.text() == "Letter to the landlord"
    assert [index.data() for index in person.window.sidebar.view.selectedIndexes()] == [
        "Letter to the landlord"
    ]
    assert not person.window.sidebar.empty.isVisible()


def test_a_row_opens_its_conversation_with_the_cursor_in_the_composer(person: Person) -> None:
    first = person.ask("The first")
    person.begin("The second")
    person.window.sidebar.view.setFocus()
    person.window.sidebar.view.opened.emit(first)
    person.settle()
    assert person.chat.conversation.id == first
    assert person.window.header.title.text() == "The first"
    assert person.window.page.composer.editor.hasFocus()


def test_each_conversation_keeps_its_draft(person: Person) -> None:
    first = person.ask("The first")
    second = person.begin("The second")
    editor = person.window.page.composer.editor
    QTest.keyClicks(editor, "half a sentence")
    person.window.desk.open(first)
    assert editor.text == ""
    person.window.desk.open(second)
    assert editor.text == "half a sentence"


def test_a_new_conversation_by_keys_and_by_the_button(person: Person) -> None:
    first = person.ask("The first")
    person.press(Qt.Key.Key_N, control=True)
    assert person.chat.conversation.id != first
    person.ask("The second")
    person.window.sidebar.new_button.click()
    person.settle()
    assert person.window.header.title.text() == "New conversation"
    assert person.window.sidebar.view.selectedIndexes() == []
    assert person.window.page.composer.editor.hasFocus()


def test_a_temporary_one_is_marked_and_never_stored(person: Person, services: Services) -> None:
    person.press(Qt.Key.Key_N, control=True, shift=True)
    person.ask("A secret")
    assert person.titles() == ["Temporary", "A secret"]
    assert person.window.header.temporary.isVisible()
    store = services.store
    assert isinstance(store, PlayedStore)
    assert store.real.summaries() == ()
    person.begin("Not one")
    assert not person.window.header.temporary.isVisible()


def test_next_and_previous(person: Person) -> None:
    first, second = person.ask("The first"), person.begin("The second")
    person.press(Qt.Key.Key_Tab, control=True)
    assert person.chat.conversation.id == first
    person.press(Qt.Key.Key_Tab, control=True)
    assert person.chat.conversation.id == first, "nothing comes after the last one"
    person.press(Qt.Key.Key_Tab, control=True, shift=True)
    assert person.chat.conversation.id == second


def test_deleting_the_open_one_opens_its_neighbour_and_undo_brings_it_back(person: Person) -> None:
    first, second = person.ask("The first"), person.begin("The second")
    person.window.sidebar.delete_requested.emit(second)
    person.settle()
    assert person.chat.conversation.id == first
    assert person.titles() == ["Today", "The first"]
    toast = person.window.page.toast
    assert (toast.isVisible(), toast.text) == (True, "Conversation deleted")
    person.press(Qt.Key.Key_Z, control=True)
    assert person.titles() == ["Today", "The second", "The first"]
    assert person.chat.conversation.id == second
    assert not toast.isVisible()


def test_deleting_another_one_leaves_what_is_open(person: Person) -> None:
    first, second = person.ask("The first"), person.begin("The second")
    person.window.sidebar.view.setFocus()
    person.window.sidebar.delete_requested.emit(first)
    person.settle()
    assert person.chat.conversation.id == second
    assert person.window.sidebar.view.hasFocus(), "who walks through the list stays in it"
    person.window.desk.undo_delete()
    assert person.chat.conversation.id == second
    assert len(person.titles()) == 3


def test_deleting_the_only_one_leaves_an_empty_one(person: Person) -> None:
    person.ask("The only one")
    person.press(Qt.Key.Key_Delete, control=True, shift=True)
    assert person.titles() == []
    assert person.window.header.title.text() == "New conversation"


def test_deleting_stops_the_reply(person: Person, engine: PlayedEngine) -> None:
    conversation = person.ask("Go on", ends=False)
    person.window.desk.delete(conversation)
    person.settle()
    assert engine.stopped == [engine.requests[0].reply_id]
    assert person.services.replies.running is None


def test_undo_in_the_composer_is_the_composers(person: Person) -> None:
    person.ask("The first")
    second = person.begin("The second")
    editor = person.window.page.composer.editor
    person.window.desk.delete(second)
    QTest.keyClicks(editor, "words")
    person.press(Qt.Key.Key_Z, control=True)
    assert person.titles() == ["Today", "The first"]


def test_renaming_in_the_header_by_f2(person: Person) -> None:
    conversation = person.ask("The first")
    person.press(Qt.Key.Key_F2)
    field = person.window.header.field
    assert isinstance(field, QLineEdit)
    assert (field.text(), field.hasFocus()) == ("The first", True)
    QTest.keyClicks(field, "Another")
    person.press(Qt.Key.Key_Return)
    assert person.window.header.title.text() == "Another"
    assert person.titles() == ["Today", "Another"]
    summary = person.services.conversations.summaries[0]
    assert (summary.id, summary.title) == (conversation, "Another")


def test_escape_gives_up_renaming_in_the_header_and_stops_nothing(
    person: Person, engine: PlayedEngine
) -> None:
    person.ask("The first", ends=False)
    person.press(Qt.Key.Key_F2)
    field = person.window.header.field
    assert field is not None
    QTest.keyClicks(field, "Another")
    person.press(Qt.Key.Key_Escape)
    assert person.window.header.title.text() == "The first"
    assert engine.stopped == []


def test_an_empty_conversation_can_be_neither_renamed_nor_deleted_nor_exported(person: Person) -> None:
    asked = QSignalSpy(person.window.export_requested)
    person.press(Qt.Key.Key_F2)
    assert person.window.header.field is None
    person.window.desk.delete_open()
    assert not person.window.page.toast.isVisible()
    person.window.desk.export_open()
    assert asked.count() == 0
    assert not person.window.header.export_button.isEnabled()


def test_exports_are_asked_for_by_id(person: Person) -> None:
    exported, copied = QSignalSpy(person.window.export_requested), QSignalSpy(person.window.copy_requested)
    conversation = person.ask("The first")
    person.window.header.export_button.click()
    person.window.sidebar.export_requested.emit("other")
    person.press(Qt.Key.Key_C, control=True, shift=True)
    assert [exported.at(n)[0] for n in range(exported.count())] == [conversation, "other"]
    assert [copied.at(n)[0] for n in range(copied.count())] == [conversation]


def test_one_answers_while_another_is_read_and_a_third_waits(person: Person) -> None:
    first = person.ask("The first", ends=False)
    second = person.begin("The second", ends=False)
    model = person.window.sidebar.model
    assert [model.state(one) for one in (first, second)] == ["answering", "queued"]
    assert "Answering in “The first”" in person.window.status_line.text
    person.window.status_line.elsewhere.click()
    person.settle()
    assert person.chat.conversation.id == first
    assert "Answering in" not in person.window.status_line.text
    person.services.replies.stop_all_of(first)
    wait_until(lambda: model.state(second) == "answering", "the turn of the second")
    assert model.state(first) == ""


def test_switching_the_model_while_a_reply_runs_asks_once(person: Person, engine: PlayedEngine) -> None:
    person.ask("Go on", ends=False)
    person.window.model_bar.demo_requested.emit()
    dialog = person.window.switch.dialog
    assert dialog is not None
    assert dialog.isVisible()
    assert engine.loaded == []
    keep, switch = dialog.buttons
    assert (switch.text(), keep.text()) == ("Switch and stop the reply", "Keep it")
    keep.click()
    assert engine.loaded == []
    person.window.model_bar.unload_requested.emit()
    dialog = person.window.switch.dialog
    assert dialog is not None
    dialog.buttons[1].click()
    assert engine.unloads == 1


def test_the_question_goes_when_the_reply_has_ended_by_itself(person: Person) -> None:
    conversation = person.ask("Go on", ends=False)
    person.window.model_bar.unload_requested.emit()
    person.services.replies.stop_all_of(conversation)
    assert person.window.switch.dialog is None


def test_the_menu_of_the_window_has_what_the_keys_do(person: Person) -> None:
    person.ask("The first")
    person.window.header.more_button.click()
    menus = [menu for menu in QApplication.topLevelWidgets() if isinstance(menu, QMenu) and menu.isVisible()]
    texts = [action.text().split("\t")[0] for action in menus[0].actions() if action.text()]
    assert texts == [
        *("New conversation", "New temporary conversation", "Rename", "Export…"),
        *("Copy as Markdown", "Delete", "Theme", "Settings"),
    ]
    menus[0].hide()


def test_the_search_is_reached_by_keys_and_cleared_by_escape(person: Person) -> None:
    person.ask("Crème brûlée")
    person.begin("Letter")
    person.press(Qt.Key.Key_K, control=True)
    search = person.window.sidebar.search
    assert search.hasFocus()
    QTest.keyClicks(search, "creme")
    assert person.titles() == ["Today", "Crème brûlée"]
    QTest.keyClicks(search, "x")
    assert "No conversation is called “cremex”" in person.window.sidebar.empty.plain_text
    person.press(Qt.Key.Key_Escape)
    assert len(person.titles()) == 3
    QTest.keyClicks(search, "creme")
    person.press(Qt.Key.Key_Return)
    assert person.window.header.title.text() == "Crème brûlée"


def test_in_a_narrow_window_the_list_slides_over_and_goes_with_the_choice(person: Person) -> None:
    first = person.ask("The first")
    person.begin("The second")
    person.window.resize(800, 600)
    person.settle()
    over = [person.window.frame.over]
    person.window.header.list_button.click()
    over.append(person.window.frame.over)
    assert person.window.sidebar.view.hasFocus()
    person.press(Qt.Key.Key_Escape)
    over.append(person.window.frame.over)
    person.press(Qt.Key.Key_B, control=True)
    over.append(person.window.frame.over)
    person.window.sidebar.view.opened.emit(first)
    person.settle()
    over.append(person.window.frame.over)
    assert over == [False, True, False, True, False]
    assert person.window.page.composer.editor.hasFocus()


def test_tab_goes_from_the_search_into_the_list_and_on(person: Person) -> None:
    person.ask("The first")
    person.window.sidebar.focus_search()
    names = []
    for _ in range(3):
        person.press(Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        names.append(focused.accessibleName())
    assert names == ["Conversations", "Settings", "Model"]


def test_an_empty_conversation_says_that_nothing_can_be_exported_or_copied(person: Person) -> None:
    person.window.actions_by_name.acts["export"]()
    assert person.window.page.toast.text == "There is nothing to export yet."
    person.window.actions_by_name.acts["copy_markdown"]()
    assert person.window.page.toast.text == "There is nothing to copy yet."


def test_a_reply_that_ends_out_of_sight_is_told_once(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    for place in ("app.ui.conversations.states", "app.ui.transcript.view"):
        monkeypatch.setattr(f"{place}.announce", lambda _widget, text: said.append(text))
    person.ask("Letter", ends=False)
    person.window.desk.begin()
    person.settle()
    _end_running(person)
    assert len(said) == 1
    assert said[0].startswith("In “Letter”: ")
    assert said[0].endswith(" has answered")
    person.ask("And in sight?", ends=False)
    wait_until(lambda: person.services.replies.running is not None, "its turn")
    _end_running(person)
    assert len(said) == 2
    assert not said[1].startswith("In ")


def _end_running(person: Person) -> None:
    job = person.services.replies.running
    assert job is not None
    person.engine.delta.emit(Delta(job.reply_id, "answer", "model", "Yes.", 1))
    statistics = Statistics(10, 0, 0, 2, 0.0, 0.1, 20.0, 0.1)
    person.engine.finished.emit(Finished(job.reply_id, "end", statistics))
    person.settle()
