"""A reply's segments gathered into what is read at once: runs of one channel, in them runs of one author."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from app.chat.conversation import Author, Channel, Message, Segment
from app.export.choices import ThinkingChoice


@dataclass(frozen=True)
class Passage:
    """What one author wrote without another in between."""

    author: Author
    text: str


@dataclass(frozen=True)
class Section:
    """Adjacent passages of one channel, with the model's tokens and the seconds that they took."""

    channel: Channel
    passages: tuple[Passage, ...]
    tokens: int
    seconds: float


def sections(message: Message, thinking: ThinkingChoice) -> tuple[Section, ...]:
    """What of a reply is exported, in its order; what is nothing but white space is left out."""
    chosen = (s for s in message.segments if s.channel == "answer" or thinking != "none")
    made = (_section(channel, tuple(run)) for channel, run in groupby(chosen, lambda s: s.channel))
    return tuple(section for section in made if section.passages)


def _section(channel: Channel, run: tuple[Segment, ...]) -> Section:
    return Section(
        channel,
        tuple(_passages(run)),
        sum(segment.tokens for segment in run),
        sum(segment.seconds for segment in run),
    )


def _passages(run: Iterable[Segment]) -> Iterable[Passage]:
    for author, parts in groupby(run, lambda s: s.author):
        text = trimmed("".join(part.text for part in parts))
        if text:
            yield Passage(author, text)


def trimmed(text: str) -> str:
    """Without empty lines around it; the first line keeps its indent."""
    return text.rstrip().lstrip("\r\n") if text.strip() else ""
