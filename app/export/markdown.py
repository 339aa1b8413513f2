"""A conversation's active branch as Markdown that reads well in any viewer.

Speakers are headings, questions and thinking are quotations, and answers stand as the model wrote them. What was said
cannot break out of its place: see `contained`.
"""

from collections.abc import Iterator

from app.chat.conversation import Conversation, File, Message
from app.export.choices import ThinkingChoice
from app.export.contained import contained, quoted
from app.export.inline import escaped
from app.export.passages import Passage, Section, sections, trimmed
from app.export.signs import harmless
from app.export.words import Words


def to_markdown(conversation: Conversation, thinking: ThinkingChoice, words: Words) -> str:
    """The active branch: title, date, system prompt, questions and replies; `appendix` numbers the traces.

    Traces are foldable blocks (`collapsed`), or stand at the end with links there and back (`appendix`).
    """
    return _Writer(thinking, words).whole(conversation)


class _Writer:
    """Gathers the blocks of one document."""

    def __init__(self, thinking: ThinkingChoice, words: Words) -> None:
        self._thinking = thinking
        self._words = words
        self._appendix: list[str] = []
        self._traces = 0

    def whole(self, conversation: Conversation) -> str:
        words = self._words
        blocks = [f"# {escaped(harmless(conversation.title)) or escaped(words.untitled)}"]
        if conversation.created:
            blocks.append(f"*{escaped(words.date(conversation.created))}*")
        if conversation.system.strip():
            blocks.append(f"**{escaped(words.system)}**")
            blocks.append(_quotation(conversation.system))
        for message in conversation.branch():
            blocks += self._message(message)
        if self._appendix:
            blocks += [f"## {escaped(words.thinking)}", *self._appendix]
        return "\n\n".join(blocks) + "\n"

    def _message(self, message: Message) -> Iterator[str]:
        if message.role == "assistant":
            yield from self._reply(message)
            return
        name = self._words.you if message.role == "user" else self._words.system
        yield f"## {escaped(name)}"
        for part in message.parts:
            if isinstance(part, File):
                yield f"*{escaped(harmless(self._words.attached(file_name(part))))}*"
            elif part.text.strip():
                yield _quotation(part.text)

    def _reply(self, message: Message) -> Iterator[str]:
        yield f"## {escaped(harmless(message.model or '')) or escaped(self._words.model)}"
        for section in sections(message, self._thinking):
            if section.channel == "answer":
                yield from self._answer(section)
            elif self._thinking == "collapsed":
                yield from self._folded(section)
            else:
                yield self._numbered(section)
        ended = self._words.ended(message.reason)
        if ended:
            yield f"*{escaped(ended)}*"

    def _answer(self, section: Section) -> Iterator[str]:
        for passage in section.passages:
            if passage.author == "model":
                yield "\n".join(contained(harmless(passage.text)))
            else:
                yield self._foreign(passage)

    def _folded(self, section: Section) -> Iterator[str]:
        summary = self._words.thought(section.seconds, section.tokens)
        yield f"<details>\n<summary>{_html(summary)}</summary>"
        yield from self._trace(section)
        yield "</details>"

    def _numbered(self, section: Section) -> str:
        """Puts the trace into the appendix; returns the link that stands in its place."""
        self._traces += 1
        number = self._traces
        name = escaped(self._words.numbered(number))
        figures = escaped(self._words.thought(section.seconds, section.tokens))
        self._appendix.append(f'### <a id="thinking-{number}"></a>{name}')
        self._appendix.append(f"{figures} ([{escaped(self._words.back)}](#reply-{number}))")
        self._appendix += self._trace(section)
        return f'<a id="reply-{number}"></a>[{name}](#thinking-{number}): {figures}'

    def _trace(self, section: Section) -> Iterator[str]:
        for passage in section.passages:
            yield _quotation(passage.text) if passage.author == "model" else self._foreign(passage)

    def _foreign(self, passage: Passage) -> str:
        """What the person or the app put into a reply, named as theirs."""
        name = self._words.note if passage.author == "person" else self._words.bridge
        label = f"> **{escaped(name)}**"
        return f"{label}\n>\n{_quotation(passage.text)}"


def file_name(file: File) -> str:
    """A file's name without its folders, which are nobody else's business; of Windows' paths too."""
    return file.path.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]


def _quotation(text: str) -> str:
    return "\n".join(quoted(contained(trimmed(harmless(text)), keep_lines=True)))


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
