"""States of a model that cannot forget its last tokens, kept so that it can go back to where they were taken."""

from collections.abc import Iterator
from dataclasses import dataclass, field

MOST = 8
"""Lasting checkpoints of one model."""

MOST_BYTES = 256 * 1024 * 1024
"""Memory of all of them, unless a single one takes more.

A recurrent layer of 32 heads with 128 times 128 numbers each takes 2 MiB, and a model has some dozens of them.
"""

STRIDE = 4096
"""Tokens of a long prompt after which it is worth a checkpoint: reading them takes most processors half a minute."""

USUAL_TAIL = 32
"""Tokens in which a template begins a reply, where nobody knows better; real ones take 3 to 12."""


@dataclass(frozen=True)
class Checkpoint:
    """What a model had become after `count` tokens, as bytes that only its own library reads.

    One that is not `lasting` stands for the end of a prompt, which the next prompt may have otherwise.
    """

    count: int
    state: bytearray = field(repr=False)
    lasting: bool = True


class Checkpoints:
    """The checkpoints of the tokens in one cache, by how many tokens they stand for.

    They go together with the cache: one that stands for more tokens than the cache holds says nothing.
    """

    def __init__(self, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._kept: list[Checkpoint] = []

    def __iter__(self) -> Iterator[Checkpoint]:
        return iter(self._kept)

    @property
    def bytes(self) -> int:
        """What they take."""
        return sum(len(each.state) for each in self._kept)

    def add(self, checkpoint: Checkpoint) -> None:
        """Takes one, unless its state is empty; the least useful others go where there are too many.

        There is room for one end of a prompt: the last one.
        """
        if not checkpoint.state:
            return
        self._kept = [each for each in self._kept if each.lasting and each.count < checkpoint.count]
        self._kept.append(checkpoint)
        while len(self._kept) > 1 and self._is_too_much():
            del self._kept[self._least_useful()]

    def before(self, count: int) -> Checkpoint | None:
        """The last one that stands for at most `count` tokens."""
        fitting = [each for each in self._kept if each.count <= count]
        return fitting[-1] if fitting else None

    def drop_after(self, count: int) -> None:
        """Forgets those that stand for more than `count` tokens."""
        self._kept = [each for each in self._kept if each.count <= count]

    def _is_too_much(self) -> bool:
        return self.bytes > self._most_bytes or sum(each.lasting for each in self._kept) > self._most

    def _least_useful(self) -> int:
        """The end of a prompt where memory is short; else the one that is nearest to the one before it.

        But never the last of those that last: that is where the next turn goes back to.
        """
        last = len(self._kept) - 1
        if not self._kept[last].lasting:
            if self.bytes > self._most_bytes:
                return last
            last -= 1
        counts = [0, *(each.count for each in self._kept)]
        gaps = [counts[index + 1] - counts[index] for index in range(last)]
        return gaps.index(min(gaps))
