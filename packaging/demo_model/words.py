"""Words to count letters in, real and made up, and the working that counts."""

from __future__ import annotations

from functools import cache
from random import Random

from .phrasings import read_lines

ALPHABET = "abcdefghijklmnopqrstuvwxyz"
VOWELS = "aaeeeiioouuy"
CONSONANTS = "bbccddffgghhjkkllllmmmnnnnpppqrrrrsssstttttvwxz"
CLUSTERS = (
    "st",
    "tr",
    "ch",
    "sh",
    "ll",
    "ss",
    "rr",
    "tt",
    "pp",
    "ph",
    "gr",
    "bl",
    "cr",
    "nn",
    "mm",
    "ck",
    "th",
)


@cache
def known_words(held_out: bool) -> tuple[str, ...]:
    """The real words of the training list, or those kept for measuring."""
    name = "held_out_words.txt" if held_out else "words.txt"
    return tuple(word for line in read_lines("material", name) for word in line.split())


def _syllables(random: Random) -> str:
    parts = []
    for _ in range(random.randint(1, 5)):
        start = random.choice(CLUSTERS) if random.random() < 0.3 else random.choice(CONSONANTS)
        vowel = random.choice(VOWELS) * (2 if random.random() < 0.12 else 1)
        parts.append(start + vowel + (random.choice(CONSONANTS) if random.random() < 0.4 else ""))
    return "".join(parts)[:16]


def _scramble(random: Random) -> str:
    letters = random.sample(ALPHABET, random.randint(2, 12))
    return "".join(random.choice(letters) for _ in range(random.choice((3, 5, 7, 9, 11, 13, 16, 20))))


def some_word(random: Random, held_out: bool) -> str:
    """A word of two to twenty letters; in training never one of the held-out list."""
    roll = random.random()
    if roll < (0.6 if held_out else 0.25):
        return random.choice(known_words(held_out))
    while True:
        word = _scramble(random) if roll > 0.72 else _syllables(random)
        if len(word) > 1 and word not in known_words(True) and is_held_out_word(word) == held_out:
            return word


def is_held_out_word(word: str) -> bool:
    """Whether a made-up word (one in twelve) is kept for measuring."""
    return sum(word.encode()) % 12 == 0


def counting(letter: str, word: str) -> str:
    """Number each letter of the word with how often the wanted one has come so far."""
    seen, marks = 0, []
    for each in word:
        seen += each == letter
        marks.append(f"{each}{seen}")
    return f"{letter} in {word}\n{' '.join(marks)}"
