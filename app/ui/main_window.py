"""The main window: puts the frame together and joins its parts to the services."""

from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QToolTip, QVBoxLayout, QWidget

from app.errors import AppError
from app.ui.closing import Closing
from app.ui.conversations.desk import ConversationDesk
from app.ui.conversations.page import ConversationPage
from app.ui.conversations.sidebar import Sidebar
from app.ui.conversations.states import ReplyStates
from app.ui.focus_ring import FocusRing
from app.ui.frame import Frame
from app.ui.header import Header
from app.ui.icons import Icons
from app.ui.models.choices import ChoicesDesk
from app.ui.models.desk import ModelDesk
from app.ui.models.model_bar import ModelBar
from app.ui.models.opener import ModelOpener, dropped_file, refusal
from app.ui.models.switching import ModelSwitch
from app.ui.notices import Action, Toast
from app.ui.shortcuts import Shortcuts
from app.ui.status_line import StatusLine
from app.ui.storage_notices import STORAGE_CODES, StorageNotices
from app.ui.theme import Role, Size, Space, Theme
from app.ui.window_actions import WindowActions
from app.ui.window_memory import WindowMemory
from app.ui.window_services import WindowServices


class MainWindow(QMainWindow):
    """Assembles the list, the page and what stands around it; takes model files that are dropped anywhere on it.

    Signals: `model_offered` with the path of a file that a person chose or dropped; `settings_requested`;
    `export_requested` and `copy_requested` with a conversation's id.
    """

    model_offered = Signal(object)
    settings_requested = Signal()
    export_requested = Signal(str)
    copy_requested = Signal(str)

    def __init__(self, services: WindowServices, theme: Theme, icons: Icons, demo: Path) -> None:
        super().__init__()
        self._services = services
        self._theme = theme
        self._icons = icons
        self._toast: Toast | None = None
        self.setWindowTitle("Soliloquy")
        self.setMinimumSize(*Size.WINDOW_MIN)
        self.resize(QSize(*Size.WINDOW).boundedTo(self.screen().availableSize()))
        self.setAcceptDrops(True)
        self.shortcuts = Shortcuts(services.settings, self)
        self._build(demo)
        self._join(demo)
        self.ring = FocusRing(theme, self)
        self._connect()
        self._dress()

    def showEvent(self, event: QShowEvent) -> None:
        """Begins with the cursor in the composer."""
        super().showEvent(event)
        self.page.focus_composer()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lets the frame take less room in small windows."""
        super().resizeEvent(event)
        narrow = self.width() < Size.NARROW_WINDOW
        self.frame.set_narrow(narrow)
        self.header.set_narrow(narrow)
        self.status_line.set_compact(narrow=narrow, short=self.height() < Size.SHORT_WINDOW)

    def event(self, event: QEvent) -> bool:
        """Draws every picture anew where the screen has another scale."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._icons.redraw()
            self._theme.changed.emit()
        return super().event(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes one file; whether it is a model is said when it is dropped."""
        if dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Loads the model file that was dropped, or says why it is none."""
        path = dropped_file(event.mimeData())
        if path is None:
            return
        event.acceptProposedAction()
        refused = refusal(path)
        if refused is not None:
            self._on_failed(refused)
        else:
            self.models.offer(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hands over the draft and the place before it goes; stays while something is not on the disk."""
        self.page.talk.leave()
        self.memory.keep()
        if self.closing.may_close():
            super().closeEvent(event)
        else:
            event.ignore()

    def bring_to_front(self) -> None:
        """Shows it above other windows, as far as the desktop lets it."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def show_conversations(self) -> None:
        """Puts list and page into the frame."""
        self.show_status_in(self.content)
        self.frame.show_parts(self.sidebar, self.content)
        self.frame.set_focused(lambda: self.sidebar.view, lambda: self.page.composer.editor)

    def show_status_in(self, part: QWidget) -> None:
        """Lets the status line stand at the foot of what is shown now."""
        column = part.layout()
        assert column is not None
        column.addWidget(self.status_line)

    def say(self, text: str, action: Action | None = None) -> None:
        """Says for a moment what was done, over whatever is shown now."""
        if self.page.isVisibleTo(self):
            self.page.say(text, action)
            return
        if self._toast is None:
            self._toast = Toast(self._theme, self.stack)
        line = self.status_line
        shown = line.isVisibleTo(self)
        foot = line.mapTo(self.stack, QPoint(line.width() // 2, 0)) if shown else self._foot_of_stack()
        self._toast.say(text, foot - QPoint(0, Space.M), action)

    def _foot_of_stack(self) -> QPoint:
        return QPoint(self.stack.width() // 2, self.stack.height())

    # Its parts

    def _build(self, demo: Path) -> None:
        theme, icons = self._theme, self._icons
        self.model_bar = ModelBar(theme, icons, demo, self.shortcuts.keys("load_model"))
        self.header = Header(theme, icons, self.model_bar)
        self.page = ConversationPage(self._services.chat, theme, icons, demo)
        self.status_line = StatusLine(theme, icons)
        self.sidebar = Sidebar(theme, icons, self.shortcuts)
        self.content = QWidget()
        column = QVBoxLayout(self.content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.page, 1)
        self.frame = Frame(theme, self.sidebar, self.content)
        self.show_conversations()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.frame)
        self.setCentralWidget(self.stack)

    def _join(self, demo: Path) -> None:
        chat, engine, conversations, replies, settings = self._services
        self.opener = ModelOpener(self)
        self.states = ReplyStates(chat, conversations, replies, self.sidebar, self.status_line)
        self.switch = ModelSwitch(self._theme, self, lambda: self.states.answered_title)
        self.desk = ConversationDesk(chat, conversations, self.frame, self.sidebar, self.header, self.page)
        self.models = ModelDesk(
            chat, engine, self.model_bar, self.page, self.status_line, self.opener, self.switch, demo
        )
        self.choices = ChoicesDesk(
            chat.choosing, engine, self.model_bar, self.page.composer, self._theme, self._icons
        )
        self.storage = StorageNotices(self.page.notices, self._try_again, self)
        self.memory = WindowMemory(self, self.frame, settings)
        self.closing = Closing(self, self._theme, conversations)
        self.actions_by_name = WindowActions(self, self.shortcuts, settings, self.desk, chat.stop)

    def _connect(self) -> None:
        chat, engine, conversations, replies, _ = self._services
        for source in (engine, chat, conversations):
            source.failed.connect(self._on_failed)
        conversations.saved.connect(self.storage.clear)
        replies.ended.connect(self.switch.close)
        self.page.speed_changed.connect(self.status_line.set_speed)
        self.models.model_offered.connect(self.model_offered)
        self.desk.export_requested.connect(self.export_requested)
        self.closing.export_requested.connect(self.export_requested)
        self.desk.copy_requested.connect(self.copy_requested)
        self.desk.said.connect(self.say)
        self.sidebar.settings_requested.connect(self.settings_requested)
        self.header.more_button.clicked.connect(self._on_more_requested)
        self.status_line.elsewhere_requested.connect(self._on_elsewhere_requested)
        self._theme.changed.connect(self._dress)

    def _dress(self) -> None:
        """Palette and font reach what no style sheet of this window does: dialogs and menus of the system."""
        QApplication.setPalette(self._theme.palette())
        QApplication.setFont(self._theme.font(Role.INTERFACE))
        QToolTip.setFont(self._theme.font(Role.LABEL))
        self.setStyleSheet(self._theme.stylesheet())

    # What happens

    def _on_more_requested(self) -> None:
        from app.ui.window_menu import open_window_menu

        open_window_menu(
            self._theme,
            self._icons,
            self.shortcuts,
            self._services.settings,
            self.actions_by_name.acts,
            self.header.more_button,
            stored=bool(self._services.chat.conversation.messages),
        )

    def _on_elsewhere_requested(self) -> None:
        running = self._services.replies.running
        if running is not None:
            self.desk.open(running.conversation_id)

    def _on_failed(self, error: AppError) -> None:
        if error.code in STORAGE_CODES:
            self.storage.show_failure(error)
        else:
            self.page.notices.show_error(error, self._action_for(error))

    def _try_again(self) -> None:
        """Writes what waits for the disk, and reads what could not be read."""
        self._services.conversations.writing.try_again()
        self._services.conversations.reading.read_list()

    def _action_for(self, error: AppError) -> Action | None:
        if error.code in ("context_full", "template_refused"):
            # In an empty conversation it is the question alone that is not taken: another one changes nothing.
            helps = bool(self._services.chat.conversation.messages)
            return Action(self.tr("New conversation"), self.desk.begin) if helps else None
        return self.models.action_for(error)
