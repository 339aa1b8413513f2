"""What this machine has, in four short columns between two hairlines; grey bars stand in while it is looked up."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.services.machine_report import MachineReport
from app.ui.controls.elided_label import ElidedLabel
from app.ui.controls.icon_label import IconLabel
from app.ui.first_run import words
from app.ui.first_run.line import Line
from app.ui.hairline import paint_hairline
from app.ui.icons import Icons
from app.ui.theme import Radius, Role, Size, Space, Theme

_COLUMNS: Final = 4


class MachineStrip(QWidget):
    """Processor, memory, graphics and disk; in two rows where there is no room for one."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(self.tr("This machine"))
        facts: tuple[tuple[str, str, Callable[[MachineReport], words.Lines]], ...] = (
            ("cpu", self.tr("Processor"), words.processor),
            ("memory-stick", self.tr("Memory"), words.memory),
            ("gpu", self.tr("Graphics"), words.graphics),
            ("hard-drive", self.tr("Disk"), words.disk),
        )
        self.facts = [Fact(theme, icons, icon, name, says, self) for icon, name, says in facts]
        self._grid = QGridLayout(self)
        edge = Space.BLOCK_GAP + Space.HAIR
        self._grid.setContentsMargins(0, edge, 0, edge)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._grid.setHorizontalSpacing(Space.S)
        self._grid.setVerticalSpacing(Space.L)
        self.set_narrow(False)
        theme.changed.connect(self.update)

    def set_narrow(self, narrow: bool) -> None:
        """Stands in two rows of two, or in one of four."""
        across = _COLUMNS // 2 if narrow else _COLUMNS
        for number, fact in enumerate(self.facts):
            self._grid.addWidget(fact, number // across, 2 * (number % across))
        # What is left over goes between the columns; two columns share the width.
        for column in range(2 * _COLUMNS):
            between = column % 2 == 1 and column < 2 * across - 1
            self._grid.setColumnStretch(
                column, int(narrow and column in (0, 2)) or int(between and not narrow)
            )

    def show_report(self, report: MachineReport) -> None:
        """Says what was found."""
        for fact in self.facts:
            fact.show_report(report)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the two hairlines."""
        painter = QPainter(self)
        for top in (0, self.height() - Space.HAIR):
            line = QRectF(0, top, self.width(), Space.HAIR)
            paint_hairline(painter, line, self._theme.tokens.border)
        painter.end()


class Fact(QWidget):
    """A label with its icon, and two lines beneath."""

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        icon: str,
        name: str,
        says: Callable[[MachineReport], words.Lines],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._says = says
        head = self._head(theme, icons, icon)
        self._strong = _Strong(theme, self)
        self._quiet = Line(theme, Role.LABEL, parent=self)
        self._quiet.setProperty("tone", "quiet")
        self._waiting = _Placeholder(theme, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addSpacing(Space.XS)
        for widget in (self._strong, self._quiet, self._waiting):
            column.addWidget(widget)
        column.addStretch()
        self._strong.hide()
        self._quiet.hide()
        self.setAccessibleName(self.tr("{fact}: being looked up").format(fact=name))

    def _head(self, theme: Theme, icons: Icons, icon: str) -> QHBoxLayout:
        label = QLabel(self._name, self)
        label.setFont(theme.font(Role.LABEL))
        label.setProperty("tone", "quiet")
        label.setFixedHeight(theme.line_height(Role.LABEL))
        head = QHBoxLayout()
        head.setSpacing(Space.BESIDE_ICON)
        head.addWidget(IconLabel(theme, icons, icon, Size.ICON_SMALL, self))
        head.addWidget(label)
        head.addStretch()
        return head

    @property
    def text(self) -> str:
        """What it says; empty while it is looked up."""
        return f"{self._strong.text()}\n{self._quiet.text()}".strip()

    def show_report(self, report: MachineReport) -> None:
        """Takes the place of the grey bars."""
        lines = self._says(report)
        self._strong.set_text(lines.strong)
        self._quiet.setText(lines.quiet)
        self._waiting.hide()
        self._strong.show()
        self._quiet.show()
        self.setAccessibleName(f"{self._name}: {', '.join(filter(None, lines))}")


class _Strong(ElidedLabel):
    """As wide as its text where there is room, and no wider."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self.setFont(theme.font(Role.CONTROL, tabular=True))
        self.setFixedHeight(theme.line_height(Role.CONTROL))
        self.setMinimumWidth(0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As wide as its text, within a limit: some processors' names are sentences."""
        hint = super().sizeHint()
        return QSize(min(hint.width(), Size.MODEL_NAME), hint.height())

    def minimumSizeHint(self) -> QSize:
        """A long name may be cut, a figure never."""
        return QSize(min(Size.TITLE_MIN, self.sizeHint().width()), super().minimumSizeHint().height())


class _Placeholder(QWidget):
    """Two grey bars in the room of two lines."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines = (theme.line_height(Role.CONTROL), theme.line_height(Role.LABEL))
        self.setFixedSize(Size.PLACEHOLDER[0], sum(self._lines))
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the bars; the second is shorter."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.tokens.track)
        painter.setBrush(self._theme.tokens.track)
        width, height = Size.PLACEHOLDER
        top = 0
        for number, line in enumerate(self._lines):
            long = width if number == 0 else width / 2
            left = width - long if self.isRightToLeft() else 0
            bar = QRectF(left, top + (line - height) / 2, long, height)
            painter.drawRoundedRect(bar.adjusted(0, 0, -1, -1), Radius.BAR, Radius.BAR)
            top += line
        painter.end()
