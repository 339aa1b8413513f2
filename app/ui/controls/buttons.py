"""Buttons: an icon alone, words, and the base of those that are painted by hand."""

from typing import Final, Literal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QPushButton, QToolButton, QWidget

from app.ui.controls.menu_access import tell_of_menu
from app.ui.direction import isolated
from app.ui.focus_ring import FOCUS_RADIUS
from app.ui.icons import Icons
from app.ui.theme import Radius, Role, Size, Space, Theme

Kind = Literal["plain", "primary", "ghost", "danger"]

_ENTER: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


def _enter_presses(button: QAbstractButton, event: QKeyEvent) -> bool:
    """Enter does what Space does: in a dialog it would press another button than the one that has the focus."""
    if event.key() not in _ENTER:
        return False
    if not event.isAutoRepeat():
        button.click()
    return True


class PaintedButton(QToolButton):
    """A square button with an icon, painted from the theme; subclasses say which colours.

    It takes the focus from the keyboard only: a click leaves the cursor where it was.
    """

    def __init__(self, theme: Theme, icons: Icons, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._icon = name
        self._icon_size: int = Size.ICON
        self._radius: int = Radius.BUTTON
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setProperty(FOCUS_RADIUS, self._radius)
        theme.changed.connect(self.update)

    def set_icon(self, name: str, size: int = Size.ICON) -> None:
        """Shows another icon."""
        self._icon = name
        self._icon_size = size
        self.update()

    def set_radius(self, radius: int) -> None:
        """Rounds the corners by `radius` pixels."""
        self._radius = radius
        self.setProperty(FOCUS_RADIUS, radius)

    def fill(self) -> QColor | None:
        """The colour behind the icon now, or None."""
        if not self.isEnabled():
            return None
        tokens = self._theme.tokens
        if self.isDown():
            return tokens.pressed
        return tokens.hover if self.underMouse() else None

    def ink(self) -> QColor:
        """The colour of the icon now."""
        tokens = self._theme.tokens
        if not self.isEnabled():
            return tokens.disabled
        return tokens.text if self.underMouse() and not self.isDown() else tokens.muted

    def line(self) -> QColor | None:
        """The colour of the outline now, or None."""
        return None

    def sizeHint(self) -> QSize:
        """The size that was fixed."""
        return self.minimumSize()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter clicks, as Space does."""
        if not _enter_presses(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints fill, outline and icon."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line, fill = self.line(), self.fill()
        painter.setPen(QPen(line, Space.HAIR) if line else Qt.PenStyle.NoPen)
        painter.setBrush(fill or Qt.BrushStyle.NoBrush)
        inset = Space.HAIR / 2 if line else 0
        if line or fill:
            area = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
            painter.drawRoundedRect(area, self._radius, self._radius)
        pixmap = self._icons.pixmap(self._icon, self._icon_size, self.ink(), self.devicePixelRatioF())
        side = self._icon_size
        painter.drawPixmap(QPointF((self.width() - side) // 2, (self.height() - side) // 2), pixmap)
        painter.end()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Repaints under the pointer."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Repaints without the pointer."""
        super().leaveEvent(event)
        self.update()


class IconButton(PaintedButton):
    """An icon that does something: 28 pixels square, with a name for assistive technology and a tooltip."""

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        icon: str,
        name: str,
        keys: QKeySequence | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, icons, icon, parent)
        self.setFixedSize(Size.ICON_BUTTON, Size.ICON_BUTTON)
        self.set_name(name, keys)

    def set_name(self, name: str, keys: QKeySequence | None = None) -> None:
        """Names the button; `keys` is the shortcut that does the same."""
        self.setAccessibleName(name)
        native = isolated(keys.toString(QKeySequence.SequenceFormat.NativeText)) if keys else ""
        self.setToolTip(f"{name}  {native}".strip())


class MenuButton(IconButton):
    """An icon that opens a menu, and says so to assistive technology."""

    def set_name(self, name: str, keys: QKeySequence | None = None) -> None:
        """Names the button; `keys` is the shortcut that does the same."""
        tell_of_menu(self)
        super().set_name(name, keys)


_KIND: Final = "kind"


class Button(QPushButton):
    """A button with words, dressed by the style sheet as plain, primary or ghost; `compact` is 28 pixels high."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        kind: Kind = "plain",
        *,
        compact: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setProperty(_KIND, kind)
        self.setProperty(FOCUS_RADIUS, Radius.BUTTON)
        self.setFont(theme.font(Role.CONTROL))
        self.setFixedHeight(Size.COMPACT if compact else Size.CONTROL)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter clicks, as Space does."""
        if not _enter_presses(self, event):
            super().keyPressEvent(event)
