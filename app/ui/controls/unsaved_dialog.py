"""The question whether to close a window while something is not saved: try again, export it, or close it anyway."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.announce import announce
from app.ui.controls.buttons import Button
from app.ui.controls.paragraph import Paragraph
from app.ui.focus_ring import FocusRing
from app.ui.theme import Role, Size, Space, Theme

_MARGIN: Final = Space.HANG


class UnsavedDialog(QDialog):
    """Says what is not saved and why. Esc goes back to the window.

    Signals: `again` when it is to be saved once more, for which the dialog stays; `export` and `close_anyway`, with
    which it goes.
    """

    again = Signal()
    export = Signal()
    close_anyway = Signal()

    def __init__(self, theme: Theme, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Not everything is saved"))
        self.setAccessibleName(self.windowTitle())
        self.setStyleSheet(theme.stylesheet())
        self._told = ""
        self._close = Button(theme, self.tr("Close anyway"), parent=self)
        # One filled button: what loses nothing.
        self._close.setProperty("tint", "danger")
        self._export = Button(theme, self.tr("Export…"), parent=self)
        self._again = Button(theme, self.tr("Try again"), "primary", parent=self)
        self._again.setDefault(True)
        self._again.clicked.connect(self._on_again)
        self._export.clicked.connect(self._on_export)
        self._close.clicked.connect(self._on_close)
        self._words = Paragraph(theme, Role.INTERFACE, self)
        self._arrange(theme)
        self._ring = FocusRing(theme, self)
        self.tell(text)
        self._again.setFocus()

    @property
    def buttons(self) -> tuple[Button, Button, Button]:
        """Close anyway, export, try again."""
        return self._close, self._export, self._again

    def tell(self, text: str, *, again: bool = False) -> None:
        """Says what is not saved; `again` after it was tried once more."""
        if again:
            self._again.setEnabled(True)
            self._again.setFocus()
        elif text == self._told:
            return
        self._told = text
        words = self.tr("It could not be saved this time either. {text}").format(text=text) if again else text
        self._words.set_text(words)
        self.setAccessibleDescription(words)
        self.adjustSize()
        if again:
            announce(self, words)

    def _arrange(self, theme: Theme) -> None:
        head = Paragraph(theme, Role.DIALOG_TITLE, self)
        head.set_text(self.windowTitle())
        head.setMinimumWidth(Size.DIALOG - 2 * _MARGIN)
        self._words.setProperty("tone", "second")
        self._words.setMinimumWidth(Size.DIALOG - 2 * _MARGIN)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(self._close)
        row.addStretch(1)
        row.addWidget(self._export)
        row.addWidget(self._again)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        column.setSpacing(0)
        column.addWidget(head)
        column.addSpacing(Space.XS)
        column.addWidget(self._words)
        column.addSpacing(Space.L)
        column.addLayout(row)
        self.setFixedWidth(Size.DIALOG)

    def _on_again(self) -> None:
        self._again.setEnabled(False)
        self.again.emit()

    def _on_export(self) -> None:
        self.reject()
        self.export.emit()

    def _on_close(self) -> None:
        self.accept()
        self.close_anyway.emit()
