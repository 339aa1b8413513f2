"""Draws messages: speakers, surfaces, rules and hairlines by hand, texts by their columns."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from app.ui.theme import Radius, Role, Size, Space, Theme
from app.ui.tokens import Tokens
from app.ui.transcript import words
from app.ui.transcript.document import Document
from app.ui.transcript.items import Item, Part, PartKind
from app.ui.transcript.measures import Measure
from app.ui.transcript.page import Page, snapped
from app.ui.transcript.sections import ThinkingSection
from app.ui.transcript.selection import Selection, Span
from app.ui.transcript.styles import Inks, inks


@dataclass(frozen=True)
class Canvas:
    """What is drawn on: `shift` is what to take from a height in the document to get one in the view."""

    painter: QPainter
    page: Page
    clip: QRectF
    shift: int
    ratio: float


class Painting:
    """Draws the part of a document that is seen."""

    def __init__(self, theme: Theme, document: Document, selection: Selection) -> None:
        self._theme = theme
        self._document = document
        self._selection = selection

    def draw(self, painter: QPainter, area: QRect, shift: int, ratio: float) -> None:
        """Draws what is seen of the document through `area` of the view."""
        painter.fillRect(area, self._theme.tokens.page)
        canvas = Canvas(painter, self._document.page, QRectF(area), shift, ratio)
        for index in self._document.between(area.top() + shift, area.bottom() + 1 + shift):
            self._draw_item(canvas, index)

    def _draw_item(self, canvas: Canvas, index: int) -> None:
        item = self._document.items[index]
        top = self._document.top(index) - canvas.shift
        self._draw_speaker(canvas, item, top)
        for part in item.parts:
            y = top + part.top
            if y + part.height < canvas.clip.top() or y > canvas.clip.bottom():
                continue
            if part.kind is PartKind.QUESTION:
                self._draw_question(canvas, index, part, y)
            elif part.kind is PartKind.ANSWER:
                self._draw_text(canvas, index, part, canvas.clip, faint=False)
            elif part.kind is PartKind.TRACE:
                self._draw_trace(canvas, index, part, y)
            else:
                self._draw_line(canvas, item, part, y)

    def _draw_speaker(self, canvas: Canvas, item: Item, top: int) -> None:
        name = (item.message.model or words.model()) if item.is_reply else words.you()
        page = canvas.page
        if page.narrow:
            rect, end = page.rect(0, top, page.width, page.scaled(Measure.SPEAKER)), False
        else:
            start = -Space.HANG - Space.SPEAKER_GAP - Size.SPEAKER
            below = _beside(item.parts[0].kind, page) if item.parts else 0
            width = min(Size.SPEAKER, page.left - Space.HANG - Space.SPEAKER_GAP - Space.S)
            rect = page.rect(start + Size.SPEAKER - width, top + below, width, page.scaled(Measure.SPEAKER))
            end = True
        if not canvas.clip.intersects(QRectF(rect)):
            return
        font = self._theme.reading_font(Role.LABEL)
        side = Qt.AlignmentFlag.AlignRight if end != page.rtl else Qt.AlignmentFlag.AlignLeft
        canvas.painter.setFont(font)
        canvas.painter.setPen(self._theme.tokens.muted)
        text = QFontMetricsF(font).elidedText(name, Qt.TextElideMode.ElideRight, rect.width())
        flags = side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        canvas.painter.drawText(QRectF(rect), flags, text)

    def _draw_question(self, canvas: Canvas, index: int, part: Part, y: int) -> None:
        left, width = canvas.page.surface
        painter = canvas.painter
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.tokens.sunken)
        painter.drawRoundedRect(QRectF(left, y, width, part.height), Radius.CARD, Radius.CARD)
        self._draw_text(canvas, index, part, canvas.clip, faint=False)

    def _draw_text(self, canvas: Canvas, index: int, part: Part, clip: QRectF, *, faint: bool) -> None:
        item = self._document.items[index]
        origin = self._document.origin(index, part)
        at = QPointF(origin.x(), origin.y() - canvas.shift)
        column = item.sections[part.section].passage.column
        column.draw(canvas.painter, at, clip, self._inks(canvas, item, faint), self._span(index, part))

    def _inks(self, canvas: Canvas, item: Item, faint: bool) -> Inks:
        return inks(self._theme.tokens, canvas.ratio, faint=faint, left_out=item.left_out)

    def _span(self, index: int, part: Part) -> Span | None:
        return self._selection.span(index, part.section)

    def _draw_trace(self, canvas: Canvas, index: int, part: Part, y: int) -> None:
        section = self._document.items[index].sections[part.section]
        assert isinstance(section, ThinkingSection)
        if part.height <= Measure.RULE_TOP:
            return
        painter, page, tokens = canvas.painter, canvas.page, self._theme.tokens
        top = y + Measure.RULE_TOP
        seen = QRectF(
            page.rect(-Space.HANG, top, page.width + 2 * Space.HANG, part.height - Measure.RULE_TOP)
        )
        color = tokens.accent if section.live else tokens.border_control
        rule = page.rect(-Space.HANG, top, Space.HANG_RULE, part.height - Measure.RULE_TOP)
        _draw_rule(painter, QRectF(rule), color)
        painter.save()
        painter.setClipRect(seen, Qt.ClipOperation.IntersectClip)
        frame = QRectF(page.rect(0, top, page.width, section.frame))
        text = QRectF(
            page.rect(-Measure.TRACE_CODE_HANG, top, page.width + Measure.TRACE_CODE_HANG, section.frame)
        )
        if section.maximum:
            text.adjust(0, self._cut_line(section), 0, 0)
        painter.save()
        painter.setClipRect(text, Qt.ClipOperation.IntersectClip)
        self._draw_text(canvas, index, part, text.intersected(canvas.clip), faint=True)
        painter.restore()
        if section.maximum:
            for edge in (frame.top(), frame.bottom() - Space.HAIR):
                line = QRectF(frame.left(), edge, frame.width(), Space.HAIR)
                painter.fillRect(snapped(line, canvas.ratio), tokens.border)
        painter.restore()

    def _cut_line(self, section: ThinkingSection) -> int:
        """How much of the frame to keep free at its top, so that a trace that follows its end shows whole lines."""
        if not section.follows:
            return 0
        column = section.passage.column
        place = section.offset - Measure.TRACE_PAD
        block = column.at(place)
        if block < 0 or column.blocks[block].kind == "code":
            return 0
        inside = place - column.top(block) - column.gap(block)
        return 0 if inside <= 0 else -inside % column.style.line

    def _draw_line(self, canvas: Canvas, item: Item, part: Part, y: int) -> None:
        """Draws the parts that are one line of words; their buttons are widgets."""
        if part.kind is PartKind.READING and item.prefill is not None:
            self._draw_head(canvas, (words.reading(), " " + words.read_so_far(*item.prefill)), y)
        elif part.kind is PartKind.WAITING:
            self._draw_head(canvas, (words.waiting(), ""), y)
        elif part.kind is PartKind.ENDED:
            rect = QRectF(canvas.page.rect(0, y, canvas.page.width, part.height))
            self._draw_words(canvas, rect, item.ending)
        elif part.kind is PartKind.CUT:
            self._draw_cut(canvas, item.cut, y)

    def _draw_words(self, canvas: Canvas, rect: QRectF, text: str) -> None:
        canvas.painter.setFont(self._theme.reading_font(Role.LABEL))
        canvas.painter.setPen(self._theme.tokens.muted)
        canvas.painter.drawText(rect, _leading(canvas.page), text)

    def _draw_head(self, canvas: Canvas, text: tuple[str, str], y: int) -> None:
        """Draws what stands in the place of a trace's header."""
        page, painter, tokens = canvas.page, canvas.painter, self._theme.tokens
        draw_header(
            painter,
            QRectF(page.rect(0, y, page.width, page.scaled(Measure.HEADER))),
            text,
            self._theme,
            (tokens.text_2, tokens.muted),
            page.rtl,
        )

    def _draw_cut(self, canvas: Canvas, count: int, y: int) -> None:
        page, painter = canvas.page, canvas.painter
        font = self._theme.reading_font(Role.LABEL)
        text = words.left_out(count)
        width = round(QFontMetricsF(font).horizontalAdvance(text))
        start = (page.width - width) // 2
        self._draw_words(canvas, QRectF(page.rect(start, y, width + 1, page.scaled(Measure.SPEAKER))), text)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        pen = QPen(self._theme.tokens.border_control, Space.HAIR, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        middle = y + page.scaled(Measure.SPEAKER) // 2
        for left in (0, start + width + Measure.CUT_GAP):
            line = page.rect(left, middle, max(start - Measure.CUT_GAP, 0), 1)
            painter.drawLine(line.topLeft(), line.topRight())


def draw_header(
    painter: QPainter,
    rect: QRectF,
    text: tuple[str, str],
    theme: Theme,
    colors: tuple[QColor, QColor],
    rtl: bool,
) -> float:
    """Draws a first word in medium weight and what follows it; the width of both."""
    at = 0.0
    if rtl:
        painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        text = (words.isolated(text[0]), words.isolated(text[1]))
    for words_of_part, role, color in zip(text, (Role.CONTROL, Role.INTERFACE), colors, strict=True):
        font = theme.reading_font(role, tabular=True)
        painter.setFont(font)
        painter.setPen(color)
        part, width = _fitted(words_of_part, font, rect.width() - at)
        left = rect.right() - at - width if rtl else rect.left() + at
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(
            QRectF(left, rect.top(), width + 1, rect.height()), flags | Qt.TextFlag.TextSingleLine, part
        )
        at += width
    return at


def _fitted(text: str, font: QFont, room: float) -> tuple[str, float]:
    """A text, cut where there is no more room, and its width."""
    metrics = QFontMetricsF(font)
    width = metrics.horizontalAdvance(text)
    if width <= room + 1:
        return text, width
    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(room, 0.0))
    return text, metrics.horizontalAdvance(text)


def header_width(text: tuple[str, str], theme: Theme) -> float:
    """How wide `draw_header` draws."""
    fonts = (theme.reading_font(Role.CONTROL, tabular=True), theme.reading_font(Role.INTERFACE, tabular=True))
    return sum(QFontMetricsF(font).horizontalAdvance(part) for part, font in zip(text, fonts, strict=True))


def _draw_rule(painter: QPainter, rect: QRectF, color: QColor) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(rect, Space.HAIR, Space.HAIR)


def _leading(page: Page) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if page.rtl else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter


def _beside(first: PartKind, page: Page) -> int:
    """How far below the message's top the speaker stands beside it, so that it sits on the first line."""
    if first is PartKind.QUESTION:
        return Measure.QUESTION_PAD + page.scaled(Measure.SPEAKER_BESIDE_TEXT)
    text = first is PartKind.ANSWER
    return page.scaled(Measure.SPEAKER_BESIDE_TEXT if text else Measure.SPEAKER_BESIDE_HEADER)


def colors_of_header(tokens: Tokens, live: bool, faint: bool) -> tuple[QColor, QColor]:
    """The colours of a thinking header's first words and of what follows."""
    if faint:
        return tokens.muted, tokens.muted
    return (tokens.accent_text if live else tokens.text_2), tokens.muted
