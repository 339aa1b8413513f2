"""The token cache reads only what is new, and never believes in tokens that were not read."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.token_cache import TokenCache, common_prefix


class FakeMemory:
    """A KV cache that remembers its tokens; may refuse to go back, or stop after some."""

    def __init__(self, *, goes_back: bool = True) -> None:
        self.tokens: list[int] = []
        self.goes_back = goes_back
        self.stop_after: int | None = None
        self.read = 0

    def keep(self, count: int) -> int:
        """Cuts back."""
        self.tokens = self.tokens[:count] if self.goes_back else []
        return len(self.tokens)

    def decode_prompt(self, tokens: Sequence[int], progress: Callable[[int], None]) -> int:
        """Reads, half a batch more than it admits when it is stopped."""
        count = len(tokens) if self.stop_after is None else min(self.stop_after, len(tokens))
        self.tokens.extend(tokens[: count + 1])
        self.read += count
        progress(count)
        return count

    def decode_token(self, token: int) -> None:
        """Reads one."""
        self.tokens.append(token)


def ask(cache: TokenCache, prompt: Sequence[int]) -> bool:
    """What a reply does before it begins."""
    cache.cut(cache.shared(prompt))
    return cache.read_prompt(prompt, lambda _done: None)


def test_a_follow_up_reads_only_what_is_new() -> None:
    memory = FakeMemory()
    cache = TokenCache(memory)
    ask(cache, [1, 2, 3])
    cache.read_token(4)
    memory.read = 0
    ask(cache, [1, 2, 3, 4, 5, 6])
    assert memory.read == 2
    assert memory.tokens == [1, 2, 3, 4, 5, 6]


def test_the_last_token_is_always_read_since_it_gives_the_logits() -> None:
    memory = FakeMemory()
    cache = TokenCache(memory)
    ask(cache, [1, 2, 3])
    memory.read = 0
    ask(cache, [1, 2, 3])
    assert memory.read == 1


def test_a_model_that_cannot_go_back_reads_everything_again() -> None:
    memory = FakeMemory(goes_back=False)
    cache = TokenCache(memory)
    ask(cache, [1, 2, 3])
    memory.read = 0
    ask(cache, [1, 2, 9])
    assert memory.read == 3
    assert memory.tokens == [1, 2, 9]


def test_a_stopped_prompt_leaves_only_what_was_surely_read() -> None:
    memory = FakeMemory()
    cache = TokenCache(memory)
    memory.stop_after = 2
    assert not ask(cache, [1, 2, 3, 4])
    assert len(cache) == 2
    assert memory.tokens == [1, 2]


def test_a_failed_decode_empties_the_cache() -> None:
    class Broken(FakeMemory):
        def decode_prompt(self, tokens: Sequence[int], progress: Callable[[int], None]) -> int:
            raise RuntimeError("device lost")

    memory = Broken()
    cache = TokenCache(memory)
    with pytest.raises(RuntimeError):
        ask(cache, [1, 2])
    assert len(cache) == 0


@given(st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=8), max_size=6), st.booleans())
def test_after_any_prompts_the_cache_holds_exactly_the_last(
    prompts: list[list[int]], goes_back: bool
) -> None:
    class Exact(FakeMemory):
        def decode_prompt(self, tokens: Sequence[int], progress: Callable[[int], None]) -> int:
            self.tokens.extend(tokens)
            return len(tokens)

    memory = Exact(goes_back=goes_back)
    cache = TokenCache(memory)
    for prompt in prompts:
        assert ask(cache, prompt)
        assert memory.tokens == prompt
        assert len(cache) == len(prompt)


def test_a_common_prefix_is_counted() -> None:
    assert common_prefix([1, 2, 3], [1, 2, 4, 5]) == 2
    assert common_prefix([], [1]) == 0
    assert common_prefix([1, 2], [1, 2, 3]) == 2


def test_after_a_token_that_could_not_be_read_nothing_is_believed_to_be_in_the_cache() -> None:
    class Failing(FakeMemory):
        def decode_token(self, token: int) -> None:
            """Leaves the token behind and fails."""
            super().decode_token(token)
            raise RuntimeError

    memory = Failing()
    cache = TokenCache(memory)
    ask(cache, [1, 2, 3])
    with pytest.raises(RuntimeError):
        cache.read_token(4)
    ask(cache, [1, 2, 3, 4])
    assert memory.tokens == [1, 2, 3, 4]
