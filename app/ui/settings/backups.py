"""What is stored of conversations, their way in and out, and their backups."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import AppError
from app.services.conversations.store_service import Backup, StoreService, StoreSize
from app.services.settings_service import SettingsService
from app.services.words.messages import explain
from app.ui.announce import announce
from app.ui.controls.buttons import Button
from app.ui.controls.confirm_dialog import ConfirmDialog
from app.ui.icons import Icons
from app.ui.settings.catalogue import Section
from app.ui.settings.page import SettingsPage
from app.ui.settings.row import SettingRow
from app.ui.settings.table import TableRow
from app.ui.settings.words import conversations, moment, size
from app.ui.theme import Space, Theme


class BackupsPage(SettingsPage):
    """Asks the store anew whenever it is shown.

    Signals: `import_requested`, `export_all_requested`; `restoring` before a backup takes the place of what is there,
    and `restored` when it has.
    """

    import_requested = Signal()
    export_all_requested = Signal()
    restoring = Signal()
    restored = Signal()

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        settings: SettingsService,
        section: Section,
        store: StoreService,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, icons, settings, section, parent)
        self._store = store
        self._busy = False
        self._answering = False
        self.dialog: ConfirmDialog | None = None
        self._stored = self.add_row("stored")
        self._stored.set_about(self.tr("Counting"))
        self._add_button("import", self.tr("Import a file")).clicked.connect(self.import_requested)
        self._add_button("export_all", self.tr("Export all")).clicked.connect(self.export_all_requested)
        self.back_up = self._add_button("back_up", self.tr("Back up now"))
        self.back_up.clicked.connect(self._on_back_up)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.column.addLayout(self._list)
        self.column.addSpacing(Space.S)
        self._empty = self.add_words(self.tr("There is no backup yet."))
        self._empty.hide()

    @property
    def backups(self) -> tuple[TableRow, ...]:
        """The rows of the backups, the newest first."""
        found = (self._list.itemAt(index).widget() for index in range(self._list.count()))  # type: ignore[union-attr]
        return tuple(row for row in found if isinstance(row, TableRow))

    def showEvent(self, event: QShowEvent) -> None:
        """Other windows and time change what is stored."""
        super().showEvent(event)
        self.refresh()

    def set_answering(self, answering: bool) -> None:
        """While a reply is written into the store, no other takes the store's place."""
        self._answering = answering
        self._show_what_can_be_done()
        if answering and self.dialog is not None:
            self.dialog.reject()

    def refresh(self) -> None:
        """Asks for the figures and the backups."""
        self._store.size(self._on_size, self._failed(self._stored))
        self._store.list_backups(self._on_listed, self._failed(self._back_up_row))

    @property
    def _back_up_row(self) -> SettingRow:
        return self.rows["back_up"]

    def _add_button(self, name: str, text: str) -> Button:
        row = self.add_row(name)
        button = Button(self._theme, text, parent=row)
        row.add_control(button)
        return button

    def _on_size(self, amount: StoreSize) -> None:
        self._stored.set_problem("")
        words = self.tr("{conversations}, {size} on this machine.")
        self._stored.set_about(
            words.format(conversations=conversations(amount.conversations), size=size(amount.bytes))
        )

    def _on_listed(self, found: Sequence[Backup]) -> None:
        for row in self.backups:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        for backup in found:
            self._list.addWidget(self._make_row(backup))
        self._show_what_can_be_done()
        self._empty.setVisible(not found)

    def _make_row(self, backup: Backup) -> TableRow:
        when = moment(backup.made)
        button = Button(self._theme, self.tr("Restore"), compact=True, parent=self)
        button.setAccessibleName(self.tr("Restore the backup of {when}").format(when=when))
        button.clicked.connect(lambda: self._ask(backup))
        return TableRow(self._theme, when, self._reason(backup.kind), size(backup.bytes), button, self)

    def _reason(self, kind: str) -> str:
        reasons = {
            "daily": self.tr("Made by the app"),
            "asked": self.tr("Made by you"),
            "update": self.tr("Made before an update"),
            "restore": self.tr("Made before a backup was restored"),
        }
        return reasons.get(kind, "")

    def _on_back_up(self) -> None:
        self._set_busy(True)
        self._store.back_up_now(lambda _backup: self._on_backed_up(), self._failed(self._back_up_row))

    def _on_backed_up(self) -> None:
        self._set_busy(False)
        self._back_up_row.set_problem("")
        announce(self, self.tr("The backup is made."))
        self.refresh()

    def _ask(self, backup: Backup) -> None:
        """Says what a restore does before it does it."""
        title = self.tr("Restore the backup of {when}?").format(when=moment(backup.made))
        text = self.tr(
            "Your conversations become what they were then. What is here now is backed up first, so that you can "
            "come back to it."
        )
        self.dialog = ConfirmDialog(
            self._theme, title, text, self.tr("Restore"), self.tr("Keep what is here"), parent=self.window()
        )
        self.dialog.confirmed.connect(lambda: self._restore(backup))
        self.dialog.finished.connect(self._on_dialog_left)
        self.dialog.open()

    def _on_dialog_left(self) -> None:
        self.dialog = None

    def _restore(self, backup: Backup) -> None:
        self._set_busy(True)
        self.restoring.emit()
        self._store.restore(backup.path, self._on_restored, self._failed(self._back_up_row))

    def _on_restored(self) -> None:
        self._set_busy(False)
        self._back_up_row.set_problem("")
        announce(self, self.tr("The backup is restored."))
        self.restored.emit()
        self.refresh()

    def _failed(self, row: SettingRow) -> Callable[[AppError], None]:
        def say(error: AppError) -> None:
            self._set_busy(False)
            row.set_problem(explain(error).text)

        return say

    def _set_busy(self, busy: bool) -> None:
        """One thing at a time."""
        self._busy = busy
        self._show_what_can_be_done()

    def _show_what_can_be_done(self) -> None:
        self.back_up.setEnabled(not self._busy)
        waits = self.tr("A reply is being written. A backup can be restored when it has ended.")
        for row in self.backups:
            if row.button is not None:
                row.button.setEnabled(not self._busy and not self._answering)
                row.button.setToolTip(waits if self._answering else "")
