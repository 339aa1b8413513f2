"""A private desktop: login1, a power manager and a notice program that write down what they are asked.

    python tests/doubles/desktop_bus.py serve [login1] [power]     on the bus that DBUS_SESSION_BUS_ADDRESS names
    python tests/doubles/desktop_bus.py use SECONDS WORD...        does what the words say, with the real LinuxDesktop

Each prints a line for everything that happens. Words: begin, awake, sleep, announce, wait (for a moment), close.
"""

import os
import select
import sys
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusUnixFileDescriptor, QDBusVirtualObject

from app.services.desktop.desktop_linux import LinuxDesktop

NAMES = {"login1": "org.freedesktop.login1", "power": "org.freedesktop.PowerManagement"}


def say(*words: object) -> None:
    """Prints a line at once."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


class Service(QDBusVirtualObject):
    """Answers on every path; notices when a lock that it gave is closed."""

    def __init__(self) -> None:
        super().__init__()
        self._locks: list[int] = []
        self._look = QTimer(self, interval=20)
        self._look.timeout.connect(self._see_closed)
        self._look.start()

    def introspect(self, _path: str) -> str:
        """Nobody asks."""
        return ""

    def handleMessage(self, message: QDBusMessage, connection: QDBusConnection) -> bool:
        """Writes the call down and answers it."""
        say("called", message.interface(), message.member(), *message.arguments())
        if message.interface().endswith("login1.Manager"):
            ours, theirs = os.pipe()
            self._locks.append(ours)
            connection.send(message.createReply(QDBusUnixFileDescriptor(theirs)))
            os.close(theirs)
        else:
            connection.send(message.createReply(7))
        return True

    def _see_closed(self) -> None:
        for lock in list(self._locks):
            if select.select([lock], [], [], 0)[0]:
                self._locks.remove(lock)
                os.close(lock)
                say("released")


def serve(names: list[str]) -> None:
    """Serves until its input ends; each line of the input makes the machine wake."""
    application = QCoreApplication([])
    bus = QDBusConnection.sessionBus()
    service = Service()
    bus.registerVirtualObject("/org", service, QDBusConnection.VirtualObjectRegisterOption.SubPath)
    for name in names:
        bus.registerService(NAMES[name])
    say("serving")

    def hear() -> None:
        while select.select([0], [], [], 0)[0]:
            if not os.read(0, 64):
                application.quit()
                return
            for sleeps in (True, False):
                signal = QDBusMessage.createSignal(
                    "/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep"
                )
                signal.setArguments([sleeps])
                bus.send(signal)

    timer = QTimer(interval=20)
    timer.timeout.connect(hear)
    timer.start()
    application.exec()


def use(seconds: float, words: list[str]) -> None:
    """Does what the words say, a quarter of a second apart, and ends after `seconds`."""
    application = QCoreApplication([])
    desktop = LinuxDesktop(notifier=os.environ.get("NOTIFIER", ""))
    desktop.woke.connect(lambda: say("woke"))
    desktop.clicked.connect(lambda key: say("clicked", key))
    acts: dict[str, Callable[[], None]] = {
        "begin": desktop.begin,
        "awake": lambda: desktop.keep_awake("A reply is being written"),
        "sleep": desktop.let_sleep,
        "announce": lambda: desktop.announce("c1", "A reply is ready", "--Qwen <3> & co", "Open"),
        "withdraw": desktop.withdraw,
        "wait": lambda: None,
        "close": desktop.close,
    }
    for number, word in enumerate(words):
        QTimer.singleShot(250 * number, acts[word])
        QTimer.singleShot(250 * number + 1, lambda word=word: say("did", word))
    QTimer.singleShot(round(seconds * 1000), application.quit)
    application.exec()
    # As at a crash: nothing is given back by hand.
    os._exit(0)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2:])
    else:
        use(float(sys.argv[2]), sys.argv[3:])
