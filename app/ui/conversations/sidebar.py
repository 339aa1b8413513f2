"""The conversation list with what stands around it: a new one, the search, and the way to the settings."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.chat.conversation import Summary
from app.ui.announce import announce
from app.ui.controls.buttons import IconButton
from app.ui.controls.list_row import ListRow
from app.ui.controls.margins import set_margins
from app.ui.controls.paragraph import Paragraph
from app.ui.controls.ruled_frame import RuledFrame
from app.ui.conversations.list_search import ListSearch
from app.ui.conversations.new_button import NewConversationButton
from app.ui.direction import isolated
from app.ui.icons import Icons
from app.ui.shortcuts import Shortcuts
from app.ui.theme import Motion, Role, Space, Theme

if TYPE_CHECKING:
    from app.ui.conversations.list_model import ConversationListModel
    from app.ui.conversations.list_view import ConversationListView

_LIST: Final = 2
"""Where the list stands in the column: below the search and what is said where there is none."""


class Sidebar(QFrame):
    """Asks for what is done with conversations by their ids; it changes none itself.

    Signals: `new_requested`, `hide_requested`, `settings_requested`; `opened`, `delete_requested`, `export_requested`,
    `copy_requested` with an id; `renamed` with an id and a title.
    """

    new_requested = Signal()
    hide_requested = Signal()
    settings_requested = Signal()
    opened = Signal(str)
    renamed = Signal(str, str)
    delete_requested = Signal(str)
    export_requested = Signal(str)
    copy_requested = Signal(str)

    def __init__(
        self, theme: Theme, icons: Icons, shortcuts: Shortcuts, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self._theme = theme
        self._icons = icons
        self._shortcuts = shortcuts
        self._listed = -1
        self._open_id = ""
        self._model: ConversationListModel | None = None
        self._view: ConversationListView | None = None
        self.new_button = NewConversationButton(theme, icons, self)
        self.hide_button = IconButton(theme, icons, "panel-left", self.tr("Hide the list"), parent=self)
        self.search = ListSearch(theme, icons, self)
        self.empty = Paragraph(theme, Role.INTERFACE, self)
        self.empty.setProperty("tone", "quiet")
        self.settings_row = ListRow(theme, icons, self.tr("Settings"), "settings-2", self)
        # Once a person has stopped typing: each letter would say it anew.
        self._in_vain = QTimer(self, singleShot=True, interval=Motion.DRAFT)
        self._in_vain.timeout.connect(self._tell_in_vain)
        self._column = QVBoxLayout(self)
        self._arrange()
        self._connect()
        self._show_keys()
        self._show_emptiness()

    # Its rows, made when there are some: the first picture does without

    @property
    def model(self) -> "ConversationListModel":
        """The rows."""
        if self._model is None:
            from app.ui.conversations.list_model import ConversationListModel

            self._model = ConversationListModel()
            self._model.setParent(self)
            self._model.renamed.connect(self.renamed)
            day = QTimer(self, interval=Motion.CLOCK)
            day.timeout.connect(self._model.follow_the_clock)
            day.start()
        return self._model

    @property
    def view(self) -> "ConversationListView":
        """The list."""
        if self._view is None:
            from app.ui.conversations.list_view import ConversationListView

            view = self._view = ConversationListView(self.model, self._theme, self._icons, self)
            view.opened.connect(self.opened)
            view.delete_requested.connect(self.delete_requested)
            view.menu_requested.connect(self._on_menu_requested)
            view.show_open(self._open_id)
            self._column.insertWidget(_LIST, view, 1)
            # Assistive technology reads in the order in which they lie upon each other.
            view.stackUnder(self._foot)
            self.setTabOrder(self.search, view)
            self.setTabOrder(view, self.settings_row)
            view.setVisible(self.empty.isHidden())
        return self._view

    # What it shows

    def set_summaries(self, summaries: Iterable[Summary]) -> None:
        """Shows these conversations."""
        known = tuple(summaries)
        self._listed = len(known)
        if known or self._model is not None:
            self.model.set_summaries(known)
        self._show_emptiness()
        if known:
            self.view.setVisible(self.empty.isHidden())

    def set_states(self, states: Mapping[str, str]) -> None:
        """Marks the conversations that are "answering" or "queued"."""
        if states or self._model is not None:
            self.model.set_states(states)

    def show_open(self, conversation_id: str) -> None:
        """Selects the row of the open conversation."""
        self._open_id = conversation_id
        if self._view is not None:
            self._view.show_open(conversation_id)

    def focus_search(self) -> None:
        """Puts the cursor into the search, with what stands there selected."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def rename(self, conversation_id: str) -> None:
        """Edits a title in its row; a search that hides the row is cleared first."""
        if self.model.row_of(conversation_id) < 0:
            self.search.clear()
        self.view.rename(conversation_id)

    # Its parts

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(Space.XS)
        top.addWidget(self.new_button, 1)
        top.addWidget(self.hide_button)
        head = QVBoxLayout()
        set_margins(head, Space.M, Space.BAR_PADDING, Space.M, Space.S)
        head.setSpacing(Space.S)
        head.addLayout(top)
        head.addWidget(self.search)
        foot = self._foot = RuledFrame(self._theme, Qt.Edge.TopEdge, self)
        foot.setObjectName("sidebarFoot")
        rows = QVBoxLayout(foot)
        rows.setContentsMargins(Space.S, Space.S, Space.S, Space.S)
        rows.addWidget(self.settings_row)
        self.empty.setContentsMargins(Space.L, Space.L, Space.L, 0)
        column = self._column
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.empty)
        column.addStretch(0)
        column.addWidget(foot)

    def _connect(self) -> None:
        self.new_button.clicked.connect(self.new_requested)
        self.hide_button.clicked.connect(self.hide_requested)
        self.settings_row.clicked.connect(self.settings_requested)
        self.search.textChanged.connect(self._on_wanted)
        self.search.returnPressed.connect(self._on_search_entered)
        self.search.down_pressed.connect(self._on_down_pressed)
        self._shortcuts.changed.connect(self._show_keys)

    def _show_keys(self) -> None:
        self.new_button.set_keys(self._shortcuts.keys("new_conversation"))
        self.hide_button.set_name(self.tr("Hide the list"), self._shortcuts.keys("toggle_list"))
        self.search.set_keys(self._shortcuts.keys("search"))

    def _show_emptiness(self) -> None:
        """Says why there is no row."""
        text = ""
        if self._listed < 0:
            # Nothing is known yet.
            pass
        elif not self._listed:
            text = self.tr("No conversations yet. The first question begins one.")
        elif not self.model.conversations:
            wanted = self.search.text().strip()
            text = self.tr("No conversation is called “{words}”.").format(words=isolated(wanted))
        self.empty.set_text(text)
        self.empty.setVisible(bool(text))
        if self._view is not None:
            self._view.setVisible(not text)

    # What a person does

    def _on_wanted(self, text: str) -> None:
        self.model.set_wanted(text)
        self.view.verticalScrollBar().setValue(0)
        self._show_emptiness()
        self._in_vain.start()

    def _tell_in_vain(self) -> None:
        if self.search.text().strip() and not self.empty.isHidden():
            announce(self.empty, self.empty.plain_text)

    def _first(self) -> Summary | None:
        return self.model.summary(1)

    def _on_search_entered(self) -> None:
        first = self._first()
        if first is not None and self.search.text().strip():
            self.opened.emit(first.id)

    def _on_down_pressed(self) -> None:
        if self._first() is not None:
            self.view.setFocus(Qt.FocusReason.TabFocusReason)
            self.view.setCurrentIndex(self.model.index(1))

    def _on_menu_requested(self, conversation_id: str, at: QPoint) -> None:
        from app.ui.controls.menu import Menu

        menu = Menu(self._theme, self._icons, self.tr("Conversation"), self)
        menu.aboutToHide.connect(menu.deleteLater)
        keys = self._shortcuts.keys
        menu.add(self.tr("Rename"), lambda: self.rename(conversation_id), icon="pencil", keys=keys("rename"))
        menu.add(self.tr("Export…"), lambda: self.export_requested.emit(conversation_id), icon="share")
        menu.add(self.tr("Copy as Markdown"), lambda: self.copy_requested.emit(conversation_id), icon="copy")
        menu.addSeparator()
        menu.add(
            self.tr("Delete"),
            lambda: self.delete_requested.emit(conversation_id),
            icon="trash-2",
            keys=QKeySequence(Qt.Key.Key_Delete),
        )
        menu.popup(at)
