"""What a conversation from a stranger's file must be like before it may be kept."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import msgspec

from app.chat.conversation import Conversation, Message
from app.chat.options import Choices, ChosenSampling

_ID: Final = re.compile(r"[0-9A-Za-z_-]{1,64}")
_MAX_MESSAGES: Final = 100_000
_MAX_SEGMENTS: Final = 10_000
_MAX_TITLE: Final = 10_000
_LARGEST: Final = 2**53
_LONGEST_CHOICE: Final = 64
_SAMPLING: Final = {
    "temperature": (0.0, 10.0),
    "top_k": (0, 1_000_000),
    "top_p": (0.0, 1.0),
    "min_p": (0.0, 1.0),
    "repeat_penalty": (0.1, 10.0),
    "presence_penalty": (-10.0, 10.0),
    "seed": (0, 2**31 - 1),
}
"""Between what a number for the next reply may lie."""

_LAST_SECOND: Final = 253_402_300_799.0
"""The end of the year 9999."""


@dataclass(frozen=True)
class Refusal:
    """Why the `number`-th conversation of a file was not taken; `detail` names a message or a place in it."""

    number: int
    title: str
    code: str
    detail: str = ""


def checked(conversation: Conversation, number: int) -> Conversation | Refusal:
    """The conversation, fit to be kept, or why it is not.

    A reply that was still growing when the file was written is an interrupted one. A place at a message that is not
    there is forgotten, and so is a choice for the next reply that nobody could have made.
    """
    found = _first_fault(conversation)
    if found is not None:
        code, detail = found
        return Refusal(number, conversation.title[:200], code, detail)
    ids = {message.id for message in conversation.messages}
    place = conversation.place if conversation.place and conversation.place.message in ids else None
    return msgspec.structs.replace(
        conversation,
        messages=tuple(map(Message.settled, conversation.messages)),
        place=place,
        choices=_possible(conversation.choices),
    )


def _possible(choices: Choices) -> Choices:
    sampling = {
        name: value
        for name, value in msgspec.structs.asdict(choices.sampling).items()
        if value is not None and _SAMPLING[name][0] <= value <= _SAMPLING[name][1]
    }
    thinking = choices.thinking if len(choices.thinking or "") <= _LONGEST_CHOICE else None
    return Choices(thinking or None, choices.own_language, ChosenSampling(**sampling))


def _first_fault(conversation: Conversation) -> tuple[str, str] | None:
    messages = conversation.messages
    if not _ID.fullmatch(conversation.id):
        return "bad_id", ""
    if len(messages) > _MAX_MESSAGES or len(conversation.title) > _MAX_TITLE:
        return "too_large", ""
    if not (_is_time(conversation.created) and _is_time(conversation.updated)):
        return "bad_number", ""
    if conversation.place is not None and not _is_sane(conversation.place.offset):
        return "bad_number", ""
    fault = _fault_of_messages(messages) or _fault_of_tree(messages)
    if fault is None and not _is_leaf(conversation):
        return "leaf_missing", conversation.leaf or ""
    return fault


def _is_leaf(conversation: Conversation) -> bool:
    if conversation.leaf is None:
        return not conversation.messages
    return any(message.id == conversation.leaf for message in conversation.messages)


def _fault_of_messages(messages: Iterable[Message]) -> tuple[str, str] | None:
    for message in messages:
        if not _ID.fullmatch(message.id):
            return "bad_id", ""
        if len(message.segments) > _MAX_SEGMENTS or len(message.parts) > _MAX_SEGMENTS:
            return "too_large", message.id
        if message.segments if message.role != "assistant" else message.parts:
            return "wrong_role", message.id
        if not _is_time(message.created) or not _numbers_are_sane(message):
            return "bad_number", message.id
    return None


def _fault_of_tree(messages: tuple[Message, ...]) -> tuple[str, str] | None:
    """Each message follows one that stands before it in the file: so there can be no circle."""
    parents = {message.id: message.parent for message in messages}
    if len(parents) < len(messages):
        return "message_twice", ""
    seen: set[str] = set()
    for message in messages:
        for other in (message.parent, message.derived_from):
            if other is not None and other not in parents:
                return "parent_missing", message.id
            if other is not None and other not in seen:
                return ("circle" if _goes_round(message.id, parents) else "order"), message.id
        seen.add(message.id)
    return None


def _goes_round(start: str, parents: dict[str, str | None]) -> bool:
    seen: set[str] = set()
    at: str | None = start
    while at is not None and at not in seen:
        seen.add(at)
        at = parents.get(at)
    return at is not None


def _numbers_are_sane(message: Message) -> bool:
    values: list[object] = [message.statistics, message.options]
    if message.options is not None:
        values.append(message.options.sampling)
    values += message.segments
    return all(
        _is_sane(one) for value in values if isinstance(value, msgspec.Struct) for one in _fields(value)
    )


def _fields(value: msgspec.Struct) -> tuple[object, ...]:
    return tuple(msgspec.structs.astuple(value))


def _is_sane(value: object) -> bool:
    """Whether a number can be stored and shown; what is no number is none of this function's business."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return True
    return math.isfinite(value) and abs(value) < _LARGEST


def _is_time(value: float) -> bool:
    return 0 <= value <= _LAST_SECOND
