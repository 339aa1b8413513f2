"""What the end of a prompt says."""

import pytest

from app.chat.reasoning_marks import marks_between
from app.chat.reasoning_tail import state_after

TAGS = marks_between("<think>", "</think>")
CHANNELS = marks_between("<|channel|>analysis<|message|>", "<|end|>")
ELEMENTS = marks_between("<|open|>think<|sep|>", "<|close|>think<|sep|>")


@pytest.mark.parametrize(
    ("tail", "state"),
    [
        ("<bot>", "neither"),
        ("<bot><think>\n", "open"),
        ("<bot><think>\n\n</think>\n\n", "closed"),
        ("<bot></think>", "closed"),
    ],
)
def test_tags_open_and_close(tail: str, state: str) -> None:
    assert state_after(TAGS, tail) == state


@pytest.mark.parametrize(
    ("tail", "state"),
    [
        ("<|start|>assistant", "neither"),
        ("<|start|>assistant<|channel|>analysis<|message|>", "open"),
        ("<|start|>assistant<|channel|>analysis<|message|>hm<|end|>", "closed"),
        ("<|start|>assistant<|channel|>final<|message|>", "closed"),
    ],
)
def test_headers_name_their_channel(tail: str, state: str) -> None:
    assert state_after(CHANNELS, tail) == state


@pytest.mark.parametrize(
    ("tail", "state"),
    [
        ("<|open|>message<|sep|><|open|>think<|sep|>", "open"),
        ("<|open|>think<|sep|>hm<|close|>think<|sep|>", "closed"),
        ("<|open|>message<|sep|><|open|>response<|sep|>", "closed"),
    ],
)
def test_elements_end_by_name(tail: str, state: str) -> None:
    assert state_after(ELEMENTS, tail) == state
