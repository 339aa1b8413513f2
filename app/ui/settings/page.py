"""What all pages of the settings share: a column, rows that follow the settings, and the way back for all of them."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.services.settings_service import SettingsService
from app.settings import Choice
from app.ui.controls.alignment import align_to_start
from app.ui.controls.buttons import Button, IconButton
from app.ui.controls.margins import set_margins
from app.ui.controls.paragraph import Paragraph
from app.ui.icons import Icons
from app.ui.settings.catalogue import Entry, Section, entries
from app.ui.settings.hit_mark import HitMark
from app.ui.settings.row import SettingRow
from app.ui.theme import Role, Size, Space, Theme

# What the column keeps free on both sides, for controls that reach out of it by their padding.
PULL: Final = Space.S

T = TypeVar("T", str, int, float, bool)


class SettingsPage(QScrollArea):
    """A page that scrolls. Signal: `rail_requested` when the sections are asked for in a narrow window."""

    rail_requested = Signal()

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        settings: SettingsService,
        section: Section,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.section = section
        self._theme = theme
        self._icons = icons
        self._settings = settings
        self._rows: dict[str, SettingRow] = {}
        self._shows: dict[str, Callable[[], None]] = {}
        self._choices: list[Choice[Any]] = []
        self._entries = {entry.name: entry for entry in entries()}
        self.setObjectName("settingsPage")
        self.setAccessibleName(section.title)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rail_button = IconButton(theme, icons, "panel-left", self.tr("Show the sections"), parent=self)
        self.rail_button.clicked.connect(self.rail_requested)
        self.rail_button.hide()
        self.reset_button = Button(theme, self.tr("Reset this page"), compact=True, parent=self)
        self.reset_button.clicked.connect(self.reset)
        self.reset_button.hide()
        self.wide = QVBoxLayout()
        self.wide.setSpacing(0)
        self.column = self._make_column()
        self.set_narrow(False)
        settings.changed.connect(self._on_setting_changed)

    @property
    def rows(self) -> dict[str, SettingRow]:
        """The page's rows by the names of their settings."""
        return dict(self._rows)

    def set_narrow(self, narrow: bool) -> None:
        """Shows the way to the sections where they are hidden."""
        self.rail_button.setVisible(narrow)
        # Its strokes, not its box, meet the edge of the text.
        set_margins(self._head, PULL - (Space.ICON_PULL if narrow else 0), 0, PULL, 0)

    def add_row(self, name: str) -> SettingRow:
        """Adds the row of a setting that the catalogue knows."""
        return self.add_row_of(self._entries[name])

    def add_row_of(self, entry: Entry, *, compact: bool = False) -> SettingRow:
        """Adds the row of any other setting."""
        row = SettingRow(self._theme, self._icons, entry, compact=compact, parent=self)
        self._rows[entry.name] = row
        self.column.addWidget(row)
        return row

    def add_heading(self, text: str, about: str = "") -> QHBoxLayout:
        """Begins a group of rows; the layout that is handed back takes what stands at the end of its line."""
        head = QLabel(text, self)
        head.setFont(self._theme.font(Role.TITLE))
        align_to_start(head)
        line = QHBoxLayout()
        line.setSpacing(Space.S)
        line.addWidget(head, 1)
        self.column.addSpacing(Size.COMPACT)
        self.column.addLayout(line)
        if about:
            self.add_words(about)
        return line

    def add_words(self, text: str) -> Paragraph:
        """Adds a quiet paragraph."""
        words = Paragraph(self._theme, Role.INTERFACE, self)
        words.setProperty("tone", "quiet")
        words.flow()
        words.set_text(text)
        self.column.addWidget(words)
        self.column.addSpacing(Space.XS)
        return words

    def fill_with(self, widget: QWidget) -> None:
        """Adds what takes the page's height, as far as it may grow."""
        self.column.addWidget(widget, 1)
        self._all.setStretchFactor(self.column, 1)
        self._all.setStretch(self._all.count() - 1, 0)

    def bind(self, row: SettingRow, choice: Choice[T], show: Callable[[T], None]) -> None:
        """Has `show` called with what is chosen, now and whenever it changes; the row gets its way back."""

        def on_change() -> None:
            value = self._settings.get(choice)
            show(value)
            row.set_changed(value != choice.default)

        row.on_reset(lambda: self._settings.reset(choice))
        on_change()
        self.watch(choice, on_change)

    def watch(self, choice: Choice[Any], on_change: Callable[[], None]) -> None:
        """Makes a choice one of the page's: it goes back with the page, and `on_change` is called when it changes."""
        self._shows[choice.name] = on_change
        self._choices.append(choice)
        self._show_reset()

    def is_changed(self) -> bool:
        """Whether anything on the page differs from the default."""
        return any(self._settings.get(choice) != choice.default for choice in self._choices)

    def reset(self) -> None:
        """Goes back to the defaults with everything on this page."""
        if self.reset_button.hasFocus():
            self.reset_button.focusNextChild()
        self._settings.reset(*self._choices)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the column in its place."""
        super().resizeEvent(event)
        self._keep_axis()

    def go_to(self, name: str) -> None:
        """Brings a setting into view, marks it and puts the focus on its control."""
        row = self._rows.get(name)
        if row is not None:
            self.hit_mark.mark(row)
            row.focus_control()
            # A page that has just been made knows its heights only after the event loop went round.
            QTimer.singleShot(0, row, lambda: self.ensureWidgetVisible(row, 0, Size.CONTROL))

    def _show_reset(self) -> None:
        self.reset_button.setVisible(self.is_changed())

    def _make_column(self) -> QVBoxLayout:
        title = QLabel(self.section.title, self)
        title.setFont(self._theme.font(Role.PAGE_TITLE))
        title.setFixedHeight(Size.COMPACT)
        align_to_start(title)
        self._head = head = QHBoxLayout()
        head.setSpacing(Space.S)
        head.addWidget(self.rail_button)
        head.addWidget(title, 1)
        head.addWidget(self.reset_button)
        column = QWidget(self)
        column.setMaximumWidth(Size.SETTINGS_COLUMN + 2 * PULL)
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, Space.PAGE, 0, Size.SETTINGS_BOTTOM)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addSpacing(Space.BESIDE_ICON)
        inner = QVBoxLayout()
        inner.setContentsMargins(PULL, 0, PULL, 0)
        inner.setSpacing(0)
        layout.addLayout(inner)
        layout.addLayout(self.wide)
        self._all = layout
        layout.addStretch(1)
        whole = QWidget(self)
        whole.setObjectName("settingsColumn")
        self._around = QHBoxLayout(whole)
        self._around.addWidget(column)
        self.setWidget(whole)
        self.hit_mark = HitMark(self._theme, whole)
        self._keep_axis()
        self.verticalScrollBar().rangeChanged.connect(self._keep_axis)
        return inner

    def _keep_axis(self) -> None:
        """Leaves as much free before the column as the scroll bar takes behind it: the column never moves.

        Where the page is too narrow for that, the edge of the text stays, and the bar takes from the end.
        """
        side = Space.PAGE - PULL
        free = max(0, self.width() - Size.SETTINGS_COLUMN - 2 * Space.PAGE)
        balance = min(free, Size.SCROLL_BAR) if self.verticalScrollBar().maximum() > 0 else 0
        set_margins(self._around, side + balance, 0, side, 0)

    def _on_setting_changed(self, name: str) -> None:
        if name in self._shows:
            self._shows[name]()
            self._show_reset()
