"""The settings' rail: the way back, the search, and the sections or what was found."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.ui.announce import announce
from app.ui.controls.alignment import align_to_start
from app.ui.controls.list_row import ListRow
from app.ui.controls.margins import set_margins
from app.ui.controls.paragraph import Paragraph
from app.ui.controls.search_field import SearchField
from app.ui.icons import Icons
from app.ui.settings.catalogue import Entry, Section
from app.ui.settings.finding import find
from app.ui.theme import Role, Size, Space, Theme


class Rail(QWidget):
    """Signals: `left` by the way back, `section_chosen` with a section's name, `entry_chosen` with a setting's.

    `section_passed` when the arrows come to a section on their way, perhaps to another.
    """

    left = Signal()
    section_chosen = Signal(str)
    section_passed = Signal(str)
    entry_chosen = Signal(str)

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        sections: Sequence[Section],
        entries: Iterable[Entry],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._sections = tuple(sections)
        self._entries = tuple(entries)
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Settings"))
        self.back = ListRow(theme, icons, self.tr("Conversations"), "arrow-left", self)
        self.back.setAccessibleDescription(self.tr("Leaves the settings"))
        self.back.clicked.connect(self.left)
        self.search = SearchField(theme, icons, self.tr("Search settings"), self)
        self.search.textChanged.connect(self._on_search)
        self.search.returnPressed.connect(self._on_return)
        self.search.down_pressed.connect(self._on_down)
        self.rows: dict[str, ListRow] = {}
        self.hits: dict[str, ListRow] = {}
        self._list = self._make_sections()
        self._found = QWidget(self)
        self._found_column = _column(self._found)
        self._arrange()

    def set_current(self, name: str) -> None:
        """Marks the section whose page is shown; it is where Tab comes into the list."""
        for section, row in self.rows.items():
            row.setChecked(section == name)
            row.setFocusPolicy(Qt.FocusPolicy.TabFocus if section == name else Qt.FocusPolicy.NoFocus)

    def _arrange(self) -> None:
        top = QVBoxLayout()
        top.setContentsMargins(Space.S, Space.BAR_PADDING, Space.S, 0)
        top.setSpacing(0)
        top.addWidget(self.back)
        field = QVBoxLayout()
        field.setContentsMargins(Space.XS, Space.BAR_PADDING, Space.XS, 0)
        field.addWidget(self.search)
        top.addLayout(field)
        below = QWidget(self)
        below.setObjectName("rail")
        both = QVBoxLayout(below)
        both.setContentsMargins(Space.S, 0, Space.S, Space.S)
        both.setSpacing(0)
        both.addWidget(self._list)
        both.addWidget(self._found)
        both.addStretch(1)
        self._found.hide()
        area = QScrollArea(self)
        area.setObjectName("rail")
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(below)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(area, 1)

    def _make_sections(self) -> QWidget:
        holder = QWidget(self)
        column = _column(holder)
        column.addWidget(self._make_group(self.tr("Settings"), holder))
        for section in self._sections:
            row = ListRow(self._theme, self._icons, section.title, section.icon, holder)
            row.setCheckable(True)
            # One of several is shown: that is what assistive technology is told by this.
            row.setAutoExclusive(True)
            row.clicked.connect(lambda _checked, name=section.name: self._on_section(name))
            row.moved.connect(lambda step, name=section.name: self._on_moved(name, step))
            self.rows[section.name] = row
            column.addWidget(row)
        return holder

    def _make_group(self, text: str, parent: QWidget) -> QWidget:
        label = QLabel(text, parent)
        label.setFont(self._theme.font(Role.LABEL_MEDIUM))
        label.setProperty("tone", "quiet")
        label.setFixedHeight(Size.GROUP + Space.S)
        label.setIndent(Space.S)
        label.setContentsMargins(0, Space.S, 0, 0)
        align_to_start(label)
        return label

    def _on_section(self, name: str) -> None:
        self.set_current(name)
        self.section_chosen.emit(name)

    def _on_moved(self, name: str, step: int) -> None:
        names = list(self.rows)
        place = names.index(name) + step
        if not 0 <= place < len(names):
            if step < 0:
                self.search.setFocus(Qt.FocusReason.BacktabFocusReason)
            return
        self.set_current(names[place])
        self.section_passed.emit(names[place])
        self.rows[names[place]].setFocus(Qt.FocusReason.TabFocusReason)

    def _on_search(self, text: str) -> None:
        for index in reversed(range(self._found_column.count())):
            item = self._found_column.takeAt(index)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.hits.clear()
        searching = bool(text.strip())
        self._list.setVisible(not searching)
        self._found.setVisible(searching)
        if searching:
            self._show_hits(text)

    def _show_hits(self, text: str) -> None:
        titles = {section.name: section.title for section in self._sections}
        found = find(text, self._entries, titles)
        for section in self._sections:
            hits = [entry for entry in found if entry.section == section.name]
            if hits:
                self._found_column.addWidget(self._make_group(section.title, self._found))
            for entry in hits:
                self._found_column.addWidget(self._make_hit(entry))
        for before, after in pairwise((self.search, *self.hits.values())):
            self.setTabOrder(before, after)
        if not found:
            self._say_nothing(text)

    def _make_hit(self, entry: Entry) -> ListRow:
        row = ListRow(self._theme, self._icons, entry.title, parent=self._found)
        row.clicked.connect(lambda: self.entry_chosen.emit(entry.name))
        row.moved.connect(lambda step: self._on_hit_moved(entry.name, step))
        self.hits[entry.name] = row
        return row

    def _say_nothing(self, text: str) -> None:
        words = Paragraph(self._theme, Role.INTERFACE, self._found)
        words.setProperty("tone", "quiet")
        words.flow()
        words.set_text(self.tr("No setting is called “{text}”.").format(text=text.strip()))
        holder = QWidget(self._found)
        around = QVBoxLayout(holder)
        set_margins(around, Space.S, Space.M, Space.S, 0)
        around.addWidget(words)
        self._found_column.addWidget(holder)
        announce(self, words.plain_text)

    def _on_hit_moved(self, name: str, step: int) -> None:
        names = list(self.hits)
        place = names.index(name) + step
        if place < 0:
            self.search.setFocus(Qt.FocusReason.BacktabFocusReason)
        elif place < len(names):
            self.hits[names[place]].setFocus(Qt.FocusReason.TabFocusReason)

    def _on_return(self) -> None:
        """The first that was found."""
        if self.hits:
            self.entry_chosen.emit(next(iter(self.hits)))

    def _on_down(self) -> None:
        rows = self.hits if self.search.text().strip() else self.rows
        target = next((row for row in rows.values() if row.isChecked()), next(iter(rows.values()), None))
        if target is not None:
            target.setFocus(Qt.FocusReason.TabFocusReason)


def _column(holder: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return column
