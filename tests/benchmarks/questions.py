"""What is asked in benchmarks: conversations of a wanted length, each different from the one before."""

from collections.abc import Callable, Sequence

from app.chat.conversation import Role, Text, Turn

_VOCABULARY = """
river stone window garden letter engine morning paper silver winter market bridge orange table music
forest candle harbour mirror summer cloud copper village island thread signal doctor pencil valley kitchen
"""


def turn(role: Role, text: str, name: str = "") -> Turn:
    """One turn."""
    return Turn(name or role, role, (Text(text),))


def filler(words: int, seed: int) -> str:
    """So many words; another seed differs from the first word on."""
    known = _VOCABULARY.split()
    return " ".join(known[(seed * 7 + index * (1 + seed % 5)) % len(known)] for index in range(words))


def of_length(
    wanted: int, seed: int, count: Callable[[Sequence[Turn]], int], before: Sequence[Turn] = ()
) -> tuple[Turn, ...]:
    """The turns `before` and a question that makes the prompt `wanted` tokens long, or a word less.

    `count` gives the tokens of a prompt. Without turns before, a system prompt of one word opens the conversation, so
    that not even the first line is shared with one of another seed.
    """
    opening = tuple(before) or (turn("system", filler(3, seed)),)

    def made(words: int) -> tuple[Turn, ...]:
        return (*opening, turn("user", filler(words, seed), f"question {seed}"))

    low, high = 1, wanted
    while low < high:
        middle = (low + high + 1) // 2
        if count(made(middle)) <= wanted:
            low = middle
        else:
            high = middle - 1
    return made(low)


STORY = (
    turn("system", "You are a helpful assistant."),
    turn("user", "Write a very long story about a lighthouse keeper, his dog and the sea."),
)
"""A question with a long answer."""
