"""A short text that stands where the window's lines begin, whichever way its own letters run."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.ui.theme import Role, Theme


class Line(QLabel):
    """Qt puts a Latin text at the left even where everything around it begins at the right; this one does not."""

    def __init__(self, theme: Theme, role: Role, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFont(theme.font(role, tabular=True))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setMinimumHeight(theme.line_height(role))
        side = Qt.AlignmentFlag.AlignRight if self.isRightToLeft() else Qt.AlignmentFlag.AlignLeft
        self.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
