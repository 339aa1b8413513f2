"""Garbage of the window is collected on its own thread, however much another one allocates."""

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QTimer

from app.services.background import Background
from app.services.garbage import GarbageCollection
from tests.waiting import wait_until


class Part(QObject):
    """A part of a window in a cycle, with a timer that runs."""

    def __init__(self, went: list[int]) -> None:
        super().__init__()
        self._went = went
        self.itself = self
        self.timer = QTimer(self, interval=1)
        self.timer.start()

    def __del__(self) -> None:
        self._went.append(threading.get_ident())


@pytest.fixture
def collection(qt_app: object) -> Iterator[GarbageCollection]:
    gc.enable()
    yield GarbageCollection()
    gc.unfreeze()


def test_a_busy_thread_destroys_nothing_of_the_window(collection: GarbageCollection) -> None:
    went: list[int] = []
    for _ in range(1000):
        Part(went)
    background = Background("busy")
    done: list[int] = []
    background.run(lambda: len([[{}] for _ in range(200_000)]), done.append)
    wait_until(lambda: bool(done), "much that is allocated")
    background.close()
    wait_until(lambda: len(went) == 1000, "the parts to go")
    assert set(went) == {threading.get_ident()}
