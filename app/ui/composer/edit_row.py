"""The row above the composer's text that says that an earlier question is being written anew."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.ui.controls.buttons import IconButton
from app.ui.controls.margins import set_margins
from app.ui.icons import Icons
from app.ui.theme import Role, Size, Space, Theme


class EditRow(QWidget):
    """Says what is being edited. Signal: `cancelled` when the person will not edit it after all."""

    cancelled = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._icon = QLabel(self)
        self.words = QLabel(self.tr("Editing your question"), self)
        self.words.setFont(theme.font(Role.LABEL_MEDIUM))
        self.words.setProperty("tone", "second")
        self.cancel = IconButton(theme, icons, "x", self.tr("Cancel editing"), parent=self)
        self.cancel.clicked.connect(self.cancelled)
        self.setFixedHeight(Size.COMPACT + Space.XS)
        row = QHBoxLayout(self)
        # The strokes of the cross end where the button below it ends.
        set_margins(row, Space.HANG - Space.HAIR, Space.XS, Space.S - Space.HAIR, 0)
        row.setSpacing(Space.BESIDE_ICON)
        row.addWidget(self._icon)
        row.addWidget(self.words)
        row.addStretch()
        row.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignVCenter)
        theme.changed.connect(self._draw)
        self._draw()

    def event(self, event: QEvent) -> bool:
        """Draws the icon anew for a screen of another scale."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._draw()
        return super().event(event)

    def _draw(self) -> None:
        color, ratio = self._theme.tokens.muted, self.devicePixelRatioF()
        self._icon.setPixmap(self._icons.pixmap("pencil", Size.ICON_SMALL, color, ratio))
