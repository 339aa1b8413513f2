"""What the model can do: problems with the working that solves them and the sentence that answers them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from . import digits, words
from .held_out import is_held_out
from .phrasings import choose, fill

ABOUT = (
    "I am a tiny demo model, made to show how a model thinks; I can add, subtract, multiply, compare and sort "
    "small numbers and count letters in a word."
)
REFUSAL = (
    "I am a tiny demo model; I can only add, subtract, multiply, compare and sort small numbers, and count "
    "letters in a word."
)
ABOUT_WORKING = "This asks about me."
REFUSAL_WORKING = "This is not something I can do."
SEPARATORS = (", ", ", ", ", ", " ", " ", ",", "; ", " , ", "\n", "  ")


@dataclass(frozen=True)
class Problem:
    """A question, the working that a careful person would write down, and the answer."""

    skill: str
    question: str
    working: str
    answer: str


def draw(held_out: bool, pick: Callable[[], tuple[object, ...]]) -> tuple[object, ...]:
    """Pick until the values are of the wanted side."""
    while True:
        values = pick()
        if is_held_out(*values) == held_out:
            return values


def some_number(random: Random, most_digits: int = 4) -> int:
    """A number with each count of digits equally likely, often with repeated zeros or nines."""
    size = random.randint(1, most_digits)
    if random.random() < 0.12:
        return int("".join(random.choice("0199") for _ in range(size)))
    return random.randrange(0 if size == 1 else 10 ** (size - 1), 10**size)


def _two_numbers(random: Random) -> tuple[int, int]:
    first = some_number(random)
    if random.random() < 0.15:
        return first, min(9999, max(0, first + random.randint(-12, 12)))
    if random.random() < 0.25:
        low = 0 if first < 10 else 10 ** (len(str(first)) - 1)
        return first, random.randrange(low, 10 ** len(str(first)))
    return first, some_number(random)


def _numbers(random: Random, held_out: bool) -> tuple[int, int]:
    first, second = draw(held_out, lambda: _two_numbers(random))
    return int(str(first)), int(str(second))


def _phrase(kind: str, name: str, random: Random, **values: object) -> str:
    return fill(choose(kind, name, random), {key: str(value) for key, value in values.items()})


def addition(random: Random, kind: str, held_out: bool) -> Problem:
    """Two numbers of up to four digits to add."""
    first, second = _numbers(random, held_out)
    question = _phrase(kind, "add", random, a=first, b=second)
    return Problem("add", question, digits.addition(first, second), f"{first} + {second} = {first + second}.")


def subtraction(random: Random, kind: str, held_out: bool) -> Problem:
    """Two numbers of up to four digits to subtract; the result may be negative."""
    first, second = _numbers(random, held_out)
    if first < second and random.random() < 0.4 and is_held_out(second, first) == held_out:
        first, second = second, first
    question = _phrase(kind, "subtract", random, a=first, b=second)
    answer = f"{first} - {second} = {first - second}."
    return Problem("subtract", question, digits.subtraction(first, second), answer)


def multiplication(random: Random, kind: str, held_out: bool) -> Problem:
    """A number of one or two digits times a digit, in either order."""
    pair = draw(
        held_out,
        lambda: (
            random.randint(10, 99) if random.random() < 0.8 else random.randint(0, 9),
            random.randint(0, 9),
        ),
    )
    long, digit = int(str(pair[0])), int(str(pair[1]))
    first, second = (digit, long) if random.random() < 0.35 else (long, digit)
    question = _phrase(kind, "multiply", random, a=first, b=second)
    working = digits.multiplication(max(first, second), min(first, second))
    return Problem("multiply", question, working, f"{first} × {second} = {first * second}.")


def comparison(random: Random, kind: str, held_out: bool) -> Problem:
    """Two numbers of up to four digits, asked for the larger or for the smaller one."""
    first, second = _numbers(random, held_out)
    if random.random() < 0.04:
        second = first
    wanted = "larger" if random.random() < 0.65 else "smaller"
    question = _phrase(kind, f"compare_{wanted}", random, a=first, b=second)
    working = digits.comparison(first, second, wanted)
    low, high = sorted((first, second))
    answer = f"{high} is greater than {low}." if wanted == "larger" else f"{low} is less than {high}."
    if low == high:
        answer = f"{first} and {second} are equal."
    return Problem("compare", question, working, answer)


def _list(random: Random) -> tuple[int, ...]:
    size = random.choices((2, 3, 4, 5), (1, 3, 4, 5))[0]
    short = random.choice((0.1, 0.4, 0.9))
    values = [
        random.randint(0, 9) if random.random() < short else random.randint(10, 99) for _ in range(size)
    ]
    if random.random() < 0.2:
        values[0] = values[-1]
    if random.random() < 0.2 and values[0] > 9:
        values[1] = values[0] // 10 * 10 + random.randint(0, 9)
    return tuple(values)


def _written(random: Random, values: tuple[object, ...]) -> str:
    separator = random.choice(SEPARATORS)
    texts = [str(value) for value in values]
    if random.random() < 0.25 and separator in (", ", " "):
        join = random.choice((" and ", ", and ", " & ")) if separator == ", " else " and "
        return ", ".join(texts[:-1]) + join + texts[-1]
    return separator.join(texts)


def sorting(random: Random, kind: str, held_out: bool) -> Problem:
    """Two to five numbers of one or two digits to put in ascending order."""
    values = draw(held_out, lambda: _list(random))
    numbers = [int(str(value)) for value in values]
    question = _phrase(kind, "sort", random, list=_written(random, values))
    listed = ", ".join(str(number) for number in sorted(numbers))
    return Problem("sort", question, digits.sorting(numbers), f"From small to large: {listed}.")


def counting(random: Random, kind: str, held_out: bool) -> Problem:
    """A letter to count in a word of any kind."""
    word = words.some_word(random, held_out)
    letter = random.choice(word) if random.random() < 0.75 else random.choice(words.ALPHABET)
    shown_word = word.upper() if random.random() < 0.05 else word
    shown_word = word.capitalize() if random.random() < 0.1 else shown_word
    shown_letter = letter.upper() if random.random() < 0.12 else letter
    question = _phrase(kind, "count", random, l=shown_letter, w=shown_word)
    total = word.count(letter)
    verb = "is" if total == 1 else "are"
    return Problem(
        "count", question, words.counting(letter, word), f'There {verb} {total} "{letter}" in {word}.'
    )


def identity(random: Random, kind: str, _held_out: bool) -> Problem:
    """A question about the model itself, or a greeting; it has no values that could be held out."""
    return Problem("identity", _phrase(kind, "identity", random), ABOUT_WORKING, ABOUT)


SKILLS: dict[str, Callable[[Random, str, bool], Problem]] = {
    "add": addition,
    "subtract": subtraction,
    "multiply": multiplication,
    "compare": comparison,
    "sort": sorting,
    "count": counting,
    "identity": identity,
}
