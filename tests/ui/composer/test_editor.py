"""The field of the composer: keys, input methods, paste, growth and undo."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QAccessible, QDragEnterEvent, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app.ui.composer.editor import MessageEdit
from app.ui.theme import Theme
from tests.ui.conftest import Show


@pytest.fixture
def editor(theme: Theme, show: Show) -> MessageEdit:
    editor = MessageEdit(theme)
    editor.setFixedWidth(544)
    editor.set_max_height(240)
    show(editor)
    editor.setFocus()
    return editor


@pytest.fixture
def submitted(editor: MessageEdit) -> list[str]:
    texts: list[str] = []
    editor.submitted.connect(lambda: texts.append(editor.text))
    return texts


def _compose(editor: MessageEdit, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    if commit:
        event.setCommitString(commit)
    QApplication.sendEvent(editor, event)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_submits_and_leaves_the_text(editor: MessageEdit, submitted: list[str], key: Qt.Key) -> None:
    QTest.keyClicks(editor, "Hello")
    QTest.keyClick(editor, key)
    assert submitted == ["Hello"]
    assert editor.text == "Hello"


def test_shift_and_enter_break_the_line(editor: MessageEdit, submitted: list[str]) -> None:
    QTest.keyClicks(editor, "one")
    QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(editor, "two")
    assert submitted == []
    assert editor.text == "one\ntwo"


def test_enter_while_an_input_method_composes_submits_nothing(
    editor: MessageEdit, submitted: list[str]
) -> None:
    _compose(editor, "にほん")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert submitted == []
    assert editor.text == ""
    _compose(editor, "", commit="日本")
    assert editor.text == "日本"
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert submitted == ["日本"]


def test_composed_text_is_not_written_until_it_is_decided(editor: MessageEdit) -> None:
    changes: list[str] = []
    editor.changed.connect(lambda: changes.append(editor.text))
    _compose(editor, "にほ")
    _compose(editor, "")
    assert changes == []


def test_it_grows_by_whole_lines_to_its_limit_and_then_scrolls(editor: MessageEdit) -> None:
    assert editor.height() == 24
    for lines in range(2, 11):
        QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        assert editor.height() == 24 * lines
    QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert editor.height() == 240
    assert editor.verticalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAsNeeded
    assert editor.verticalScrollBar().value() == editor.verticalScrollBar().maximum() > 0


def test_it_shrinks_again_and_a_smaller_limit_holds_at_once(editor: MessageEdit) -> None:
    editor.setPlainText("\n".join("abcdefgh"))
    assert editor.height() == 24 * 8
    editor.set_max_height(100)
    assert editor.height() == 96
    editor.take()
    assert editor.height() == 24


@pytest.mark.parametrize("text", ["one\ntwo\nthree", "word " * 60])
def test_text_that_was_set_by_a_machine_has_the_same_lines(editor: MessageEdit, text: str) -> None:
    editor.setPlainText(text)
    assert editor.height() % 24 == 0
    assert editor.height() >= 72
    QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert editor.height() % 24 == 0


def test_taking_the_text_empties_the_field_and_undo_brings_it_back(editor: MessageEdit) -> None:
    QTest.keyClicks(editor, "Do not lose me")
    assert editor.take() == "Do not lose me"
    assert editor.text == ""
    editor.undo()
    assert editor.text == "Do not lose me"


def test_undo_takes_back_what_was_typed(editor: MessageEdit) -> None:
    QTest.keyClicks(editor, "one")
    editor.undo()
    assert editor.text == ""


def test_a_paste_is_plain_text(editor: MessageEdit) -> None:
    mime = QMimeData()
    mime.setHtml("<b>bold</b> <img src='x'> <i>words</i>")
    mime.setText("bold words\r\nnext")
    editor.insertFromMimeData(mime)
    assert editor.text == "bold words\nnext"
    assert "font-weight" not in editor.document().firstBlock().text()
    assert not editor.document().firstBlock().begin().fragment().charFormat().font().bold()


def test_files_are_left_to_the_window(editor: MessageEdit) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/nowhere/model.gguf")])
    mime.setText("file:///nowhere/model.gguf")
    assert not editor.canInsertFromMimeData(mime)
    event = QDragEnterEvent(
        QPoint(5, 5),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    editor.dragEnterEvent(event)
    assert not event.isAccepted()


def test_an_empty_field_says_what_it_is_for_and_a_filled_one_does_not(editor: MessageEdit) -> None:
    empty = editor.grab().toImage()
    editor.set_hint("Write a message")
    hinted = editor.grab().toImage()
    assert hinted != empty
    assert editor.accessibleDescription() == "Write a message"
    _compose(editor, "に")
    composing = editor.grab().toImage()
    _compose(editor, "")
    editor.set_hint("")
    _compose(editor, "に")
    assert editor.grab().toImage() == composing


def test_tab_leaves_it(theme: Theme, show: Show) -> None:
    window = QWidget()
    editor, button = MessageEdit(theme, window), QPushButton("Send", window)
    show(window)
    editor.setFocus()
    QTest.keyClick(editor, Qt.Key.Key_Tab)
    assert editor.text == ""
    assert button.hasFocus()


def test_assistive_technology_can_set_its_text(editor: MessageEdit) -> None:
    interface = QAccessible.queryAccessibleInterface(editor)
    assert interface.role() == QAccessible.Role.EditableText
    interface.setText(QAccessible.Text.Value, "spoken")
    assert editor.text == "spoken"


def test_an_empty_field_starts_where_the_language_starts_and_a_text_where_its_letters_do(
    editor: MessageEdit,
) -> None:
    editor.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    QTest.keyClicks(editor, "a")
    block = editor.document().firstBlock
    assert block().textDirection() == Qt.LayoutDirection.LeftToRight
    editor.take()
    assert block().textDirection() == Qt.LayoutDirection.RightToLeft
    editor.setPlainText("שלום")
    assert block().textDirection() == Qt.LayoutDirection.RightToLeft
