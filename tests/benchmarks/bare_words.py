"""What the bench and the bare loop say to each other: how much to read and draw, and how long it took."""

import msgspec

from app.chat.conversation import Turn
from app.chat.options import Sampling


class Count(msgspec.Struct, frozen=True, tag=True):
    """Asks how many tokens the prompt of these turns has; answered by `Counted`."""

    turns: tuple[Turn, ...]


class Measure(msgspec.Struct, frozen=True, tag=True):
    """Asks to read the prompt of these turns, the first `unmeasured` tokens of it beforehand, and to draw `tokens`."""

    turns: tuple[Turn, ...]
    unmeasured: int
    tokens: int
    sampling: Sampling


class Counted(msgspec.Struct, frozen=True, tag=True):
    """Tokens of a prompt."""

    tokens: int


class Measured(msgspec.Struct, frozen=True, tag=True):
    """How many tokens were read and drawn in how many seconds, and the text that was drawn."""

    read: int
    read_seconds: float
    drawn: int
    drawn_seconds: float
    text: str


Order = Count | Measure
Answer = Counted | Measured
