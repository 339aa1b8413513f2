"""What the wheel scrolls: the trace or the code under the pointer as long as it can, else the conversation."""

from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QWheelEvent

from app.ui.transcript.column import code_groups
from app.ui.transcript.pointer import trace_at
from app.ui.transcript.stage import Stage

# An eighth of a degree is Qt's unit; a notch of a usual wheel is 120 of them and three lines.
_NOTCH: Final = 120
_LINES: Final = 3


def wheel(stage: Stage, event: QWheelEvent) -> bool:
    """Scrolls what is inside the conversation; whether anything there moved."""
    delta = _pixels(event, stage.document.styles.reading.line)
    at = event.position().toPoint()
    if abs(delta.x()) > abs(delta.y()):
        return _scroll_code(stage, at, -delta.x())
    section = trace_at(stage.document, at.y() + stage.flow.value)
    if section is None or not delta.y():
        return False
    before = section.offset
    section.scroll_to(before - delta.y())
    if section.offset == before:
        return False
    stage.refresh()
    return True


def _pixels(event: QWheelEvent, line: int) -> QPoint:
    step = event.pixelDelta()
    if step.isNull():
        angle = event.angleDelta()
        lines = _LINES * line
        step = QPoint(angle.x() * lines // _NOTCH, angle.y() * lines // _NOTCH)
    if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
        return QPoint(step.y() or step.x(), 0)
    return step


def _scroll_code(stage: Stage, at: QPoint, by: int) -> bool:
    y = at.y() + stage.flow.value
    found = stage.document.text_at(at.x(), y)
    if found is None:
        return False
    origin = stage.document.origin(*found)
    column = stage.document.items[found[0]].sections[found[1].section].passage.column
    for first, _, _ in code_groups(column, y - origin.y(), y - origin.y() + 1):
        before = column.scrolled(first)
        after = min(max(before + by, 0), column.overflow(first))
        if after != before:
            column.scroll(first, after)
            stage.refresh()
            return True
    return False
