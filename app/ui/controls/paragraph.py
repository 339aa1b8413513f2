"""Text of several lines in the line height of its role, which a plain label does not know."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui.theme import Role, Theme

_LONG_WORD: Final = 40


class Paragraph(QLabel):
    """Wraps plain text; a second run of it may have a quieter colour. Assistive technology reads the plain text."""

    def __init__(self, theme: Theme, role: Role, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = theme.line_height(role)
        self._plain = ""
        self.setFont(theme.font(role, tabular=True))
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    @property
    def plain_text(self) -> str:
        """What it says."""
        return self._plain

    def flow(self) -> None:
        """Asks for no more height than its lines have at its width, as on a page that scrolls."""
        policy = self.sizePolicy()
        policy.setVerticalPolicy(QSizePolicy.Policy.Preferred)
        self.setSizePolicy(policy)

    def make_selectable(self) -> None:
        """Lets its text be selected and copied, by mouse and by keys."""
        flags = Qt.TextInteractionFlag
        self.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_text(self, text: str, second: str = "", second_color: str = "") -> None:
        """Says `text`, and `second` behind it in a colour of its own."""
        self._plain = f"{text} {second}".strip()
        self.setAccessibleName(self._plain)
        behind = f' <span style="color:{second_color}">{_escaped(second)}</span>' if second else ""
        # Left to itself, a Latin text would stand at the left of a right-to-left window.
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        side = "right" if rtl else "left"
        self.setText(
            f'<p align="{side}" style="margin:0;line-height:{self._line}px">{_escaped(text)}{behind}</p>'
        )


def _escaped(text: str) -> str:
    """As HTML; a word that is longer than a line, such as a path, may be broken after its slashes."""
    words = [
        word.replace("/", "/\N{ZERO WIDTH SPACE}") if len(word) > _LONG_WORD else word
        for word in text.split(" ")
    ]
    return " ".join(words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
