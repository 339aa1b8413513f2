"""Fixtures of the store's tests: a folder, a way to open a store that is closed again, and conversations."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.chat.conversation import Conversation
from app.storage.conversation_store import ConversationStore
from app.storage.database import open_store
from tests.storage.damage import filled

Open = Callable[[], ConversationStore]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the conversations lie."""
    return tmp_path / "conversations.db"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the backups lie."""
    return tmp_path / "backups"


@pytest.fixture
def opened(file: Path, folder: Path) -> Iterator[Open]:
    """Opens the store; as often as one likes, as other windows would."""
    stores: list[ConversationStore] = []

    def make() -> ConversationStore:
        opened = open_store(file, folder)
        assert opened.repair is None
        stores.append(opened.store)
        return opened.store

    yield make
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Open) -> ConversationStore:
    """An open store without conversations."""
    return opened()


@pytest.fixture
def whole(file: Path, folder: Path) -> dict[str, Conversation]:
    """What stands in the file that is going to be damaged."""
    return filled(file, folder)
