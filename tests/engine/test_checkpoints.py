"""Checkpoints are bounded in number and bytes, and what goes first is what the next turn needs least."""

from hypothesis import given
from hypothesis import strategies as st

from app.engine.checkpoints import Checkpoints


def counts(checkpoints: Checkpoints) -> list[int]:
    """Where they were taken."""
    return [each.count for each in checkpoints]


def test_the_last_one_that_fits_is_found() -> None:
    kept = Checkpoints()
    for count in (3, 8, 12):
        kept.add(count, bytearray(1))
    found = kept.before(11)
    assert found is not None
    assert found.count == 8
    assert kept.before(2) is None


def test_what_stands_for_more_than_is_in_the_cache_goes() -> None:
    kept = Checkpoints()
    for count in (3, 8, 12):
        kept.add(count, bytearray(1))
    kept.drop_after(8)
    assert counts(kept) == [3, 8]
    kept.add(5, bytearray(1))
    assert counts(kept) == [3, 5]


def test_the_crowded_go_first_and_the_last_two_stay() -> None:
    kept = Checkpoints(most=4)
    for count in (100, 200, 210, 300, 305):
        kept.add(count, bytearray(1))
    assert counts(kept) == [100, 200, 300, 305]


def test_where_there_is_room_for_one_it_is_the_one_before_the_tail() -> None:
    kept = Checkpoints(most_bytes=10)
    kept.add(50, bytearray(8))
    kept.add(55, bytearray(8))
    assert counts(kept) == [50]


def test_one_that_is_too_large_or_empty_is_not_kept() -> None:
    kept = Checkpoints(most_bytes=10)
    kept.add(5, bytearray(11))
    kept.add(5, bytearray())
    assert counts(kept) == []


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(0, 9)), max_size=30))
def test_they_stay_in_order_and_bounded(added: list[tuple[int, int]]) -> None:
    kept = Checkpoints(most=4, most_bytes=20)
    for count, size in added:
        kept.add(count, bytearray(size))
        assert counts(kept) == sorted(set(counts(kept)))
        assert len(counts(kept)) <= 4
        assert kept.bytes <= 20
