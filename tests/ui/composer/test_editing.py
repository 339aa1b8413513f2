"""Writing an earlier question anew in the composer, and the drafts of other conversations."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QKeySequence, QPixmap, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from app.ui.composer.composer import Composer
from app.ui.icons import Icons
from app.ui.theme import Theme
from tests.ui.conftest import Show
from tests.waiting import wait_until


class Heard:
    """What a composer has said."""

    def __init__(self, composer: Composer) -> None:
        self.sent: list[str] = []
        self.edits: list[str] = []
        self.drafts: list[str] = []
        self.cancelled = 0
        composer.send_requested.connect(self.sent.append)
        composer.edit_sent.connect(self.edits.append)
        composer.draft_changed.connect(self.drafts.append)
        composer.edit_cancelled.connect(self._on_cancelled)

    def _on_cancelled(self) -> None:
        self.cancelled += 1


@pytest.fixture
def composer(theme: Theme, icons: Icons, show: Show) -> Composer:
    composer = Composer(theme, icons)
    composer.setStyleSheet(theme.stylesheet())
    composer.resize(584, 84)
    composer.set_max_height(280)
    show(composer)
    composer.editor.setFocus()
    return composer


@pytest.fixture
def heard(composer: Composer) -> Heard:
    return Heard(composer)


def _cancel_button(composer: Composer) -> QToolButton:
    return next(b for b in composer.findChildren(QToolButton) if b.accessibleName() == "Cancel editing")


def test_a_question_is_edited_and_sent_as_an_edit_and_the_draft_comes_back(
    composer: Composer, heard: Heard
) -> None:
    composer.set_draft("A draft")
    composer.begin_edit("How long?")
    assert (composer.editing, composer.editor.text, composer.draft) == (True, "How long?", "A draft")
    QTest.keyClicks(composer.editor, " Really")
    QTest.keyClick(composer.editor, Qt.Key.Key_Return)
    assert (heard.edits, heard.sent) == (["How long? Really"], [])
    composer.sent()
    assert (composer.editing, composer.editor.text, heard.cancelled) == (False, "A draft", 0)
    QTest.keyClick(composer.editor, Qt.Key.Key_Return)
    assert heard.sent == ["A draft"]


@pytest.mark.parametrize("way", ["escape", "button"])
def test_editing_can_be_cancelled(composer: Composer, heard: Heard, way: str) -> None:
    composer.set_draft("A draft")
    composer.begin_edit("How long?")
    if way == "escape":
        QTest.keyClick(composer.editor, Qt.Key.Key_Escape)
    else:
        QTest.mouseClick(_cancel_button(composer), Qt.MouseButton.LeftButton)
    assert (composer.editing, composer.editor.text, heard.cancelled) == (False, "A draft", 1)
    assert not _cancel_button(composer).isVisible()


def test_escape_belongs_to_editing_before_it_belongs_to_the_window(composer: Composer, heard: Heard) -> None:
    stopped: list[bool] = []
    shortcut = QShortcut(QKeySequence(Qt.Key.Key_Escape), composer)
    shortcut.activated.connect(lambda: stopped.append(True))
    composer.begin_edit("How long?")
    QTest.keyClick(composer.editor, Qt.Key.Key_Escape)
    assert (heard.cancelled, stopped) == (1, [])
    QTest.keyClick(composer.editor, Qt.Key.Key_Escape)
    assert (heard.cancelled, stopped) == (1, [True])


def test_editing_says_so_and_the_field_has_the_focus(composer: Composer) -> None:
    height = composer.sizeHint().height()
    composer.button.setFocus()
    composer.begin_edit("How long?")
    QApplication.processEvents()
    assert composer.sizeHint().height() > height
    assert composer.editor.hasFocus()
    assert composer.editor.textCursor().atEnd()
    composer.cancel_edit()
    assert composer.sizeHint().height() == height


def test_a_composer_that_edits_keeps_to_its_limit(composer: Composer) -> None:
    composer.set_max_height(200)
    composer.begin_edit("line\n" * 40)
    QApplication.processEvents()
    assert 176 < composer.sizeHint().height() <= 200


def test_what_is_edited_is_no_draft(composer: Composer, heard: Heard) -> None:
    QTest.keyClicks(composer.editor, "Half a")
    composer.begin_edit("How long?")
    assert heard.drafts == ["Half a"]
    QTest.keyClicks(composer.editor, "x")
    QTest.qWait(400)
    composer.cancel_edit()
    QTest.qWait(400)
    assert heard.drafts == ["Half a"]


def test_another_question_can_be_edited_in_place_of_the_first(composer: Composer) -> None:
    composer.set_draft("A draft")
    composer.begin_edit("One")
    composer.begin_edit("Two")
    assert composer.editor.text == "Two"
    composer.cancel_edit()
    assert composer.editor.text == "A draft"


def test_another_conversations_draft_comes_without_a_word_and_cannot_be_undone(
    composer: Composer, heard: Heard
) -> None:
    QTest.keyClicks(composer.editor, "Mine")
    composer.set_draft("Of another one")
    QTest.qWait(400)
    assert heard.drafts == []
    assert composer.button.isEnabled()
    composer.editor.undo()
    assert composer.editor.text == "Of another one"
    composer.set_draft("")
    assert not composer.button.isEnabled()
    QTest.keyClicks(composer.editor, "New")
    wait_until(lambda: heard.drafts == ["New"], "the draft")


def test_another_conversation_ends_editing(composer: Composer, heard: Heard) -> None:
    composer.set_draft("A draft")
    composer.begin_edit("How long?")
    composer.set_draft("Another")
    assert (composer.editing, composer.editor.text, heard.cancelled) == (False, "Another", 0)


def test_up_in_an_empty_field_asks_for_the_last_question(composer: Composer) -> None:
    asked: list[bool] = []
    composer.edit_last_requested.connect(lambda: asked.append(True))
    QTest.keyClick(composer.editor, Qt.Key.Key_Up)
    assert asked == [True]
    QTest.keyClicks(composer.editor, "text")
    QTest.keyClick(composer.editor, Qt.Key.Key_Up)
    assert asked == [True]


def test_the_text_grows_with_the_size_of_what_is_read(composer: Composer, theme: Theme) -> None:
    composer.set_draft("One line")
    before = composer.sizeHint().height()
    theme.set_text_size(200)
    QApplication.processEvents()
    assert composer.editor.font().pixelSize() == 30
    assert composer.editor.height() == 48
    assert composer.sizeHint().height() > before
    assert composer.editor.text == "One line"
    theme.set_text_size(100)
    QApplication.processEvents()
    assert composer.sizeHint().height() == before


def test_signs_are_drawn_anew_for_another_scale(
    composer: Composer, icons: Icons, monkeypatch: pytest.MonkeyPatch
) -> None:
    composer.set_hint("Too long", "warning")
    composer.begin_edit("How long?")
    row = _cancel_button(composer).parentWidget()
    assert row is not None
    drawn: list[tuple[str, float]] = []
    draw = icons.pixmap

    def draw_and_note(name: str, size: int, color: QColor, ratio: float) -> QPixmap:
        drawn.append((name, ratio))
        return draw(name, size, color, ratio)

    monkeypatch.setattr(icons, "pixmap", draw_and_note)
    for widget in (composer, row):
        monkeypatch.setattr(type(widget), "devicePixelRatioF", lambda _self: 2.0)
        QApplication.sendEvent(widget, QEvent(QEvent.Type.DevicePixelRatioChange))
    assert drawn == [("triangle-alert", 2.0), ("pencil", 2.0)]
