"""What a desktop can do for the app; this one can do nothing, and each system's own does what it knows of."""

from PySide6.QtCore import QObject, Signal


class DesktopSystem(QObject):
    """Keeps awake, announces, and tells of sleep; whatever a system lacks is quietly absent.

    Signals: `clicked` with the key of an announcement that a person chose; `woke` after the machine slept.
    """

    clicked = Signal(str)
    woke = Signal()

    def begin(self) -> None:
        """Begins to listen for sleep; called once, when the first reply begins."""

    def keep_awake(self, why: str, /) -> None:
        """Keeps the machine from falling asleep by itself, until `let_sleep` or this process's end."""

    def let_sleep(self) -> None:
        """Lets it sleep again."""

    def announce(self, key: str, title: str, text: str, opens: str) -> None:
        """Shows `title` and `text`; `opens` names what a click on it does."""

    def withdraw(self) -> None:
        """Takes back what was announced."""

    def close(self) -> None:
        """Takes everything back: the app closes."""
        self.withdraw()
        self.let_sleep()
