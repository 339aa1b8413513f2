"""What takes the place of the conversations for a while: the settings and the first page, made when first asked for."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.paths import Paths
from app.services.conversations.store_service import StoreService
from app.services.settings_service import SettingsService
from app.settings import WELCOMED
from app.ui.icons import Icons
from app.ui.main_window import MainWindow
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.services.machine_report import MachineService
    from app.ui.first_run.page import FirstRunPage
    from app.ui.settings.view import SettingsView


class WindowPages(QObject):
    """Shows the settings in the frame's two places, and the first page in place of the whole frame.

    `take_settings` is told of the settings when they are made, to join what lies outside of the window.
    """

    def __init__(
        self,
        window: MainWindow,
        theme: Theme,
        icons: Icons,
        settings: SettingsService,
        store: StoreService,
        paths: Paths,
        take_settings: Callable[["SettingsView"], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._icons = icons
        self._settings = settings
        self._store = store
        self._paths = paths
        self._take_settings = take_settings
        self._view: SettingsView | None = None
        self._part = QWidget(window)
        self._part.hide()
        self._column = QVBoxLayout(self._part)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._first_run: FirstRunPage | None = None
        self._machine: MachineService | None = None
        window.settings_requested.connect(self.show_settings)
        window.desk.wanted.connect(self.show_conversations)
        window.frame.side_changed.connect(self._on_side_changed)
        window.models.model_offered.connect(self._on_model_offered)

    @property
    def settings_view(self) -> "SettingsView | None":
        """The settings, once they were asked for."""
        return self._view

    @property
    def first_run(self) -> "FirstRunPage | None":
        """The first page while it is shown."""
        return self._first_run

    # The settings

    def show_settings(self, section: str = "appearance") -> None:
        """Shows a section of the settings."""
        self.leave_first_run()
        view = self._view or self._make_settings()
        self._view = view
        view.show_section(section)
        view.set_narrow(self._window.frame.narrow)
        self._window.show_status_in(self._part)
        self._window.frame.show_parts(view.rail, self._part, always=True)
        self._window.frame.set_focused(lambda: view.rail, lambda: view.pages)
        self._window.frame.set_focused(lambda: view.rail.search, view.first_stop)
        (view.first_stop() if self._window.frame.narrow else view.rail.search).setFocus()

    def show_conversations(self) -> None:
        """Shows list and page again."""
        if self._view is not None and self._view.pages.isVisibleTo(self._window):
            self._window.show_conversations()
            self._window.header.set_side_shown(self._window.frame.side_shown)
        self.leave_first_run()

    def _make_settings(self) -> "SettingsView":
        from app.ui.settings.view import SettingsView

        window, frame = self._window, self._window.frame
        view = SettingsView(
            self._theme, self._icons, self._settings, window.shortcuts, self._store, self._paths, self
        )
        self._column.addWidget(view.pages)
        view.closed.connect(self._on_settings_closed)
        view.rail_requested.connect(frame.open_over)
        view.section_shown.connect(frame.close_over)
        view.load_again_requested.connect(window.models.load_again)
        self._take_settings(view)
        return view

    def _on_settings_closed(self) -> None:
        if self._window.frame.over:
            self._window.frame.close_over()
            return
        self.show_conversations()
        self._window.page.focus_composer()

    def _on_side_changed(self) -> None:
        if self._view is not None:
            self._view.set_narrow(self._window.frame.narrow)

    # The first page

    def show_first_run(self) -> None:
        """Shows the first page until a model was chosen or a conversation is asked for."""
        from app.services.machine_report import MachineService, read_machine
        from app.ui.first_run.page import FirstRunPage

        if self._first_run is not None:
            return
        self._machine = MachineService(lambda: read_machine(self._paths.models), self)
        self._first_run = FirstRunPage(self._theme, self._icons, self._machine)
        self._first_run.demo_requested.connect(self._on_demo_requested)
        self._first_run.file_requested.connect(self._window.opener.ask)
        self._window.stack.addWidget(self._first_run)
        self._window.stack.setCurrentWidget(self._first_run)

    def leave_first_run(self) -> None:
        """Shows the window as it is every day, from now on."""
        page, self._first_run = self._first_run, None
        if page is None:
            return
        self._settings.set(WELCOMED, True)
        self._window.stack.setCurrentWidget(self._window.frame)
        self._window.stack.removeWidget(page)
        page.deleteLater()
        self._window.page.focus_composer()

    def _on_demo_requested(self) -> None:
        self.leave_first_run()
        self._window.models.use_demo()

    def _on_model_offered(self, _path: Path) -> None:
        self.leave_first_run()

    def close(self) -> None:
        """Waits for nothing that is still being looked at."""
        if self._view is not None:
            self._view.close()
        if self._machine is not None:
            self._machine.close()
