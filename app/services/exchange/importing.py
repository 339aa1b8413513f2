"""Conversations from files into the store: what is there already is not taken twice, and nothing of it is lost."""

import hashlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from app.chat.conversation import Conversation, Message
from app.errors import AppError, ExchangeError, StorageError
from app.export.files import files_to_read, read_whole
from app.export.json_checks import Refusal
from app.export.json_format import from_json

if TYPE_CHECKING:
    from app.storage.conversation_store import ConversationStore

_ID_LENGTH = 32


@dataclass(frozen=True)
class Found:
    """What a file or a folder of files holds; `problems` say what of it cannot be taken."""

    conversations: tuple[Conversation, ...]
    problems: tuple[AppError, ...] = ()


@dataclass(frozen=True)
class Imported:
    """What became of an import: ids of what is stored now, and errors that say what was left out and why.

    `present` counts those that were here already; they are among the `reasons` too.
    """

    ids: tuple[str, ...]
    present: int
    reasons: tuple[AppError, ...]

    @property
    def problems(self) -> tuple[AppError, ...]:
        """Why something was refused that is not here already."""
        return self.reasons[: len(self.reasons) - self.present]

    @property
    def failed(self) -> bool:
        """Whether something was refused that is not here already."""
        return bool(self.problems)


def found_in(path: Path) -> Found:
    """Reads a file, or the JSON files of a folder; for a thread that may wait.

    ExchangeError when the file holds nothing of ours; of a folder's files, those that do are taken.
    """
    files = files_to_read(path)
    whole_folder = files != (path,)
    conversations: list[Conversation] = []
    problems: list[AppError] = []
    for file in files:
        try:
            read = from_json(read_whole(file), str(file))
        except ExchangeError as error:
            if not whole_folder:
                raise
            problems.append(error)
            continue
        conversations += read.conversations
        problems += map(_problem, read.refused)
    if not conversations and not problems:
        raise ExchangeError("import_empty", path=str(path))
    return Found(tuple(conversations), tuple(problems))


def import_into(store: "ConversationStore", found: Found) -> Imported:
    """Stores what was found, each conversation whole or not at all.

    StorageError when not even the first one could be stored; later, what came before it stays and the error is one of
    the reasons.
    """
    ids: list[str] = []
    present: list[AppError] = []
    problems = list(found.problems)
    for conversation in found.conversations:
        try:
            stored = _take(store, conversation)
        except StorageError as error:
            if not ids:
                raise
            problems.append(error)
            break
        if stored:
            ids.append(stored)
        else:
            present.append(ExchangeError("import_present", title=conversation.title))
    return Imported(tuple(ids), len(present), (*problems, *present))


def _take(store: "ConversationStore", conversation: Conversation) -> str:
    """Stores one; its id, or nothing where it is here already."""
    state = _looked_up(store, conversation)
    if state == "other":
        # The same file always makes the same copy, so that it is not made twice.
        conversation = _copied(conversation)
        state = _looked_up(store, conversation)
    if state == "present":
        return ""
    if state != "returned":
        store.save(conversation)
    return conversation.id


def _looked_up(
    store: "ConversationStore", conversation: Conversation
) -> Literal["absent", "present", "returned", "other"]:
    """What has its id here: nothing, the same, the same that was deleted and is back now, or another one."""
    here = _stored(store, conversation.id)
    if here is not None:
        return "present" if _same(here, conversation) else "other"
    try:
        store.restore(conversation.id)
    except StorageError as error:
        if error.code != "conversation_missing":
            raise
        return "absent"
    if _same(store.load(conversation.id), conversation):
        return "returned"
    # Another one was deleted; that can still be undone.
    store.delete(conversation.id, time.time())
    return "other"


def _stored(store: "ConversationStore", conversation_id: str) -> Conversation | None:
    try:
        return store.load(conversation_id)
    except StorageError as error:
        if error.code != "conversation_missing":
            raise
        return None


def _same(one: Conversation, other: Conversation) -> bool:
    """Whether both say the same; what a person calls it, or where they read, is no other conversation."""
    return one.system == other.system and _messages(one) == _messages(other)


def _messages(conversation: Conversation) -> tuple[Message, ...]:
    return tuple(map(Message.settled, conversation.messages))


def _copied(conversation: Conversation) -> Conversation:
    """The conversation with ids of its own, made from what it says."""
    said = msgspec.json.encode((conversation.id, conversation.system, conversation.messages))
    own = hashlib.sha256(said).hexdigest()[:_ID_LENGTH]
    ids = {message.id: _derived(own, message.id) for message in conversation.messages}
    place = conversation.place
    return msgspec.structs.replace(
        conversation,
        id=own,
        leaf=_renamed(conversation.leaf, ids),
        place=msgspec.structs.replace(place, message=ids[place.message]) if place else None,
        messages=tuple(_with_ids(message, ids) for message in conversation.messages),
    )


def _with_ids(message: Message, ids: dict[str, str]) -> Message:
    return msgspec.structs.replace(
        message,
        id=ids[message.id],
        parent=_renamed(message.parent, ids),
        derived_from=_renamed(message.derived_from, ids),
    )


def _renamed(old: str | None, ids: dict[str, str]) -> str | None:
    return None if old is None else ids[old]


def _derived(own: str, message_id: str) -> str:
    return hashlib.sha256(f"{own} {message_id}".encode()).hexdigest()[:_ID_LENGTH]


def _problem(refusal: Refusal) -> AppError:
    return ExchangeError(
        "import_refused",
        title=refusal.title,
        number=refusal.number,
        reason=refusal.code,
        detail=refusal.detail,
    )
