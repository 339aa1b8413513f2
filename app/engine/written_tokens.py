"""The tokens that the model itself wrote, by reply, so that no text of its own is ever tokenised again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.chat.conversation import Channel


@dataclass
class Written:
    """One reply's tokens in order, each with its bytes and the channel that it fell into, and what was shown of it."""

    tokens: list[int] = field(default_factory=list)
    pieces: list[bytes] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)
    shown: dict[Channel, list[str]] = field(default_factory=lambda: {"thinking": [], "answer": []})

    def add(self, token: int, piece: bytes, channel: Channel) -> None:
        """Remembers the next token."""
        self.tokens.append(token)
        self.pieces.append(piece)
        self.channels.append(channel)

    def says(self, thinking: str, answer: str) -> bool:
        """Whether exactly these texts were shown of the tokens, so that the tokens can stand for them."""
        return bool(self.tokens) and self._shown("thinking") == thinking and self._shown("answer") == answer

    def _shown(self, channel: Channel) -> str:
        return "".join(self.shown[channel])

    def drop_unfinished(self, count: int) -> None:
        """Takes back the last tokens that make up `count` bytes of a character that was not finished.

        One that also ends the character before stays.
        """
        while count > 0 and self.pieces and len(self.pieces[-1]) <= count:
            count -= len(self.pieces.pop())
            self.tokens.pop()
            self.channels.pop()

    def spelling(self, text: str) -> Sequence[int] | None:
        """The tokens at the end that spell exactly `text` in the answer; None when none do.

        An answer's outer white space may be dropped by a chat template, so tokens of white space alone may be
        left out at either end.
        """
        wanted = text.encode()
        end = len(self.tokens)
        while end and not self.pieces[end - 1].strip() and not wanted.endswith(self.pieces[end - 1]):
            end -= 1
        start, size = end, 0
        while start and size < len(wanted) and self.channels[start - 1] == "answer":
            start -= 1
            size += len(self.pieces[start])
        spelled = b"".join(self.pieces[start:end]) == wanted
        return self.tokens[start:end] if spelled and wanted else None


@dataclass(frozen=True)
class Run:
    """A stretch of a prompt: text to tokenise, or tokens that stand for it."""

    text: str
    tokens: Sequence[int] | None = None


def runs(prompt: str, answers: Iterable[tuple[str, Sequence[int]]]) -> list[Run]:
    """The prompt cut into runs, with the tokens in place of each answer, in order, where its text stands in it."""
    result: list[Run] = []
    at = 0
    for text, tokens in answers:
        found = prompt.find(text, at)
        if found < 0:
            continue
        if found > at:
            result.append(Run(prompt[at:found]))
        result.append(Run(text, tokens))
        at = found + len(text)
    if at < len(prompt):
        result.append(Run(prompt[at:]))
    return result
