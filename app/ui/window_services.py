"""The services that the window shows and asks, in one place."""

from typing import NamedTuple

from app.services.chat_service import ChatService
from app.services.conversation_service import ConversationService
from app.services.engine_service import EngineService
from app.services.reply_service import ReplyService
from app.services.settings_service import SettingsService


class WindowServices(NamedTuple):
    """What the main window is built on."""

    chat: ChatService
    engine: EngineService
    conversations: ConversationService
    replies: ReplyService
    settings: SettingsService
