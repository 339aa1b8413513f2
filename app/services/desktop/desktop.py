"""Living with a long answer: a machine that stays awake, word of a reply behind other windows, and of a sleep."""

import os
import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from app.chat.conversation import Message
from app.services.desktop.desktop_system import DesktopSystem
from app.services.settings_service import SettingsService
from app.settings import INHIBIT_SLEEP, NOTIFY

_LINGER_MS = 2_000
"""Between two replies of a queue the machine is not let go."""
_PULSE_MS = 20_000
_SLEPT_SECONDS = 30.0
"""A pulse that comes so much too late missed a sleep, or a clock that was set: looking at the engine harms neither."""


def desktop_of_this_system(parent: QObject) -> DesktopSystem:
    """What this operating system can do; imported here, since many a window never begins a reply."""
    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        return DesktopSystem(parent)  # no screen, no desktop around it
    if sys.platform == "win32":
        from app.services.desktop.desktop_windows import WindowsDesktop

        return WindowsDesktop(parent)
    if sys.platform == "darwin":
        from app.services.desktop.desktop_macos import MacDesktop

        return MacDesktop(parent)
    from app.services.desktop.desktop_linux import LinuxDesktop

    return LinuxDesktop(parent)


class DesktopService(QObject):
    """Follows the replies. `in_front` tells whether the window is; `now` is the clock of the day in seconds.

    Signals: `clicked` with the conversation whose announcement was chosen; `attention` when a reply ended behind other
    windows, for a taskbar that can show it; `woke` after the machine slept.
    """

    clicked = Signal(str)
    attention = Signal()
    woke = Signal()

    def __init__(
        self,
        settings: SettingsService,
        in_front: Callable[[], bool],
        parent: QObject | None = None,
        *,
        make_system: Callable[[QObject], DesktopSystem] | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._in_front = in_front
        self._make_system = make_system or desktop_of_this_system
        self._now = now
        self._system: DesktopSystem | None = None
        self._writing: set[str] = set()
        self._closed = False
        self._linger = QTimer(self, singleShot=True, interval=_LINGER_MS)
        self._linger.timeout.connect(self._hold)
        self._pulse = QTimer(self, interval=_PULSE_MS)
        self._pulse.timeout.connect(self.feel_pulse)
        self._last = now()
        settings.changed.connect(self._on_setting_changed)

    def on_reply_started(self, _conversation_id: str, reply_id: str) -> None:
        """Keeps the machine awake from now on."""
        if self._closed:
            return
        self._writing.add(reply_id)
        self._linger.stop()
        if self._system is None:
            self._begin()
        self._hold()

    def on_reply_ended(self, conversation_id: str, reply: Message) -> None:
        """Announces the reply, and lets the machine sleep soon."""
        if self._closed:
            return
        self._writing.discard(reply.id)
        if not self._writing:
            self._linger.start()
        if self._settings.get(NOTIFY) and reply.reason != "stopped" and not self._in_front():
            self.attention.emit()
            if self._system is not None:
                # Never a word of the conversation: notices are shown on locked screens.
                self._system.announce(conversation_id, self._title(reply), reply.model or "", self.tr("Open"))

    def on_window_in_front(self) -> None:
        """Takes the announcements back: whoever looks at the window needs none."""
        if self._system is not None:
            self._system.withdraw()

    def feel_pulse(self) -> None:
        """Notices a sleep that no system told of, by the time that is missing."""
        before, self._last = self._last, self._now()
        if self._last - before > _PULSE_MS / 1000 + _SLEPT_SECONDS:
            self.woke.emit()

    def close(self) -> None:
        """Takes everything back; what ends because the app does is not announced."""
        self._closed = True
        self._pulse.stop()
        self._linger.stop()
        if self._system is not None:
            self._system.close()

    def _begin(self) -> None:
        self._system = self._make_system(self)
        self._system.clicked.connect(self.clicked)
        self._system.woke.connect(self._on_woke)
        self._system.begin()
        self._last = self._now()
        self._pulse.start()

    def _hold(self) -> None:
        if self._system is None:
            return
        if self._writing and self._settings.get(INHIBIT_SLEEP):
            self._system.keep_awake(self.tr("A reply is being written"))
        else:
            self._system.let_sleep()

    def _title(self, reply: Message) -> str:
        if reply.state == "interrupted":
            return self.tr("A reply was interrupted")
        return self.tr("A reply is ready")

    def _on_woke(self) -> None:
        self._last = self._now()
        self.woke.emit()

    def _on_setting_changed(self, name: str) -> None:
        if name == INHIBIT_SLEEP.name:
            self._hold()
        elif name == NOTIFY.name and not self._settings.get(NOTIFY):
            self.on_window_in_front()
