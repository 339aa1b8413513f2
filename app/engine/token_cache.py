"""What stands in the KV cache, as tokens, so that a new prompt reads only what is new."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol


class Memory(Protocol):
    """The part of a model that a token cache steers."""

    def keep(self, count: int) -> int:
        """Cuts back to `count` tokens; returns how many are kept (0 when it cannot go back)."""

    def decode_prompt(self, tokens: Sequence[int], progress: Callable[[int], None]) -> int:
        """Reads tokens; returns how many, fewer when stopped."""

    def decode_token(self, token: int) -> None:
        """Reads one token."""


def common_prefix(one: Sequence[int], other: Sequence[int]) -> int:
    """How many tokens two sequences share at their start."""
    length = min(len(one), len(other))
    for index in range(length):
        if one[index] != other[index]:
            return index
    return length


class TokenCache:
    """The tokens in the KV cache of one model, in order."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._tokens: list[int] = []

    def __len__(self) -> int:
        return len(self._tokens)

    def shared(self, prompt: Sequence[int]) -> int:
        """How many tokens of the prompt need not be read; the last one always is, since it gives the logits."""
        return min(common_prefix(self._tokens, prompt), max(len(prompt) - 1, 0))

    def cut(self, count: int) -> int:
        """Cuts the cache back to `count` tokens, or to none where the model cannot go back; returns what is left."""
        if count < len(self._tokens):
            count = self._memory.keep(count)
            del self._tokens[count:]
        return len(self._tokens)

    def read_prompt(self, prompt: Sequence[int], progress: Callable[[int], None]) -> bool:
        """Brings the cache to exactly the prompt; `progress` is told how many of its tokens are in.

        False when it was stopped on the way. The caller has `cut` the cache to a prefix of the prompt.
        """
        start = len(self._tokens)
        todo = prompt[start:]
        with self._emptied_by_failure():
            done = self._memory.decode_prompt(todo, lambda count: progress(start + count))
        self._tokens.extend(todo[:done])
        if done < len(todo):
            # A stopped batch leaves a part of itself behind in the cache.
            self._drop_unknown()
        return done == len(todo)

    def read_token(self, token: int) -> None:
        """Appends one token."""
        with self._emptied_by_failure():
            self._memory.decode_token(token)
        self._tokens.append(token)

    @contextmanager
    def _emptied_by_failure(self) -> Iterator[None]:
        """What a failed decode has left in the cache is not known, so nothing is believed to be in it."""
        failed = True
        try:
            yield
            failed = False
        finally:
            if failed:
                self.clear()

    def clear(self) -> None:
        """Empties the cache."""
        self._memory.keep(0)
        self._tokens.clear()

    def _drop_unknown(self) -> None:
        del self._tokens[self._memory.keep(len(self._tokens)) :]
