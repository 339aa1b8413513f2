"""The least that a Qt program does to show a window, packaged like the app: its start is measured by this one's."""

import sys

from PySide6.QtWidgets import QApplication, QMainWindow

if __name__ == "__main__":
    application = QApplication(["empty"])
    window = QMainWindow()
    window.show()
    sys.exit(application.exec())
