"""Which buttons and bars belong to a message, and where they stand."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetricsF

from app.ui.theme import Role, Size, Space, Theme
from app.ui.transcript import words
from app.ui.transcript.column import code_groups
from app.ui.transcript.document import Document
from app.ui.transcript.items import Item, Part, PartKind
from app.ui.transcript.measures import Measure
from app.ui.transcript.page import Page
from app.ui.transcript.sections import Section, ThinkingSection


class ControlKind(StrEnum):
    """What a button or a bar does."""

    THINKING = "thinking"
    CONTINUE = "continue"
    COPY_THINKING = "copy thinking"
    COPY = "copy"
    COPY_WHOLE = "copy whole"
    COPY_ANSWER = "copy answer"
    REGENERATE = "regenerate"
    EDIT = "edit"
    PREVIOUS_VERSION = "previous version"
    VERSION = "version"
    NEXT_VERSION = "next version"
    DETAILS = "details"
    COPY_CODE = "copy code"
    TRACE_BAR = "trace bar"
    CODE_BAR = "code bar"
    READING_BAR = "reading bar"


_VERSIONS: Final = (ControlKind.PREVIOUS_VERSION, ControlKind.VERSION, ControlKind.NEXT_VERSION)


@dataclass(frozen=True)
class Key:
    """One control of the conversation: `section` and `block` where its message has several of the kind, else -1."""

    message: int
    kind: ControlKind
    section: int = -1
    block: int = -1


@dataclass(frozen=True)
class Spot:
    """Where a control stands: below the top of the whole.

    A width of 0 is the control's own, at most `most`, kept at `at_end`.
    """

    key: Key
    rect: QRect
    at_end: bool = False
    most: int | None = None


class Spots:
    """Finds the controls of messages."""

    def __init__(self, theme: Theme, document: Document) -> None:
        self._theme = theme
        self._document = document

    def between(self, top: int, bottom: int, room: int) -> list[Spot]:
        """The controls between two heights, in the order of reading; `room` is where the view's text area ends."""
        spots: list[Spot] = []
        for index in self._document.between(top, bottom):
            spots.extend(self._of(index, top, bottom, room))
        return spots

    def _of(self, index: int, top: int, bottom: int, room: int) -> Iterator[Spot]:
        item = self._document.items[index]
        y = self._document.top(index)
        for part in item.parts:
            section = item.sections[part.section] if part.section >= 0 else None
            if part.kind is PartKind.HEADER and isinstance(section, ThinkingSection):
                yield from self._header(index, part, section, y)
            elif part.kind is PartKind.TRACE and isinstance(section, ThinkingSection):
                yield from self._trace(index, part, section, y)
            elif part.kind in (PartKind.ANSWER, PartKind.QUESTION) and section is not None:
                yield from self._code(index, part, section, (top, bottom))
            else:
                yield from self._line(index, item, part, y)
            if part.kind is PartKind.QUESTION:
                yield from self._beside_question(index, part, y, room)

    def _header(self, index: int, part: Part, section: ThinkingSection, y: int) -> Iterator[Spot]:
        page = self._document.page
        rect = page.rect(0, y + part.top, 0, part.height)
        goes_on = bool(section.ending) and not section.live and self._is_last(index)
        most = page.width - (self._continue_width() if goes_on else 0)
        yield Spot(Key(index, ControlKind.THINKING, part.section), rect, most=most)
        if goes_on:
            above = (part.height - Size.COMPACT) // 2
            end = page.rect_to(0, y + part.top + above, 0, Size.COMPACT)
            yield Spot(Key(index, ControlKind.CONTINUE), end, at_end=True)

    def _continue_width(self) -> int:
        metrics = QFontMetricsF(self._theme.font(Role.CONTROL))
        return round(metrics.horizontalAdvance(words.go_on())) + 2 * Space.M + Space.S

    def _trace(self, index: int, part: Part, section: ThinkingSection, y: int) -> Iterator[Spot]:
        # While it folds, its controls would stand in the air.
        if section.openness < 1:
            return
        page = self._document.page
        top = y + part.top + Measure.RULE_TOP
        yield from self._code(index, part, section, (top, top + section.frame))
        if section.maximum:
            bar = page.rect_to(0, top + Space.HAIR, Measure.TRACE_BAR, section.frame - 2 * Space.HAIR)
            yield Spot(Key(index, ControlKind.TRACE_BAR, part.section), bar)
        if section.foot:
            size = Size.ICON_BUTTON
            rect = page.rect_to(-Space.ICON_PULL, top + section.frame + Space.S, size, size)
            yield Spot(Key(index, ControlKind.COPY_THINKING, part.section), rect)

    def _code(self, index: int, part: Part, section: Section, seen: tuple[int, int]) -> Iterator[Spot]:
        origin = self._document.origin(index, part)
        column = section.passage.column
        in_trace = isinstance(section, ThinkingSection)
        page = _trace_page(self._document.page) if in_trace else self._document.page
        hang = column.style.code_hang
        for first, start, end in code_groups(column, seen[0] - origin.y(), seen[1] - origin.y()):
            top, bottom = origin.y() + start, origin.y() + end
            size = Size.ICON_BUTTON
            copy = page.rect_to(
                Measure.CODE_BUTTON_END + Space.HAIR - hang,
                top + Space.HAIR + (column.style.code_head - size) // 2,
                size,
                size,
            )
            if not in_trace or _within(copy, seen):
                yield Spot(Key(index, ControlKind.COPY_CODE, part.section, first), copy)
            bar = page.rect(-hang + Space.S, bottom - Size.SCROLL_BAR - Space.HAIR, 0, Size.SCROLL_BAR)
            bar.setWidth(page.width + 2 * (hang - Space.S))
            if column.overflow(first) and (not in_trace or _within(bar, seen)):
                yield Spot(Key(index, ControlKind.CODE_BAR, part.section, first), _code_bar(page, bar, hang))

    def _line(self, index: int, item: Item, part: Part, y: int) -> Iterator[Spot]:
        page = self._document.page
        top = y + part.top
        if part.kind is PartKind.TOOLS:
            yield from self._tools(index, item, top)
        elif part.kind is PartKind.ENDED and self._is_last(index):
            width = QFontMetricsF(self._theme.reading_font(Role.LABEL)).horizontalAdvance(item.ending)
            above = (part.height - Size.COMPACT) // 2
            rect = page.rect(round(width) + Space.XS, top + above, 0, Size.COMPACT)
            yield Spot(Key(index, ControlKind.CONTINUE), rect)
        elif part.kind is PartKind.READING and item.prefill is not None:
            middle = top + (part.height - Size.BAR) // 2
            yield Spot(Key(index, ControlKind.READING_BAR), page.rect_to(0, middle, Measure.BAR, Size.BAR))

    def _tools(self, index: int, item: Item, top: int) -> Iterator[Spot]:
        """The row below a reply; while more is to come, of the tools only the way to other versions."""
        page, start = self._document.page, -Space.ICON_PULL
        for kind in _tools(item):
            if not item.pending:
                yield Spot(Key(index, kind), page.rect(start, top, Size.ICON_BUTTON, Size.ICON_BUTTON))
            start += Size.ICON_BUTTON + Measure.TOOLS_APART
        start += Measure.VERSIONS_APART
        for spot in self._versions(index, item, start, top):
            yield spot
            start += spot.rect.width()
        if not item.pending:
            # Behind the versions' own gap it stands as far away as they do from the tools before them.
            start += (
                Measure.VERSIONS_APART + Measure.TOOLS_APART
                if item.version[1] > 1
                else -Measure.VERSIONS_APART
            )
            rect = page.rect(start, top, Size.ICON_BUTTON, Size.ICON_BUTTON)
            yield Spot(Key(index, ControlKind.DETAILS), rect)

    def _versions(self, index: int, item: Item, start: int, top: int) -> Iterator[Spot]:
        """The way to other versions of a message."""
        if item.version[1] < 2:
            return
        page = self._document.page
        places = zip(_VERSIONS, self._version_widths(item), strict=True)
        for kind, width in places:
            yield Spot(Key(index, kind), page.rect(start, top, width, Size.ICON_BUTTON))
            start += width

    def _version_widths(self, item: Item) -> tuple[int, int, int]:
        text = words.version_short(*item.version)
        # As wide as the widest number in the count's place, so that the arrows stay below the pointer.
        widest = words.version_short(item.version[1], item.version[1])
        metrics = QFontMetricsF(self._theme.font(Role.LABEL, tabular=True))
        label = -int(-max(metrics.horizontalAdvance(text), metrics.horizontalAdvance(widest)))
        return Size.VERSION_STEP, label, Size.VERSION_STEP

    def _is_last(self, index: int) -> bool:
        """Only the last message can go on: what follows another one was written after it."""
        return index == len(self._document.items) - 1

    def _beside_question(self, index: int, part: Part, y: int, room: int) -> Iterator[Spot]:
        """The tools of a question: beside its first line, in two rows where the margin asks for it, or above it."""
        page, size, item = self._document.page, Size.ICON_BUTTON, self._document.items[index]
        tools = 2 * size + Measure.TOOLS_APART
        versions = Measure.VERSIONS_APART + sum(self._version_widths(item)) if item.version[1] > 1 else 0
        start = page.width + Space.HANG + Space.XS
        line = page.scaled(Measure.SPEAKER)
        top = y + (line - size) // 2
        if page.narrow:
            start = page.width + Space.ICON_PULL - tools - versions
        else:
            line = self._theme.reading_line(Role.READING)
            top = y + part.top + Measure.QUESTION_PAD + (line - size) // 2
        yield Spot(Key(index, ControlKind.COPY), page.rect(start, top, size, size))
        second = start + size + Measure.TOOLS_APART
        yield Spot(Key(index, ControlKind.EDIT), page.rect(second, top, size, size))
        beside = page.left - Space.HANG - Space.XS if page.rtl else room - page.left - start
        if tools + versions > beside and not page.narrow:
            yield from self._versions(index, item, start, top + size)
        else:
            yield from self._versions(index, item, start + tools + Measure.VERSIONS_APART, top)


def _tools(item: Item) -> Iterator[ControlKind]:
    """The tools below a reply, once it has ended."""
    if item.message.answer or item.pending:
        yield ControlKind.COPY_ANSWER
    if item.message.thinking:
        yield ControlKind.COPY_WHOLE
    yield ControlKind.REGENERATE


def _trace_page(page: Page) -> Page:
    return replace(page, left=page.trace_left, width=page.trace_width)


def _within(rect: QRect, seen: tuple[int, int]) -> bool:
    return rect.top() >= seen[0] and rect.bottom() < seen[1]


def _code_bar(page: Page, bar: QRect, hang: int) -> QRect:
    """The bar below code: code stands from left to right in every language, so it is the same on both sides."""
    return QRect(page.left - hang + Space.S, bar.top(), bar.width(), bar.height())
