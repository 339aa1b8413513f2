"""A growing reply gathers deltas into segments, by channel and author, with tokens and seconds."""

import pytest

from app.chat.conversation import Message, Segment, Statistics
from app.chat.growing_reply import GrowingReply, merged


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


REPLY = Message("r", "assistant", "q", state="streaming")


def test_deltas_become_segments_in_order() -> None:
    clock = Clock()
    growing = GrowingReply(REPLY, clock)
    growing.begin()
    for channel, text, at in (("thinking", "h", 101), ("thinking", "m", 103), ("answer", "ok", 104)):
        clock.now = at
        growing.add("thinking" if channel == "thinking" else "answer", "model", text, 2)
    message = growing.message()
    assert message.segments == (
        Segment("thinking", "model", "hm", 4, 3.0),
        Segment("answer", "model", "ok", 2, 1.0),
    )
    assert (message.thinking, message.answer, message.state) == ("hm", "ok", "streaming")


def test_a_model_that_thinks_twice_keeps_the_order() -> None:
    growing = GrowingReply(REPLY)
    for channel in ("thinking", "answer", "thinking", "answer"):
        growing.add("thinking" if channel == "thinking" else "answer", "model", "x", 1)
    assert [segment.channel for segment in growing.message().segments] == ["thinking", "answer"] * 2


def test_another_author_begins_another_segment() -> None:
    growing = GrowingReply(REPLY)
    growing.add("thinking", "model", "a", 1)
    growing.add("thinking", "app", "b", 1)
    assert [segment.author for segment in growing.message().segments] == ["model", "app"]


def test_a_continued_reply_grows_in_its_last_segment() -> None:
    before = Message("r", "assistant", "q", segments=(Segment("thinking", "model", "a", 3, 1.0),))
    growing = GrowingReply(before, Clock())
    growing.add("thinking", "model", "b", 2)
    growing.add("answer", "model", "c", 1)
    assert growing.message().segments[0] == Segment("thinking", "model", "ab", 5, 1.0)
    assert growing.message().answer == "c"


def test_the_end_says_how_it_ended() -> None:
    growing = GrowingReply(REPLY)
    growing.add("answer", "model", "a", 1)
    assert growing.ended("stopped", None).state == "finished"
    assert growing.ended("interrupted", None).state == "interrupted"
    assert growing.ended("end", Statistics(answer_tokens=1)).statistics == Statistics(answer_tokens=1)


def test_statistics_of_a_continued_reply_add_up() -> None:
    one = Statistics(10, 2, 4, 0, 1.0, 0.0, 4.0, 0.5)
    two = Statistics(15, 14, 2, 2, 0.5, 0.5, 8.0, 0.1)
    both = merged(one, two)
    assert (both.prompt_tokens, both.cached_tokens, both.time_to_first_token) == (10, 2, 0.5)
    assert (both.thinking_tokens, both.answer_tokens) == (6, 2)
    # 4 tokens in a second, and 4 in half of one.
    assert both.tokens_per_second == pytest.approx(8 / 1.5)
    assert merged(Statistics(), two).tokens_per_second == 8.0
    assert merged(Statistics(), Statistics()).tokens_per_second == 0.0


def test_an_engine_without_a_last_word_leaves_statistics_that_the_text_tells() -> None:
    clock = Clock()
    growing = GrowingReply(REPLY, clock)
    growing.begin(31)
    for channel, author, tokens in (("thinking", "model", 4), ("thinking", "app", 9), ("answer", "model", 2)):
        clock.now += 1
        growing.add(
            "thinking" if channel == "thinking" else "answer",
            "app" if author == "app" else "model",
            "x",
            tokens,
        )
    statistics = growing.ended("interrupted", None).statistics
    assert statistics == Statistics(31, 0, 4, 2, 1.0, 1.0, 3.0)


def test_a_continued_reply_that_its_engine_lost_counts_both_stretches() -> None:
    old = Statistics(10, 2, 3, 0, 1.0, 0.0, 3.0, 0.5)
    clock = Clock()
    before = Message(
        "r", "assistant", "q", segments=(Segment("thinking", "model", "a", 3, 1.0),), statistics=old
    )
    growing = GrowingReply(before, clock)
    growing.begin(13)
    clock.now += 1
    growing.add("answer", "model", "b", 1)
    assert growing.ended("interrupted", None).statistics == Statistics(10, 2, 3, 1, 1.0, 1.0, 2.0, 0.5)
    untouched = GrowingReply(before, clock)
    assert untouched.ended("stopped", None).statistics == old
    assert GrowingReply(REPLY).ended("stopped", None).statistics is None


def test_what_is_new_is_taken_once_with_its_own_tokens_and_seconds() -> None:
    clock = Clock()
    growing = GrowingReply(
        Message("r", "assistant", segments=(Segment("answer", "model", "a", 3, 1.0),)), clock
    )
    growing.begin()
    for text in "bc":
        clock.now += 1
        growing.add("answer", "model", text, 1)
    growing.add("thinking", "app", "d", 0)
    assert growing.taken() == (
        Segment("answer", "model", "bc", 2, 2.0),
        Segment("thinking", "app", "d", 0, 0.0),
    )
    assert growing.taken() == ()
    growing.add("thinking", "app", "e", 0)
    assert growing.taken() == (Segment("thinking", "app", "e", 0, 0.0),)
    assert [segment.text for segment in growing.message().segments] == ["abc", "de"]


def test_a_reply_that_waits_says_so_until_its_turn_comes() -> None:
    growing = GrowingReply(Message("r", "assistant", state="queued", model="Old"))
    assert growing.message().state == "queued"
    growing.stream("New")
    assert (growing.message().state, growing.message().model) == ("streaming", "New")
    growing.wait()
    assert growing.message().state == "queued"
