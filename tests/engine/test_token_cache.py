"""The token cache reads only what is new, and never believes in tokens that were not read."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.checkpoints import STRIDE, Checkpoints
from app.engine.token_cache import TokenCache, common_prefix


class FakeMemory:
    """A KV cache that remembers its tokens, and what a recurrent state would have become after them.

    May refuse to go back (and not say so beforehand), fail to save or restore, or stop after some tokens.
    """

    def __init__(self, *, goes_back: bool = True, says_so: bool = True) -> None:
        self.tokens: list[int] = []
        self.goes_back = goes_back if says_so else True
        self.refuses = not goes_back
        self.stop_after: int | None = None
        self.read = 0
        self.saves = True
        self.restores = True

    def keep(self, count: int) -> bool:
        """Cuts back."""
        if self.refuses:
            return False
        del self.tokens[count:]
        return True

    def clear(self) -> None:
        """Empties."""
        self.tokens = []

    def save(self) -> bytearray:
        """The tokens (each under 256) are the state."""
        return bytearray(self.tokens) if self.saves else bytearray()

    def restore(self, state: bytearray, count: int) -> bool:
        """Goes back, or breaks everything."""
        assert bytearray(self.tokens[: len(state)]) == state, "not a state of what is in the cache"
        self.tokens = list(state) if self.restores else [0]
        return self.restores and len(self.tokens) == count

    def decode_prompt(self, tokens: Sequence[int], progress: Callable[[int], None]) -> int:
        """Reads, half a batch more than it admits when it is stopped."""
        count = len(tokens) if self.stop_after is None else min(self.stop_after, len(tokens))
        self.tokens.extend(tokens if count == len(tokens) else tokens[: count + 1])
        self.read += count
        progress(count)
        return count

    def decode_token(self, token: int) -> None:
        """Reads one."""
        self.tokens.append(token)


def ask(cache: TokenCache, prompt: Sequence[int], tail: int = 0) -> bool:
    """What a reply does before it begins."""
    cache.cut(cache.shared(prompt))
    return cache.read_prompt(prompt, lambda _done: None, tail)


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


def test_a_model_that_cannot_go_back_goes_back_to_where_the_last_reply_began() -> None:
    memory = FakeMemory(goes_back=False)
    cache = TokenCache(memory)
    ask(cache, [1, 2, 3, 8, 9], tail=2)
    for token in (5, 6):
        cache.read_token(token)
    memory.read = 0
    ask(cache, [1, 2, 3, 8, 5, 4, 8, 9], tail=2)
    assert memory.read == 5
    assert memory.tokens == [1, 2, 3, 8, 5, 4, 8, 9]


def test_the_end_of_a_prompt_is_gone_back_to_where_the_next_one_has_it_too() -> None:
    memory = FakeMemory(goes_back=False)
    cache = TokenCache(memory)
    ask(cache, [1, 2, 3, 8, 9], tail=2)
    cache.read_token(5)
    memory.read = 0
    ask(cache, [1, 2, 3, 8, 9, 6])
    assert memory.read == 1


def test_a_long_prompt_that_is_stopped_is_read_on_from_a_checkpoint() -> None:
    memory = FakeMemory(goes_back=False)
    cache = TokenCache(memory)
    ask(cache, [7] * 10, tail=4)
    long = [7] * 10 + [8] * (STRIDE + 100)
    batches = iter([STRIDE, 50])

    def decode(tokens: Sequence[int], progress: Callable[[int], None]) -> int:
        memory.stop_after = next(batches)
        return FakeMemory.decode_prompt(memory, tokens, progress)

    memory.decode_prompt = decode  # type: ignore[method-assign]
    assert not ask(cache, long)
    assert len(cache) == len(memory.tokens) == 10 + STRIDE


def test_a_first_refusal_teaches_that_a_model_needs_checkpoints() -> None:
    memory = FakeMemory(goes_back=False, says_so=False)
    cache = TokenCache(memory)
    ask(cache, [1, 2, 3])
    ask(cache, [1, 2, 4], tail=1)
    memory.read = 0
    ask(cache, [1, 2, 5], tail=1)
    assert memory.read == 1


@pytest.mark.parametrize("what", ["saves", "restores"])
def test_a_state_that_cannot_be_had_costs_a_new_reading_and_nothing_else(what: str) -> None:
    memory = FakeMemory(goes_back=False)
    cache = TokenCache(memory)
    setattr(memory, what, False)
    ask(cache, [1, 2, 3], tail=1)
    memory.read = 0
    ask(cache, [1, 2, 9], tail=1)
    assert memory.read == 3
    assert memory.tokens == [1, 2, 9]


def test_an_edited_first_question_makes_later_checkpoints_worthless() -> None:
    checkpoints = Checkpoints()
    memory = FakeMemory(goes_back=False)
    cache = TokenCache(memory, checkpoints)
    ask(cache, [1, 2, 3, 9], tail=1)
    ask(cache, [1, 2, 3, 9, 5, 6, 9], tail=1)
    ask(cache, [1, 4, 9], tail=1)
    assert memory.tokens == [1, 4, 9]
    assert [each.count for each in checkpoints] == [2, 3]


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


@given(
    st.lists(
        st.tuples(
            st.lists(st.integers(0, 3), min_size=1, max_size=8),
            st.integers(0, 5),
            st.lists(st.integers(0, 3), max_size=3),
            st.none() | st.integers(0, 6),
        ),
        max_size=8,
    ),
    st.booleans(),
    st.booleans(),
    st.integers(1, 3),
)
def test_after_any_prompts_the_cache_holds_exactly_the_last(
    turns: list[tuple[list[int], int, list[int], int | None]], goes_back: bool, says_so: bool, most: int
) -> None:
    memory = FakeMemory(goes_back=goes_back, says_so=says_so)
    cache = TokenCache(memory, Checkpoints(most=most))
    for prompt, tail, reply, stop_after in turns:
        memory.stop_after = stop_after
        if ask(cache, prompt, tail):
            assert memory.tokens == prompt
            for token in reply:
                cache.read_token(token)
            assert memory.tokens == [*prompt, *reply]
        assert len(cache) == len(memory.tokens)


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
