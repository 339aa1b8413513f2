"""What a template writes around the earlier thinking that it is given: its marks, and the white space between them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.chat.reasoning_marks import Act, Marks, marks_between, quotable
from app.chat.reasoning_tags import TAG, THINKING_WORD, openers_of, pieces_of
from app.chat.reasoning_trials import ANSWER, THOUGHT, Trials, Variables
from app.chat.template import JsonValue, ReasoningField

_FIELDS: tuple[tuple[ReasoningField, re.Pattern[str]], ...] = (
    ("reasoning_content", re.compile(r"reasoning_content")),
    ("reasoning", re.compile(r"""\.reasoning\b|['"]reasoning['"]""")),
    ("thinking", re.compile(r"""\.thinking\b|['"]thinking['"]""")),
    ("parts", re.compile(r"""==\s*['"]thinking['"]""")),
    ("blocks", re.compile(r"""\.blocks\b|['"]blocks['"]""")),
)
_FLAG = re.compile(r"think|reason", re.IGNORECASE)
_TAG_BEFORE = re.compile(rf"({TAG.pattern})\s*$")
_TAG_AFTER = re.compile(rf"\s*({TAG.pattern})")
_LONGEST_WORDS = 80
_BRACKETS = "<[|◁⟨⟪【〈《"


@dataclass(frozen=True)
class Echo:
    """A prompt that shows earlier thinking, and the same prompt without it."""

    field: ReasoningField
    shown: str
    without: str

    @property
    def between(self) -> str:
        """What stands between the thought and its answer; "" where there is no answer."""
        words, found, _ = self.shown.partition(THOUGHT)[2].partition(ANSWER)
        return words if found else ""


def echoes(trials: Trials) -> Iterator[Echo]:
    """Every way in which the template shows thinking that it is given."""
    flags: dict[str, JsonValue] = dict.fromkeys(trials.about(_FLAG), True)
    for field, pattern in _FIELDS:
        if not pattern.search(trials.source):
            continue
        for variables in ({}, flags) if flags else ({},):
            for calls in (False, True):
                shown = _told(trials, field, THOUGHT, variables, calls=calls)
                if THOUGHT in shown:
                    yield Echo(field, shown, _told(trials, field, "", variables, calls=calls))


_CALL: JsonValue = {"id": "call00000", "type": "function", "function": {"name": "act", "arguments": {}}}


def _told(trials: Trials, field: ReasoningField, thought: str, variables: Variables, *, calls: bool) -> str:
    """A question, an answer, and the thought behind it; "" where the template refuses."""
    reply: dict[str, JsonValue] = {"role": "assistant", "content": "" if calls else ANSWER}
    if field == "parts":
        reply["content"] = [{"type": "thinking", "thinking": thought}, {"type": "text", "text": ANSWER}]
    elif field == "blocks":
        reply["content"] = {
            "blocks": [{"type": "thoughts", "text": thought}, {"type": "response", "text": ANSWER}]
        }
    elif thought:
        reply[field] = thought
    if calls:
        reply["tool_calls"] = [_CALL]
    return trials.told(reply, variables)


def marks_around(echo: Echo, source: str) -> Marks | None:
    """What the template itself writes around a thought, when it is there for the thought."""
    before, _, after = echo.shown.partition(THOUGHT)
    opened, closed = _TAG_BEFORE.search(before), _TAG_AFTER.match(after)
    if opened is None or closed is None:
        return _words_around(echo, source)
    opener, closer = opened[1], closed[1]
    there_anyway = echo.shown.count(opener) == echo.without.count(opener)
    if opener == closer or (there_anyway and not THINKING_WORD.search(opener)):
        return None
    return _with_answers(marks_between(opener, closer, source), echo)


def _words_around(echo: Echo, source: str) -> Marks | None:
    """Words, or tags with spaces in them, which the prompt without the thought does not have."""
    before = echo.shown.partition(THOUGHT)[0]
    plain = echo.without.partition(ANSWER)[0]
    alike = len(before[: _alike(before, plain)].rstrip(_BRACKETS))
    opener = before[alike:].strip()
    backwards = _alike(echo.between[::-1], plain[::-1])
    closer = echo.between[: len(echo.between) - backwards].strip()
    if opener == closer or not (_is_a_mark(opener) and _is_a_mark(closer)):
        return None
    return marks_between(opener, closer, source)


def _alike(one: str, two: str) -> int:
    """With how many letters both begin."""
    pairs = enumerate(zip(one, two, strict=False))
    return next((at for at, (letter, other) in pairs if letter != other), min(len(one), len(two)))


def _is_a_mark(words: str) -> bool:
    """Whether no reply says these words by chance: a sentence of its own or a heading, never a bare word."""
    return 4 <= len(words) <= _LONGEST_WORDS and bool(
        re.search(r"\w", words) and re.search(r"[^\w\s]", words)
    )


def _with_answers(marks: Marks, echo: Echo) -> Marks:
    """The marks with the tags that the template writes around the answer to a thought."""
    closer = marks.closing.strip()
    if marks.acts.get(closer) is not Act.CLOSE:
        return marks
    rest = echo.between.partition(closer)[2]
    pieces = pieces_of(rest)
    acts = dict(marks.acts)
    for piece, following in zip(pieces, [*pieces[1:], ""], strict=False):
        if TAG.fullmatch(piece) and piece not in acts and not quotable(piece):
            # Words after a tag name who speaks now.
            acts[piece] = (
                Act.ANSWER if not following else Act.DROP if TAG.fullmatch(following) else Act.HEADER
            )
    acts |= _wrapper(pieces, echo)
    if not pieces or acts.get(pieces[-1]) is not Act.ANSWER or pieces[-1] in marks.acts:
        return marks
    if quotable(pieces[-1]):
        return replace(marks, acts=acts)
    return replace(marks, acts=acts, closing=marks.closing.rstrip() + rest.rstrip(), answering=pieces[-1])


def _wrapper(pieces: Sequence[str], echo: Echo) -> dict[str, Act]:
    """The tag before an answer and that after it, where they belong together."""
    after = _TAG_AFTER.match(echo.shown.partition(ANSWER)[2])
    if not pieces or after is None or pieces[-1] not in openers_of(after[1]):
        return {}
    return {pieces[-1]: Act.ANSWER, after[1]: Act.DROP}
