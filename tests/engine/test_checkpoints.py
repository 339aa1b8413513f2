"""Checkpoints are bounded in number and bytes, and what goes first is what the next turn needs least."""

from hypothesis import given
from hypothesis import strategies as st

from app.engine.checkpoints import Checkpoint, Checkpoints


def taken(kept: Checkpoints, *counts: int, size: int = 1) -> Checkpoints:
    """Adds some that last."""
    for count in counts:
        kept.add(Checkpoint(count, bytearray(size)))
    return kept


def counts(kept: Checkpoints) -> list[int]:
    """Where they were taken."""
    return [each.count for each in kept]


def test_the_last_one_that_fits_is_found() -> None:
    kept = taken(Checkpoints(), 3, 8, 12)
    found = kept.before(11)
    assert found is not None
    assert found.count == 8
    assert kept.before(2) is None


def test_what_stands_for_more_than_is_in_the_cache_goes() -> None:
    kept = taken(Checkpoints(), 3, 8, 12)
    kept.drop_after(8)
    assert counts(kept) == [3, 8]
    assert counts(taken(kept, 5)) == [3, 5]


def test_the_crowded_go_first_and_the_last_stays() -> None:
    assert counts(taken(Checkpoints(most=4), 100, 200, 210, 300, 305)) == [100, 200, 300, 305]
    assert counts(taken(Checkpoints(most=2), 100, 150, 210)) == [100, 210]


def test_the_end_of_a_prompt_makes_room_for_the_next() -> None:
    kept = taken(Checkpoints(most=2), 100, 200)
    kept.add(Checkpoint(205, bytearray(1), lasting=False))
    assert counts(kept) == [100, 200, 205]
    assert counts(taken(kept, 300)) == [200, 300]
    for end in (303, 320):
        kept.add(Checkpoint(end, bytearray(1), lasting=False))
        assert counts(kept) == [200, 300, end]


def test_where_there_is_room_for_one_it_is_where_the_last_reply_began() -> None:
    kept = Checkpoints(most_bytes=10)
    for count in (50, 90):
        kept.add(Checkpoint(count, bytearray(8)))
        kept.add(Checkpoint(count + 5, bytearray(8), lasting=False))
        assert counts(kept) == [count]


def test_a_single_one_may_be_larger_than_the_limit_and_an_empty_one_is_none() -> None:
    kept = taken(Checkpoints(most_bytes=10), 5, 8, 20, size=11)
    kept.add(Checkpoint(30, bytearray()))
    assert counts(kept) == [20]


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(0, 25), st.booleans()), max_size=30))
def test_they_stay_in_order_and_bounded(added: list[tuple[int, int, bool]]) -> None:
    kept = Checkpoints(most=4, most_bytes=20)
    for count, size, lasting in added:
        kept.add(Checkpoint(count, bytearray(size), lasting))
        assert counts(kept) == sorted(set(counts(kept)))
        assert len(counts(kept)) <= 5
        assert kept.bytes <= 20 or len(counts(kept)) == 1
        assert not (size and lasting) or counts(kept)[-1] == count
