"""A data folder as the app leaves it behind: settings, and a store with conversations in it."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

from app.chat.conversation import Conversation
from app.paths import demo_model
from app.storage.conversation_store import ConversationStore
from app.storage.database import open_store


def prepare(folder: Path, **chosen: object) -> None:
    """Makes a data folder of somebody who was here before: nobody is welcomed, the last model is the demo."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings = {"welcomed": True, "last_model": str(demo_model()), **chosen}
    (folder / "settings.json").write_text(json.dumps(settings), encoding="utf-8")


def store_file(data: Path) -> Path:
    """Where the conversations of a data folder lie."""
    return data / "conversations.db"


def in_store(data: Path, act: Callable[[ConversationStore], None]) -> None:
    """Opens the store of a data folder, as the next start of the app would, and closes it.

    StorageError when it cannot be opened, RuntimeError when it had to be mended.
    """
    opened = open_store(store_file(data), data / "backups")
    try:
        if opened.repair is not None:
            raise RuntimeError("the store was damaged and had to be mended")
        act(opened.store)
    finally:
        opened.store.close()


def store_in(data: Path, stored: Iterable[Conversation]) -> None:
    """Makes the store of a data folder, with these conversations in it."""

    def save(store: ConversationStore) -> None:
        for one in stored:
            store.save(one)

    in_store(data, save)
