"""Text as a search compares it: without regard to case and accents."""

from functools import lru_cache


@lru_cache(maxsize=32_768)
def folded(text: str) -> str:
    """The text in small letters without accents; words are parted by one space."""
    import unicodedata  # only who searches needs its tables

    decomposed = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(bare.split())


def matches(title: str, wanted: str) -> bool:
    """Whether every word of `wanted`, which is folded already, stands somewhere in the title."""
    text = folded(title)
    return all(word in text for word in wanted.split())
