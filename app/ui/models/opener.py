"""Ways in which a person names a model file: a dialog, or a file dropped on the window."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtWidgets import QWidget

from app.errors import AppError, ModelFileError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFileDialog

_SUFFIX = ".gguf"


def dropped_file(source: QMimeData) -> Path | None:
    """The one file or folder on this machine that is being dragged, or None: then the window does not take it."""
    files = [Path(url.toLocalFile()) for url in source.urls() if url.isLocalFile()]
    return files[0] if len(files) == 1 else None


def refusal(path: Path) -> AppError | None:
    """Why something that was dropped is no model, as far as its name tells; None where it may be one."""
    if path.is_dir():
        return ModelFileError("file_is_folder", path=str(path))
    if path.suffix.lower() != _SUFFIX:
        return ModelFileError("not_gguf", path=str(path))
    return None


class ModelOpener(QObject):
    """Asks for a model file without blocking. Signal: `chosen` with the file's path."""

    chosen = Signal(object)

    def __init__(
        self, window: QWidget, make_dialog: "Callable[[QWidget], QFileDialog] | None" = None
    ) -> None:
        super().__init__(window)
        self._window = window
        self._make_dialog = make_dialog
        self._dialog: QFileDialog | None = None
        self._folder = ""

    @property
    def dialog(self) -> "QFileDialog | None":
        """The dialog while it is open."""
        return self._dialog

    def ask(self) -> None:
        """Opens the dialog in the folder of the last choice; a second call brings the open one to the front."""
        if self._dialog is not None:
            self._dialog.raise_()
            self._dialog.activateWindow()
            return
        from PySide6.QtWidgets import QFileDialog

        dialog = (self._make_dialog or QFileDialog)(self._window)
        dialog.setWindowTitle(self.tr("Load a model file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(
            [self.tr("Models ({pattern})").format(pattern=f"*{_SUFFIX}"), self.tr("All files (*)")]
        )
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, self.tr("Load"))
        if self._folder:
            dialog.setDirectory(self._folder)
        dialog.fileSelected.connect(self._on_selected)
        dialog.finished.connect(self._on_finished)
        self._dialog = dialog
        dialog.open()

    def _on_selected(self, name: str) -> None:
        path = Path(name)
        self._folder = str(path.parent)
        self.chosen.emit(path)

    def _on_finished(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
