"""A card that is one large button: an icon, what it does, and what that means."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.ui.controls.icon_label import IconLabel
from app.ui.controls.margins import set_margins
from app.ui.controls.paragraph import Paragraph
from app.ui.first_run.line import Line
from app.ui.focus_ring import FOCUS_RADIUS
from app.ui.icons import Icons
from app.ui.theme import Radius, Role, Size, Space, Theme


class WayCard(QPushButton):
    """As high as its words need at its width. Assistive technology hears the title, and the words as description."""

    def __init__(
        self, theme: Theme, icons: Icons, icon: str, title: str, words: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(title)
        self.setAccessibleDescription(words)
        self.setProperty(FOCUS_RADIUS, Radius.CARD)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAutoDefault(False)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._words = Paragraph(theme, Role.CARD, self)
        self._words.set_text(words)
        self._words.setProperty("tone", "quiet")
        self._arrange(theme, IconLabel(theme, icons, icon, Size.ICON, self), title)
        theme.changed.connect(self.update)
        self.pressed.connect(self._on_pressed_changed)
        self.released.connect(self._on_pressed_changed)

    def sizeHint(self) -> QSize:
        """As wide as it is let, as high as its words."""
        return self._column().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Its words can be broken anywhere between them."""
        return self._column().minimumSize()

    def hasHeightForWidth(self) -> bool:
        """A narrower card is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of its words at that width."""
        return self._column().totalHeightForWidth(width)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter does what a click does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the card; its words are painted by themselves."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill = tokens.pressed if self.isDown() else tokens.hover if self.underMouse() else tokens.page
        painter.setPen(QPen(tokens.border, Space.HAIR))
        painter.setBrush(fill)
        half = Space.HAIR / 2
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(half, half, -half, -half), Radius.CARD, Radius.CARD
        )
        painter.end()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Repaints under the pointer."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Repaints without the pointer."""
        super().leaveEvent(event)
        self.update()

    def _on_pressed_changed(self) -> None:
        """Muted words would be too faint on the pressed fill."""
        self._words.setProperty("tone", "second" if self.isDown() else "quiet")
        self._words.style().polish(self._words)

    def _column(self) -> QHBoxLayout:
        layout = self.layout()
        assert isinstance(layout, QHBoxLayout)
        return layout

    def _arrange(self, theme: Theme, icon: IconLabel, title: str) -> None:
        name = Line(theme, Role.CARD_TITLE, title, self)
        name.setWordWrap(True)
        texts = QVBoxLayout()
        texts.setSpacing(Space.XXS)
        texts.addWidget(name)
        texts.addWidget(self._words)
        texts.addStretch()
        beside = QVBoxLayout()
        beside.setContentsMargins(0, Space.XXS, 0, 0)
        beside.addWidget(icon)
        beside.addStretch()
        row = QHBoxLayout(self)
        set_margins(row, Space.HANG, Space.BLOCK_GAP, Space.L, Space.BLOCK_GAP)
        row.setSpacing(Space.M)
        row.addLayout(beside)
        row.addLayout(texts, 1)
        for part in (icon, name, self._words):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
