"""A button that shows which of several choices holds, and opens the others as a menu."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.ui.controls.menu import Menu
from app.ui.controls.menu_access import tell_of_menu
from app.ui.focus_ring import FOCUS_RADIUS
from app.ui.icons import Icons
from app.ui.theme import Radius, Role, Size, Space, Theme

_OPENS: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down, Qt.Key.Key_Up})


class ChoiceField(QPushButton):
    """As wide as its longest choice. Signal: `chosen` with a value that a person chose."""

    chosen = Signal(str)

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        name: str,
        options: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._options = dict(options)
        self._value = ""
        self._about = ""
        tell_of_menu(self)
        self.setAccessibleName(name)
        self.setFont(theme.font(Role.CONTROL, tabular=True))
        self.setFixedHeight(Size.CONTROL)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty(FOCUS_RADIUS, Radius.BUTTON)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAutoDefault(False)
        self.clicked.connect(self.open_menu)
        theme.changed.connect(self.update)

    @property
    def value(self) -> str:
        """What is chosen."""
        return self._value

    @property
    def options(self) -> dict[str, str]:
        """The words of every choice, by value."""
        return dict(self._options)

    def set_options(self, options: Mapping[str, str]) -> None:
        """Offers other choices."""
        self._options = dict(options)
        self._say()

    def set_value(self, value: str) -> None:
        """Shows another choice, without telling."""
        self._value = value
        self._say()

    def describe(self, text: str) -> None:
        """Says what is chosen here, to assistive technology, which hears the choice first."""
        self._about = text
        self._say()

    def open_menu(self) -> None:
        """Opens the choices below."""
        menu = Menu(self._theme, self._icons, self.accessibleName(), self)
        menu.add_choices(self._options, self._value, self._on_chosen)
        menu.setMinimumWidth(max(menu.minimumWidth(), self.width()))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.open_below(self, at_end=True)
        checked = next((action for action in menu.actions() if action.isChecked()), None)
        if checked is not None:
            menu.setActiveAction(checked)

    def sizeHint(self) -> QSize:
        """Room for every choice, so that it stays as wide as it is."""
        widest = max(
            (self.fontMetrics().horizontalAdvance(text) for text in self._options.values()), default=0
        )
        return QSize(widest + 2 * Space.M + Space.S + Size.ICON_SMALL, Size.CONTROL)

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return and the arrows open the choices, as Space does."""
        if event.key() in _OPENS:
            self.open_menu()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the frame, the choice and a chevron."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(tokens.border_control, Space.HAIR))
        painter.setBrush(self._fill())
        half = Space.HAIR / 2
        area = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter.drawRoundedRect(area, Radius.BUTTON, Radius.BUTTON)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        side, inner = Size.ICON_SMALL, self.rect().adjusted(Space.M, 0, -Space.M, 0)
        x = inner.left() if rtl else inner.right() + 1 - side
        ink = tokens.muted if self.isEnabled() else tokens.disabled
        chevron = self._icons.pixmap("chevron-down", side, ink, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(x, (self.height() - side) // 2), chevron)
        text = QRect(inner)
        text.setLeft(inner.left() + (side + Space.S if rtl else 0))
        text.setRight(inner.right() - (0 if rtl else side + Space.S))
        painter.setPen(tokens.text if self.isEnabled() else tokens.disabled)
        align = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        flags = align | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(text, flags, self._options.get(self._value, ""))
        painter.end()

    def _fill(self) -> QColor:
        tokens = self._theme.tokens
        if not self.isEnabled():
            return tokens.page
        if self.isDown():
            return tokens.pressed
        return tokens.hover if self.underMouse() else tokens.raised

    def _say(self) -> None:
        words = (self._options.get(self._value, ""), self._about)
        self.setAccessibleDescription(". ".join(filter(None, words)))
        self.updateGeometry()
        self.update()

    def _on_chosen(self, value: str) -> None:
        self.set_value(value)
        self.chosen.emit(value)
