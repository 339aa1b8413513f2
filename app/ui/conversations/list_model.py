"""The rows of the conversation list: date headings and the conversations under them, as far as a search leaves them."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from app.chat.conversation import Summary
from app.ui.conversations.date_groups import DateGroups, date_of
from app.ui.conversations.folding import folded, matches

Index = QModelIndex | QPersistentModelIndex
Row = str | Summary
"""A heading, or a conversation."""

_ROOT: Final = QModelIndex()


class ConversationListModel(QAbstractListModel):
    """Shows summaries in the order they are given, the temporary ones first. Signal: `renamed` with id and new title.

    Where rows only change or move, the others keep their indexes, so that a view keeps its place.
    """

    renamed = Signal(str, str)

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._now = now
        self._summaries: tuple[Summary, ...] = ()
        self._states: Mapping[str, str] = {}
        self._wanted = ""
        self._held = False
        self._groups = DateGroups(date_of(now))
        self._rows: list[Row] = []
        self._row_of: dict[str, int] = {}
        self.headings: list[int] = []

    # What there is

    @property
    def wanted(self) -> str:
        """What is searched for, folded."""
        return self._wanted

    @property
    def conversations(self) -> int:
        """How many conversations are shown."""
        return len(self._rows) - len(self.headings)

    def summary(self, row: int) -> Summary | None:
        """The conversation of a row; None for a heading, and where there is no such row."""
        found = self._rows[row] if 0 <= row < len(self._rows) else None
        return found if isinstance(found, Summary) else None

    def row_of(self, conversation_id: str) -> int:
        """The row of a conversation; -1 where it is not shown."""
        return self._row_of.get(conversation_id, -1)

    def state(self, conversation_id: str) -> str:
        """Whether it is "answering" or "queued", or neither."""
        return self._states.get(conversation_id, "")

    @property
    def any_answers(self) -> bool:
        """Whether one of them is being answered."""
        return "answering" in self._states.values()

    def near(self, conversation_id: str) -> str:
        """The conversation below that one, else the one above; empty where there is none."""
        row = self.row_of(conversation_id)
        shown = [found for found in self._rows[row + 1 :] if isinstance(found, Summary)][:1]
        shown += [found for found in reversed(self._rows[: max(row, 0)]) if isinstance(found, Summary)][:1]
        return shown[0].id if shown else ""

    # What changes it

    def set_summaries(self, summaries: Iterable[Summary]) -> None:
        """Shows these conversations."""
        self._summaries = tuple(summaries)
        self._arrange()

    def set_wanted(self, text: str) -> None:
        """Leaves only the titles that hold every word of `text`; an empty one leaves all."""
        wanted = folded(text)
        if wanted != self._wanted:
            self._wanted = wanted
            self._arrange()

    def set_states(self, states: Mapping[str, str]) -> None:
        """Says which conversations are "answering" or "queued"."""
        before, self._states = self._states, dict(states)
        for changed in {key for key in (*before, *states) if before.get(key) != states.get(key)}:
            row = self.row_of(changed)
            if row >= 0:
                self.dataChanged.emit(self.index(row), self.index(row))

    def set_held(self, held: bool) -> None:
        """While it is held, no row moves or goes: a title is being typed in one of them."""
        self._held = held
        if not held:
            self._arrange()

    def follow_the_clock(self) -> None:
        """Moves the headings where another day has begun, by time or because the clock was set."""
        today = date_of(self._now)
        if today != self._groups.today:
            self._groups = DateGroups(today)
            self._arrange()

    # What Qt asks

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Headings and conversations."""
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A heading is only read."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if self.summary(index.row()) is None:
            return Qt.ItemFlag.ItemNeverHasChildren
        shown = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return shown | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """Titles, and what assistive technology says of a row."""
        if not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return row if isinstance(row, str) else self.title(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row if isinstance(row, str) else self._spoken(row)
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Asks for another title; the row changes when the conversation has it."""
        summary = self.summary(index.row())
        if summary is None or role != Qt.ItemDataRole.EditRole or not isinstance(value, str):
            return False
        title = " ".join(value.split())
        if title and title != summary.title:
            self.renamed.emit(summary.id, title)
        return bool(title)

    def title(self, summary: Summary) -> str:
        """What a conversation is called in the list, on one line whatever a file called it."""
        return " ".join(summary.title.split()) or self.tr("New conversation")

    def _spoken(self, summary: Summary) -> str:
        state = self.state(summary.id)
        told = [self.title(summary)]
        if state == "answering":
            told.append(self.tr("answering"))
        elif state == "queued":
            told.append(self.tr("waiting to be answered"))
        elif summary.unread:
            told.append(self.tr("unread"))
        if summary.temporary:
            told.append(self.tr("temporary"))
        return ", ".join(told)

    # How rows come and go

    def _arrange(self) -> None:
        if not self._held:
            self._become(list(self._wanted_rows()))

    def _wanted_rows(self) -> Iterable[Row]:
        heading = ""
        for summary in sorted(self._summaries, key=lambda one: not one.temporary):
            if self._wanted and not matches(self.title(summary), self._wanted):
                continue
            above = self.tr("Temporary") if summary.temporary else self._groups.group(summary.updated).heading
            if above != heading:
                heading = above
                yield heading
            yield summary

    def _become(self, rows: list[Row]) -> None:
        """Takes out and puts in only what lies between the rows that stay at the start and at the end."""
        start = _alike(self._rows, rows)
        end = _alike(self._rows[start:][::-1], rows[start:][::-1])
        gone, come = len(self._rows) - end, len(rows) - end
        self._change([*rows[:start], *self._rows[start:gone], *rows[come:]])
        if gone > start:
            self.beginRemoveRows(_ROOT, start, gone - 1)
            self._set_rows(rows[:start] + rows[come:])
            self.endRemoveRows()
        if come > start:
            self.beginInsertRows(_ROOT, start, come - 1)
            self._set_rows(rows)
            self.endInsertRows()

    def _change(self, rows: list[Row]) -> None:
        """Takes rows of the same conversations, of which some say something else."""
        pairs = enumerate(zip(self._rows, rows, strict=True))
        changed = [number for number, (old, new) in pairs if old is not new and old != new]
        self._set_rows(rows)
        if changed:
            self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))

    def _set_rows(self, rows: list[Row]) -> None:
        self._rows = rows
        self.headings = [number for number, row in enumerate(rows) if isinstance(row, str)]
        self._row_of = {row.id: number for number, row in enumerate(rows) if isinstance(row, Summary)}


def _key(row: Row) -> str:
    return row if isinstance(row, str) else row.id


def _alike(left: list[Row], right: list[Row]) -> int:
    """How many rows at the start are of the same conversations."""
    count = 0
    for one, other in zip(left, right, strict=False):
        if one is not other and _key(one) != _key(other):
            break
        count += 1
    return count
