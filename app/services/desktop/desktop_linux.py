"""Linux desktops: sleep is held off and told of over D-Bus, replies are announced by the desktop's notice program.

Notices go by way of `notify-send`: the desktop's own method takes an unsigned number, which Python cannot hand to
Qt's D-Bus. Every call is asynchronous; a desktop that answers late or never holds nothing up.
"""

import contextlib
import html
import os
import shutil
import signal
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import SLOT, QObject, QProcess, Signal, Slot
from PySide6.QtDBus import (
    QDBusConnection,
    QDBusMessage,
    QDBusPendingCall,
    QDBusPendingCallWatcher,
    QDBusUnixFileDescriptor,
)

from app.services.desktop.desktop_system import DesktopSystem

_LOGIN: Final = ("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager")
_POWER: Final = (
    "org.freedesktop.PowerManagement",
    "/org/freedesktop/PowerManagement/Inhibit",
    "org.freedesktop.PowerManagement.Inhibit",
)
_AWAKE: Final = "soliloquy-awake"
_APP: Final = "Soliloquy"
_NOTICES: Final = 8
"""So many announcements stand at once; the oldest goes first."""
_END_MS: Final = 200
_CHOSEN: Final = "default"
"""What a click anywhere on a notice is called."""
_OPTIONS: Final = (f"--app-name={_APP}", "--icon=soliloquy", "--category=im.received")


class LinuxDesktop(DesktopSystem):
    """What login1, a power manager and `notify-send` do. `notifier` is found on the path unless it is given."""

    def __init__(self, parent: QObject | None = None, *, notifier: str | None = None) -> None:
        super().__init__(parent)
        self._notifier = shutil.which("notify-send") if notifier is None else notifier
        self._awake = False
        self._lock: int | None = None
        self._session: QDBusConnection | None = None
        self._notices: dict[str, Notice] = {}

    def begin(self) -> None:
        """Listens for the machine's sleep on the system's bus, if there is one."""
        bus = QDBusConnection.systemBus()
        if bus.isConnected():
            # The stub asks for bytes, but only a text is taken.
            bus.connect(*_LOGIN, "PrepareForSleep", self, SLOT("_on_sleep(bool)"))  # type: ignore[call-overload]

    def keep_awake(self, why: str, /) -> None:
        """Holds a lock of login1; where there is none, asks the session's power manager."""
        if self._awake:
            return
        self._awake = True
        bus = QDBusConnection.systemBus()
        if bus.isConnected():
            arguments = ["sleep:idle", _APP, why, "block"]
            self._call(bus, (*_LOGIN, "Inhibit"), arguments, lambda reply: self._on_lock(reply, why))
        else:
            self._ask_power_manager(why)

    def let_sleep(self) -> None:
        """Gives the lock back; a lock that is still on its way is dropped when it comes."""
        self._awake = False
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
        if self._session is not None:
            self._session = None
            # The power manager lets go with the connection that asked.
            QDBusConnection.disconnectFromBus(_AWAKE)

    def announce(self, key: str, title: str, text: str, opens: str) -> None:
        """Shows a notice in place of an older one of that key."""
        if not self._notifier:
            return
        self._take_back(key)
        while len(self._notices) >= _NOTICES:
            self._take_back(next(iter(self._notices)))
        notice = Notice(self._notifier, title, text, opens, self)
        self._notices[key] = notice
        notice.over.connect(lambda chosen: self._on_over(key, notice, chosen))
        notice.start()

    def withdraw(self) -> None:
        """Closes every notice."""
        for key in list(self._notices):
            self._take_back(key)

    @Slot(bool)
    def _on_sleep(self, sleeps: bool) -> None:
        if not sleeps:
            self.woke.emit()

    def _on_lock(self, reply: QDBusMessage, why: str) -> None:
        given = reply.arguments()
        if reply.type() != QDBusMessage.MessageType.ReplyMessage or not given:
            if self._awake:
                self._ask_power_manager(why)
        elif self._awake and self._lock is None and isinstance(given[0], QDBusUnixFileDescriptor):
            # What Qt holds is closed with the reply: the lock lives as long as this copy.
            self._lock = os.dup(given[0].fileDescriptor())

    def _ask_power_manager(self, why: str) -> None:
        bus = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, _AWAKE)
        if bus.isConnected():
            self._session = bus
            self._call(bus, (*_POWER, "Inhibit"), [_APP, why], lambda _reply: None)
        else:
            QDBusConnection.disconnectFromBus(_AWAKE)

    def _call(
        self,
        bus: QDBusConnection,
        method: tuple[str, str, str, str],
        arguments: Sequence[str],
        done: Callable[[QDBusMessage], None],
    ) -> None:
        message = QDBusMessage.createMethodCall(*method)
        message.setArguments(list(arguments))
        watcher = QDBusPendingCallWatcher(bus.asyncCall(message), self)

        def on_finished(call: QDBusPendingCall) -> None:
            done(call.reply())
            watcher.deleteLater()

        watcher.finished.connect(on_finished)

    def _take_back(self, key: str) -> None:
        notice = self._notices.pop(key, None)
        if notice is not None:
            notice.take_back()

    def _on_over(self, key: str, notice: "Notice", chosen: bool) -> None:
        if self._notices.get(key) is notice:
            del self._notices[key]
            notice.deleteLater()
            if chosen:
                self.clicked.emit(key)


class Notice(QProcess):
    """One notice, for as long as it stands; its words are never read as options or as markup.

    Signal: `over` when it is gone, with whether a person chose it.
    """

    over = Signal(bool)

    def __init__(self, program: str, title: str, text: str, opens: str, parent: QObject) -> None:
        super().__init__(parent)
        self._words = ["--", title, html.escape(text, quote=False)]
        self._closing = False
        self._can_be_chosen = True
        self.setProgram(program)
        self.setArguments([*_OPTIONS, f"--action={_CHOSEN}={opens}", *self._words])
        self.finished.connect(self._on_finished)
        self.errorOccurred.connect(self._on_error)

    def take_back(self) -> None:
        """Closes it; nothing is told any more."""
        self._closing = True
        if self.processId():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.processId(), signal.SIGINT)  # it takes its notice along
        if not self.waitForFinished(_END_MS):
            self.kill()
            self.waitForFinished(_END_MS)
        self.deleteLater()

    def _on_finished(self, code: int) -> None:
        if self._closing:
            return
        if code and self._can_be_chosen:
            # Older versions know of no choice; a notice that only tells is worth having.
            self._can_be_chosen = False
            self.setArguments([*_OPTIONS, *self._words])
            self.start()
            return
        self.over.emit(_CHOSEN.encode() in bytes(self.readAllStandardOutput().data()).split())

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and not self._closing:
            self.over.emit(False)
