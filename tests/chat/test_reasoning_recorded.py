"""Replies recorded elsewhere are split as they were there, by text and by tokens, however they are cut."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.chat.reasoning import Splitter
from app.chat.reasoning_format import ReasoningFormat, detect


@dataclass(frozen=True)
class Recorded:
    """One reply, how its model thinks, and its two channels."""

    name: str
    fmt: ReasoningFormat
    tail: str
    thinking: bool
    text: str
    channels: tuple[str, str]
    partial: bool

    @property
    def talks_about_markers(self) -> bool:
        """Whether a marker is part of what is said."""
        return any(marker in said for marker in self.fmt.markers for said in self.channels)

    @property
    def parts(self) -> list[tuple[str, bool]]:
        """The reply as a vocabulary has it: each marker, and what stands between; True for a marker."""
        pattern = "|".join(re.escape(marker) for marker in sorted(self.fmt.marks.acts, key=len, reverse=True))
        # What a pattern with a group splits is text, marker, text, ...
        return [(part, number % 2 == 1) for number, part in enumerate(re.split(f"({pattern})", self.text))]


@pytest.fixture(scope="module")
def recorded(shared: Path) -> list[Recorded]:
    """All of them."""
    formats: dict[str, ReasoningFormat] = {}
    found = []
    for line in (shared / "data" / "reasoning_cases.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        name, opener, closer = case["template"], case["open_marker"] or "", case["close_marker"] or ""
        key = name or f"{opener} {closer}"
        if key not in formats:
            formats[key] = (
                detect((shared / "data" / "templates" / name).read_text(encoding="utf-8"))
                if name
                else ReasoningFormat.from_markers(opener, closer)
            )
        tail = case.get("generation_prompt", opener if case["forced_open"] else "")
        channels = ((case["reasoning"] or "").strip(), (case["content"] or "").strip())
        thinking = case["thinking"] is not False
        found.append(
            Recorded(case["id"], formats[key], tail, thinking, case["input"], channels, case["partial"])
        )
    return found


@pytest.fixture(scope="module")
def whole(recorded: list[Recorded]) -> list[Recorded]:
    """Those that were recorded to their end."""
    found = [reply for reply in recorded if not reply.partial]
    assert len(found) > 400
    return found


def split(
    reply: Recorded, chunks: Iterable[tuple[str, bool | None]], *, ended: bool = True
) -> tuple[str, str]:
    """The texts of thinking and answer."""
    splitter = Splitter(reply.fmt, reply.tail, reply.thinking)
    pieces = [piece for text, special in chunks for piece in splitter.feed(text, special=special)]
    texts = {"thinking": "", "answer": ""}
    for piece in pieces + (splitter.finish() if ended else []):
        texts[piece.channel] += piece.text
    return texts["thinking"], texts["answer"]


def test_every_cut_of_the_text_gives_the_same(whole: list[Recorded]) -> None:
    wrong = [
        reply.name
        for reply in whole
        if any(
            split(reply, [(reply.text[:at], None), (reply.text[at:], None)]) != reply.channels
            for at in range(len(reply.text) + 1)
        )
    ]
    assert wrong == []


def test_markers_that_are_tokens_give_the_same_at_every_cut_between_them(whole: list[Recorded]) -> None:
    told = [reply for reply in whole if reply.fmt.markers and not reply.talks_about_markers]
    assert len(told) > 400
    wrong = [
        reply.name
        for reply in told
        if any(split(reply, chunks) != reply.channels for chunks in _cuts(reply.parts))
    ]
    assert wrong == []


def _cuts(parts: list[tuple[str, bool]]) -> Iterator[list[tuple[str, bool | None]]]:
    """The parts with the text between markers cut in two, at each place in turn."""
    yield [*parts]
    for number, (text, special) in enumerate(parts):
        for at in () if special else range(1, len(text)):
            yield [*parts[:number], (text[:at], False), (text[at:], False), *parts[number + 1 :]]


def test_a_marker_of_ordinary_tokens_stays_what_it_says(whole: list[Recorded]) -> None:
    talking = [reply for reply in whole if reply.talks_about_markers]
    assert talking
    for reply in talking:
        said = " ".join(split(reply, [(letter, False) for letter in reply.text]))
        for marker in reply.fmt.markers:
            assert said.count(marker) == reply.text.count(marker), reply.name


def test_markers_quoted_at_the_end_of_any_answer_stay_text(whole: list[Recorded]) -> None:
    tried = 0
    for reply in whole:
        if not reply.fmt.markers or reply.talks_about_markers:
            continue
        parts = reply.parts
        ends = [number for number, (text, special) in enumerate(parts) if text.strip() and not special]
        if not ends or not reply.channels[1].endswith(parts[ends[-1]][0].strip()):
            continue
        tried += 1
        quoted = f" It is {' or '.join(reply.fmt.markers)}, as said."
        before, after = parts[: ends[-1] + 1], parts[ends[-1] + 1 :]
        thinking, answer = split(reply, [*before, *((letter, False) for letter in quoted), *after])
        said = (reply.channels[1] + quoted).split()
        assert (thinking, answer.split()) == (reply.channels[0], said), reply.name
    assert tried > 200


def test_a_stopped_stream_shows_no_piece_of_a_marker(recorded: list[Recorded]) -> None:
    stopped = [reply for reply in recorded if reply.partial]
    assert stopped
    for reply in stopped:
        shown = split(reply, [(letter, None) for letter in reply.text], ended=False)
        assert tuple(text.strip() for text in shown) == reply.channels, reply.name
