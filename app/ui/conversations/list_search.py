"""The field that filters the conversations' titles, and the keys that lead to it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from app.ui.controls.search_field import SearchField
from app.ui.conversations.new_button import shown_keys
from app.ui.icons import Icons
from app.ui.theme import Role, Space, Theme


class ListSearch(SearchField):
    """Shows its keys at its end while nothing is typed."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(theme, icons, "", parent)
        name = self.tr("Search conversations")
        self.setAccessibleName(name)
        self.setPlaceholderText(name)
        self._keys = QLabel(self)
        self._keys.setFont(theme.font(Role.LABEL))
        self._keys.setProperty("tone", "quiet")
        self._keys.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.textChanged.connect(self._place)

    def set_keys(self, keys: QKeySequence) -> None:
        """Shows these keys."""
        self._keys.setText(shown_keys(keys))
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the keys at the end."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        self._keys.adjustSize()
        room = self.width() - 2 * Space.M - self.fontMetrics().horizontalAdvance(self.placeholderText())
        self._keys.setVisible(not self.text() and room > self._keys.width() + 2 * Space.PAGE)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        x = Space.BAR_PADDING if rtl else self.width() - self._keys.width() - Space.BAR_PADDING
        # Else words of another direction would begin where the keys stand.
        start = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        self.setAlignment(start | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
        self._keys.move(x, (self.height() - self._keys.height()) // 2)
