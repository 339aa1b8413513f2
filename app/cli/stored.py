"""The stored conversations as a command reads and writes them, also while the window is open."""

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.cli.output import shown
from app.errors import AppError, ExchangeError, StorageError
from app.paths import Paths
from app.services.words.command_messages import explain_to_command
from app.services.words.storage_messages import repair_notice

if TYPE_CHECKING:
    from app.storage.conversation_store import ConversationStore


def say(text: str) -> None:
    """Tells something on standard error."""
    sys.stderr.write(shown(text, sys.stderr) + "\n")


def complain(error: AppError) -> None:
    """Tells what went wrong, on standard error."""
    say(explain_to_command(error).text)


def opened(paths: Paths) -> "ConversationStore":
    """The store of a data folder, made if there is none; StorageError when it cannot be used.

    What became of a file that was damaged is told on standard error.
    """
    # A question that is not kept need not wait for SQLite.
    from app.storage.database import open_store

    found = open_store(paths.data / "conversations.db", paths.data / "backups")
    if found.repair is not None:
        say(repair_notice(found.repair).text)
    return found.store


@contextlib.contextmanager
def stored(paths: Paths) -> Iterator["ConversationStore"]:
    """The store, closed afterwards."""
    store = opened(paths)
    try:
        yield store
    finally:
        store.close()


def full_id(store: "ConversationStore", beginning: str) -> str:
    """The one id that begins so; `conversation_missing` or `conversation_ambiguous` where it is not one."""
    ids = store.ids(beginning) if beginning else ()
    if beginning in ids:
        return beginning
    if not ids:
        raise StorageError("conversation_missing", id=beginning)
    if len(ids) > 1:
        raise ExchangeError("conversation_ambiguous", id=beginning, count=len(ids))
    return ids[0]
