"""Waiting for Qt: until a condition holds, while events are processed; a test that waits in vain fails."""

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEventLoop


def wait_until(condition: Callable[[], bool], what: str = "it", seconds: float = 60.0) -> None:
    """Processes events until the condition holds; AssertionError after `seconds`, which is far beyond any pass."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds:.0f} s in vain for {what}")
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        time.sleep(0.002)
