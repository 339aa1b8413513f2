"""The tokens that the model itself wrote, by reply, so that no text of its own is ever tokenised again."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

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
    """A stretch of a prompt: text to tokenise by itself, or tokens that stand for it."""

    text: str
    tokens: Sequence[int] | None = None


def runs(
    prompt: str,
    answers: Iterable[tuple[str, Sequence[int]]],
    replies: Iterable[int] = (),
    cuts: Iterable[int] = (),
) -> list[Run]:
    """The prompt cut into runs, with the tokens in place of each answer, in order, where its text stands in it.

    `replies` are the positions where replies begin; without any, an answer stands where its text first does. Other
    text is cut at each of `cuts`.
    """
    result: list[Run] = []
    begins, inside = sorted(replies), sorted(cuts)
    at = 0
    for text, tokens in answers:
        found = _place(prompt, text, at, begins)
        if found < 0:
            continue
        result.extend(_texts(prompt, at, found, inside))
        result.append(Run(text, tokens))
        at = found + len(text)
    return [*result, *_texts(prompt, at, len(prompt), inside)]


def _place(prompt: str, text: str, at: int, begins: Sequence[int]) -> int:
    """Where the answer begins: a question may hold the same words."""
    if not begins:
        return prompt.find(text, at)
    return next((begin for begin in begins if begin >= at and prompt.startswith(text, begin)), -1)


def _texts(prompt: str, start: int, end: int, cuts: Sequence[int]) -> Iterable[Run]:
    edges = [start, *cuts[bisect_right(cuts, start) : bisect_left(cuts, end)], end]
    return (Run(prompt[one:other]) for one, other in pairwise(edges) if one < other)


class Speller:
    """Makes tokens of a prompt's runs so that together they read as the prompt does.

    Vocabularies of one kind put a space before the first word of whatever they are given: in the middle of a prompt
    nobody has written it.
    """

    def __init__(self, tokenize: Callable[[str], list[int]], piece: Callable[[int], bytes]) -> None:
        self._tokenize = tokenize
        self._spaced = b"".join(map(piece, tokenize("a"))) == b" a"
        # A letter that joins with no other.
        self._before = tokenize(_LONE) if self._spaced else []

    def tokens(self, cut: Iterable[Run]) -> list[int]:
        """The tokens of all runs."""
        tokens: list[int] = []
        for run in cut:
            if run.tokens is not None:
                tokens.extend(run.tokens)
            else:
                tokens.extend(
                    self._going_on(run.text) if tokens and self._spaced else self._tokenize(run.text)
                )
        return tokens

    def _going_on(self, text: str) -> list[int]:
        spelled = self._tokenize(_LONE + text)
        known = len(self._before)
        return spelled[known:] if spelled[:known] == self._before else self._tokenize(text)


_LONE = "\x01"
