"""The rows between transcript and composer: banners, and how far a model is loaded."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.icons import Icons
from app.ui.models.loading_row import LoadingRow
from app.ui.notices import Notices
from app.ui.theme import Space, Theme


class Dock(QWidget):
    """Holds `notices` and `loading`; takes no room while both are empty."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notices = Notices(theme, icons, self)
        self.loading = LoadingRow(theme, self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S)
        self._column.addWidget(self.notices)
        self._column.addWidget(self.loading)

    def height_for(self, width: int) -> int:
        """The height that the rows take at that width; 0 when there are none."""
        if self.notices.isHidden() and self.loading.isHidden():
            return 0
        if self._column.hasHeightForWidth():
            return self._column.heightForWidth(width)
        return self._column.sizeHint().height()
