"""macOS: a process of the system's keeps the machine awake for as long as this one lives."""

import os
from typing import Final

from PySide6.QtCore import QObject, QProcess

from app.services.desktop.desktop_system import DesktopSystem

_CAFFEINATE: Final = "/usr/bin/caffeinate"
_END_MS: Final = 400


class MacDesktop(DesktopSystem):
    """`program` takes the words of caffeinate: `-i` keeps the system awake, `-w` ends it with a process."""

    def __init__(self, parent: QObject | None = None, *, program: str = _CAFFEINATE) -> None:
        super().__init__(parent)
        self._program = program
        self._process: QProcess | None = None

    def keep_awake(self, _why: str, /) -> None:
        """Starts the process; where it is missing, nothing happens."""
        if self._process is None:
            self._process = QProcess(self)
            self._process.start(self._program, ["-i", "-w", str(os.getpid())])

    def let_sleep(self) -> None:
        """Ends the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.waitForFinished(_END_MS)
            process.deleteLater()
