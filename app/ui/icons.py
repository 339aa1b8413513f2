"""Icons by name, drawn from SVG at the screen's ratio in the colours of the theme."""

from pathlib import Path
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from shiboken6 import isValid

from app.paths import resources
from app.ui.theme import Size, Theme

if TYPE_CHECKING:
    # Only menus need them: making their classes waits until one is opened.
    from PySide6.QtGui import QAction, QIcon
    from PySide6.QtWidgets import QAbstractButton

# Strokes in the icons' grid of 24: a small icon needs a thicker one to look as strong as the text beside it.
_STROKES: Final = {14: 2.1, 16: 1.9, 20: 1.7}
_STROKE: Final = 2.0
# What points along the line of reading turns round with it.
_FLIPPED: Final = frozenset(
    {"arrow-left", "chevron-left", "chevron-right", "corner-down-right", "panel-left", "undo-2"}
)


class Icons(QObject):
    """Draws icons and keeps what it has drawn."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._folder = resources() / "icons"
        self._sources: dict[str, str] = {}
        self._pixmaps: dict[tuple[str, int, int, float, bool], QPixmap] = {}
        self._dressed: WeakKeyDictionary[QAction | QAbstractButton, tuple[str, int]] = WeakKeyDictionary()
        theme.changed.connect(self._on_theme_changed)

    def pixmap(self, name: str, size: int, color: QColor, ratio: float) -> QPixmap:
        """The icon as `size` device-independent pixels square; `ratio` is the screen's."""
        flipped = name in _FLIPPED and QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
        key = (name, size, color.rgba(), ratio, flipped)
        if key not in self._pixmaps:
            self._pixmaps[key] = self._draw(name, size, color, ratio, flipped)
        return self._pixmaps[key]

    def icon(self, name: str, size: int = Size.ICON, tint: str | None = None) -> "QIcon":
        """An icon in `muted`, `text` under the pointer and `disabled`; or in the colour token `tint` unless disabled.

        It keeps the colours of now: `Theme.changed` is the time to ask again, or let `put` do so.
        """
        from PySide6.QtGui import QIcon

        icon = QIcon()
        # Whichever screen it is shown on, and whatever scale that gets later, Qt takes the nearest.
        ratios = sorted({1.0, 2.0, *(screen.devicePixelRatio() for screen in QGuiApplication.screens())})
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Active, QIcon.Mode.Selected, QIcon.Mode.Disabled):
            for ratio in ratios:
                icon.addPixmap(self.pixmap(name, size, self._color(tint, mode), ratio), mode)
        return icon

    def put(self, target: "QAction | QAbstractButton", name: str, size: int = Size.ICON) -> None:
        """Gives an action or a button its icon, now and whenever the theme changes."""
        target.setIcon(self.icon(name, size))
        self._dressed[target] = (name, size)

    def take(self, target: "QAction | QAbstractButton") -> None:
        """Takes the icon away again."""
        from PySide6.QtGui import QIcon

        self._dressed.pop(target, None)
        target.setIcon(QIcon())

    def redraw(self) -> None:
        """Draws the icons of buttons and actions anew: the screen has another scale."""
        self._on_theme_changed()

    def _on_theme_changed(self) -> None:
        for target, (name, size) in list(self._dressed.items()):
            if isValid(target):
                target.setIcon(self.icon(name, size))

    def _color(self, tint: str | None, mode: "QIcon.Mode") -> QColor:
        from PySide6.QtGui import QIcon

        tokens = self._theme.tokens
        if mode == QIcon.Mode.Disabled:
            return tokens.disabled
        if tint is not None:
            color = getattr(tokens, tint)
            assert isinstance(color, QColor)
            return color
        return tokens.text if mode in (QIcon.Mode.Active, QIcon.Mode.Selected) else tokens.muted

    def _draw(self, name: str, size: int, color: QColor, ratio: float, flipped: bool) -> QPixmap:
        stroke = f'stroke-width="{_STROKES.get(size, _STROKE)}"'
        # QtSvg draws currentColor black.
        text = self._source(name).replace("currentColor", color.name()).replace('stroke-width="2"', stroke)
        side = round(size * ratio)
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setOpacity(color.alphaF())
        if flipped:
            painter.translate(side, 0)
            painter.scale(-1, 1)
        QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(0, 0, side, side))
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap

    def _source(self, name: str) -> str:
        if name not in self._sources:
            path: Path = self._folder / f"{name}.svg"
            self._sources[name] = path.read_text(encoding="utf-8")
        return self._sources[name]
