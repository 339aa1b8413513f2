"""The header bar: the title of the open conversation, the model's bar, and what can be done with either."""

from itertools import pairwise

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QWidget
from shiboken6 import isValid

from app.ui.controls.buttons import IconButton, MenuButton
from app.ui.controls.elided_label import ElidedLabel
from app.ui.controls.icon_label import IconLabel
from app.ui.controls.margins import set_margins
from app.ui.controls.ruled_frame import RuledFrame
from app.ui.conversations.titles import LONGEST_TITLE
from app.ui.icons import Icons
from app.ui.models.model_bar import ModelBar
from app.ui.theme import Role, Size, Space, Theme


class Header(RuledFrame):
    """Holds `list_button`, `title`, `model_bar`, `export_button` and `more_button`.

    Signal: `renamed` with the title that was typed in place.
    """

    renamed = Signal(str)

    def __init__(
        self, theme: Theme, icons: Icons, model_bar: ModelBar, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, Qt.Edge.BottomEdge, parent)
        self.setObjectName("header")
        self.setFixedHeight(Size.HEADER)
        self._theme = theme
        self._narrow = False
        self._side_shown = False
        self._field: TitleField | None = None
        self._came_from: QWidget | None = None
        self.list_button = IconButton(theme, icons, "panel-left", self.tr("Show the list"), parent=self)
        self.temporary = IconLabel(theme, icons, "message-circle-dashed", Size.ICON, self)
        self.title = ElidedLabel(theme, self)
        self.title.setFont(theme.font(Role.TITLE))
        self.model_bar = model_bar
        self.export_button = IconButton(theme, icons, "share", self.tr("Export"), parent=self)
        self.more_button = MenuButton(theme, icons, "ellipsis", self.tr("More"), parent=self)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(Space.S)
        parts = (
            self.list_button,
            self.temporary,
            self.title,
            model_bar,
            self.export_button,
            self.more_button,
        )
        for part in parts:
            self._row.addWidget(part)
            # Assistive technology reads them in the order in which they lie upon each other.
            part.raise_()
        self._row.setStretchFactor(self.title, 1)
        self.temporary.hide()
        bar = model_bar
        stops = (self.list_button, bar.model, bar.thinking, self.export_button, self.more_button)
        for before, after in pairwise(stops):
            self.setTabOrder(before, after)
        self._place()

    @property
    def field(self) -> QLineEdit | None:
        """The field in the title's place, while it is there."""
        return self._field

    def set_narrow(self, narrow: bool) -> None:
        """Takes less room in narrow windows: exporting moves into the menu."""
        self._narrow = narrow
        self.model_bar.set_narrow(narrow)
        self._place()

    def set_side_shown(self, shown: bool) -> None:
        """Offers the way to the list where the list is not seen."""
        self._side_shown = shown
        self._place()

    def set_exportable(self, exportable: bool) -> None:
        """There is nothing to export of an empty conversation."""
        self.export_button.setEnabled(exportable)
        name = self.tr("Export")
        self.export_button.setToolTip(name if exportable else self.tr("There is nothing to export yet."))

    def show_conversation(self, title: str, *, temporary: bool, same: bool = False) -> None:
        """Shows a title; unless it is the `same` conversation's, what is being typed in its place goes."""
        if not same:
            self._end(keep=False)
        self.title.set_text(title)
        if temporary:
            self.title.setAccessibleName(self.tr("{title}, temporary").format(title=self.title.text()))
        self.temporary.setVisible(temporary)

    def begin_rename(self, title: str) -> None:
        """Lets a person type in the title's place: Enter keeps what it says, Escape does not."""
        if self._field is None:
            self._came_from = QApplication.focusWidget()
            self._field = TitleField(self._theme, self)
            self._field.ended.connect(self._end)
            self._row.replaceWidget(self.title, self._field)
            self._row.setStretchFactor(self._field, 1)
            self.title.hide()
            self._place()
        self._field.setText(title)
        self._field.selectAll()
        self._field.show()
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _end(self, keep: bool) -> None:
        field, self._field = self._field, None
        if field is None:
            return
        self._row.replaceWidget(field, self.title)
        self._row.setStretchFactor(self.title, 1)
        self.title.show()
        self._place()
        if field.hasFocus():
            self._give_focus_back()
        field.hide()
        field.deleteLater()
        title = " ".join(field.text().split())
        if keep and title:
            self.renamed.emit(title)

    def _give_focus_back(self) -> None:
        """The focus goes where it was before the title was typed, else it would go wherever Qt finds a place."""
        back, self._came_from = self._came_from, None
        if back is None or not isValid(back) or not back.isVisible():
            back = self.more_button
        back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _place(self) -> None:
        """The icon's strokes, not its box, meet the page's margin; so does what is typed, not the field around it."""
        self.list_button.setVisible(not self._side_shown)
        self.export_button.setVisible(not self._narrow)
        start = Space.M if not self._side_shown else Space.PAGE
        if self._field is not None and self._side_shown and self.temporary.isHidden():
            start -= Space.S
        set_margins(self._row, start, 0, Space.M, 0)


class TitleField(QLineEdit):
    """Where a title is typed. Signal: `ended` with whether what it says is to be kept."""

    ended = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("renameField")
        self.setFont(theme.font(Role.TITLE))
        self.setMaxLength(LONGEST_TITLE)
        self.setFixedHeight(Size.ROW)
        self.setMinimumWidth(Size.SIDEBAR_MIN)
        self.setAccessibleName(self.tr("Title"))

    def event(self, event: QEvent) -> bool:
        """Keeps Escape from the window's shortcuts."""
        escape = isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Cancel)
        if escape and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Escape end it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.ended.emit(True)
        elif event.matches(QKeySequence.StandardKey.Cancel):
            self.ended.emit(False)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Who goes on elsewhere keeps what was typed."""
        super().focusOutEvent(event)
        passing = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        if event.reason() not in passing:
            self.ended.emit(True)
