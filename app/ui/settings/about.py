"""Which version this is, what it is made with, and a report for a bug."""

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app import __version__
from app.paths import Paths
from app.services.background import Background
from app.services.licences import Component, components
from app.services.problem_report import problem_report
from app.services.settings_service import SettingsService
from app.ui.announce import announce
from app.ui.controls.buttons import Button
from app.ui.controls.list_row import ListRow
from app.ui.controls.text_area import TextArea
from app.ui.icons import Icons
from app.ui.settings.catalogue import Section
from app.ui.settings.page import SettingsPage
from app.ui.theme import Motion, Role, Size, Space, Theme


class AboutPage(SettingsPage):
    """`licences` is the folder with the index of everything that is shipped."""

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        settings: SettingsService,
        section: Section,
        paths: Paths,
        licences: Path,
        background: Background,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, icons, settings, section, parent)
        self._paths = paths
        self._background = background
        self._done = QTimer(self, singleShot=True, interval=Motion.DONE_STAYS)
        self._done.timeout.connect(self._on_done_shown)
        version = self.add_row("version")
        words = self.tr(
            "Version {version}, MIT licence. Open-weight reasoning models, on this machine alone."
        )
        version.set_about(words.format(version=__version__))
        version.about.make_selectable()
        version.focus_on(version.about)
        report = self.add_row("report")
        self.copy_report = Button(theme, self.tr("Copy report"), parent=report)
        self.copy_report.clicked.connect(self._on_copy)
        report.add_control(self.copy_report)
        self.add_row("licences")
        self.texts: dict[str, tuple[ListRow, TextArea]] = {}
        self.column.addSpacing(Space.S)
        for component in components(licences):
            self._add_component(component)
        for row, _area in self.texts.values():
            self.rows["licences"].focus_on(row)
            break

    def _add_component(self, component: Component) -> None:
        words = f"{component.name} · {component.what} · {component.licence}"
        row = ListRow(self._theme, self._icons, words, "chevron-right", self)
        row.setCheckable(True)
        area = TextArea(
            self._theme, self.tr("Licence of {name}").format(name=component.name), Role.LABEL, self
        )
        area.setReadOnly(True)
        area.setFixedHeight(Size.TEXT_AREA)
        area.hide()
        row.toggled.connect(lambda shown: self._on_toggled(component, shown))
        self.texts[component.name] = (row, area)
        # The rows' signs, not their fills, meet the edge of the text.
        self.wide.addWidget(row)
        self.wide.addWidget(area)

    def _on_toggled(self, component: Component, shown: bool) -> None:
        row, area = self.texts[component.name]
        if shown and not area.toPlainText():
            area.setPlainText(component.text)
        row.set_icon("chevron-down" if shown else "chevron-right")
        area.setVisible(shown)

    def _on_copy(self) -> None:
        self.copy_report.setEnabled(False)
        self._background.run(lambda: problem_report(self._paths), self._on_report)

    def _on_report(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.copy_report.setEnabled(True)
        self.copy_report.setText(self.tr("Copied"))
        self._icons.put(self.copy_report, "check")
        self._done.start()
        announce(self, self.tr("The report is copied."))

    def _on_done_shown(self) -> None:
        self.copy_report.setText(self.tr("Copy report"))
        self._icons.take(self.copy_report)
