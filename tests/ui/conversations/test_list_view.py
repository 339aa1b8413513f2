"""The list of conversations under the hand: keys, the pointer, renaming, and what keeps its place."""

import msgspec
import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QHelpEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QToolTip

from app.chat.conversation import Summary
from app.ui.conversations.list_model import ConversationListModel
from app.ui.conversations.list_view import ConversationListView
from app.ui.icons import Icons
from app.ui.theme import Theme
from tests.ui.conftest import Show
from tests.ui.conversations.test_list_model import NOW, summaries

DAY = 86_400


@pytest.fixture
def view(theme: Theme, icons: Icons, show: Show) -> ConversationListView:
    """Five conversations of two days, in a list as wide as in the look."""
    model = ConversationListModel(lambda: NOW)
    view = ConversationListView(model, theme, icons)
    model.setParent(view)
    today, before = summaries("Caffeine", "Make", "Letter"), summaries("", "", "", "Why", "Sourdough", step=0)
    model.set_summaries((*today, *(msgspec.structs.replace(one, updated=NOW - DAY) for one in before[3:])))
    view.resize(264, 400)
    show(view)
    return view


def _model(view: ConversationListView) -> ConversationListModel:
    model = view.model()
    assert isinstance(model, ConversationListModel)
    return model


def _row(view: ConversationListView, conversation_id: str) -> QRect:
    model = _model(view)
    return view.visualRect(model.index(model.row_of(conversation_id)))


def _current(view: ConversationListView) -> str:
    summary = _model(view).summary(view.currentIndex().row())
    return summary.id if summary else ""


def _heard(spy: QSignalSpy) -> list[object]:
    return [spy.at(n)[0] for n in range(spy.count())]


def _grow(view: ConversationListView, count: int) -> tuple[Summary, ...]:
    many = tuple(Summary(f"n{n}", f"Number {n}", updated=NOW - 3600 * n) for n in range(count))
    _model(view).set_summaries(many)
    return many


def test_rows_and_headings_are_as_high_as_the_look_says(view: ConversationListView) -> None:
    model = _model(view)
    rects = [view.visualRect(model.index(row)) for row in range(model.rowCount())]
    assert [rect.height() for rect in rects] == [36, 30, 30, 30, 36, 30, 30]
    assert [rect.top() for rect in rects] == [0, 36, 66, 96, 126, 162, 192]
    assert all(view.indexAt(rect.center()).row() == row for row, rect in enumerate(rects))
    assert not view.indexAt(QPoint(20, 300)).isValid()


def test_arrows_pass_over_headings_and_enter_opens(view: ConversationListView) -> None:
    opened = QSignalSpy(view.opened)
    view.setFocus()
    assert _current(view) == "a"
    for _ in range(3):
        QTest.keyClick(view, Qt.Key.Key_Down)
    assert _current(view) == "d"
    QTest.keyClick(view, Qt.Key.Key_Up)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert _heard(opened) == ["c"]


def test_home_end_pages_and_letters(view: ConversationListView) -> None:
    _grow(view, 500)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_End)
    assert _current(view) == "n499"
    assert view.viewport().rect().contains(_row(view, "n499"))
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    assert _current(view) == "n487"
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert _current(view) == "n0"
    assert view.verticalScrollBar().value() == 0
    QTest.keyClicks(view, "number 77")
    assert _current(view) == "n77"


def test_a_click_opens_and_a_click_on_a_heading_does_not(view: ConversationListView) -> None:
    opened = QSignalSpy(view.opened)
    at = _row(view, "b").topLeft() + QPoint(20, 10)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    assert _heard(opened) == ["b"]


def test_the_dots_of_a_hovered_row_ask_for_its_menu(view: ConversationListView) -> None:
    opened, asked = QSignalSpy(view.opened), QSignalSpy(view.menu_requested)
    row = _row(view, "b")
    QTest.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(row.right() - 12, row.center().y())
    )
    assert (opened.count(), _heard(asked)) == (0, ["b"])


def test_the_dots_stand_at_the_other_end_where_reading_begins_at_the_right(
    view: ConversationListView,
) -> None:
    view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    asked = QSignalSpy(view.menu_requested)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(12, _row(view, "c").center().y()))
    assert _heard(asked) == ["c"]


def test_delete_asks_for_it(view: ConversationListView) -> None:
    asked = QSignalSpy(view.delete_requested)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert _heard(asked) == ["b"]


def _editor(view: ConversationListView) -> QLineEdit:
    found = view.viewport().findChild(QLineEdit)
    assert isinstance(found, QLineEdit)
    return found


def test_f2_edits_the_title_in_its_row_and_enter_keeps_it(view: ConversationListView) -> None:
    renamed = QSignalSpy(_model(view).renamed)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_F2)
    editor = _editor(view)
    assert (editor.text(), editor.selectedText()) == ("Caffeine", "Caffeine")
    assert editor.geometry() == _row(view, "a")
    QTest.keyClicks(editor, "Coffee")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert [renamed.at(n) for n in range(renamed.count())] == [["a", "Coffee"]]
    assert view.hasFocus()


def test_escape_leaves_the_title_as_it_was(view: ConversationListView) -> None:
    renamed = QSignalSpy(_model(view).renamed)
    view.rename("b")
    QTest.keyClicks(_editor(view), "Other")
    QTest.keyClick(_editor(view), Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert renamed.count() == 0
    assert view.hasFocus()


def test_a_row_stays_where_it_is_while_its_title_is_typed(view: ConversationListView) -> None:
    view.rename("b")
    _grow(view, 3)
    assert _editor(view).geometry() == _row(view, "b")
    QTest.keyClick(_editor(view), Qt.Key.Key_Escape)
    assert _model(view).row_of("b") == -1


def test_what_moves_keeps_the_current_row_the_selection_and_the_place(view: ConversationListView) -> None:
    many = _grow(view, 1000)
    view.show_open("n500")
    view.setFocus()
    place = view.verticalScrollBar().value()
    assert place > 0
    moved = msgspec.structs.replace(many[500], updated=NOW + 1)
    _model(view).set_summaries((moved, *many[:500], *many[501:]))
    QApplication.processEvents()
    assert view.verticalScrollBar().value() == place
    assert _current(view) == "n500"
    assert [index.data() for index in view.selectedIndexes()] == ["Number 500"]


def test_what_is_open_is_brought_into_sight(view: ConversationListView) -> None:
    _grow(view, 1000)
    view.show_open("n900")
    assert view.viewport().rect().contains(_row(view, "n900"))
    view.show_open("n0")
    assert view.verticalScrollBar().value() == 0, "with the heading above it"


def test_marks_are_told_to_assistive_technology(view: ConversationListView) -> None:
    _model(view).set_states({"b": "answering"})
    told = QAccessible.queryAccessibleInterface(view)
    assert told.text(QAccessible.Text.Name) == "Conversations"
    assert told.role() == QAccessible.Role.List
    names = [told.child(n).text(QAccessible.Text.Name) for n in range(told.childCount())]
    assert "Make, answering" in names


def test_the_ring_turns_only_where_something_is_answered_and_moves_are_wanted(
    view: ConversationListView, theme: Theme
) -> None:
    turning = [view.turning]
    _model(view).set_states({"b": "answering"})
    turning.append(view.turning)
    theme.set_reduced_motion(True)
    turning.append(view.turning)
    theme.set_reduced_motion(False)
    turning.append(view.turning)
    view.hide()
    turning.append(view.turning)
    view.show()
    _model(view).set_states({})
    turning.append(view.turning)
    assert turning == [False, True, False, True, False, False]


def test_marks_are_painted_even_where_motion_is_reduced(view: ConversationListView, theme: Theme) -> None:
    theme.set_reduced_motion(True)
    end = QRect(_row(view, "b").right() - 30, _row(view, "b").top(), 30, 30)

    def end_of_row() -> object:
        return view.viewport().grab(end).toImage()

    plain = end_of_row()
    _model(view).set_states({"b": "answering"})
    ring = end_of_row()
    _model(view).set_states({"b": "queued"})
    assert plain != ring
    assert end_of_row() not in (plain, ring)


def test_the_focus_is_seen_by_who_came_by_keyboard_only(view: ConversationListView, theme: Theme) -> None:
    def ringed() -> bool:
        row = _row(view, "a")
        image = view.viewport().grab(row).toImage()
        return image.pixelColor(100, 1) == theme.tokens.focus

    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=_row(view, "a").center())
    by_pointer = ringed()
    view.clearFocus()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    assert (by_pointer, ringed()) == (False, True)


def test_a_title_that_is_cut_is_shown_whole(view: ConversationListView) -> None:
    long = "A title that is a good deal longer than the list is wide"
    _model(view).set_summaries((Summary("x", long, updated=NOW), *summaries("Short")))
    for conversation_id, shown in (("x", long), ("a", "")):
        at = _row(view, conversation_id).center()
        event = QHelpEvent(QEvent.Type.ToolTip, at, view.viewport().mapToGlobal(at))
        QApplication.sendEvent(view.viewport(), event)
        assert QToolTip.text() == shown or not shown


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_the_scroll_bar_stands_in_the_margin(
    view: ConversationListView, direction: Qt.LayoutDirection
) -> None:
    view.setLayoutDirection(direction)
    QApplication.processEvents()
    assert view.viewport().width() == 264 - 16
    _grow(view, 100)
    QApplication.processEvents()
    assert view.viewport().width() == 264 - 8 - view.verticalScrollBar().width()
    holder = view.verticalScrollBar().parentWidget()
    assert holder is not None
    at_left = direction == Qt.LayoutDirection.RightToLeft
    assert (holder.x() < view.viewport().x()) == at_left
    _grow(view, 3)
    QApplication.processEvents()
    assert view.viewport().width() == 264 - 16


def test_assistive_technology_opens_a_row_by_its_action(view: ConversationListView) -> None:
    opened = QSignalSpy(view.opened)
    view.show_open("a")
    told = QAccessible.queryAccessibleInterface(view)
    row = next(
        child
        for child in (told.child(number) for number in range(told.childCount()))
        if child.text(QAccessible.Text.Name).startswith("Letter")
    )
    actions = row.actionInterface()
    actions.doAction(actions.actionNames()[0])
    QApplication.processEvents()
    assert _heard(opened) == ["c"]
    # What is selected is what is open, and nobody has opened it yet.
    assert [index.data() for index in view.selectedIndexes()] == ["Caffeine"]


def test_rows_that_come_and_go_open_nothing(view: ConversationListView) -> None:
    opened = QSignalSpy(view.opened)
    view.show_open("a")
    _grow(view, 3)
    view.show_open("n1")
    QApplication.processEvents()
    assert _heard(opened) == []
