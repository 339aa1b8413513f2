"""The buttons inside messages: tools that rest invisibly, the header of a trace, the way to the end."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from app.ui.controls.buttons import IconButton, PaintedButton
from app.ui.focus_ring import FOCUS_RADIUS
from app.ui.icons import Icons
from app.ui.theme import Motion, Radius, Role, Size, Space, Theme
from app.ui.transcript import words
from app.ui.transcript.measures import Measure
from app.ui.transcript.page import Page
from app.ui.transcript.painting import colors_of_header, draw_header, header_width


class ToolButton(IconButton):
    """An icon below a message: there for the keyboard always, seen only while its message is looked at.

    Signals: `focus_changed` when the focus comes or goes.
    """

    focus_changed = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(theme, icons, "copy", words.copy(), parent=parent)
        self._shown = True
        self._name = "copy"
        self._done = QTimer(self)
        self._done.setSingleShot(True)
        self._done.setInterval(Motion.DONE_STAYS)
        self._done.timeout.connect(self._on_done_over)

    @property
    def shown(self) -> bool:
        """Whether it is seen."""
        return self._shown

    @property
    def done(self) -> bool:
        """Whether it shows that it has done its work."""
        return self._done.isActive()

    def set_tool(self, icon: str, name: str, tip: str, size: int) -> None:
        """Becomes another tool."""
        self._name = icon
        self._done.stop()
        self.set_icon(icon, size)
        self.setAccessibleName(name)
        self.setAccessibleDescription("")
        self.setToolTip(tip)

    def set_shown(self, shown: bool) -> None:
        """Is seen, or rests."""
        if shown != self._shown:
            self._shown = shown
            self.update()

    def show_done(self) -> None:
        """Shows for a moment that it has done its work."""
        self.set_icon("check", self._icon_size)
        self.setAccessibleDescription(words.copied())
        self._done.start()

    def ink(self) -> QColor:
        """Green while it shows that it is done."""
        return self._theme.tokens.success if self.done else super().ink()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints nothing while it rests."""
        if self._shown or self.hasFocus() or self.done:
            super().paintEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tells that the focus came."""
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tells that the focus went."""
        super().focusOutEvent(event)
        self.focus_changed.emit()

    def _on_done_over(self) -> None:
        self.set_icon(self._name, self._icon_size)
        self.setAccessibleDescription("")


class VersionLabel(QLabel):
    """Which version of a message is shown: seen as the tools are, told in words."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._shown = True
        self.setFont(theme.font(Role.LABEL, tabular=True))
        self.setProperty("tone", "quiet")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def shown(self) -> bool:
        """Whether it is seen."""
        return self._shown

    def set_version(self, number: int, count: int) -> None:
        """Says which of how many."""
        self.setText(words.version_short(number, count))
        self.setAccessibleName(words.version_of(number, count))

    def set_shown(self, shown: bool) -> None:
        """Is seen, or rests."""
        if shown != self._shown:
            self._shown = shown
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints nothing while it rests."""
        if self._shown:
            super().paintEvent(event)


class ThinkingHeader(QAbstractButton):
    """The line above a trace that opens and folds it; checked while it is open, described by its own words."""

    focus_changed = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._text = ("", "")
        self._live = False
        self._faint = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setProperty(FOCUS_RADIUS, Radius.BUTTON)
        self.setAccessibleName(words.thinking_name())
        theme.changed.connect(self.update)

    def set_state(self, text: tuple[str, str], live: bool, is_open: bool, faint: bool) -> None:
        """Shows these words; `live` while the model thinks, `is_open` while the trace is shown, `faint` if left out."""
        if self.isChecked() != is_open:
            # Only who presses it shall be heard, not who shows what came of it.
            self.blockSignals(True)
            self.setChecked(is_open)
            self.blockSignals(False)
            self.update()
        if (text, live, faint) == (self._text, self._live, self._faint):
            return
        self._text, self._live, self._faint = text, live, faint
        self.setAccessibleDescription("".join(text))
        self.update()

    def nextCheckState(self) -> None:
        """Is checked by whoever opens the trace, so that both always say the same."""

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        words_width = -int(-header_width(self._text, self._theme))
        scaled = self._theme.reading.scaled
        icon = scaled(Size.ICON_SMALL) + scaled(Space.BESIDE_ICON)
        return QSize(icon + words_width + Space.XS, scaled(Measure.HEADER))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints chevron and words."""
        painter = QPainter(self)
        tokens, rtl = self._theme.tokens, self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        first, rest = colors_of_header(tokens, self._live, self._faint)
        if self.underMouse():
            first, rest = (first if self._live else tokens.text), tokens.text_2
        name = "chevron-down" if self.isChecked() else "chevron-right"
        color = tokens.text if self.underMouse() else tokens.muted
        size = self._theme.reading.scaled(Size.ICON_SMALL)
        pixmap = self._icons.pixmap(name, size, color, self.devicePixelRatioF())
        left = self.width() - size if rtl else 0
        painter.drawPixmap(QPointF(left, (self.height() - size) // 2), pixmap)
        beside = size + self._theme.reading.scaled(Space.BESIDE_ICON)
        area = QRectF(self.rect()).adjusted(0 if rtl else beside, 0, -beside if rtl else 0, 0)
        draw_header(painter, area, self._text, self._theme, (first, rest), rtl)
        painter.end()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Repaints under the pointer."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Repaints without the pointer."""
        super().leaveEvent(event)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tells that the focus came."""
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tells that the focus went."""
        super().focusOutEvent(event)
        self.focus_changed.emit()


class JumpButton(PaintedButton):
    """Goes to the end: a round button that stands beside the composer while the end is out of sight."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(theme, icons, "arrow-down", parent)
        self.setFixedSize(Size.JUMP, Size.JUMP)
        self.set_radius(Size.JUMP // 2)
        self.setAccessibleName(words.jump())
        self.setToolTip(words.jump())

    def place(self, page: Page, bottom: int, bar: int) -> None:
        """Stands beside the composer, whose upper edge is at `bottom`; inside the edge where there is no margin.

        `bar` is the width of the scroll bar beside the page.
        """
        start = page.width + Space.HANG + Size.JUMP_GAP
        rect = page.rect(start, 0, Size.JUMP, Size.JUMP)
        if page.narrow:
            rect = page.rect_to(-Space.HANG, 0, Size.JUMP, Size.JUMP)
        self.move(rect.left() + (bar if page.rtl else 0), bottom - Measure.JUMP_BOTTOM - Size.JUMP)

    def fill(self) -> QColor | None:
        """Raised above the text it covers."""
        return super().fill() or self._theme.tokens.raised

    def ink(self) -> QColor:
        """Stronger than other icons, since it lies on text."""
        tokens = self._theme.tokens
        return tokens.text if self.underMouse() else tokens.text_2

    def line(self) -> QColor | None:
        """A control's outline."""
        return self._theme.tokens.border_control
