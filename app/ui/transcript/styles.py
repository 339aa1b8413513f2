"""How texts are set: fonts, lines and gaps of the answer and of the trace, and the colours of the moment."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QColor, QFont, QFontMetricsF

from app.ui.theme import Role, Space, Theme
from app.ui.tokens import Tokens
from app.ui.transcript.measures import Measure

# Typical words, to know how wide a character is on average.
_SAMPLE: Final = "about five hours in most healthy adults, and anything between three and seven is ordinary"


@dataclass(frozen=True)
class TextStyle:
    """How one kind of text is set; lengths in pixels.

    line, code_line: distance of lines. code_head: the line above code. paragraph_gap, block_gap: room between
    paragraphs, and around code.
    code_hang: how far a code block's surface reaches outside the text's edges. unit: an average character's width.
    faint: whether it is the trace, which is set in its own colour.
    """

    font: QFont
    line: int
    code_font: QFont
    code_line: int
    code_head: int
    label_font: QFont
    paragraph_gap: int
    block_gap: int
    code_hang: int
    unit: float
    faint: bool


def reading_style(theme: Theme) -> TextStyle:
    """Questions and answers."""
    return _style(theme, Role.READING, Space.PARAGRAPH_GAP, Space.HANG)


def trace_style(theme: Theme) -> TextStyle:
    """The thinking."""
    return _style(theme, Role.TRACE, Measure.TRACE_GAP, Measure.TRACE_CODE_HANG)


def _style(theme: Theme, role: Role, gap: int, hang: int) -> TextStyle:
    font = theme.reading_font(role)
    return TextStyle(
        font,
        theme.reading_line(role),
        theme.reading_font(Role.CODE),
        theme.reading_line(Role.CODE),
        theme.reading.scaled(Measure.CODE_HEAD),
        theme.reading_font(Role.LABEL),
        theme.reading.scaled(gap),
        theme.reading.scaled(Space.BLOCK_GAP),
        hang,
        _unit(font),
        faint=role is Role.TRACE,
    )


def _unit(font: QFont) -> float:
    return QFontMetricsF(font).horizontalAdvance(_SAMPLE) / len(_SAMPLE)


@dataclass(frozen=True)
class Inks:
    """The colours that a text is drawn in; `ratio` is the screen's."""

    text: QColor
    selected: QColor
    selection: QColor
    code: QColor
    surface: QColor
    line: QColor
    label: QColor
    ratio: float


def inks(tokens: Tokens, ratio: float, *, faint: bool, left_out: bool) -> Inks:
    """The colours of an answer, of a trace (`faint`), or of a message that the next prompt leaves out."""
    text = tokens.muted if left_out else tokens.thinking_text if faint else tokens.text
    code = tokens.muted if left_out else tokens.thinking_text if faint else tokens.text
    return Inks(text, tokens.text, tokens.selection, code, tokens.code, tokens.border, tokens.muted, ratio)
