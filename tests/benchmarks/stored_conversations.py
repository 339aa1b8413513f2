"""Conversations as people have them, made up: questions, thinking, and answers in Markdown; each differs."""

from collections.abc import Iterator

from app.chat.conversation import Conversation, Message, Segment, Statistics, Text
from app.chat.options import GenerateOptions, Sampling
from tests.benchmarks.questions import filler

_DAY = 86400.0
_FIRST = 1_700_000_000.0

_PARAGRAPH = (
    "The half-life of caffeine is about **five hours** in most healthy adults, and anything between three and seven "
    "is ordinary. Smoking shortens it, while pregnancy, liver disease and *some medicines* lengthen it; see "
    "[the review](https://example.org/review) for `{}`.\n\n"
)
_CODE = (
    "```python\ndef left(dose: float, hours: float, half_life: float = {}.0) -> float:\n"
    '    """What is left of a dose."""\n    return dose * 0.5 ** (hours / half_life)\n```\n\n'
)
_LIST = (
    "1. Weigh {} grams of it.\n2. Wait, then weigh again:\n   - once after an hour,\n   - once after two.\n\n"
)
_TABLE = "| hour | left | of {} |\n|---:|---:|---|\n| 0 | 100 | all |\n| 5 | 50 | half |\n| 10 | 25 | a quarter |\n\n"
_QUOTE = "> What is {} now was something else before.\n\n## How sure is this?\n\n"
_PIECES = (_PARAGRAPH, _CODE, _PARAGRAPH, _LIST, _TABLE, _QUOTE, _PARAGRAPH)


def markdown(characters: int, seed: int) -> str:
    """An answer of about so many characters, with code, a list, a table and a quotation where there is room."""
    text = f"**{filler(3, seed).capitalize()}** is what it comes to.\n\n"
    for number in range(characters):
        if len(text) >= characters:
            break
        text += _PIECES[(seed + number) % len(_PIECES)].format(number + seed % 97)
        text += f"{filler(30, seed + number).capitalize()}.\n\n"
    return text


def thinking(characters: int, seed: int) -> str:
    """A trace of about so many characters: plain sentences in paragraphs."""
    lines = (
        f"Wait, {filler(25, seed + number)}; so {number} it is." for number in range(characters // 150 + 1)
    )
    return "\n\n".join(lines)


def conversation(number: int, messages: int = 20) -> Conversation:
    """The conversation of that number: questions and replies in turn, one conversation every eight hours."""
    created = _FIRST + number * _DAY / 3
    tree: list[Message] = []
    for at in range(messages // 2):
        tree += _exchange(f"c{number:06}", at, number * 31 + at, created + 120 * at)
    return Conversation(
        id=f"c{number:06}",
        title=filler(5, number).capitalize(),
        messages=tuple(tree),
        leaf=tree[-1].id if tree else None,
        created=created,
        updated=created + 60 * messages,
    )


def conversations(count: int) -> Iterator[Conversation]:
    """So many conversations, oldest first."""
    return (conversation(number) for number in range(count))


def _exchange(name: str, at: int, seed: int, created: float) -> tuple[Message, Message]:
    before = f"{name}-r{at - 1}" if at else None
    question = Message(
        f"{name}-q{at}",
        "user",
        before,
        parts=(Text(f"How is it with the {filler(14, seed)}?"),),
        created=created,
    )
    segments = (
        Segment("thinking", "model", thinking(900, seed), 220, 12.5),
        Segment("answer", "model", markdown(1100, seed), 280, 16.0),
    )
    reply = Message(
        f"{name}-r{at}",
        "assistant",
        question.id,
        segments=segments,
        reason="end",
        model="Qwen3 8B",
        options=GenerateOptions("on", None, Sampling()),
        statistics=Statistics(900, 800, 220, 280, 12.5, 16.0, 17.5, 0.4),
        created=created + 30,
    )
    return question, reply
