"""Where the column of text stands in the view, and how rectangles turn round for languages read from the right."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize

from app.ui.theme import Reading, Size, Space
from app.ui.transcript.measures import Measure


@dataclass(frozen=True)
class Page:
    """left, width: the text's edge and its width in pixels of the view. narrow: whether speakers stand above.

    tall_lines: how many lines a trace shows while it is being written. reading: the size of text and column.
    top: the room above the first message.
    """

    left: int = 0
    width: int = Size.COLUMN
    narrow: bool = False
    rtl: bool = False
    tall_lines: int = Measure.TRACE_TALL_LINES
    reading: Reading = Reading()
    top: int = Space.COLUMN_TOP

    def scaled(self, pixels: int) -> int:
        """A length that grows with the text."""
        return self.reading.scaled(pixels)

    @property
    def trace_width(self) -> int:
        """The width of a trace's text."""
        return min(self.reading.trace, self.width - Measure.TRACE_END)

    @property
    def trace_left(self) -> int:
        """The left edge of a trace's text."""
        return self.left + self.width - self.trace_width if self.rtl else self.left

    def rect(self, start: int, top: int, width: int, height: int) -> QRect:
        """A rectangle that begins `start` pixels behind the text's edge, in the direction of reading."""
        if self.rtl:
            return QRect(self.left + self.width - start - width, top, width, height)
        return QRect(self.left + start, top, width, height)

    def rect_to(self, end: int, top: int, width: int, height: int) -> QRect:
        """A rectangle that ends `end` pixels before the text's other edge."""
        return self.rect(self.width - end - width, top, width, height)

    @property
    def surface(self) -> tuple[int, int]:
        """Left edge and width of a surface that hangs over the text on both sides."""
        return self.left - Space.HANG, self.width + 2 * Space.HANG


@dataclass(frozen=True)
class Frame:
    """What a page is made for: a view of that size, whose scroll bar takes `bar` pixels of it when it is shown.

    short: whether the window is so low that every line counts.
    """

    view: QSize
    bar: int
    bar_shown: bool
    rtl: bool = False
    short: bool = False


def page(frame: Frame, reading: Reading, trace_line: int) -> Page:
    """The page of a view.

    The room of the scroll bar is kept free, so nothing moves when it appears. A trace whose lines are `trace_line`
    apart never takes more than half of the view, so that its header and the question above can be seen, too.
    """
    view = frame.view
    room = view.width() - frame.bar
    surface = min(reading.surface, room - 2 * Space.PAGE)
    left = (room - surface) // 2 + Space.HANG
    if frame.rtl and not frame.bar_shown:
        left += frame.bar
    half = (view.height() // 2 - 2 * Measure.TRACE_PAD) // trace_line
    tall = min(Measure.TRACE_TALL_LINES, max(Measure.TRACE_COMPACT_LINES, half))
    width = max(surface - 2 * Space.HANG, 1)
    margins = reading.scaled(Size.NARROW_TRANSCRIPT - Size.SURFACE)
    top = Space.COLUMN_TOP_SHORT if frame.short else Space.COLUMN_TOP
    return Page(left, width, view.width() - surface < margins, frame.rtl, tall, reading, top)


def snapped(rect: QRectF, ratio: float) -> QRectF:
    """A rectangle on whole device pixels, at least one of them thick."""
    left, top = round(rect.left() * ratio), round(rect.top() * ratio)
    width = max(round(rect.width() * ratio), 1)
    height = max(round(rect.height() * ratio), 1)
    return QRectF(left / ratio, top / ratio, width / ratio, height / ratio)
