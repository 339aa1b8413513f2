"""What the end of a prompt says about thinking: begun, over, or neither."""

from typing import Literal

from app.chat.reasoning_marks import Act, Marks, channel_named
from app.chat.reasoning_scan import Scanner

TailState = Literal["open", "closed", "neither"]


def state_after(marks: Marks, tail: str) -> TailState:
    """Whether text written after `tail` is thinking (`open`), an answer (`closed`), or decided by what it opens."""
    scanner = Scanner(marks.acts)
    state: TailState = "neither"
    act, at = None, 0
    while (found := scanner.find(tail[at:])) is not None:
        header = tail[at : at + found[0]]
        previous, act = act, marks.acts[tail[at + found[0] : at + found[1]]]
        at += found[1]
        state = _after(act, previous, header, state)
    return state


def _after(act: Act, previous: Act | None, header: str, state: TailState) -> TailState:
    if act is Act.THINK:
        return "open"
    if act in (Act.CLOSE, Act.ANSWER):
        return "closed"
    if act is Act.HEADER:
        return "neither"
    if act is Act.BODY:
        ends = previous is Act.END_HEADER
        return "open" if not ends and channel_named(header) == "thinking" else "closed"
    return state
