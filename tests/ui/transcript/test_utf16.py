"""Both ways of counting lead to the same character."""

from hypothesis import given
from hypothesis import strategies as st

from app.ui.transcript.utf16 import from_qt, is_mixed, to_qt


@given(st.text(alphabet="ab\u00e9\u65e5\U0001f600\U0001f469\u200d", max_size=40), st.integers(0, 40))
def test_there_and_back_is_the_same_offset(text: str, offset: int) -> None:
    offset = min(offset, len(text))
    place = to_qt(text, offset)
    assert from_qt(text, place) == offset
    assert text.encode("utf-16-le")[: 2 * place].decode("utf-16-le") == text[:offset]


def test_texts_without_emoji_are_counted_the_same() -> None:
    assert not is_mixed("")
    assert not is_mixed("日本é")
    assert is_mixed("a😀")
