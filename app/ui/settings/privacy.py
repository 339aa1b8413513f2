"""What is kept on this machine and where, and whether what is deleted is overwritten."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.paths import Paths
from app.services.background import Background
from app.services.conversations.store_service import StoreService, StoreSize
from app.services.kept_data import Kept, KeptData, kept_data
from app.services.settings_service import SettingsService
from app.settings import SECURE_DELETE
from app.ui.controls.buttons import Button
from app.ui.controls.switch import Switch
from app.ui.icons import Icons
from app.ui.settings.catalogue import Section
from app.ui.settings.page import SettingsPage
from app.ui.settings.table import TableRow
from app.ui.settings.words import conversations, place, size
from app.ui.theme import Theme


class PrivacyPage(SettingsPage):
    """Counts anew, off the GUI thread, whenever it is shown."""

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        settings: SettingsService,
        section: Section,
        store: StoreService,
        paths: Paths,
        background: Background,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, icons, settings, section, parent)
        self._store = store
        self._paths = paths
        self._background = background
        self._count: int | None = None
        self._data: KeptData | None = None
        self._kept = self.add_row("kept")
        self._kept.set_about(self.tr("Counting"))
        self.show_folder = Button(theme, self.tr("Show the folder"), parent=self._kept)
        self.show_folder.clicked.connect(self._on_show_folder)
        self._kept.add_control(self.show_folder)
        self._add_secure_delete()
        self.add_heading(self.tr("What lies where"))
        self._table = QVBoxLayout()
        self._table.setSpacing(0)
        self.column.addLayout(self._table)

    @property
    def table(self) -> tuple[TableRow, ...]:
        """A row for each kind of files."""
        found = (self._table.itemAt(index).widget() for index in range(self._table.count()))  # type: ignore[union-attr]
        return tuple(row for row in found if isinstance(row, TableRow))

    def showEvent(self, event: QShowEvent) -> None:
        """What is kept grows with every reply."""
        super().showEvent(event)
        self._store.size(self._on_size)
        self._background.run(lambda: kept_data(self._paths), self._on_counted)

    def _add_secure_delete(self) -> None:
        row = self.add_row("secure_delete")
        switch = Switch(self._theme, row.entry.title, row)
        switch.toggled.connect(lambda on: self._settings.set(SECURE_DELETE, on))
        row.add_control(switch)
        self.bind(row, SECURE_DELETE, switch.setChecked)

    def _on_show_folder(self) -> None:
        folder = self._paths.data
        shown = QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
        cannot = self.tr("This desktop shows no folders. It lies at {path}.").format(path=str(folder))
        self._kept.set_problem("" if shown else cannot)

    def _on_size(self, amount: StoreSize) -> None:
        self._count = amount.conversations
        self._say()

    def _on_counted(self, data: KeptData) -> None:
        self._data = data
        self._say()
        for row in self.table:
            self._table.removeWidget(row)
            row.hide()
            row.deleteLater()
        for kept in data.kinds:
            self._table.addWidget(self._make_row(kept))

    def _say(self) -> None:
        """Both figures in one sentence; without conversations, or before the store has answered, the files alone."""
        if self._data is None:
            return
        amount = size(self._data.bytes_of("conversations", "backups"))
        private = self._data.private
        if not self._count:
            text = (
                self.tr("{size}, in a folder that only you can read.")
                if private
                else self.tr("{size}, in a folder that others on this machine can look into.")
            )
            self._kept.set_about(text.format(size=amount))
            return
        text = (
            self.tr("{conversations}, {size} with backups, in a folder that only you can read.")
            if private
            else self.tr(
                "{conversations}, {size} with backups, in a folder that others on this machine can look into."
            )
        )
        self._kept.set_about(text.format(conversations=conversations(self._count), size=amount))

    def _make_row(self, kept: Kept) -> TableRow:
        words = {
            "conversations": self.tr("Conversations, with their drafts"),
            "backups": self.tr("Backups of the conversations"),
            "settings": self.tr("Settings"),
            "models": self.tr("Model files"),
            "log": self.tr("The log: never a prompt or an answer"),
            "cache": self.tr("What was found out about this machine"),
        }
        row = TableRow(self._theme, words[kept.kind], place(kept.place), size(kept.bytes), parent=self)
        row.about.make_selectable()
        return row
