"""What a message consists of on the screen: the question's text, or trace and answer in the order they came."""

import time
from collections.abc import Callable
from typing import Literal

from app.chat.conversation import Message
from app.ui.transcript import words
from app.ui.transcript.fold import Fold
from app.ui.transcript.measures import Measure
from app.ui.transcript.passage import Passage
from app.ui.transcript.styles import TextStyle

SectionKind = Literal["question", "thinking", "answer"]
Clock = Callable[[], float]


class Section:
    """A passage and what it is in its message."""

    def __init__(self, kind: SectionKind, style: TextStyle) -> None:
        self.kind: SectionKind = kind
        self.passage = Passage(style)

    @property
    def shown(self) -> bool:
        """Whether its text can be seen, scrolled to and selected."""
        return True


class ThinkingSection(Section):
    """A trace: its fold, its own scroll position, and what its header tells.

    tall_lines: how many lines it shows while it is being written.
    openness: 0 folded to 1 open, in between while it moves. offset: how far the trace is scrolled in its frame.
    follows: whether it stays with its end. live: whether the model thinks here now. foot: whether it has tools below.
    ending: why the reply ended here, before an answer began; else empty.
    """

    def __init__(self, style: TextStyle, clock: Clock = time.monotonic) -> None:
        super().__init__("thinking", style)
        self.fold = Fold()
        self.openness = 0.0
        self.offset = 0
        self.tall_lines: int = Measure.TRACE_TALL_LINES
        self.follows = True
        self.live = False
        self.foot = False
        self.ending = ""
        self.tokens = 0
        self._seconds = 0.0
        self._clock = clock
        self._told = clock()

    @property
    def shown(self) -> bool:
        """Whether the trace is open."""
        return self.openness > 0

    @property
    def seconds(self) -> float:
        """How long it has thought; goes on while it is live and nothing new arrives."""
        return self._seconds + (self._clock() - self._told if self.live else 0.0)

    def tell(self, tokens: int, seconds: float) -> None:
        """Takes the figures that the reply has now."""
        if (tokens, seconds) != (self.tokens, self._seconds):
            self._told = self._clock()
        self.tokens, self._seconds = tokens, seconds

    def set_live(self, live: bool, answered: bool) -> None:
        """The model thinks here, or it does not any more because it answers, or because the reply has ended."""
        if live and not self.live:
            self._told = self._clock()
            self.fold.on_thinking()
        if not live and answered:
            self.fold.on_answering()
        # A trace that folds by itself gets no tools for the moment that it still can be seen.
        self.foot = not live and (self.foot or self.fold.open)
        self.live = live

    def click(self) -> None:
        """The person opens or folds it."""
        self.fold.on_clicked(self.live)
        if self.fold.open:
            self.foot = not self.live

    @property
    def word(self) -> str:
        """The header's first words."""
        if self.live:
            return words.thinking(self.seconds)
        return self.ending or words.thought(self._seconds)

    @property
    def figures(self) -> str:
        """What follows the header's first words."""
        count = words.tokens(self.tokens) if self.tokens else ""
        if self.ending and not self.live:
            return words.figures(count)
        return words.figures(count, words.rate(self.tokens, self._seconds))

    @property
    def content(self) -> int:
        """The height of the whole trace with the room around it."""
        return self.passage.height + 2 * Measure.TRACE_PAD

    @property
    def frame(self) -> int:
        """The height of what is seen of it when it is open."""
        lines = self.tall_lines if self.fold.tall else Measure.TRACE_COMPACT_LINES
        return min(self.content, lines * self.passage.column.style.line + 2 * Measure.TRACE_PAD)

    @property
    def maximum(self) -> int:
        """How far it can be scrolled."""
        return max(self.content - self.frame, 0)

    @property
    def body(self) -> int:
        """The height of all that an open block has below its header."""
        return Measure.RULE_TOP + self.frame + (Measure.FOOT if self.foot else 0)

    def scroll_to(self, offset: int) -> None:
        """The person scrolls: away from the end it follows no longer, back at the end it does again."""
        self.offset = min(max(offset, 0), self.maximum)
        self.follows = self.offset >= self.maximum

    def lay_out(self) -> bool:
        """Lays out what its frame shows and keeps what is seen in place; whether its height changed."""
        before = (self.content, self.frame)
        column = self.passage.realise()
        anchor = column.at(self.offset)
        shift = self.offset - column.top(max(anchor, 0))
        for _ in range(8):
            if self.follows:
                self.offset = self.maximum
            top = self.offset - Measure.TRACE_PAD
            if not column.lay_out(top, top + self.frame):
                break
            if not self.follows:
                self.offset = min(max(column.top(max(anchor, 0)) + shift, 0), self.maximum)
        self.offset = self.maximum if self.follows else min(self.offset, self.maximum)
        return before != (self.content, self.frame)


def reply_sections(message: Message) -> list[list[int]]:
    """The segments of a reply, by index, grouped by runs of one channel."""
    groups: list[list[int]] = []
    for index, segment in enumerate(message.segments):
        if groups and message.segments[index - 1].channel == segment.channel:
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups
