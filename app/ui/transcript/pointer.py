"""Selecting with the mouse: by character, word and block, across messages, and on beyond the edge of the view."""

from typing import Final

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QPoint, Qt, QTextBoundaryFinder, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QWidget

from app.markup.blocks import Block
from app.ui.transcript.document import Document
from app.ui.transcript.items import PartKind
from app.ui.transcript.measures import Measure
from app.ui.transcript.sections import ThinkingSection
from app.ui.transcript.selection import Position
from app.ui.transcript.stage import Stage
from app.ui.transcript.utf16 import from_qt, to_qt

_FASTEST: Final = 60
_NEAR: Final = 6


class Pointer(QObject):
    """Watches the mouse over a viewport.

    Signals: `selected` when the button went up after something was selected.
    """

    selected = Signal()

    def __init__(self, stage: Stage, viewport: QWidget) -> None:
        super().__init__(viewport)
        self._stage = stage
        self._viewport = viewport
        self._document = stage.document
        self._flow = stage.flow
        self._selection = stage.selection
        self._dragging = False
        self._by_word = False
        self._origin: tuple[Position, Position] | None = None
        self._at = QPoint()
        self._hovering: QPoint | None = None
        self._trace: ThinkingSection | None = None
        self._since_double = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(Measure.AUTO_SCROLL)
        self._timer.timeout.connect(self._on_beyond_edge)
        viewport.installEventFilter(self)
        stage.moved.connect(self._on_scrolled)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Takes the mouse events of the viewport."""
        kind = event.type()
        if kind == QEvent.Type.Leave:
            self._hovering = None
            self._stage.tools.set_hovered(-1)
        if not isinstance(event, QMouseEvent):
            return False
        at = event.position().toPoint()
        if kind == QEvent.Type.MouseMove:
            self._on_move(at)
            return True
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        if kind == QEvent.Type.MouseButtonPress:
            self._press(at, extending=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif kind == QEvent.Type.MouseButtonDblClick:
            self._double_click(at)
        elif kind == QEvent.Type.MouseButtonRelease:
            self._release()
        self._viewport.update()
        return True

    def _press(self, at: QPoint, extending: bool) -> None:
        """The button goes down; `extending` what is selected already, with Shift."""
        position = self._position(at)
        if position is None:
            return
        self._by_word = False
        if self._is_third_click(at):
            self._select_block(position)
            return
        self._dragging, self._at, self._origin = True, at, None
        self._trace = self._trace_at(at)
        if extending:
            self._selection.extend(position)
        else:
            self._selection.begin(position)

    def _double_click(self, at: QPoint) -> None:
        """Selects the word at a point; moving on selects further words."""
        position = self._position(at)
        block = self._block(position)
        if position is None or block is None:
            return
        self._origin = self._word_around(position, block)
        self._selection.select(*self._origin)
        self._dragging, self._by_word, self._at = True, True, at
        self._trace = self._trace_at(at)
        self._since_double.start()

    def _on_scrolled(self) -> None:
        """Another message may have come below a pointer that stands still."""
        if self._hovering is not None and not self._dragging:
            self._stage.tools.set_hovered(self._document.at(self._hovering.y() + self._flow.value))

    def _on_move(self, at: QPoint) -> None:
        self._hovering = at
        if self._dragging:
            self._at = at
            if self._beyond() and not self._timer.isActive():
                self._timer.start()
            self._extend()
            self._viewport.update()
            return
        y = at.y() + self._flow.value
        self._stage.tools.set_hovered(self._document.at(y))
        over = is_over_text(self._document, QPoint(at.x(), y))
        self._viewport.setCursor(Qt.CursorShape.IBeamCursor if over else Qt.CursorShape.ArrowCursor)

    def _release(self) -> None:
        self._dragging = False
        self._timer.stop()
        if not self._selection.empty:
            self.selected.emit()

    def _extend(self) -> None:
        position = self._position(self._at)
        if position is None:
            return
        block = self._block(position)
        if self._by_word and self._origin is not None and block is not None:
            start, end = self._word_around(position, block)
            first, last = self._origin
            forwards = position >= first
            self._selection.select(
                first if forwards else last, max(end, last) if forwards else min(start, first)
            )
        else:
            self._selection.extend(position)

    def _position(self, at: QPoint) -> Position | None:
        return self._document.position_at(at.x(), at.y() + self._flow.value)

    def _block(self, position: Position | None) -> Block | None:
        column = self._document.column(position) if position is not None else None
        if column is None or position is None or position.block >= len(column.blocks):
            return None
        return column.blocks[position.block]

    def _is_third_click(self, at: QPoint) -> bool:
        interval = QGuiApplication.styleHints().mouseDoubleClickInterval()
        recent = self._since_double.isValid() and self._since_double.elapsed() < interval
        self._since_double.invalidate()
        return recent and (at - self._at).manhattanLength() < _NEAR

    def _select_block(self, position: Position) -> None:
        block = self._block(position)
        if block is not None:
            self._selection.select(position._replace(offset=0), position._replace(offset=len(block.text)))

    def _word_around(self, position: Position, block: Block) -> tuple[Position, Position]:
        start, end = word_around(block.text, position.offset)
        return position._replace(offset=start), position._replace(offset=end)

    def _trace_at(self, at: QPoint) -> ThinkingSection | None:
        return trace_at(self._document, at.y() + self._flow.value)

    def _beyond(self) -> int:
        """How far the pointer is beyond the edge of what it selects in: the trace it began in, or the view."""
        top, bottom = 0, self._flow.viewport - self._flow.overlap
        if self._trace is not None:
            frame = _frame(self._document, self._trace)
            if frame is not None:
                top, bottom = max(top, frame[0] - self._flow.value), min(bottom, frame[1] - self._flow.value)
        return min(self._at.y() - top, 0) + max(self._at.y() - bottom, 0)

    def _on_beyond_edge(self) -> None:
        distance = self._beyond()
        if not self._dragging or not distance:
            self._timer.stop()
            return
        step = max(-_FASTEST, min(_FASTEST, distance))
        trace = self._trace
        if trace is not None and 0 <= trace.offset + step <= trace.maximum:
            trace.scroll_to(trace.offset + step)
            self._stage.refresh()
        else:
            self._stage.scroll_to(min(max(self._flow.value + step, 0), self._flow.maximum))
        self._extend()


def word_around(text: str, offset: int) -> tuple[int, int]:
    """The word at an offset, or the single character there if it belongs to none."""
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Word, text)
    finder.setPosition(to_qt(text, min(offset, max(len(text) - 1, 0))))
    if not finder.isAtBoundary():
        finder.toPreviousBoundary()
    start = max(finder.position(), 0)
    end = finder.toNextBoundary()
    return from_qt(text, start), from_qt(text, end) if end >= 0 else len(text)


def trace_at(document: Document, y: int) -> ThinkingSection | None:
    """The open trace whose frame is at a height."""
    found = document.text_at(0, y)
    if found is None or found[1].kind is not PartKind.TRACE:
        return None
    section = document.items[found[0]].sections[found[1].section]
    top = document.top(found[0]) + found[1].top + Measure.RULE_TOP
    inside = isinstance(section, ThinkingSection) and top <= y < top + section.frame
    return section if inside and isinstance(section, ThinkingSection) else None


def _frame(document: Document, wanted: ThinkingSection) -> tuple[int, int] | None:
    """Where a trace's frame begins and ends."""
    for index, item in enumerate(document.items):
        for part in item.text_parts():
            if item.sections[part.section] is wanted:
                top = document.top(index) + part.top + Measure.RULE_TOP
                return top, top + wanted.frame
    return None


def is_over_text(document: Document, at: QPoint) -> bool:
    """Whether a point is over text that can be selected."""
    found = document.text_at(at.x(), at.y())
    if found is None:
        return False
    top = document.top(found[0]) + found[1].top
    return top <= at.y() < top + found[1].height and 0 <= at.x() - document.page.left <= document.page.width
