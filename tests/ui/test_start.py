"""The first window waits for nothing that it does not show."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

# What is imported later or elsewhere: each costs a tenth of the time to the first window, or more.
_LATER = (
    "app.chat.template",
    "app.engine",
    "app.markup",
    "app.export",
    "app.services.exchange.export_service",
    "app.ui.controls.confirm_dialog",
    "app.ui.controls.popover",
    "app.ui.conversations.list_view",
    "app.ui.export",
    "app.ui.first_run.page",
    "app.ui.models.sampling_card",
    "app.ui.models.sampling_words",
    "app.ui.settings.catalogue",
    "app.ui.settings.view",
    "app.ui.transcript.details_card",
    "app.ui.transcript.view",
    "gguf",
    "jinja2",
    "llama_cpp",
    "markdown",
    "numpy",
    "PySide6.QtDBus",
    "PySide6.QtNetwork",
    "sqlite3",
)

_SCRIPT = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from app.services.conversations.chat_service import ChatService
from app.services.conversations.conversation_service import ConversationService
from app.services.models.engine_service import EngineService
from app.services.conversations.reply_service import ReplyService
from app.services.settings_service import SettingsService
from app.services.conversations.store_service import StoreService
from app.settings import Settings
from app.ui.icons import Icons
from app.ui.main_window import MainWindow
from app.ui.theme import Theme
from app.ui.window_services import WindowServices

application = QApplication([])
engine, theme = EngineService([]), Theme()
store = StoreService(Path("conversations.db"), Path("backups"))
conversations = ConversationService(store)
replies = ReplyService(engine, conversations, store)
chat = ChatService(engine, conversations, replies)
settings = SettingsService(Settings(Path("no-settings.json")))
services = WindowServices(chat, engine, conversations, replies, settings)
window = MainWindow(services, theme, Icons(theme), Path("demo.gguf"))
print(" ".join(sys.modules))
"""


def test_nothing_heavy_is_imported_before_the_first_window() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(ended.stdout.split())
    assert "app.ui.main_window" in loaded
    assert [name for name in _LATER if name in loaded] == []
