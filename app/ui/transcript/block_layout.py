"""The renderers of blocks: one class a kind, all with the same few questions."""

from dataclasses import dataclass
from typing import Final, Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from app.markup.blocks import Block
from app.ui.theme import Radius, Space
from app.ui.transcript import words
from app.ui.transcript.lines import Lines
from app.ui.transcript.measures import Measure
from app.ui.transcript.styles import Inks, TextStyle


@dataclass(frozen=True)
class Setting:
    """What a block is set in: the text's width, its direction, and whether another piece of it follows."""

    width: int
    rtl: bool
    last: bool


class BlockLayout(Protocol):
    """One block, laid out. Points are relative to its upper corner at the text's left edge."""

    @property
    def height(self) -> int:
        """In pixels, without the gap above."""

    @property
    def natural_width(self) -> float:
        """How wide it would be if it had all the room it wants."""

    def draw(
        self,
        painter: QPainter,
        at: QPointF,
        clip: QRectF,
        inks: Inks,
        span: tuple[int, int] | None,
        scrolled: int,
    ) -> None:
        """Draws what `clip` meets; `span` is selected; `scrolled` is how far it is scrolled to its side."""

    def offset_at(self, point: QPointF, scrolled: int) -> int:
        """The character boundary nearest to a point."""

    def rect_of(self, offset: int, scrolled: int) -> QRectF:
        """Where a character boundary is."""


class ParagraphLayout:
    """Flowing text."""

    def __init__(self, block: Block, style: TextStyle, setting: Setting) -> None:
        self._lines = Lines(block.text, style.font, style.line, setting.width, rtl=setting.rtl)
        self.height = max(self._lines.count, 1) * style.line
        self.natural_width = self._lines.natural_width

    def draw(
        self,
        painter: QPainter,
        at: QPointF,
        clip: QRectF,
        inks: Inks,
        span: tuple[int, int] | None,
        scrolled: int,
    ) -> None:
        """Draws the lines."""
        self._lines.draw(painter, at, clip, inks.text, inks, span)

    def offset_at(self, point: QPointF, scrolled: int) -> int:
        """The character boundary nearest to a point."""
        return self._lines.offset_at(point)

    def rect_of(self, offset: int, scrolled: int) -> QRectF:
        """Where a character boundary is."""
        return self._lines.rect_of(offset)


class CodeLayout:
    """A piece of code on its surface: the first piece has the label, the last one the lower edge."""

    def __init__(self, block: Block, style: TextStyle, setting: Setting) -> None:
        self._lines = Lines(block.text, style.code_font, style.code_line, None, rtl=False)
        self._first = block.glue is None
        self._label = words.code_language(block.language) if self._first else ""
        self._style = style
        self._setting = setting
        self._top = code_top(block, style)
        self.height = code_height(block, style, setting.last)
        self.natural_width = self._lines.natural_width

    def draw(
        self,
        painter: QPainter,
        at: QPointF,
        clip: QRectF,
        inks: Inks,
        span: tuple[int, int] | None,
        scrolled: int,
    ) -> None:
        """Draws surface, label and lines."""
        hang = self._style.code_hang
        area = QRectF(at.x() - hang, at.y(), self._setting.width + 2 * hang, self.height)
        self._draw_surface(painter, area, inks)
        if self._label:
            painter.setFont(self._style.label_font)
            painter.setPen(inks.label)
            label = QRectF(at.x(), at.y() + Space.HAIR, self._setting.width, self._style.code_head)
            painter.drawText(label, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._label)
        painter.save()
        inner = area.adjusted(Space.HAIR, 0, -Space.HAIR, 0).intersected(clip)
        painter.setClipRect(inner, Qt.ClipOperation.IntersectClip)
        self._lines.draw(
            painter, QPointF(at.x() - scrolled, at.y() + self._top), inner, inks.code, inks, span
        )
        painter.restore()

    def offset_at(self, point: QPointF, scrolled: int) -> int:
        """The character boundary nearest to a point."""
        return self._lines.offset_at(QPointF(point.x() + scrolled, point.y() - self._top))

    def rect_of(self, offset: int, scrolled: int) -> QRectF:
        """Where a character boundary is."""
        return self._lines.rect_of(offset).translated(-scrolled, self._top)

    def _draw_surface(self, painter: QPainter, area: QRectF, inks: Inks) -> None:
        # What lies outside of this piece is cut off, and so are the corners that belong to another piece.
        above = 0 if self._first else 2 * Radius.CARD
        below = 0 if self._setting.last else 2 * Radius.CARD
        outer = area.adjusted(0, -above, 0, below)
        hair = max(round(Space.HAIR * inks.ratio), 1) / inks.ratio
        painter.save()
        painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(inks.line)
        painter.drawRoundedRect(outer, Radius.CARD, Radius.CARD)
        painter.setBrush(inks.surface)
        inner = Radius.CARD - hair
        painter.drawRoundedRect(outer.adjusted(hair, hair, -hair, -hair), inner, inner)
        painter.restore()


def code_top(block: Block, style: TextStyle) -> int:
    """Where the text of a piece of code begins below its top."""
    return Space.HAIR + style.code_head + Measure.CODE_TOP if block.glue is None else 0


def code_height(block: Block, style: TextStyle, last: bool) -> int:
    """The height of a piece of code: known without laying it out, since its lines are never broken."""
    lines = block.text.count("\n") + 1
    bottom = Measure.CODE_BOTTOM + Space.HAIR if last else 0
    return code_top(block, style) + lines * style.code_line + bottom


_LAYOUTS: Final[dict[str, type[ParagraphLayout] | type[CodeLayout]]] = {
    "paragraph": ParagraphLayout,
    "code": CodeLayout,
}


def lay_out(block: Block, style: TextStyle, setting: Setting) -> BlockLayout:
    """The renderer of the block's kind, laid out."""
    return _LAYOUTS[block.kind](block, style, setting)
