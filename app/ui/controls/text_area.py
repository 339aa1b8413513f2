"""A field for a text of many lines."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from app.ui.controls.fields import dress_field
from app.ui.theme import Role, Theme


class TextArea(QPlainTextEdit):
    """Wraps its lines; Tab goes on to the next control. What is pasted comes without its look."""

    def __init__(
        self, theme: Theme, name: str, role: Role = Role.READING, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        dress_field(self, theme)
        self.setFont(theme.font(role))
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
