"""Rows of a quiet table: words at the start, a figure and perhaps a button at the end."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.ui.controls.alignment import align_to_start
from app.ui.controls.buttons import Button
from app.ui.controls.paragraph import Paragraph
from app.ui.hairline import paint_hairline
from app.ui.theme import Role, Size, Space, Theme


class TableRow(QWidget):
    """`words` and, quietly below them, `about`; then `figure`, and a button where there is something to do."""

    def __init__(
        self,
        theme: Theme,
        words: str,
        about: str,
        figure: str,
        button: Button | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.words = QLabel(words, self)
        self.words.setFont(theme.font(Role.INTERFACE, tabular=True))
        self.words.setProperty("tone", "second")
        self.words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.words.setWordWrap(True)
        align_to_start(self.words)
        self.about = Paragraph(theme, Role.LABEL, self)
        self.about.setProperty("tone", "quiet")
        self.about.flow()
        self.about.set_text(about)
        self.about.setVisible(bool(about))
        self.figure = QLabel(figure, self)
        self.figure.setFont(theme.font(Role.INTERFACE, tabular=True))
        self.figure.setProperty("tone", "quiet")
        self.figure.setMinimumWidth(Size.FIGURE)
        self.figure.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self.button = button
        self.setAccessibleName(f"{words}, {figure}")
        self._arrange()
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the line below."""
        painter = QPainter(self)
        line = QRectF(0, self.height() - Space.HAIR, self.width(), Space.HAIR)
        paint_hairline(painter, line, self._theme.tokens.border)
        painter.end()

    def _arrange(self) -> None:
        start = QVBoxLayout()
        start.setSpacing(0)
        start.addWidget(self.words)
        start.addWidget(self.about)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, Space.S, 0, Space.S)
        row.setSpacing(Space.L)
        row.addLayout(start, 1)
        row.addWidget(self.figure)
        if self.button is not None:
            row.addWidget(self.button)
