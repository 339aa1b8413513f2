"""A message as the transcript keeps it: its sections, what of them has arrived, and where its parts stand."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.chat.conversation import Message
from app.ui.theme import Size, Space
from app.ui.transcript import words
from app.ui.transcript.measures import Measure
from app.ui.transcript.page import Page
from app.ui.transcript.sections import Section, ThinkingSection, reply_sections
from app.ui.transcript.styles import TextStyle


class PartKind(StrEnum):
    """What stands below each other in a message."""

    MESSAGE = "message"
    SPEAKER = "speaker"
    QUESTION = "question"
    READING = "reading"
    WAITING = "waiting"
    HEADER = "header"
    TRACE = "trace"
    ANSWER = "answer"
    ENDED = "ended"
    TOOLS = "tools"
    GAP = "gap"
    CUT = "cut"


_TEXTS: Final = (PartKind.QUESTION, PartKind.TRACE, PartKind.ANSWER)


@dataclass(frozen=True)
class Part:
    """A part of a message: its top below the message's and its height in pixels; `section` or -1."""

    kind: PartKind
    section: int
    top: int
    height: int


@dataclass(frozen=True)
class Styles:
    """How answers and traces are set."""

    reading: TextStyle
    trace: TextStyle


class Item:
    """One message.

    message: as it was last told. sections: its texts. parts: where everything stands. prefill: tokens read and tokens
    in all, while the prompt is read and that takes long enough to say so. left_out: whether the next prompt leaves it
    out. cut: how many messages the dashed line below it counts, 0 without a line. version: which version it is, from 1,
    and how many there are.
    """

    def __init__(self, message: Message, styles: Styles) -> None:
        self.message = message
        self.sections: list[Section] = []
        self.parts: list[Part] = []
        self.prefill: tuple[int, int] | None = None
        self.left_out = False
        self.cut = 0
        self.is_last_reply = False
        self.version = (1, 1)
        self._styles = styles
        self._page = Page()
        self._taken: list[int] = []
        self.update(message)

    @property
    def is_reply(self) -> bool:
        """Whether a model wrote it."""
        return self.message.role == "assistant"

    @property
    def streaming(self) -> bool:
        """Whether it is being written."""
        return self.message.state == "streaming"

    @property
    def waits(self) -> bool:
        """Whether it will be written once another conversation's reply has ended."""
        return self.message.state == "queued"

    @property
    def pending(self) -> bool:
        """Whether more of it is to come."""
        return self.streaming or self.waits

    @property
    def height(self) -> int:
        """All parts together, in pixels."""
        return self.parts[-1].top + self.parts[-1].height if self.parts else 0

    def text_parts(self) -> list[Part]:
        """The parts that show text which can be selected."""
        return [part for part in self.parts if part.kind in _TEXTS]

    @property
    def thinking(self) -> list[ThinkingSection]:
        """The traces."""
        return [section for section in self.sections if isinstance(section, ThinkingSection)]

    @property
    def growing_from(self) -> int:
        """The height from which on it may look different after it grew by some text."""
        texts = self.text_parts()
        if not texts or texts[-1].kind is not PartKind.ANSWER:
            return texts[-1].top if texts else 0
        return texts[-1].top + self.sections[texts[-1].section].passage.column.open_from

    @property
    def ended_early(self) -> bool:
        """Whether a line below the answer says why it ended, with a way to go on."""
        return self.is_reply and not self.message.stopped_while_thinking and bool(self.ending)

    @property
    def ending(self) -> str:
        """Why it ended early, in words."""
        return words.how_it_ended(self.message)

    def grows_into(self, message: Message) -> bool:
        """Whether `message` is this one with more text; otherwise it has to be made anew."""
        lengths = [len(segment.text) for segment in message.segments]
        if len(lengths) < len(self._taken) or message.parts != self.message.parts:
            return False
        if any(new < old for new, old in zip(lengths, self._taken, strict=False)):
            return False
        grown = [index for index, old in enumerate(self._taken) if lengths[index] > old]
        more = len(lengths) > len(self._taken) or bool(grown)
        return not (more and self.sections and self.sections[-1].passage.finished)

    def update(self, message: Message) -> None:
        """Takes what is new of the message; the caller has asked `grows_into`."""
        self.message = message
        if self.is_reply:
            self._update_reply(message)
        elif not self.sections:
            question = Section("question", self._styles.reading)
            question.passage.add(message.text)
            question.passage.finish()
            self._add(question)

    def _update_reply(self, message: Message) -> None:
        groups = reply_sections(message)
        for number, group in enumerate(groups):
            last = number == len(groups) - 1
            for index in group:
                self._take(message, number, index)
            section = self.sections[number]
            if isinstance(section, ThinkingSection):
                segments = [message.segments[index] for index in group]
                section.tell(sum(s.tokens for s in segments), sum(s.seconds for s in segments))
                section.ending = self.ending if last else ""
                section.set_live(last and self.streaming, answered=not last)
            # A reply that ended early may go on, so its last text stays open.
            if not last or (message.state == "finished" and message.reason in (None, "end")):
                section.passage.finish()

    def _take(self, message: Message, number: int, index: int) -> None:
        """Takes what is new of one segment."""
        segment = message.segments[index]
        if number == len(self.sections):
            thinking = segment.channel == "thinking"
            self._add(
                ThinkingSection(self._styles.trace) if thinking else Section("answer", self._styles.reading)
            )
        if index == len(self._taken):
            self._taken.append(0)
        taken = self._taken[index]
        if len(segment.text) > taken:
            self.sections[number].passage.add(segment.text[taken:] if taken else segment.text)
            self._taken[index] = len(segment.text)

    def _add(self, section: Section) -> None:
        self.sections.append(section)
        self._set_section_page(section)

    def restyle(self, styles: Styles) -> None:
        """Sets everything in other fonts."""
        self._styles = styles
        for section in self.sections:
            section.passage.restyle(styles.trace if section.kind == "thinking" else styles.reading)

    def set_page(self, page: Page) -> None:
        """Sets everything on another page."""
        self._page = page
        for section in self.sections:
            self._set_section_page(section)

    def _set_section_page(self, section: Section) -> None:
        width = self._page.trace_width if section.kind == "thinking" else self._page.width
        section.passage.set_page(width, self._page.rtl)
        if isinstance(section, ThinkingSection):
            section.tall_lines = self._page.tall_lines

    def arrange(self) -> int:
        """Puts the parts below each other; the message's height."""
        self.parts = []
        if self._page.narrow:
            self._place(PartKind.SPEAKER, -1, 0, self._page.scaled(Measure.SPEAKER_ABOVE))
        for index, section in enumerate(self.sections):
            if isinstance(section, ThinkingSection):
                self._place_thinking(index, section)
            elif section.kind == "question":
                self._place(PartKind.QUESTION, index, 0, section.passage.height + 2 * Measure.QUESTION_PAD)
            else:
                self._place(PartKind.ANSWER, index, 0, section.passage.height)
        if self.is_reply:
            self._place_below_reply()
        if self.cut:
            self._place(PartKind.CUT, -1, Space.MESSAGE_GAP, self._page.scaled(Measure.SPEAKER))
        return self.height

    def _place_thinking(self, index: int, section: ThinkingSection) -> None:
        self._place(PartKind.HEADER, index, 0, self._page.scaled(Measure.HEADER))
        below = Measure.FOLDED_BELOW
        if section.openness > 0:
            below += round((Measure.OPEN_BELOW - below) * section.openness)
            self._place(PartKind.TRACE, index, 0, round(section.body * section.openness))
        if index + 1 < len(self.sections):
            self._place(PartKind.GAP, -1, 0, below)

    def _place_below_reply(self) -> None:
        gap, header = Measure.END_GAP if self.sections else 0, self._page.scaled(Measure.HEADER)
        if not self.sections and self.streaming:
            self._place(PartKind.READING, -1, 0, header)
        elif self.waits:
            self._place(PartKind.WAITING, -1, gap, header)
        if self.ended_early:
            self._place(PartKind.ENDED, -1, gap, header)
        self._place(PartKind.TOOLS, -1, Measure.TOOLS_GAP, Size.ICON_BUTTON)

    def _place(self, kind: PartKind, section: int, gap: int, height: int) -> None:
        self.parts.append(Part(kind, section, self.height + gap, height))

    def lay_out(self, top: int, bottom: int) -> bool:
        """Lays out what lies between two heights below the message's top; whether anything moved by it."""
        changed = False
        for part in self.parts:
            if part.top + part.height <= top or part.top >= bottom or part.section < 0:
                continue
            section = self.sections[part.section]
            if part.kind is PartKind.TRACE and isinstance(section, ThinkingSection):
                changed = section.lay_out() or changed
            elif part.kind in (PartKind.ANSWER, PartKind.QUESTION):
                before = section.passage.height
                column = section.passage.realise()
                inside = part.top + (Measure.QUESTION_PAD if part.kind is PartKind.QUESTION else 0)
                column.lay_out(top - inside, bottom - inside)
                changed = section.passage.height != before or changed
        if changed:
            self.arrange()
        return changed

    def release(self, top: int, bottom: int) -> None:
        """Forgets the layouts of what lies outside of two heights below the message's top."""
        seen = {part.section: part for part in self.parts if part.kind in _TEXTS}
        for index, section in enumerate(self.sections):
            column, part = section.passage.column, seen.get(index)
            if part is None or part.top >= bottom or part.top + part.height <= top:
                column.release_all()
            elif isinstance(section, ThinkingSection):
                column.release(section.offset - section.frame, section.offset + 2 * section.frame)
            else:
                column.release(top - part.top, bottom - part.top)
