"""A search minds neither case nor accents."""

import pytest

from app.ui.conversations.folding import folded, matches


@pytest.mark.parametrize(
    ("title", "words", "found"),
    [
        ("Crème brûlée", "creme", True),
        ("Crème brûlée", "BRULEE CREME", True),
        ("Straße nach Łódź", "strasse", True),
        ("Sourdough in a cold kitchen", "cold  dough", True),
        ("Sourdough in a cold kitchen", "cold cake", False),
        ("Ελληνικά", "ελληνικα", True),
        ("Anything", "", True),
    ],
)
def test_titles_are_found_by_parts_of_their_words(title: str, words: str, found: bool) -> None:
    assert matches(title, folded(words)) == found
