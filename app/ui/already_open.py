"""What a second start with a data folder does: hands over to the first window, or says that it does not answer."""

import os
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from app.errors import AppError
from app.services.desktop.one_instance import hand_over
from app.services.words.explanation import Explanation
from app.services.words.messages import explain
from app.ui.controls.buttons import Button
from app.ui.theme import Role, Theme

_WITHOUT_SCREEN = ("offscreen", "minimal")


def second_start(folder: Path, file: Path | None) -> int:
    """Gives `file` to the window that has the folder and brings it to the front; returns the exit code.

    Makes the application object that this needs: there must be none yet.
    """
    application = (QApplication if _has_screen() else QCoreApplication)([sys.argv[0]])
    if hand_over(folder, file):
        return 0
    words = explain(AppError("already_open", path=str(folder)))
    sys.stderr.write(words.text + "\n")
    if isinstance(application, QApplication) and application.platformName() not in _WITHOUT_SCREEN:
        box = message_box(Theme(), words)
        box.exec()
    return 1


def message_box(theme: Theme, words: Explanation) -> QMessageBox:
    """The message where there is no other window of this process to say it in."""
    QApplication.setPalette(theme.palette())
    QApplication.setFont(theme.font(Role.INTERFACE))
    box = QMessageBox(QMessageBox.Icon.NoIcon, "Soliloquy", words.title)
    box.setInformativeText(words.advice)
    close = QCoreApplication.translate("AlreadyOpen", "Close")
    box.addButton(Button(theme, close, parent=box), QMessageBox.ButtonRole.AcceptRole)
    box.setStyleSheet(theme.stylesheet())
    return box


def _has_screen() -> bool:
    """Whether a window could be opened; without a screen, Qt would end the program at the attempt."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
