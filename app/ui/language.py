"""The language of the window: the one that was chosen, else the system's, as far as there is a translation."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    # Where there is no translation it is not needed.
    from PySide6.QtCore import QTranslator


def speak(language: str, folder: Path) -> "QTranslator | None":
    """Has the window speak a language: the one chosen, by its code, else the system's, as far as `folder` has it.

    What is returned is to be kept as long as it is spoken.
    """
    if language:
        QLocale.setDefault(QLocale(language))
    wanted = language or QLocale().name()
    codes = (wanted, wanted.partition("_")[0])
    files = [file for code in codes for file in folder.glob(f"*_{code}.qm")] if folder.is_dir() else []
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        return None
    if language or files:
        application.setLayoutDirection(QLocale(wanted).textDirection())
    if not files:
        return None
    from PySide6.QtCore import QTranslator

    translator = QTranslator(application)
    if translator.load(str(files[0])):
        application.installTranslator(translator)
    return translator
