"""Finds marks of no known shape: by what a prompt's end opens, and by what is taken out of earlier replies."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import permutations

from app.chat.reasoning_marks import WRAPPERS, Act, Marks, marks_between, quotable
from app.chat.reasoning_switch import sought_words
from app.chat.reasoning_tags import (
    TAG,
    THINKING_WORD,
    chosen,
    closers_of,
    openers_of,
    pieces_of,
    tags_in,
)
from app.chat.reasoning_trials import ANSWER, THOUGHT, Trials, Variables

_TAGS_TRIED = 24
_PAIRS_TRIED = 6
# Tags that tell who speaks, or hold something else than thoughts.
_FOR_TOOLS = re.compile(r"tool|func|action|call", re.IGNORECASE)
_OTHER_PURPOSES = re.compile(
    r"(?<![a-z])(?:tool|func|action|image|video|audio|assistant|document|observation"
    r"|(?:call|img|doc|code|model|bot|user|human|system|gpt|answer|response|final|output|reply)s?(?![a-z]))"
    r"|^\W*(?:ai|s|p|sep|text|content|message|msg|im_\w+|eot|eos|bos)\W*$",
    re.IGNORECASE,
)


def marks_of_traces(trials: Trials) -> Marks | None:
    """The marks that the template's own doings give away; None when nothing does."""
    tags = tags_in(trials.source)[:_TAGS_TRIED]
    before_answer = trials.before_answer()
    additions = list(_additions(trials, before_answer)) if before_answer is not None else []
    # An answer of long ago may still have its empty block before it.
    remains = pieces_of(before_answer or "")[-2:]
    pair = (
        next(_pairs_added([remains, *additions]), None)
        or next(_pairs_begun(additions, tags, trials), None)
        or next(_pairs_lost(trials, tags), None)
    )
    if pair is None:
        return None
    return _with_answering(marks_between(*pair, trials.source), trials, before_answer)


def with_lost_wrapper(marks: Marks, trials: Trials) -> Marks:
    """The marks with the tags that the template takes away from around an earlier answer, if it does."""
    closer = marks.closing.strip()
    if not marks or not quotable(closer) or marks.texts(Act.ANSWER):
        return marks
    for begin, end in WRAPPERS:
        if begin in trials.source and end in trials.source:
            left = trials.remembered(f"{closer}{begin}{ANSWER}{end}")
            if ANSWER in left and begin not in left and end not in left:
                return replace(marks, acts={**marks.acts, begin: Act.ANSWER, end: Act.DROP})
    return marks


def _additions(trials: Trials, before_answer: str) -> Iterator[Sequence[str]]:
    """What a prompt's end has beyond the beginning of an earlier reply, in pieces, under any variables."""
    usual = pieces_of(before_answer)
    seen: set[str] = set()
    for variables, system in _settings(trials):
        tail = trials.tail(variables, system)
        if tail is None or tail in seen:
            continue
        seen.add(tail)
        pieces = pieces_of(tail)
        alike = 0
        while alike < min(len(pieces), len(usual)) and pieces[alike] == usual[alike]:
            alike += 1
        yield pieces[alike:]


def _settings(trials: Trials) -> Iterator[tuple[Variables, str]]:
    yield {}, ""
    for name in trials.conditions:
        values: tuple[bool | str, ...] = (True, False, *trials.words(name))
        for value in values:
            yield {name: value}, ""
    for word in sought_words(trials.source):
        yield {}, word


def _pairs_added(additions: Iterable[Sequence[str]]) -> Iterator[tuple[str, str]]:
    """A block that the prompt opens and closes."""
    for pieces in additions:
        tags = [piece for piece in pieces if TAG.fullmatch(piece)]
        if len(tags) != 2 or pieces[0] != tags[0] or pieces[-1] != tags[1]:
            continue
        opener, closer = tags
        named = THINKING_WORD.search(opener) is not None
        if named or (closer in closers_of(opener) and _may_think(opener)):
            yield opener, closer


def _pairs_begun(
    additions: Iterable[Sequence[str]], tags: Sequence[str], trials: Trials
) -> Iterator[tuple[str, str]]:
    """A block that the prompt only opens, or only closes."""
    for pieces in additions:
        if len(pieces) != 1 or not TAG.fullmatch(pieces[0]) or not _may_think(pieces[0]):
            continue
        tag = pieces[0]
        openers = openers_of(tag)
        if openers and (chosen(openers, tags) or "/" in tag):
            yield chosen(openers, tags) or openers[0], tag
            continue
        closer = chosen(closers_of(tag), tags) or next(_closers_lost(trials, tags), None)
        if closer is None and (quotable(tag) or THINKING_WORD.search(tag)):
            closer = closers_of(tag)[0]
        if closer is not None:
            yield tag, closer


def _pairs_lost(trials: Trials, tags: Sequence[str]) -> Iterator[tuple[str, str]]:
    """A block that is missing from an earlier reply, and an answer that is not."""
    for closer in _closers_lost(trials, tags):
        openers = openers_of(closer)
        named = [tag for tag in tags if tag != closer and THINKING_WORD.search(tag) and not openers_of(tag)]
        yield chosen(openers, tags) or next(iter((*named, *openers)), ""), closer
    likely = [tag for tag in tags if not _OTHER_PURPOSES.search(tag)]
    pairs = [(tag, closer) for tag in likely for closer in closers_of(tag) if closer in likely]
    if len(likely) <= _PAIRS_TRIED:
        pairs += list(permutations(likely, 2))
    for opener, closer in dict.fromkeys(pairs):
        if _loses_thought(trials, f"{opener}{THOUGHT}{closer}{ANSWER}"):
            yield opener, closer


def _closers_lost(trials: Trials, tags: Sequence[str]) -> Iterator[str]:
    """Tags before which nothing is left of an earlier reply."""
    for tag in tags:
        if _OTHER_PURPOSES.search(tag) and not _ends_something(tag):
            continue
        if _loses_thought(trials, f"{THOUGHT}{tag}{ANSWER}"):
            yield tag


def _loses_thought(trials: Trials, content: str) -> bool:
    left = trials.remembered(content)
    return ANSWER in left and THOUGHT not in left


def _ends_something(tag: str) -> bool:
    return bool(openers_of(tag)) and _FOR_TOOLS.search(tag) is None


def _may_think(tag: str) -> bool:
    return THINKING_WORD.search(tag) is not None or _OTHER_PURPOSES.search(tag) is None


def _with_answering(marks: Marks, trials: Trials, before_answer: str | None) -> Marks:
    """The marks with the tag that an earlier answer begins with, and a prompt does not end with.

    Such a reply is made of messages, each of which begins as the prompt ends.
    """
    tail = trials.tail({}) or ""
    pieces = pieces_of(before_answer.removeprefix(tail)) if before_answer and tail in before_answer else []
    if len(pieces) != 1 or not TAG.fullmatch(pieces[0]) or pieces[0] in marks.acts or quotable(pieces[0]):
        return marks
    speaker = pieces_of(tail)[-2:]
    acts = {**marks.acts, pieces[0]: Act.ANSWER}
    if speaker and TAG.fullmatch(speaker[-1]):
        begins = speaker[-1]
        acts.setdefault(begins, Act.DROP)
    elif len(speaker) == 2 and TAG.fullmatch(speaker[0]):
        begins = "".join(speaker)
        acts.setdefault(speaker[0], Act.HEADER)
    else:
        begins = ""
    return replace(marks, acts=acts, closing=f"{marks.closing}{begins}{pieces[0]}", answering=pieces[0])
