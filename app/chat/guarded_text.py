"""Keeps what people and models only talk about from doing something: a marker that they write stays text."""

import json
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice, pairwise

# Letters without a meaning of their own (Unicode's private use areas): no template knows them, none calls them white
# space, and no text of these turns has them.
_LETTERS = (range(0xE000, 0xF900), range(0xF0000, 0xFFFFE))
_LOWER = {letter: letter + 32 for letter in range(ord("A"), ord("Z") + 1)}


class _Lookup:
    """Finds texts, thousands of them as easily as one, where they begin and end; they may overlap."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = frozenset(text for text in texts if len(text) > 1)
        lengths: dict[str, set[int]] = {}
        for text in self._texts:
            lengths.setdefault(text[0], set()).add(len(text))
        self._lengths = {first: tuple(sorted(those)) for first, those in lengths.items()}

    def found(self, text: str) -> Iterator[tuple[int, int]]:
        for first, lengths in self._lengths.items():
            start = text.find(first)
            while start >= 0:
                for length in lengths:
                    if text[start : start + length] in self._texts:
                        yield start, start + length
                start = text.find(first, start + 1)


@dataclass(frozen=True)
class Shown:
    """A rendered text as the model is to read it.

    Nothing may be made one token across the positions `cuts`. `replies` are the positions where replies begin, and
    `end` is where the last turn's text ended (None: the template does not show that).
    """

    text: str
    cuts: tuple[int, ...] = ()
    replies: tuple[int, ...] = ()
    end: int | None = None


class Guard:
    """What has a meaning for a model and its template, and so must not stand whole in what people say.

    `controls` are texts that a vocabulary or a format takes for more than text: they are kept from becoming tokens.
    `words` are what a template looks for in texts: they are hidden from it, in small letters as in capitals, and the
    model reads them as they were written.
    """

    def __init__(self, controls: Iterable[str], words: Iterable[str] = ()) -> None:
        self._controls = _Lookup(controls)
        self._words = _Lookup(word.translate(_LOWER) for word in words)

    def cuts(self, text: str) -> list[int]:
        """Positions of which one lies inside each control text."""
        return _inside(self._controls.found(text), [])

    def pieces(self, text: str) -> list[str]:
        """The text in pieces, none of which holds a control text: so the model is given it."""
        edges = [0, *self.cuts(text), len(text)]
        return [text[one:other] for one, other in pairwise(edges)]

    def hidden(self, text: str, cuts: list[int]) -> list[int]:
        """Positions of which one lies inside each word that `cuts` leave whole."""
        return _inside(self._words.found(text.translate(_LOWER)), cuts)


def _inside(found: Iterable[tuple[int, int]], cuts: list[int]) -> list[int]:
    """The fewest that are easily found: the middle of each stretch that has none yet."""
    made: list[int] = []
    for start, end in sorted(found):
        if not _between(cuts, start, end) and not _between(made, start, end):
            insort(made, (start + end) // 2)
    return made


def _between(cuts: list[int], start: int, end: int) -> bool:
    return bisect_right(cuts, start) < bisect_left(cuts, end)


class Pen:
    """Writes turns' texts for a template with letters between their letters, and takes these out of what it makes.

    `texts` are all that the template is given, and its source: none of them has the letters that are chosen.
    """

    def __init__(self, guard: Guard, texts: Iterable[str]) -> None:
        self._guard = guard
        taken = "\n".join(texts)
        letters = map(chr, chain(*_LETTERS))
        spare = (each for each in letters if each not in taken and _escape(each) not in taken)
        self._cut, self._hide, self._begin, self._end = islice(spare, 4)

    def text(self, text: str) -> str:
        """A text in which a template finds nothing that it knows, and a vocabulary no token but words."""
        cuts = self._guard.cuts(text)
        hidden = self._guard.hidden(text, cuts)
        if not cuts and not hidden:
            return text
        marks = sorted([*((at, self._cut) for at in cuts), *((at, self._hide) for at in hidden)])
        pieces, last = [], 0
        for at, letter in marks:
            pieces += [text[last:at], letter]
            last = at
        return "".join([*pieces, text[last:]])

    def reply(self, text: str) -> str:
        """The same for a reply, whose beginning is to be found again."""
        begin = len(text) - len(text.lstrip())
        return text[:begin] + self._begin + self.text(text[begin:])

    def ended(self, text: str) -> str:
        """A text of `text` or `reply`, whose end is to be found again: behind its last word, which no template cuts."""
        words = text.rstrip()
        return words + self._end + text[len(words) :] if words else text

    def read(self, rendered: str) -> Shown:
        """What a template has made of such texts, without the letters."""
        marks = {self._cut: 0, self._hide: 1, self._begin: 2, self._end: 3}
        for letter in marks:
            rendered = rendered.replace(_escape(letter), letter)
        places: tuple[list[int], ...] = ([], [], [], [])
        pieces: list[str] = []
        last = length = 0
        for at, letter in sorted(_places(rendered, marks)):
            pieces.append(rendered[last:at])
            length += at - last
            last = at + 1
            places[marks[letter]].append(length)
        pieces.append(rendered[last:])
        cuts, _hidden, replies, ends = places
        return Shown("".join(pieces), tuple(cuts), tuple(replies), ends[-1] if ends else None)


def _escape(letter: str) -> str:
    """How a template that writes a text as JSON may spell the letter."""
    return json.dumps(letter)[1:-1]


def _places(text: str, letters: Iterable[str]) -> Iterator[tuple[int, str]]:
    for letter in letters:
        at = text.find(letter)
        while at >= 0:
            yield at, letter
            at = text.find(letter, at + 1)
