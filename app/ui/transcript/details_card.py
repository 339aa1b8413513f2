"""The card that a reply's Details button opens: what it cost, how it ended, how it was asked for; to be copied."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.chat.conversation import Message
from app.ui.controls.alignment import align_to_start
from app.ui.controls.paragraph import Paragraph
from app.ui.controls.popover import Popover
from app.ui.icons import Icons
from app.ui.theme import Role, Size, Space, Theme
from app.ui.transcript import words
from app.ui.transcript.buttons import ToolButton
from app.ui.transcript.details import Detail, as_text, details


class DetailsCard(Popover):
    """A table of two columns, which assistive technology hears as one text on the way in."""

    def __init__(self, theme: Theme, icons: Icons, message: Message, opener: QWidget) -> None:
        super().__init__(theme, words.details(), opener)
        self.rows = details(message)
        self.card.setAccessibleDescription(as_text(self.rows))
        title = QLabel(words.details(), self.card)
        title.setFont(theme.font(Role.CARD_TITLE))
        align_to_start(title)
        self.copy = ToolButton(theme, icons, self.card)
        self.copy.set_tool("copy", words.copy_details(), words.copy_details(), Size.ICON)
        self.copy.clicked.connect(self._on_copy)
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        head.addWidget(title, 1)
        head.addWidget(self.copy)
        column = QVBoxLayout(self.card)
        column.setContentsMargins(Space.L, Space.S, Space.L, Space.M)
        column.setSpacing(Space.XS)
        column.addLayout(head)
        column.addLayout(self._table())
        self.card.setFixedWidth(Size.DIALOG)

    def _table(self) -> QGridLayout:
        table = QGridLayout()
        table.setHorizontalSpacing(Space.L)
        table.setVerticalSpacing(Space.XXS)
        rows = [self._cells(row) for row in self.rows]
        named = max(name.sizeHint().width() for name, _value in rows)
        room = Size.DIALOG - 3 * Space.L - named
        for number, (name, value) in enumerate(rows):
            name.setFixedWidth(named)
            value.setFixedSize(room, value.heightForWidth(room))
            table.addWidget(name, number, 0, Qt.AlignmentFlag.AlignTop)
            table.addWidget(value, number, 1)
        return table

    def _cells(self, row: Detail) -> tuple[Paragraph, Paragraph]:
        name, value = (Paragraph(self._theme, Role.INTERFACE, self.card) for _ in row)
        name.setProperty("tone", "quiet")
        # A name is never broken, so that all values begin at the longest one's end.
        name.setWordWrap(False)
        for cell, text in zip((name, value), row, strict=True):
            cell.set_text(text)
        return name, value

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(as_text(self.rows))
        self.copy.show_done()


def open_details(theme: Theme, icons: Icons, message: Message, opener: QWidget) -> DetailsCard:
    """Shows what is known of a reply beside the button that asked for it."""
    card = DetailsCard(theme, icons, message, opener)
    card.open()
    return card
