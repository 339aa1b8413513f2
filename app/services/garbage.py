"""Garbage is collected on the GUI thread alone: what is Qt's must not be destroyed on another one.

Python collects on whichever thread happens to allocate. A widget or a timer in a cycle that is destroyed by the store's
thread takes the program down at the next event.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_LOOK_MS = 1000


def collect_if_due() -> None:
    """Collects the oldest generation that Python itself would collect by now."""
    due = [count > least for count, least in zip(gc.get_count(), gc.get_threshold(), strict=True)]
    if any(due):
        gc.collect(max(generation for generation, is_due in enumerate(due) if is_due))


class GarbageCollection(QObject):
    """Takes Python's automatic collection over for as long as the process lives."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        # What a start has made stays: no collection need look at it again.
        gc.freeze()
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(collect_if_due)
        self._look.start()
