"""A menu with round corners, whose chosen item carries a check."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QGuiApplication,
    QIcon,
    QKeySequence,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QWidget

from app.ui.direction import isolated
from app.ui.icons import Icons
from app.ui.theme import Radius, Role, Size, Space, Theme


class Menu(QMenu):
    """Opens below its button, along the start or the end of it; never blocks."""

    def __init__(self, theme: Theme, icons: Icons, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self.setAccessibleName(name)
        self.setFont(theme.font(Role.CONTROL))
        self.setMinimumWidth(Size.MENU)
        self.setToolTipsVisible(True)
        # The style sheet rounds the corners; what lies outside of them must not be filled.
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)

    def add(
        self, text: str, chosen: Callable[[], None], *, icon: str = "", keys: QKeySequence | None = None
    ) -> QAction:
        """Adds an item; `keys` only shows the shortcut, which is the window's."""
        shown = isolated(keys.toString(QKeySequence.SequenceFormat.NativeText)) if keys else ""
        action = self.addAction(f"{text}\t{shown}" if shown else text)
        if icon:
            self._icons.put(action, icon)
        action.triggered.connect(lambda _checked: chosen())
        return action

    def add_choices(
        self, choices: dict[str, str], current: str | None, chosen: Callable[[str], None]
    ) -> None:
        """Adds items of which one is checked: texts by value."""
        group = QActionGroup(self)
        for value, text in choices.items():
            action = self.addAction(text)
            action.setCheckable(True)
            action.setChecked(value == current)
            action.setIcon(self._icons.icon("check") if value == current else QIcon())
            action.triggered.connect(lambda _checked, value=value: chosen(value))
            group.addAction(action)

    def add_switch(self, text: str, about: str, on: bool, chosen: Callable[[bool], None]) -> QAction:
        """Adds an item that is on or off, with a sentence on what that does."""
        from app.ui.controls.menu_item import ExplainedItem

        item = ExplainedItem(self._theme, self._icons, text, about, self)
        item.setCheckable(True)
        item.setChecked(on)

        # Given to the signal as it is, the emit of another signal would be called without a word.
        def on_triggered(wanted: bool) -> None:
            chosen(wanted)

        item.triggered.connect(on_triggered)
        self.addAction(item)
        return item

    def add_words(self, text: str) -> QAction:
        """Adds a sentence that only says something."""
        from app.ui.controls.menu_item import ExplainedItem

        item = ExplainedItem(self._theme, self._icons, "", text, self)
        item.setEnabled(False)
        self.addAction(item)
        return item

    def open_below(self, button: QWidget, *, at_end: bool = False) -> None:
        """Opens under `button`, with its start (or its end) at the button's."""
        self.adjustSize()
        rtl = button.layoutDirection() == Qt.LayoutDirection.RightToLeft
        x = button.width() - self.sizeHint().width() if at_end != rtl else 0
        self.popup(button.mapToGlobal(QPoint(x, button.height() + Space.XS)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the way into each menu of its own as the chevron that it is everywhere else."""
        super().paintEvent(event)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        painter = QPainter(self)
        for action in self.actions():
            if action.menu() is None:
                continue
            area = self.actionGeometry(action)
            x = (
                area.left() + Space.BAR_PADDING
                if rtl
                else area.right() + 1 - Space.BAR_PADDING - Size.ICON_SMALL
            )
            y = area.center().y() + 1 - Size.ICON_SMALL // 2
            ink = self._theme.tokens.muted
            painter.drawPixmap(
                x, y, self._icons.pixmap("chevron-right", Size.ICON_SMALL, ink, self.devicePixelRatioF())
            )
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cuts the corners, where a window may be drawn without being blended."""
        super().resizeEvent(event)
        if QGuiApplication.platformName() != "xcb":
            return
        path = QPainterPath()
        # A little rounder than what is painted: what is blended with nothing would stay black.
        radius = Radius.MENU + Space.XXS
        path.addRoundedRect(QRectF(self.rect()), radius, radius)
        self.setMask(QRegion(path.toFillPolygon().toPolygon()))
