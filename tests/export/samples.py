"""Conversations and words for the tests of the formats."""

from app.chat.conversation import Conversation, File, Message, Place, Segment, Statistics, Text
from app.chat.options import GenerateOptions, Sampling
from app.export.words import Words

WORDS = Words(
    you="You",
    model="Model",
    system="System prompt",
    thinking="Thinking",
    note="Your note",
    bridge="Added by the app",
    untitled="Untitled",
    back="Back",
    date=lambda seconds: f"day {int(seconds) // 86400}",
    thought=lambda seconds, tokens: f"Thought for {int(seconds)} s, {tokens} tokens",
    numbered=lambda number: f"Thinking {number}",
    attached=lambda name: f"Attached: {name}",
    ended=lambda reason: {"stopped": "Stopped", "limit": "Reached the token limit"}.get(reason or "", ""),
)

STATISTICS = Statistics(31, 4, 12, 8, 3.5, 1.25, 4.2, 0.75)


def question(text: str, message_id: str = "q1", parent: str | None = None) -> Message:
    """What a person asks."""
    return Message(message_id, "user", parent, parts=(Text(text),), created=86400.5)


def reply(*segments: Segment, message_id: str = "r1", parent: str | None = "q1") -> Message:
    """What a model answers."""
    return Message(
        message_id,
        "assistant",
        parent,
        segments=segments,
        reason="end",
        model="Qwen3 8B",
        options=GenerateOptions("on", 500, Sampling(0.5, seed=7)),
        statistics=STATISTICS,
        created=86401.5,
    )


def conversation(*messages: Message, title: str = "Sums", system: str = "") -> Conversation:
    """A conversation whose last message is its leaf."""
    leaf = messages[-1].id if messages else None
    return Conversation("c1", title, system, messages, leaf, created=86400.0, updated=90000.25)


def simple(answer: str = "It is **47**.", thinking: str = "12 + 35 = 47") -> Conversation:
    """A question and its reply."""
    segments = (
        Segment("thinking", "model", thinking, 12, 3.5),
        Segment("answer", "model", answer, 8, 1.25),
    )
    return conversation(question("What is 12 + 35?"), reply(*segments))


def rich() -> Conversation:
    """A tree with two branches, a file, a note, a bridging sentence, a draft and a place."""
    asked = Message(
        "q1",
        "user",
        parts=(Text("Look at this"), File("/data/pictures/cat.png", "ab" * 32, "image/png")),
        created=1.5,
    )
    first = reply(
        Segment("thinking", "model", "Hm. ", 2, 0.5),
        Segment("thinking", "person", "Look at the ears.", 0, 0.0),
        Segment("thinking", "app", "That is enough thinking.", 0, 0.0),
        Segment("answer", "model", "A cat.", 3, 0.25),
    )
    second = Message(
        "r2",
        "assistant",
        "q1",
        "r1",
        segments=(Segment("thinking", "model", "Once more", 2, 0.5),),
        state="interrupted",
        reason="interrupted",
        model="Qwen3 8B",
        created=9.0,
    )
    more = question("And the tail?", "q2", "r1")
    return Conversation(
        "c2",
        "A cat 🐈",
        "Be kind.",
        (asked, first, second, more),
        "q2",
        1.25,
        9.5,
        True,
        "draft",
        Place("r1", -12),
    )
