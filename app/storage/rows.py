"""Values as rows and rows as values; hostile text and numbers become ones that SQLite takes."""

import json
import math
import sqlite3
from typing import Any, TypeVar

import msgspec

from app.chat.conversation import Conversation, Message, Part, Place, Segment, Statistics, Summary, Text
from app.chat.options import Choices, GenerateOptions

T = TypeVar("T")
Row = tuple[Any, ...]

_LEAST, _MOST = -(2**63), 2**63 - 1

MESSAGE_COLUMNS = "id, role, parent, derived_from, state, reason, model, options, statistics, parts, created"


def clean(text: str) -> str:
    """The text as Unicode can write it: a surrogate without its other half becomes U+FFFD. NUL stays."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def clean_or_none(text: str | None) -> str | None:
    """`clean`, where there is a text."""
    return None if text is None else clean(text)


def whole(number: int) -> int:
    """The number within 64 bits."""
    return max(_LEAST, min(_MOST, number))


def fraction(number: float) -> float:
    """The number, 0 for what is none: SQLite has no NaN."""
    return 0.0 if math.isnan(number) else float(number)


def to_json(value: object) -> str:
    """A value as JSON text."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return clean(json.dumps(msgspec.to_builtins(value), ensure_ascii=False))


def conversation_row(conversation: Conversation) -> dict[str, object]:
    """All of a conversation but its messages."""
    place = conversation.place
    return {
        "id": clean(conversation.id),
        "title": clean(conversation.title),
        "named": conversation.named,
        "created": fraction(conversation.created),
        "updated": fraction(conversation.updated),
        "leaf": clean_or_none(conversation.leaf),
        "place_message": clean(place.message) if place else None,
        "place_offset": whole(place.offset) if place else None,
        "system": clean(conversation.system),
        "draft": clean(conversation.draft),
        "choices": choices_text(conversation.choices),
    }


def choices_text(choices: Choices) -> str | None:
    """What was chosen for a conversation as JSON; None where nothing was."""
    return None if choices == Choices() else to_json(choices)


def message_row(message: Message, owner: str | None) -> dict[str, object]:
    """All of a message but its segments."""
    return {
        "id": clean(message.id),
        "role": message.role,
        "parent": clean_or_none(message.parent),
        "derived_from": clean_or_none(message.derived_from),
        "state": message.state,
        "reason": message.reason,
        "owner": owner,
        "created": fraction(message.created),
        "model": clean_or_none(message.model),
        "options": None if message.options is None else to_json(message.options),
        "statistics": None if message.statistics is None else to_json(message.statistics),
        "parts": to_json(message.parts),
    }


def segment_row(segment: Segment) -> Row:
    """Channel, author, tokens, seconds, text."""
    return (
        segment.channel,
        segment.author,
        whole(segment.tokens),
        fraction(segment.seconds),
        clean(segment.text),
    )


def segment_from(row: Row) -> Segment:
    """The segment of channel, author, tokens, seconds, text."""
    channel, author, tokens, seconds, text = row
    return Segment(channel, author, text, tokens, seconds)


def message_from(row: Row, segments: tuple[Segment, ...]) -> Message:
    """The message of MESSAGE_COLUMNS."""
    key, role, parent, derived_from, state, reason, model, options, statistics, parts, created = row
    return Message(
        id=key,
        role=role,
        parent=parent,
        derived_from=derived_from,
        parts=_parts(parts),
        segments=segments,
        state=state,
        reason=reason,
        model=model,
        options=decoded(options, GenerateOptions),
        statistics=decoded(statistics, Statistics),
        created=created,
    )


def conversation_from(row: sqlite3.Row | Row, messages: tuple[Message, ...]) -> Conversation:
    """The conversation of the columns of `conversation_row`, in that order, with a tree that can be walked."""
    key, title, named, created, updated, leaf, place, offset, system, draft, choices = row
    messages = _walkable(messages)
    ids = {message.id for message in messages}
    if leaf not in ids:
        leaf = messages[-1].id if messages else None
    return Conversation(
        id=key,
        title=title,
        system=system,
        messages=messages,
        leaf=leaf,
        created=created,
        updated=updated,
        named=bool(named),
        draft=draft,
        place=Place(place, offset or 0) if place in ids else None,
        choices=decoded(choices, Choices) or Choices(),
    )


def summary_from(row: Row) -> Summary:
    """The summary of id, title, created, updated, branches, messages, unread."""
    key, title, created, updated, branches, messages, unread = row
    return Summary(key, title, created, updated, branches, messages, bool(unread))


def _walkable(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """The messages, none below one that is missing or comes later: damage may have left such a tree."""
    before: set[str] = set()
    result: list[Message] = []
    for message in messages:
        lost = message.parent is not None and message.parent not in before
        result.append(msgspec.structs.replace(message, parent=None) if lost else message)
        before.add(message.id)
    return tuple(result)


def _parts(text: str) -> tuple[Part, ...]:
    """The parts of a message; what is no JSON any more is still the person's text."""
    try:
        return msgspec.json.decode(text, type=tuple[Part, ...])
    except msgspec.MsgspecError:
        return (Text(text),)


def decoded(text: str | None, kind: type[T]) -> T | None:
    """What JSON text says; None where it says nothing of that kind."""
    try:
        return None if text is None else msgspec.json.decode(text, type=kind)
    except msgspec.MsgspecError:
        return None
