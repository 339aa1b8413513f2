"""What all fields for text share: font, height and the frame that the style sheet draws."""

from typing import Final

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from app.ui.focus_ring import FOCUS_RADIUS
from app.ui.theme import Radius, Role, Size, Theme

KIND: Final = "kind"


def dress_field(field: QLineEdit | QPlainTextEdit, theme: Theme, *, tabular: bool = False) -> None:
    """Gives a field its look; a field of one line is as high as a button."""
    field.setProperty(KIND, "field")
    field.setProperty(FOCUS_RADIUS, Radius.BUTTON)
    field.setFont(theme.font(Role.INTERFACE, tabular=tabular))
    if isinstance(field, QLineEdit):
        field.setFixedHeight(Size.CONTROL)
