"""The byte-level tokenizer: 256 bytes, a handful of merges for the signs of the working, and the markers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

THINK, END_THINK = "<think>", "</think>"
USER, ASSISTANT, SYSTEM, END = "<|user|>", "<|assistant|>", "<|system|>", "<|end|>"
CONTROL = (END, USER, ASSISTANT, SYSTEM)
VISIBLE = (THINK, END_THINK)
MERGED_TEXTS = (("×",), ("→", " →"))
VOCABULARY_SIZE = 288


@cache
def byte_characters() -> tuple[str, ...]:
    """The printable character that stands for each byte in a GPT-2 vocabulary."""
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = iter(range(0x100, 0x200))
    return tuple(chr(byte) if byte in printable else chr(next(others)) for byte in range(256))


def shown(text: bytes) -> str:
    """Bytes in the characters of a GPT-2 vocabulary."""
    return "".join(byte_characters()[byte] for byte in text)


@dataclass(frozen=True)
class Merge:
    """Two neighbouring tokens that become one."""

    left: bytes
    right: bytes


@cache
def merges() -> tuple[Merge, ...]:
    """The merges in order of rank; a sign's own bytes first, then the space before it."""
    times, arrow = "×".encode(), "→".encode()
    return (
        Merge(times[:1], times[1:]),
        Merge(arrow[:1], arrow[1:2]),
        Merge(arrow[:2], arrow[2:]),
        Merge(b" ", arrow),
    )


@cache
def vocabulary() -> tuple[bytes, ...]:
    """The text of every token; markers and unused places come after the bytes and the merges."""
    plain = [bytes([byte]) for byte in range(256)] + [merge.left + merge.right for merge in merges()]
    markers = [marker.encode() for marker in CONTROL + VISIBLE]
    unused = [f"<|unused{place}|>".encode() for place in range(VOCABULARY_SIZE - len(plain) - len(markers))]
    return tuple(plain + markers + unused)


@cache
def token_ids() -> dict[bytes, int]:
    """The id of each token text."""
    return {text: identity for identity, text in enumerate(vocabulary())}


@cache
def _splitter() -> re.Pattern[str]:
    return re.compile("(" + "|".join(re.escape(marker) for marker in CONTROL + VISIBLE) + ")")


def _encode_plain(text: str) -> list[int]:
    pieces = [bytes([byte]) for byte in text.encode()]
    for merge in merges():
        place = 0
        while place < len(pieces) - 1:
            if pieces[place] == merge.left and pieces[place + 1] == merge.right:
                pieces[place : place + 2] = [merge.left + merge.right]
            place += 1
    return [token_ids()[piece] for piece in pieces]


def encode(text: str) -> list[int]:
    """Token ids of a text in which markers count as markers."""
    identities: list[int] = []
    for place, piece in enumerate(_splitter().split(text)):
        identities += [token_ids()[piece.encode()]] if place % 2 else _encode_plain(piece)
    return identities


def decode(identities: list[int]) -> str:
    """The text of token ids; bytes that are no UTF-8 become the replacement character."""
    return b"".join(vocabulary()[identity] for identity in identities).decode("utf-8", "replace")
