"""The Qt binding keeps its references: a release that drops one to None at each call ends the interpreter."""

import sys

from PySide6.QtCore import QCoreApplication, QObject, QTimer


def test_calls_that_return_nothing_drop_no_reference_to_none(qt_app: QCoreApplication) -> None:
    thing, timer = QObject(), QTimer()
    before = sys.getrefcount(None)
    for _ in range(2000):
        thing.setObjectName("name")
        timer.stop()
    # An interpreter whose None is immortal always tells the same number.
    assert sys.getrefcount(None) > before - 200
