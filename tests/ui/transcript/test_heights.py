"""The sums of heights are what adding them up gives."""

from hypothesis import given
from hypothesis import strategies as st

from app.ui.transcript.heights import Heights

_HEIGHTS = st.lists(st.integers(0, 50), max_size=60)


@given(_HEIGHTS, st.lists(st.tuples(st.integers(0, 59), st.integers(0, 50)), max_size=20), st.integers(0, 20))
def test_tops_are_the_sums_of_what_is_above_after_any_changes(
    values: list[int], changes: list[tuple[int, int]], taken: int
) -> None:
    heights = Heights(values)
    for index, height in changes:
        if index < len(values):
            heights[index] = values[index] = height
    for _ in range(min(taken, len(values))):
        assert heights.pop() == values.pop()
    heights.append(7)
    values.append(7)
    assert [heights[index] for index in range(len(heights))] == values
    assert [heights.top(index) for index in range(len(values) + 1)] == [
        sum(values[:index]) for index in range(len(values) + 1)
    ]
    assert heights.total == sum(values)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=60), st.integers(-10, 4000))
def test_what_is_at_a_place_begins_above_and_ends_below_it(values: list[int], place: int) -> None:
    heights = Heights(values)
    index = heights.at(place)
    if place < 0:
        assert index == 0
    elif place >= sum(values):
        assert index == len(values) - 1
    else:
        assert heights.top(index) <= place < heights.top(index + 1)


def test_nothing_is_anywhere_in_an_empty_list() -> None:
    assert Heights().at(0) == -1
    assert Heights().total == 0
