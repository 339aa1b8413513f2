"""Where the window stood, how wide its list was and which conversation was open: remembered, and brought back."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QByteArray, QEvent, QObject, QRect, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

from app.services.settings_service import SettingsService
from app.settings import SIDEBAR_SHOWN, SIDEBAR_WIDTH, WINDOW_GEOMETRY
from app.ui.frame import Frame
from app.ui.theme import Motion

_MOVES: Final = frozenset({QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.WindowStateChange})


class WindowMemory(QObject):
    """Restores a window before it is shown, and notes what becomes of it, a moment after it was changed."""

    def __init__(self, window: QMainWindow, frame: Frame, settings: SettingsService) -> None:
        super().__init__(window)
        self._window = window
        self._frame = frame
        self._settings = settings
        self._soon = QTimer(self, singleShot=True, interval=Motion.REMEMBER)
        self._soon.timeout.connect(self.keep)
        frame.set_side(shown=settings.get(SIDEBAR_SHOWN), width=settings.get(SIDEBAR_WIDTH))
        frame.side_chosen.connect(lambda shown: settings.set(SIDEBAR_SHOWN, shown))
        frame.width_chosen.connect(lambda width: settings.set(SIDEBAR_WIDTH, width))
        self._restore()
        window.installEventFilter(self)

    def keep(self) -> None:
        """Notes where the window stands now."""
        self._soon.stop()
        saved = bytes(self._window.saveGeometry().toBase64().data()).decode("ascii")
        self._settings.set(WINDOW_GEOMETRY, saved)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Waits until the window is no longer moved."""
        if event.type() in _MOVES and self._window.isVisible():
            self._soon.start()
        return False

    def _restore(self) -> None:
        saved = self._settings.get(WINDOW_GEOMETRY)
        if not saved or not self._window.restoreGeometry(QByteArray.fromBase64(saved.encode("ascii"))):
            return
        if self._window.isMaximized() or self._window.isFullScreen():
            return
        screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
        self._window.setGeometry(brought_into_view(self._window.geometry(), screens))


def brought_into_view(area: QRect, screens: Sequence[QRect]) -> QRect:
    """The area, moved and made smaller until all of it lies on one screen: on that which shows most of it now."""
    if not screens:
        return area
    best = max(screens, key=lambda screen: _shared(area, screen))
    if not _shared(area, best):
        # Its screen is gone: the first one is where people look.
        best = screens[0]
    size = area.size().boundedTo(best.size())
    x = max(best.left(), min(area.left(), best.right() + 1 - size.width()))
    y = max(best.top(), min(area.top(), best.bottom() + 1 - size.height()))
    return QRect(x, y, size.width(), size.height())


def _shared(area: QRect, screen: QRect) -> int:
    common = area.intersected(screen)
    return common.width() * common.height() if common.isValid() else 0
