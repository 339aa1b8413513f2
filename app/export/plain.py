"""A conversation's active branch as plain text: names at the margin, what was said indented below them."""

from collections.abc import Iterator
from typing import Final

from app.chat.conversation import Conversation, File, Message
from app.export.choices import ThinkingChoice
from app.export.markdown import file_name
from app.export.passages import Section, sections, trimmed
from app.export.signs import harmless
from app.export.words import Words

_INDENT: Final = "    "


def to_plain(conversation: Conversation, thinking: ThinkingChoice, words: Words) -> str:
    """The active branch. Whatever was said is indented, so that no line of it passes for one of ours.

    `collapsed` leaves a trace where it was, under a line of its own, since plain text has nothing to fold; `appendix`
    numbers the traces and puts them at the end.
    """
    return _Writer(thinking, words).whole(conversation)


class _Writer:
    """Gathers the paragraphs of one text."""

    def __init__(self, thinking: ThinkingChoice, words: Words) -> None:
        self._thinking = thinking
        self._words = words
        self._appendix: list[str] = []
        self._traces = 0

    def whole(self, conversation: Conversation) -> str:
        words = self._words
        title = _line(conversation.title) or words.untitled
        head = [title, "=" * min(len(title), 72)]
        if conversation.created:
            head.append(words.date(conversation.created))
        blocks = ["\n".join(head)]
        if conversation.system.strip():
            blocks.append(_said(words.system, conversation.system))
        for message in conversation.branch():
            blocks += self._message(message)
        if self._appendix:
            blocks += [f"{words.thinking}\n{'=' * len(words.thinking)}", *self._appendix]
        return "\n\n".join(blocks) + "\n"

    def _message(self, message: Message) -> Iterator[str]:
        if message.role == "assistant":
            yield from self._reply(message)
            return
        pieces = [
            _line(self._words.attached(file_name(part))) if isinstance(part, File) else part.text
            for part in message.parts
        ]
        name = self._words.you if message.role == "user" else self._words.system
        yield _said(name, "\n\n".join(pieces))

    def _reply(self, message: Message) -> Iterator[str]:
        name = _line(message.model or "") or self._words.model
        found = sections(message, self._thinking)
        for section in found:
            if section.channel == "answer":
                yield from self._passages(name, section)
            elif self._thinking == "collapsed":
                figures = self._words.thought(section.seconds, section.tokens)
                yield from self._passages(f"{name} ({figures})", section)
            else:
                yield self._numbered(name, section)
        ended = self._words.ended(message.reason)
        if ended or not found:
            yield f"{name}: [{ended}]" if ended else f"{name}:"

    def _passages(self, name: str, section: Section) -> Iterator[str]:
        names = {"model": name, "person": self._words.note, "app": self._words.bridge}
        for passage in section.passages:
            yield _said(names[passage.author], passage.text)

    def _numbered(self, name: str, section: Section) -> str:
        self._traces += 1
        title = self._words.numbered(self._traces)
        figures = self._words.thought(section.seconds, section.tokens)
        self._appendix += self._passages(f"{title} ({figures})", section)
        return f"{name}: [{title}]"


def _line(text: str) -> str:
    return " ".join(harmless(text).split())


def _said(name: str, text: str) -> str:
    # Whatever some program takes for the end of a line is one, or a line of the text could begin at the margin.
    lines = trimmed(harmless(text)).splitlines()
    return "\n".join([f"{name}:", *(f"{_INDENT}{line}".rstrip() for line in lines)])
