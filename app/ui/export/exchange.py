"""What the window does with files of conversations: asks where, writes, reads, and says what was done."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from app.services.exchange.export_service import Exported, ExportService, Form, form_named
from app.services.exchange.importing import Imported
from app.services.settings_service import SettingsService
from app.settings import EXPORT_THINKING
from app.ui.export import words
from app.ui.export.dialog import ExportDialog
from app.ui.notices import Action, Notices
from app.ui.theme import Theme

_CODES: Final = (
    "export_failed",
    "nothing_to_export",
    "import_unreadable",
    "import_unknown",
    "import_newer",
    "import_empty",
    "import_refused",
)

Say = Callable[[str, Action | None], None]


class Exchange(QObject):
    """Exports, copies and imports. `say` shows a toast; failures become banners in `notices`."""

    def __init__(
        self,
        window: QWidget,
        service: ExportService,
        settings: SettingsService,
        theme: Theme,
        notices: Notices,
        say: Say,
        *,
        make_dialog: Callable[[QWidget], QFileDialog] = QFileDialog,
        show_folder: Callable[[QUrl], object] = QDesktopServices.openUrl,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._service = service
        self._settings = settings
        self._theme = theme
        self._notices = notices
        self._say = say
        self._make_dialog = make_dialog
        self._show_folder = show_folder
        self._folder = ""
        self.dialog: ExportDialog | None = None
        self.file_dialog: QFileDialog | None = None
        service.exported.connect(self._on_exported)
        service.copied.connect(self._on_copied)
        service.imported.connect(self._on_imported)
        service.failed.connect(notices.show_error)

    def export(self, conversation_id: str = "") -> None:
        """Opens the dialog for a conversation, or for all of them; brings one that is open to the front."""
        if self.dialog is not None:
            self.dialog.raise_()
            self.dialog.activateWindow()
            return
        dialog = ExportDialog(self._theme, self._service, self._settings, conversation_id, self._window)
        dialog.export_requested.connect(self._on_export_requested)
        dialog.finished.connect(self._on_dialog_finished)
        self.dialog = dialog
        dialog.open()

    def export_all(self) -> None:
        """Opens the dialog for all conversations."""
        self.export()

    def copy_as_markdown(self, conversation_id: str) -> None:
        """Puts a conversation on the clipboard, its thinking as it was exported last."""
        self._service.copy(conversation_id, form_named("md", self._settings.get(EXPORT_THINKING)).thinking)

    def import_file(self) -> None:
        """Asks for a file and takes what it holds."""
        if self.file_dialog is not None:
            self.file_dialog.raise_()
            return
        dialog = self._ask(self._window, self.tr("Import conversations"), self.tr("Import"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([words.file_filter("json"), self.tr("All files (*)")])
        dialog.fileSelected.connect(self._on_import_chosen)
        dialog.open()

    def _on_export_requested(self, conversation_id: str, form: Form) -> None:
        if self.dialog is None or self.file_dialog is not None:
            return
        dialog = self._ask(self.dialog, self.tr("Export"), self.tr("Export"))
        if conversation_id:
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setFileMode(QFileDialog.FileMode.AnyFile)
            dialog.setNameFilters([words.file_filter(form.kind)])
            dialog.setDefaultSuffix(form.kind)
            dialog.selectFile(self._service.file_name(conversation_id, form.kind))
        else:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda name: self._on_target_chosen(conversation_id, form, name))
        dialog.open()

    def _ask(self, parent: QWidget, title: str, verb: str) -> QFileDialog:
        dialog = self._make_dialog(parent)
        dialog.setWindowTitle(title)
        dialog.setDirectory(self._folder or _first_folder())
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, verb)
        dialog.finished.connect(self._on_file_dialog_finished)
        self.file_dialog = dialog
        return dialog

    def _on_target_chosen(self, conversation_id: str, form: Form, name: str) -> None:
        target = Path(name)
        self._folder = str(target.parent if conversation_id else target)
        self._notices.clear(*_CODES)
        if conversation_id:
            self._service.export_one(conversation_id, target, form)
        else:
            self._service.export_all(target, form)
        if self.dialog is not None:
            self.dialog.accept()

    def _on_import_chosen(self, name: str) -> None:
        path = Path(name)
        self._folder = str(path.parent)
        self._notices.clear(*_CODES)
        self._service.import_from(path)

    def _on_dialog_finished(self) -> None:
        self.dialog = None

    def _on_file_dialog_finished(self) -> None:
        if self.file_dialog is not None:
            self.file_dialog.deleteLater()
            self.file_dialog = None

    def _on_exported(self, done: Exported) -> None:
        folder = done.path if done.is_folder else done.path.parent

        def show() -> None:
            self._show_folder(QUrl.fromLocalFile(str(folder)))

        action = Action(self.tr("Show in folder"), show)
        self._say(words.exported(done), action)

    def _on_copied(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        kept = self._settings.get(EXPORT_THINKING) != "none"
        said = self.tr("Copied as Markdown, with the thinking") if kept else self.tr("Copied as Markdown")
        self._say(said, None)

    def _on_imported(self, done: Imported) -> None:
        if done.problems:
            self._notices.show_banner("import_refused", words.refused(done), "warning", None)
        if done.ids or not done.problems:
            self._say(words.imported(done), None)


def _first_folder() -> str:
    """Where a person keeps documents; the home folder where there is no such place."""
    places = QStandardPaths.StandardLocation
    documents = QStandardPaths.writableLocation(places.DocumentsLocation)
    return documents if Path(documents).is_dir() else QStandardPaths.writableLocation(places.HomeLocation)
