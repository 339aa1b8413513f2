"""States of a model that cannot forget its last tokens, kept so that it can go back to where they were taken."""

from collections.abc import Iterator
from dataclasses import dataclass, field

MOST = 8
"""Checkpoints of one model."""

MOST_BYTES = 512 * 1024 * 1024
"""Memory of all of them; that of a hybrid model with four billion parameters takes about 50 MB."""

STRIDE = 4096
"""Tokens of a long prompt after which it is worth a checkpoint: reading them takes most processors half a minute."""

USUAL_TAIL = 32
"""Tokens in which a template begins a reply, where nobody knows better; real ones take 3 to 12."""


@dataclass(frozen=True)
class Checkpoint:
    """What a model had become after `count` tokens, as bytes that only its own library reads."""

    count: int
    state: bytearray = field(repr=False)


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

    def add(self, count: int, state: bytearray) -> None:
        """Takes one; the least useful others go where there are too many."""
        if not state:
            return
        self.drop_after(count - 1)
        self._kept.append(Checkpoint(count, state))
        while len(self._kept) > self._most or self.bytes > self._most_bytes:
            del self._kept[self._least_useful()]

    def before(self, count: int) -> Checkpoint | None:
        """The last one that stands for at most `count` tokens."""
        fitting = [each for each in self._kept if each.count <= count]
        return fitting[-1] if fitting else None

    def drop_after(self, count: int) -> None:
        """Forgets those that stand for more than `count` tokens."""
        self._kept = [each for each in self._kept if each.count <= count]

    def _least_useful(self) -> int:
        """The one that is nearest to the one before it, but the last two: the next turn goes back to one of them.

        Of these it is rather the first, since a template may write the end of a prompt anew.
        """
        if len(self._kept) <= 2:
            return len(self._kept) - 1
        counts = [0, *(each.count for each in self._kept)]
        gaps = [counts[index + 1] - counts[index] for index in range(len(self._kept) - 2)]
        return gaps.index(min(gaps))
