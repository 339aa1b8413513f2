"""Opens a window and tells when its first picture was painted: the app's, or an empty one to measure it against.

`first_paint app FOLDER` or `first_paint empty FOLDER`; prints `time.monotonic()`, which all processes share, and ends.
`first_paint listed FOLDER` goes on until the picture in which the stored conversations are listed.
"""

import os
import sys
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QMainWindow


class FirstPaint(QObject):
    """Watches a window; after its first paint event, when the whole window is painted, it ends the process."""

    PAINTED = QEvent.Type(QEvent.registerEventType())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Posts an event behind the paint event: it comes when all children are painted too.

        And before whatever the app itself does after its first picture.
        """
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QCoreApplication.postEvent(self, QEvent(self.PAINTED), Qt.EventPriority.HighEventPriority.value)
        return False

    def event(self, event: QEvent) -> bool:
        """Tells the time and ends."""
        if event.type() != self.PAINTED:
            return super().event(event)
        sys.stdout.write(f"{time.monotonic()}\n")
        sys.stdout.flush()
        os._exit(0)


def open_empty() -> int:
    """The least that a Qt program does to show a window."""
    app = QApplication(["empty"])
    window = QMainWindow()
    watch = FirstPaint()
    window.installEventFilter(watch)
    window.show()
    return app.exec()


def open_app(folder: Path, *, listed: bool) -> int:
    """The app as a person starts it by a click, without arguments, but for the watch on its window."""
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        os.environ[name] = str(folder)
    from app import application
    from app.__main__ import main

    watch = FirstPaint()

    class Watched(application.Application):
        """The application, with its window watched."""

        def open(self, model: Path | None) -> None:
            """Watches, and opens."""
            if listed:
                self.conversations.list_read.connect(self.on_listed)
            else:
                self.window.installEventFilter(watch)
            super().open(model)

        def on_listed(self) -> None:
            """What is listed by now is painted, and that is told."""
            self.window.repaint()
            QCoreApplication.postEvent(watch, QEvent(watch.PAINTED))

    application.Application = Watched  # type: ignore[misc]
    return main([])


if __name__ == "__main__":
    what = sys.argv[1]
    sys.exit(open_empty() if what == "empty" else open_app(Path(sys.argv[2]), listed=what == "listed"))
