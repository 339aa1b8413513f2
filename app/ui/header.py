"""The header bar: a new conversation, the title of this one, and the model's bar."""

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.ui.controls.buttons import IconButton
from app.ui.controls.elided_label import ElidedLabel
from app.ui.controls.margins import set_margins
from app.ui.icons import Icons
from app.ui.models.model_bar import ModelBar
from app.ui.theme import Role, Size, Space, Theme


class Header(QFrame):
    """Holds `new_button`, `title` and `model_bar`."""

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        model_bar: ModelBar,
        new_keys: QKeySequence,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self.setFixedHeight(Size.HEADER)
        self.new_button = IconButton(
            theme, icons, "square-pen", self.tr("New conversation"), keys=new_keys, parent=self
        )
        self.title = ElidedLabel(theme, self)
        self.title.setFont(theme.font(Role.TITLE))
        self.model_bar = model_bar
        self._row = QHBoxLayout(self)
        self._row.setSpacing(Space.S)
        self._row.addWidget(self.new_button)
        self._row.addWidget(self.title, 1)
        self._row.addWidget(model_bar)
        self.set_narrow(False)

    def set_narrow(self, narrow: bool) -> None:
        """Takes less room in narrow windows; the icon's strokes, not its box, meet the page's margin."""
        side = Space.L if narrow else Space.PAGE
        set_margins(self._row, side - Space.ICON_PULL, 0, side, 0)
        self.model_bar.set_narrow(narrow)
