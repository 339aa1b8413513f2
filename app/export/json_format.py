"""The app's own format: conversations as JSON, complete and versioned, and back; FORMAT.md describes it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeVar

import msgspec

from app.chat.conversation import Conversation, Message, Place
from app.chat.options import Choices
from app.errors import ExchangeError
from app.export.choices import ThinkingChoice
from app.export.json_checks import Refusal, checked
from app.export.signs import whole_letters

T = TypeVar("T")

NAME: Final = "soliloquy-conversations"
VERSION: Final = 1

MAX_BYTES: Final = 2**28
"""No larger file is read: a quarter of a gigabyte of text is more than a person writes in one conversation."""
_MAX_CONVERSATIONS: Final = 10_000


class Entry(msgspec.Struct, frozen=True):
    """A conversation in the file: all of it but whether it was temporary, which what is written down is not."""

    id: str
    title: str = ""
    named: bool = False
    system: str = ""
    created: float = 0.0
    updated: float = 0.0
    leaf: str | None = None
    draft: str = ""
    place: Place | None = None
    choices: Choices = Choices()
    messages: tuple[Message, ...] = ()


class _Document(msgspec.Struct, frozen=True):
    """The file; conversations are read one by one, so that a broken one does not take the others along."""

    format: str
    version: int
    thinking: Literal["included", "none"] = "included"
    conversations: tuple[msgspec.Raw, ...] = ()


class _Head(msgspec.Struct, frozen=True):
    """What tells whether a file is one of ours, whatever else newer versions have put into it."""

    format: str = ""
    version: int = 0


@dataclass(frozen=True)
class Read:
    """What a file held: whole conversations, and why others were refused."""

    conversations: tuple[Conversation, ...]
    refused: tuple[Refusal, ...] = ()


def to_json(conversations: Sequence[Conversation], thinking: ThinkingChoice) -> str:
    """The conversations whole, every branch of them; with "none" without a word of thinking, and saying so."""
    included = thinking != "none"
    document = {
        "format": NAME,
        "version": VERSION,
        "thinking": "included" if included else "none",
        "conversations": [_entry(conversation, included) for conversation in conversations],
    }
    try:
        data = msgspec.json.encode(document)
    except UnicodeEncodeError:  # half of a letter somewhere
        text = json.dumps(msgspec.to_builtins(document), ensure_ascii=False)
        data = whole_letters(text).encode()
    return msgspec.json.format(data, indent=2).decode() + "\n"


def from_json(data: bytes, path: str) -> Read:
    """What the file at `path` holds, read in full before anything is kept.

    ExchangeError: `import_unknown` when it is no file of ours (`path`), `import_newer` (`path`, `version`),
    `import_unreadable` (`path`, `reason`) when it is cut short, too large or not UTF-8.
    """
    if len(data) > MAX_BYTES:
        raise ExchangeError("import_unreadable", path=path, reason="size")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ExchangeError("import_unreadable", path=path, reason="utf8") from error
    document = _document(text, path)
    if len(document.conversations) > _MAX_CONVERSATIONS:
        raise ExchangeError("import_unreadable", path=path, reason="count")
    conversations: dict[str, Conversation] = {}
    refused = []
    for number, raw in enumerate(document.conversations, start=1):
        found = _conversation(bytes(raw), number)
        if isinstance(found, Refusal):
            refused.append(found)
        elif found.id in conversations:
            refused.append(Refusal(number, found.title, "conversation_twice"))
        else:
            conversations[found.id] = found
    return Read(tuple(conversations.values()), tuple(refused))


def _entry(conversation: Conversation, included: bool) -> dict[str, Any]:
    messages = conversation.messages if included else map(_without_thinking, conversation.messages)
    entry = Entry(
        conversation.id,
        conversation.title,
        conversation.named,
        conversation.system,
        conversation.created,
        conversation.updated,
        conversation.leaf,
        conversation.draft,
        conversation.place,
        conversation.choices,
        tuple(messages),
    )
    return _without_what_is_new(msgspec.to_builtins(entry))


def _without_what_is_new(entry: dict[str, Any]) -> dict[str, Any]:
    """The entry as the first readers know it: fields that came later are there where they say something."""
    choices = {name: value for name, value in entry["choices"].items() if value}
    if "sampling" in choices:
        chosen = {name: value for name, value in choices["sampling"].items() if value is not None}
        choices = {**choices, "sampling": chosen} if chosen else _without(choices, "sampling")
    entry = {**entry, "choices": choices} if choices else _without(entry, "choices")
    for message in entry["messages"]:
        options = message["options"]
        if options is None:
            continue
        if options["sampling"] is not None and not options["sampling"]["presence_penalty"]:
            options["sampling"] = _without(options["sampling"], "presence_penalty")
        if not options["think_in"]:
            message["options"] = _without(options, "think_in")
    return entry


def _without(values: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key != name}


def _without_thinking(message: Message) -> Message:
    segments = tuple(segment for segment in message.segments if segment.channel != "thinking")
    return msgspec.structs.replace(message, segments=segments)


def _document(text: str, path: str) -> _Document:
    head = _decoded(text, _Head, path)
    if head is None or head.format != NAME or head.version < 1:
        raise ExchangeError("import_unknown", path=path)
    if head.version != VERSION:
        raise ExchangeError("import_newer", path=path, version=head.version)
    document = _decoded(text, _Document, path)
    if document is None:
        raise ExchangeError("import_unreadable", path=path, reason="json")
    return document


def _decoded(text: str, kind: type[T], path: str) -> T | None:
    """The text as a value of that kind, or None; what is not JSON at all is refused here."""
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.ValidationError:
        return None
    except (msgspec.DecodeError, RecursionError) as error:
        # A file of ours that is cut short is told apart from one that never was ours.
        ours = f'"{NAME}"' in text[:1000]
        code = "import_unreadable" if ours else "import_unknown"
        raise ExchangeError(code, path=path, reason="json") from error


def _conversation(data: bytes, number: int) -> Conversation | Refusal:
    try:
        entry = msgspec.json.decode(data, type=Entry)
    except msgspec.ValidationError as error:
        return Refusal(number, "", "wrong_type", _place_of(error))
    except (msgspec.DecodeError, RecursionError):
        return Refusal(number, "", "not_json")
    conversation = Conversation(
        entry.id,
        entry.title,
        entry.system,
        entry.messages,
        entry.leaf,
        entry.created,
        entry.updated,
        entry.named,
        entry.draft,
        entry.place,
        choices=entry.choices,
    )
    return checked(conversation, number)


def _place_of(error: msgspec.ValidationError) -> str:
    """Where in the conversation the value stands, as msgspec says it: `messages[3].role`; empty where it does not."""
    _, _, place = str(error).rpartition(" - at `$")
    return place.rstrip("`").lstrip(".")[:100]
