"""What the pictures of the window show: the conversations of the look, and some with titles that are hard to set."""

import time
from typing import Final

from app.chat.conversation import Conversation, Message, Segment, Statistics, Text

MODEL: Final = "Qwen3 8B"

THINKING: Final = """\
Two espressos at 15:00, bed at 23:00, so the gap is eight hours.

First the dose. One espresso of 30 ml holds about 63 mg, so two hold 126 mg.

Wait, many cafés pull doubles. Then it would be 252 mg. The person wrote “two espressos”, which could be either.

Take singles, and the spread is the point. So not one half-life but three: 3, 5 and 7 hours.

At five hours: 2^(−8/5) = 2^(−1.6) ≈ 0.330, and 126 × 0.330 ≈ 41.6 mg. At three: 2^(−8/3) ≈ 0.157, so 19.8 mg.

Check at five once more by halving: 126 at 15:00, 63 at 20:00, 31.5 at 01:00. At 23:00 it must lie between."""

ANSWER: Final = """\
With the usual half-life of five hours, 42 mg of the 126 mg remain: two thirds of one espresso. People differ a good \
deal, and the dose that is left follows from the hours alone.

```python
def left(dose, hours, half_life=5.0):
    return dose * 0.5 ** (hours / half_life)

for half_life in (3, 5, 7):
    print(half_life, round(left(126, 8, half_life)))  # mg at 23:00
```

If you sleep badly, move the second espresso before noon first, and see what changes."""

_FIRST: Final = "About five hours in most healthy adults. Anything between three and seven is ordinary."
_TITLES: Final = (
    ("Caffeine, half-lives and sleep", 0.0),
    ("Why make rebuilds everything", 0.0),
    ("Letter to the landlord", 0.0),
    ("Why √2 is irrational, three ways", 1.0),
    ("Sourdough in a cold kitchen", 1.0),
    ("A regular expression for IBANs", 3.0),
    ("SQLite or DuckDB for 40 million rows of measurements", 4.0),
    ("Birthday riddle for a nine-year-old", 5.0),
    ("Chapter 2: sampling bias", 20.0),
    ("House rewiring, room by room", 80.0),
)
HARD_TITLES: Final = (
    "كيف يعمل الكافيين في الجسم ولماذا يختلف الناس في ذلك اختلافا كبيرا",
    "咖啡因的半衰期是多少 为什么人与人之间差别这么大 应该怎么办",
    "👩‍👩‍👧‍👦 Family trip ☕️ with 🇳🇴 fjords, 🏔️ huts and far too many 🥐",
    "Donaudampfschifffahrtsgesellschaft" * 9,
    "מחצית החיים של קפאין",
    "A title with\ttabs and “quotes” & <b>marks</b>",
)
"""Right to left, Chinese, emoji, and one word of some 300 letters."""

OPEN: Final = "0"
"""The conversation that most pictures show, by its id."""

ANSWERED: Final = "1"
QUEUED: Final = "2"
UNREAD: Final = "7"
"""Those that get a mark in the list."""


def question(number: int, text: str) -> Message:
    """A question; `number` counts the exchanges from 0."""
    parent = f"a{number - 1}" if number else None
    return Message(f"q{number}", "user", parent, parts=(Text(text),))


def reply(number: int, thinking: tuple[str, int, float], answer: str, version: str = "") -> Message:
    """The reply to it; `thinking` has the text, its tokens and its seconds."""
    text, tokens, seconds = thinking
    return Message(
        f"a{number}{version}",
        "assistant",
        f"q{number}",
        segments=(
            Segment("thinking", "model", text, tokens, seconds),
            Segment("answer", "model", answer, 120, 4.0),
        ),
        reason="end",
        model=MODEL,
        statistics=Statistics(40, 0, tokens, 120, seconds, 4.0, 31.0, 0.4),
    )


def caffeine() -> tuple[Message, ...]:
    """Two questions and their replies; the first one has a second version, which is not the shown one."""
    return (
        question(0, "What is the half-life of caffeine, and how much do people differ?"),
        reply(0, ("Perhaps a range is asked for.", 310, 10.0), "It varies.", version="-old"),
        reply(0, ("The usual figure is five hours.", 1842, 57.0), _FIRST),
        question(1, "I have two espressos at 15:00 and go to bed at 23:00. How much is still there by then?"),
        reply(1, (THINKING, 2604, 84.0), ANSWER),
    )


def conversations() -> tuple[Conversation, ...]:
    """The conversations of the look, by how many days ago they were written in."""
    now = time.time()
    return tuple(
        _conversation(str(number), title, now - days * 86_400 - number)
        for number, (title, days) in enumerate(_TITLES)
    )


def hard_conversations() -> tuple[Conversation, ...]:
    """Today's, with titles that are hard to set."""
    now = time.time()
    return tuple(_conversation(f"hard{n}", title, now - n) for n, title in enumerate(HARD_TITLES))


def _conversation(name: str, title: str, when: float) -> Conversation:
    own = {message.id: f"{name}-{message.id}" for message in caffeine()}
    messages = tuple(
        _renamed(message, own[message.id], own.get(message.parent or "")) for message in caffeine()
    )
    return Conversation(
        name, title, messages=messages, leaf=own["a1"], created=when, updated=when, named=True
    )


def _renamed(message: Message, name: str, parent: str | None) -> Message:
    return Message(
        name,
        message.role,
        parent,
        parts=message.parts,
        segments=message.segments,
        reason=message.reason,
        model=message.model,
        statistics=message.statistics,
    )
