"""The shape of tags: which texts look like marks, and what would close or open each of them."""

import re
from collections.abc import Container, Iterable, Iterator

_SHAPES = (
    r"<[^<>\s'\"{}]{1,60}>"
    r"|\[[^\[\]\s'\"{}]{1,40}\]"
    r"|◁[^◁▷\s]{1,40}▷|⟨[^⟨⟩\s]{1,40}⟩|⟪[^⟪⟫\s]{1,40}⟫|【[^【】\s]{1,40}】|〈[^〈〉\s]{1,40}〉|《[^《》\s]{1,40}》"
)
TAG = re.compile(_SHAPES)
# In a template's own source, what stands in square brackets is an index more often than a tag.
_INDEX = re.compile(r"\[(?!/)(?![A-Z][A-Z_]{2,}\])")
THINKING_WORD = re.compile(r"think|thought|reason|reflect", re.IGNORECASE)

_OPPOSITES = (
    ("begin", "end"),
    ("start", "end"),
    ("open", "close"),
    ("prefix", "suffix"),
    ("enter", "leave"),
    ("enter", "exit"),
)
_FRAME = re.compile(r"(\W*)(.*?)(\W*)", re.DOTALL)
_ENDS = ("/", "end_", "end_of_", "end-", "end", "END_", "END_OF_", "close_")


def tags_in(source: str) -> tuple[str, ...]:
    """The tags in a template's source, each once, in order."""
    found = dict.fromkeys(TAG.findall(source))
    return tuple(tag for tag in found if not _INDEX.match(tag))


def pieces_of(text: str) -> list[str]:
    """The tags of a text and the words between them, in order; white space alone is left out."""
    pieces: list[str] = []
    at = 0
    for match in TAG.finditer(text):
        pieces += [text[at : match.start()].strip(), match.group()]
        at = match.end()
    return [piece for piece in (*pieces, text[at:].strip()) if piece]


def closers_of(opener: str) -> tuple[str, ...]:
    """What would close a tag, the likeliest first."""
    return tuple(dict.fromkeys(tag for tag in _closers(opener) if tag != opener))


def openers_of(closer: str) -> tuple[str, ...]:
    """What a tag that looks like a closer would have been opened by; nothing for other tags."""
    return tuple(dict.fromkeys(tag for tag in _openers(closer) if tag != closer))


def chosen(candidates: Iterable[str], known: Container[str]) -> str | None:
    """The first of some tags that is known."""
    return next((tag for tag in candidates if tag in known), None)


def _framed(tag: str) -> tuple[str, str, str]:
    """The brackets before a name, the name, and those after it."""
    match = _FRAME.fullmatch(tag)
    return (match[1], match[2], match[3]) if match else ("", tag, "")


def _closers(opener: str) -> Iterator[str]:
    for begins, ends in _OPPOSITES:
        yield from _turned(opener, begins, ends)
    before, name, after = _framed(opener)
    for end in _ENDS:
        yield f"{before}{end}{name}{after}"
    yield f"{before[:1]}/{before[1:]}{name}{after}"
    if before.endswith("|") and not after.startswith("|"):
        yield f"{before[:-1]}{name}|{after}"


def _openers(closer: str) -> Iterator[str]:
    for begins, ends in _OPPOSITES:
        yield from _turned(closer, ends, begins)
    before, name, after = _framed(closer)
    if "/" in before:
        yield f"{before.replace('/', '', 1)}{name}{after}"
    for end in _ENDS[1:]:
        if name.startswith(end):
            yield f"{before}{name.removeprefix(end)}{after}"
    if after.startswith("|") and not before.endswith("|"):
        yield f"{before}|{name}{after[1:]}"


def _turned(tag: str, word: str, other: str) -> Iterator[str]:
    """The tag with one word of its name turned into another one, written as the first was."""
    for spelled, turned in ((word, other), (word.upper(), other.upper()), (word.title(), other.title())):
        changed = re.sub(rf"(?<![A-Za-z]){spelled}(?![a-z])", turned, tag, count=1)
        if changed != tag:
            yield changed
