"""Questions that are none of the model's skills, made up from patterns in many languages and scripts."""

from __future__ import annotations

from functools import cache
from random import Random

from . import words
from .held_out import is_held_out
from .phrasings import SLOT, Pattern, read_lines

SCRIPTS = (
    (0x61, 0x7A),
    (0x430, 0x44F),
    (0x3B1, 0x3C9),
    (0x4E00, 0x9FA5),
    (0x3042, 0x3093),
    (0x627, 0x64A),
    (0x5D0, 0x5EA),
    (0x905, 0x939),
    (0xAC00, 0xD7A3),
    (0xE0, 0xFF),
    (0x21, 0x7E),
    (0x1F600, 0x1F640),
    (0xE01, 0xE2E),
    (0x10D0, 0x10F0),
    (0x561, 0x586),
)


@cache
def frames() -> tuple[Pattern, ...]:
    """The English patterns."""
    return tuple(Pattern.parse(line) for line in read_lines("material", "frames.txt"))


@cache
def slots() -> dict[str, tuple[str, ...]]:
    """What can stand in a slot of the English patterns, by its name."""
    pairs = (line.split(": ", 1) for line in read_lines("material", "slots.txt"))
    return {name: tuple(values.split("|")) for name, values in pairs}


@cache
def languages() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Patterns and things of each other language."""
    lines = [line for line in read_lines("material", "languages.txt") if not line.startswith("#")]
    pairs = zip(lines[::2], lines[1::2], strict=True)
    return tuple((tuple(patterns.split("|")), tuple(things.split("|"))) for patterns, things in pairs)


def _number(name: str, random: Random) -> str:
    spans = {
        "n2": (10, 99),
        "m2": (10, 99),
        "n3": (100, 999),
        "m3": (100, 999),
        "s": (2, 9),
        "y": (1000, 2099),
        "big": (10000, 10 ** random.randint(5, 9)),
    }
    if name == "d":
        return f"{random.randint(0, 99)}{random.choice('..,')}{random.randint(0, 99)}"
    low, high = spans.get(name, (2, 10 ** random.randint(1, 4)))
    number = random.randint(low, high)
    return str(number - 1 if is_held_out(number) else number)


def _slot(name: str, random: Random) -> str:
    if name in slots():
        return random.choice(slots()[name])
    if name == "word":
        return words.some_word(random, False)
    if name == "l":
        return random.choice(words.ALPHABET)
    return _number(name, random)


def _english(random: Random) -> str:
    weights = [min(frame.size, 120) ** 0.5 for frame in frames()]
    text = random.choices(frames(), weights)[0].choose(random)
    return SLOT.sub(lambda match: _slot(match[1], random), text)


def _foreign(random: Random) -> str:
    patterns, things = random.choice(languages())
    text = random.choice(patterns)
    for name in "xy":
        text = text.replace(f"{{{name}}}", random.choice(things))
    if random.random() < 0.15:
        spoken = text.split(" ")
        for _ in range(random.choice((1, 1, 2))):
            spoken.insert(
                random.randint(1, len(spoken)), _number("n", random) + random.choice(("", "", "", "%"))
            )
        text = " ".join(spoken)
    return SLOT.sub(lambda match: _slot(match[1], random), text)


def _script_noise(random: Random) -> str:
    low, high = random.choice(SCRIPTS)
    spoken = [
        "".join(chr(random.randint(low, high)) for _ in range(random.randint(1, 7)))
        for _ in range(random.randint(1, 6))
    ]
    return random.choice((" ", " ", "", ", ")).join(spoken)


def _word_salad(random: Random) -> str:
    names = random.choices(
        ("word", "thing", "things", "place", "person", "verb", "n", "numw"), k=random.randint(1, 9)
    )
    return " ".join(_slot(name, random) for name in names)


def _long_text(random: Random) -> str:
    sentences = [
        _english(random) if random.random() < 0.5 else _word_salad(random)
        for _ in range(random.randint(2, 6))
    ]
    return random.choice((". ", "? ", "\n", ", ")).join(sentences)


def other_question(random: Random) -> str:
    """Something to be refused."""
    makers = (_english, _foreign, _script_noise, _word_salad, _long_text)
    return random.choices(makers, (62, 25, 4, 5, 2))[0](random)
