"""The list's rows: headings, a search, marks, and changes that leave the other rows alone."""

import time

import msgspec
import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy
from PySide6.QtWidgets import QApplication

from app.chat.conversation import Summary
from app.ui.conversations.list_model import ConversationListModel

NOW = 1_795_000_000.0
DAY = 86_400


def summaries(*titles: str, step: float = 60.0) -> tuple[Summary, ...]:
    """Conversations of these titles, each older by `step` seconds than the one before; their ids are a, b, c, ..."""
    return tuple(Summary(chr(97 + n), title, updated=NOW - n * step) for n, title in enumerate(titles))


@pytest.fixture
def model(qt_app: QApplication) -> ConversationListModel:
    """A model whose clock stands still, watched by Qt's own tester."""
    model = ConversationListModel(lambda: NOW)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)
    return model


def _texts(model: ConversationListModel) -> list[str]:
    return [str(model.index(row).data()) for row in range(model.rowCount())]


def _spoken(model: ConversationListModel, conversation_id: str) -> str:
    index = model.index(model.row_of(conversation_id))
    return str(index.data(Qt.ItemDataRole.AccessibleTextRole))


def test_conversations_stand_under_their_days(model: ConversationListModel) -> None:
    model.set_summaries(summaries("Caffeine", "Make", "Letter", step=DAY))
    assert _texts(model) == ["Today", "Caffeine", "Yesterday", "Make", "Last 7 days", "Letter"]
    assert model.conversations == 3
    assert model.headings == [0, 2, 4]


def test_temporary_ones_come_first_under_a_heading_of_their_own(model: ConversationListModel) -> None:
    first, second = summaries("Caffeine", "A secret")
    model.set_summaries((first, msgspec.structs.replace(second, temporary=True)))
    assert _texts(model) == ["Temporary", "A secret", "Today", "Caffeine"]


def test_headings_can_neither_be_chosen_nor_edited(model: ConversationListModel) -> None:
    model.set_summaries(summaries("Caffeine"))
    assert not model.flags(model.index(0)) & Qt.ItemFlag.ItemIsEnabled
    assert model.flags(model.index(1)) & Qt.ItemFlag.ItemIsEditable
    assert not model.setData(model.index(0), "Other")


def test_a_search_leaves_what_it_names_and_the_headings_above_it(model: ConversationListModel) -> None:
    model.set_summaries(summaries("Caffeine", "Crème brûlée", "Letter", step=DAY))
    model.set_wanted("CREME")
    assert _texts(model) == ["Yesterday", "Crème brûlée"]
    model.set_wanted("quokka")
    assert _texts(model) == []
    model.set_wanted("  ")
    assert model.conversations == 3


def test_a_conversation_without_a_title_has_a_name(model: ConversationListModel) -> None:
    model.set_summaries(summaries(""))
    assert _texts(model) == ["Today", "New conversation"]


def test_marks_are_said_to_assistive_technology(model: ConversationListModel) -> None:
    first, second, third, fourth = summaries("A", "B", "C", "D")
    third = msgspec.structs.replace(third, unread=True)
    fourth = msgspec.structs.replace(fourth, temporary=True)
    model.set_summaries((first, second, third, fourth))
    model.set_states({"a": "answering", "b": "queued"})
    told = [_spoken(model, conversation_id) for conversation_id in "abcd"]
    assert told == ["A, answering", "B, waiting to be answered", "C, unread", "D, temporary"]
    model.set_states({})
    assert _spoken(model, "a") == "A"


def test_a_conversation_that_moves_up_leaves_the_rows_below_alone(model: ConversationListModel) -> None:
    before = summaries("A", "B", "C", "D", "E")
    model.set_summaries(before)
    last = QPersistentModelIndex(model.index(model.row_of("e")))
    moved = msgspec.structs.replace(before[2], updated=NOW + 1)
    model.set_summaries((moved, before[0], before[1], *before[3:]))
    assert _texts(model) == ["Today", "C", "A", "B", "D", "E"]
    assert last.isValid()
    assert last.row() == model.row_of("e") == 5


def test_another_title_changes_one_row_and_moves_none(model: ConversationListModel) -> None:
    before = summaries("A", "B", "C")
    model.set_summaries(before)
    changed, inserted, removed = (
        QSignalSpy(model.dataChanged),
        QSignalSpy(model.rowsInserted),
        QSignalSpy(model.rowsRemoved),
    )
    model.set_summaries((before[0], msgspec.structs.replace(before[1], title="Other"), before[2]))
    assert (changed.count(), inserted.count(), removed.count()) == (1, 0, 0)
    assert _texts(model) == ["Today", "A", "Other", "C"]


def test_headings_move_when_a_day_begins_or_the_clock_is_set(qt_app: QApplication) -> None:
    clock = [NOW]
    model = ConversationListModel(lambda: clock[0])
    model.set_summaries(summaries("A"))
    clock[0] = NOW + DAY
    model.follow_the_clock()
    assert _texts(model) == ["Yesterday", "A"]
    clock[0] = NOW + 40 * DAY
    model.follow_the_clock()
    assert _texts(model)[0] not in ("Today", "Yesterday", "Last 7 days", "Last 30 days")
    clock[0] = NOW - DAY
    model.follow_the_clock()
    assert _texts(model) == ["Today", "A"]


def test_while_a_title_is_typed_no_row_moves(model: ConversationListModel) -> None:
    before = summaries("A", "B")
    model.set_summaries(before)
    model.set_held(True)
    model.set_summaries((Summary("z", "New", updated=NOW + 1), *before))
    assert _texts(model) == ["Today", "A", "B"]
    model.set_held(False)
    assert _texts(model) == ["Today", "New", "A", "B"]


def test_a_typed_title_is_asked_for_and_an_empty_one_is_not(model: ConversationListModel) -> None:
    model.set_summaries(summaries("A"))
    renamed = QSignalSpy(model.renamed)
    assert model.setData(model.index(1), "  Another\ntitle ")
    assert not model.setData(model.index(1), "   ")
    assert model.setData(model.index(1), "A")
    assert [renamed.at(n) for n in range(renamed.count())] == [["a", "Another title"]]


@pytest.mark.parametrize(("gone", "neighbour"), [("a", "b"), ("b", "c"), ("c", "b"), ("x", "a")])
def test_the_neighbour_of_a_row_is_the_one_below_else_the_one_above(
    model: ConversationListModel, gone: str, neighbour: str
) -> None:
    model.set_summaries(summaries("A", "B", "C", step=DAY))
    assert model.near(gone) == neighbour


def test_nothing_is_below_the_only_one(model: ConversationListModel) -> None:
    model.set_summaries(summaries("A"))
    assert model.near("a") == ""


def test_a_row_may_come_while_another_changes(model: ConversationListModel) -> None:
    before = summaries("A", "B")
    model.set_summaries(before)
    changed = msgspec.structs.replace(before[1], title="Other")
    model.set_summaries((Summary("z", "New", updated=NOW + 1), before[0], changed))
    assert _texts(model) == ["Today", "New", "A", "Other"]


def test_ten_thousand_rows_change_in_a_moment(qt_app: QApplication) -> None:
    model = ConversationListModel(lambda: NOW)
    many = tuple(Summary(str(n), f"Conversation {n}", updated=NOW - 3600 * n) for n in range(10_000))
    model.set_summaries(many)
    begun = time.perf_counter()
    model.set_summaries((msgspec.structs.replace(many[5000], updated=NOW), *many[:5000], *many[5001:]))
    assert time.perf_counter() - begun < 0.25
    assert model.row_of("5000") == 1


def test_an_index_beyond_the_rows_says_nothing(model: ConversationListModel) -> None:
    assert model.data(QModelIndex()) is None
    assert model.summary(7) is None


def test_a_title_is_one_line_whatever_a_file_called_it() -> None:
    model = ConversationListModel()
    assert model.title(Summary("a", "With\ttabs\nand  lines")) == "With tabs and lines"
