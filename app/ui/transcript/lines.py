"""Lines of text on a fixed distance: laid out once, drawn where they are seen, and asked for characters."""

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QTextCharFormat,
    QTextLayout,
    QTextLine,
    QTextOption,
)

from app.ui.transcript.styles import Inks
from app.ui.transcript.utf16 import from_qt, is_mixed, to_qt

# A line that is never broken is as wide as it likes; Qt's fixed point numbers end not far above.
_ENDLESS: Final = 4_000_000.0
_TAB: Final = 4


class Lines:
    """A text that keeps its line breaks; `width` None breaks no further ones.

    Characters are counted as Python counts them, although Qt counts halves of surrogate pairs.
    """

    def __init__(self, text: str, font: QFont, step: int, width: float | None, *, rtl: bool) -> None:
        self._text = text
        self._step = step
        self._mixed = is_mixed(text)
        self._layout = QTextLayout(text.replace("\n", "\u2028").replace("\u2029", "\u2028"), font)
        self._layout.setCacheEnabled(True)
        self._layout.setTextOption(_option(font, width is not None, rtl))
        self._natural = self._break_lines(font, width)

    @property
    def count(self) -> int:
        """How many lines there are."""
        return self._layout.lineCount()

    @property
    def natural_width(self) -> float:
        """How wide the widest line is."""
        return self._natural

    def draw(
        self,
        painter: QPainter,
        at: QPointF,
        clip: QRectF,
        color: QColor,
        inks: Inks,
        span: tuple[int, int] | None,
    ) -> None:
        """Draws the lines that `clip` meets, with the characters from `span[0]` to `span[1]` selected."""
        painter.setPen(color)
        if span is None:
            self._layout.draw(painter, at, [], clip)
            return
        start, end = self._to_qt(span[0]), self._to_qt(span[1])
        for rect in self._selected(start, end, at, clip):
            painter.fillRect(rect, inks.selection)
        chosen = QTextLayout.FormatRange()
        chosen.start, chosen.length = start, end - start
        chosen.format = QTextCharFormat()
        chosen.format.setForeground(inks.selected)
        self._layout.draw(painter, at, [chosen], clip)

    def offset_at(self, point: QPointF) -> int:
        """The character boundary nearest to a point."""
        if not self.count:
            return 0
        line = self._layout.lineAt(min(max(int(point.y() // self._step), 0), self.count - 1))
        return self._from_qt(int(line.xToCursor(point.x())))

    def rect_of(self, offset: int) -> QRectF:
        """Where a character boundary is: a rectangle without width, as high as its line."""
        place = self._to_qt(offset)
        line = self._layout.lineForTextPosition(place)
        x = _x(line, place) if line.isValid() else 0.0
        return QRectF(x, line.lineNumber() * self._step if line.isValid() else 0.0, 0.0, self._step)

    def _break_lines(self, font: QFont, width: float | None) -> float:
        metrics = QFontMetricsF(font)
        # As a browser sets it: what the line height has over the font's is shared above and below.
        baseline = (self._step - metrics.ascent() - metrics.descent()) / 2 + metrics.ascent()
        natural, top = 0.0, 0
        self._layout.beginLayout()
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(_ENDLESS if width is None else max(width, 1.0))
            line.setPosition(QPointF(0, round(top + baseline) - line.ascent()))
            natural = max(natural, line.naturalTextWidth())
            top += self._step
        self._layout.endLayout()
        return natural

    def _selected(self, start: int, end: int, at: QPointF, clip: QRectF) -> Iterator[QRectF]:
        first = max(int((clip.top() - at.y()) // self._step), 0)
        last = min(int((clip.bottom() - at.y()) // self._step), self.count - 1)
        for number in range(first, last + 1):
            line = self._layout.lineAt(number)
            begin = max(start, line.textStart())
            stop = min(end, line.textStart() + line.textLength())
            if begin >= stop:
                continue
            top = at.y() + number * self._step
            for left, right in _stretches(line, begin, stop):
                yield QRectF(at.x() + left, top, right - left, self._step)

    def _to_qt(self, offset: int) -> int:
        return to_qt(self._text, offset) if self._mixed else offset

    def _from_qt(self, place: int) -> int:
        return from_qt(self._text, place) if self._mixed else place


def _option(font: QFont, wrapped: bool, rtl: bool) -> QTextOption:
    option = QTextOption()
    wrap = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere if wrapped else QTextOption.WrapMode.ManualWrap
    option.setWrapMode(wrap)
    # Each paragraph is read in its own direction, but all of a message stand on the same side.
    option.setTextDirection(
        Qt.LayoutDirection.LayoutDirectionAuto if wrapped else Qt.LayoutDirection.LeftToRight
    )
    side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
    option.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute)
    option.setTabStopDistance(_TAB * QFontMetricsF(font).horizontalAdvance(" "))
    return option


def _stretches(line: QTextLine, start: int, end: int) -> Iterator[tuple[float, float]]:
    """From where to where characters stand on a line: in several stretches where directions mix."""
    runs = line.glyphRuns(start, end - start)
    if all(not run.isRightToLeft() for run in runs):
        left, right = sorted((_x(line, start), _x(line, end)))
        yield left, right
        return
    for run in runs:
        rect = run.boundingRect()
        yield rect.left(), rect.right()


def _x(line: QTextLine, place: int) -> float:
    x = line.cursorToX(place)
    # It answers with the place, too, which it may have moved into the line.
    value = x[0] if isinstance(x, tuple) else x
    assert isinstance(value, float)
    return value
