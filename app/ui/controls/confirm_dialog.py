"""A dialog before something that cannot be undone, or that changes much."""

from typing import Final, Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.controls.buttons import Button
from app.ui.controls.paragraph import Paragraph
from app.ui.focus_ring import FocusRing
from app.ui.theme import Role, Size, Space, Theme

_MARGIN: Final = Space.HANG


class ConfirmDialog(QDialog):
    """Says what will happen; one button does it, the other keeps everything as it is. Esc keeps, too.

    Signal: `confirmed`. It never blocks: `open` shows it.
    """

    confirmed = Signal()

    def __init__(
        self,
        theme: Theme,
        title: str,
        text: str,
        verb: str,
        keep: str,
        *,
        kind: Literal["primary", "danger"] = "danger",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.setStyleSheet(theme.stylesheet())
        self._keep = Button(theme, keep, parent=self)
        self._do = Button(theme, verb, kind, parent=self)
        # What must not happen by chance is not what Return does first.
        self._keep.setDefault(True)
        self._keep.clicked.connect(self.reject)
        self._do.clicked.connect(self.accept)
        self.accepted.connect(self.confirmed)
        self._arrange(theme, title, text)
        self._ring = FocusRing(theme, self)
        self._keep.setFocus()

    @property
    def buttons(self) -> tuple[Button, Button]:
        """The one that keeps and the one that does it."""
        return self._keep, self._do

    def _arrange(self, theme: Theme, title: str, text: str) -> None:
        head = Paragraph(theme, Role.DIALOG_TITLE, self)
        head.set_text(title)
        head.setMinimumWidth(Size.DIALOG - 2 * _MARGIN)
        words = Paragraph(theme, Role.INTERFACE, self)
        words.setProperty("tone", "second")
        words.set_text(text)
        words.setMinimumWidth(Size.DIALOG - 2 * _MARGIN)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addStretch(1)
        row.addWidget(self._keep)
        row.addWidget(self._do)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        column.setSpacing(0)
        column.addWidget(head)
        column.addSpacing(Space.XS)
        column.addWidget(words)
        column.addSpacing(Space.L)
        column.addLayout(row)
        self.setFixedWidth(Size.DIALOG)
