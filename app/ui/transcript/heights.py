"""Heights of things that stand below each other: where each begins, and which one is at a given place."""

from collections.abc import Iterable


class Heights:
    """A list of heights in pixels that knows its partial sums; every question and change costs O(log n).

    A Fenwick tree: `_sums[i]` is the sum of the heights that the lowest set bit of i + 1 covers, ending with i.
    """

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._heights: list[int] = []
        self._sums: list[int] = []
        for height in heights:
            self.append(height)

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, index: int) -> int:
        return self._heights[index]

    def __setitem__(self, index: int, height: int) -> None:
        change = height - self._heights[index]
        self._heights[index] = height
        at = index + 1
        while change and at <= len(self._sums):
            self._sums[at - 1] += change
            at += at & -at

    def append(self, height: int) -> None:
        """Puts one more below the last."""
        at = len(self._heights) + 1
        covered = at - (at & -at)
        self._sums.append(height + self.top(at - 1) - self.top(covered))
        self._heights.append(height)

    def pop(self) -> int:
        """Takes the last one away."""
        self._sums.pop()
        return self._heights.pop()

    def top(self, index: int) -> int:
        """Where the thing at `index` begins; for an index of the length, where all end."""
        total = 0
        while index > 0:
            total += self._sums[index - 1]
            index -= index & -index
        return total

    @property
    def total(self) -> int:
        """All heights together."""
        return self.top(len(self._heights))

    def at(self, place: int) -> int:
        """The index of what is at a place: the first for places above all, the last for places below; -1 if empty.

        Things without any height are never met.
        """
        index, step = 0, 1 << len(self._heights).bit_length()
        while step:
            after = index + step
            if after <= len(self._sums) and self._sums[after - 1] <= place:
                place -= self._sums[after - 1]
                index = after
            step >>= 1
        return min(index, len(self._heights) - 1)
