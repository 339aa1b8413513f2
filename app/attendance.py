"""What goes on beside the window from its first picture on: deleted things, an idle or lost model, a sleeping machine.

None of it is in that picture, so it is made after it.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from app.paths import Paths
from app.services.conversations.purge import Purge
from app.services.conversations.store_service import StoreService
from app.services.desktop.desktop import DesktopService
from app.services.garbage import GarbageCollection
from app.services.models.engine_command import engine_command
from app.services.models.heartbeat import Heartbeat
from app.services.models.idle_unload import IdleUnload
from app.services.models.model_inspector import ModelInspector
from app.services.models.template_watch import TemplateWatch
from app.settings import SECURE_DELETE
from app.ui.main_window import MainWindow
from app.ui.window_services import WindowServices


class Attendance(QObject):
    """Attends to the window until it is closed. `in_front` tells whether the person has it before them."""

    def __init__(
        self,
        window: MainWindow,
        services: WindowServices,
        store: StoreService,
        paths: Paths,
        in_front: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        settings = services.settings
        self._window = window
        self._engine = services.engine
        self._replies = services.replies
        self._garbage = GarbageCollection(self)
        self.inspector = ModelInspector(engine_command(paths), self)
        self._idle = IdleUnload(services.engine, settings, self, busy=self._is_writing)
        self.heartbeat = Heartbeat(services.engine, self)
        self._watch = TemplateWatch(services.engine, self)
        self._desktop = DesktopService(settings, in_front, self)
        self._purge = Purge(
            store,
            services.conversations,
            lambda: settings.get(SECURE_DELETE),
            self,
            busy=self._is_writing,
        )
        self._connect_models()
        self._connect_desktop()
        self._purge.start()

    def _is_writing(self) -> bool:
        return self._replies.running is not None

    def _connect_models(self) -> None:
        self.inspector.distrusted.connect(self._engine.templates.distrust)
        self.inspector.accepted.connect(self._engine.load)
        for problem in (self.inspector.refused, self.inspector.stopped):
            problem.connect(self._engine.failed)
        self._window.model_offered.connect(self._on_model_offered)

    def _connect_desktop(self) -> None:
        self._replies.started.connect(self._desktop.on_reply_started)
        self._replies.ended.connect(self._desktop.on_reply_ended)
        self._desktop.attention.connect(lambda: QApplication.alert(self._window))
        self._desktop.clicked.connect(self._on_announcement_clicked)
        self._desktop.woke.connect(self.heartbeat.check)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.applicationStateChanged.connect(self._on_application_state)
        # A session that ends does not wait for an answer.
        application.commitDataRequest.connect(
            lambda _session: self._window.closing.allow_for_now(), Qt.ConnectionType.DirectConnection
        )

    def _on_model_offered(self, path: Path) -> None:
        """Loads a file; one that would take a working model's place is looked at first."""
        if self._engine.state.phase in ("ready", "answering", "resting"):
            self.inspector.inspect(path)
        else:
            self._engine.load(path)

    def _on_announcement_clicked(self, conversation_id: str) -> None:
        self._window.bring_to_front()
        self._window.desk.open(conversation_id)

    def _on_application_state(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive:
            self._desktop.on_window_in_front()

    def close(self) -> None:
        """Lets go of the file that is looked at, and of the machine that was kept awake."""
        self.inspector.close()
        self._desktop.close()
