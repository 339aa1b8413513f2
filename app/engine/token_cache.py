"""What stands in the KV cache, as tokens, so that a new prompt reads only what is new."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from app.engine.checkpoints import STRIDE, USUAL_TAIL, Checkpoint, Checkpoints


class Memory(Protocol):
    """The part of a model that a token cache steers."""

    goes_back: bool

    def keep(self, count: int) -> bool:
        """Cuts back to `count` tokens; False when it cannot go back."""

    def clear(self) -> None:
        """Empties it."""

    def save(self) -> bytearray:
        """What cannot be cut back, as it is now; empty when that cannot be had."""

    def restore(self, state: bytearray, count: int) -> bool:
        """Goes back to where `state` was saved, at `count` tokens that it still holds; False when that fails."""

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
    """The tokens in the KV cache of one model, in order.

    A model that cannot go back (one with a recurrent state) goes back to a checkpoint, and reads on from there.
    """

    def __init__(self, memory: Memory, checkpoints: Checkpoints | None = None) -> None:
        self._memory = memory
        self._tokens: list[int] = []
        self._checkpoints = checkpoints or Checkpoints()
        self._takes_checkpoints = not memory.goes_back

    def __len__(self) -> int:
        return len(self._tokens)

    def shared(self, prompt: Sequence[int]) -> int:
        """How many tokens of the prompt need not be read; the last one always is, since it gives the logits."""
        return min(common_prefix(self._tokens, prompt), max(len(prompt) - 1, 0))

    def cut(self, count: int) -> int:
        """Cuts the cache back to `count` tokens, or to as many as the model can go back to; returns what is left."""
        if count < len(self._tokens):
            self._go_back(count)
        return len(self._tokens)

    def read_prompt(self, prompt: Sequence[int], progress: Callable[[int], None], tail: int = 0) -> bool:
        """Brings the cache to exactly the prompt; `progress` is told how many of its tokens are in.

        `tail` is how many tokens at its end the next prompt may lack: those that begin the reply, and those of it; 0
        when that is not known. False when it was stopped on the way. The caller has `cut` the cache to a prefix of
        the prompt.
        """
        for end in self._stretches(len(prompt), tail):
            if not self._read(prompt[len(self._tokens) : end], progress):
                return False
            if self._takes_checkpoints:
                self._checkpoints.add(Checkpoint(end, self._memory.save(), end < len(prompt)))
        return True

    def _read(self, todo: Sequence[int], progress: Callable[[int], None]) -> bool:
        start = len(self._tokens)
        with self._emptied_by_failure():
            done = self._memory.decode_prompt(todo, lambda count: progress(start + count))
        self._tokens.extend(todo[:done])
        if done < len(todo):
            # A stopped batch leaves a part of itself behind in the cache.
            self._go_back(len(self._tokens))
        return done == len(todo)

    def _stretches(self, length: int, tail: int) -> list[int]:
        """Where to pause while reading, the end included: a checkpoint is taken there."""
        start = len(self._tokens)
        if not self._takes_checkpoints:
            return [length]
        ends = {*range(start + STRIDE, length, STRIDE), length - (tail or USUAL_TAIL), length}
        return sorted(end for end in ends if end > start)

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
        self._memory.clear()
        self._forget(0)

    def _forget(self, count: int) -> None:
        del self._tokens[count:]
        self._checkpoints.drop_after(count)

    def _go_back(self, count: int) -> None:
        """Leaves at most `count` tokens, in memory too."""
        if count > 0 and self._memory.keep(count):
            self._forget(count)
            return
        # Should this kind of model be new to us, the next prompt is read with checkpoints.
        self._takes_checkpoints = self._takes_checkpoints or count > 0
        checkpoint = self._checkpoints.before(count)
        if checkpoint is None or not self._memory.restore(checkpoint.state, checkpoint.count):
            self.clear()
            return
        self._forget(checkpoint.count)
