"""The services of exports and imports on a real store, for tests of both rooms."""

from pathlib import Path

from app.chat.conversation import Conversation
from app.services.conversations.conversation_service import ConversationService
from app.services.conversations.reply_service import ReplyService
from app.services.conversations.store_service import StoreService
from app.services.exchange.export_service import ExportService
from app.storage.database import open_store
from tests.doubles.services import PlayedEngine
from tests.waiting import wait_until


class Services:
    """A store in a folder with some conversations, and everything that an export needs of the app."""

    def __init__(self, folder: Path, *conversations: Conversation) -> None:
        file, backups = folder / "conversations.db", folder / "backups"
        opened = open_store(file, backups).store
        for conversation in conversations:
            opened.save(conversation)
        opened.close()
        self.engine = PlayedEngine()
        self.store = StoreService(file, backups)
        self.conversations = ConversationService(self.store)
        self.replies = ReplyService(self.engine, self.conversations, self.store)
        self.export = ExportService(self.store, self.conversations, self.replies)
        self.store.start()
        wait_until(lambda: len(self.conversations.summaries) == len(conversations), "the list")

    def close(self) -> None:
        """Ends every thread."""
        self.export.close()
        self.conversations.hand_over()
        self.store.close()
