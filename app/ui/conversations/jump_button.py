"""The round button that goes to the end of the transcript when a person has scrolled away from it."""

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from app.ui.controls.buttons import PaintedButton
from app.ui.icons import Icons
from app.ui.theme import Size, Theme


class JumpButton(PaintedButton):
    """Stands beside the composer; hidden while the end is followed."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(theme, icons, "arrow-down", parent)
        self.setFixedSize(Size.JUMP, Size.JUMP)
        self.set_radius(Size.JUMP // 2)
        self.setAccessibleName(self.tr("Jump to the end"))
        self.setToolTip(self.accessibleName())
        self.setVisible(False)

    def fill(self) -> QColor:
        """A surface of its own, for it floats over the transcript."""
        return super().fill() or self._theme.tokens.raised

    def ink(self) -> QColor:
        """Stronger than a tool's."""
        tokens = self._theme.tokens
        return tokens.text if self.underMouse() else tokens.text_2

    def line(self) -> QColor:
        """An outline."""
        return self._theme.tokens.border_control
