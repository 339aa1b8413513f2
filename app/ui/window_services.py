"""The services that the window shows and asks, in one place."""

from typing import NamedTuple

from app.services.conversations.chat_service import ChatService
from app.services.conversations.conversation_service import ConversationService
from app.services.conversations.reply_service import ReplyService
from app.services.models.engine_service import EngineService
from app.services.settings_service import SettingsService


class WindowServices(NamedTuple):
    """What the main window is built on."""

    chat: ChatService
    engine: EngineService
    conversations: ConversationService
    replies: ReplyService
    settings: SettingsService
