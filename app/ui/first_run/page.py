"""The first page: which machine this is, and two ways to a model that need no download."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.services.machine_report import MachineReport, MachineService
from app.ui.controls.icon_label import IconLabel
from app.ui.controls.paragraph import Paragraph
from app.ui.first_run.line import Line
from app.ui.first_run.machine_strip import MachineStrip
from app.ui.first_run.mark import Mark
from app.ui.first_run.way_card import WayCard
from app.ui.icons import Icons
from app.ui.theme import Role, Size, Space, Theme


class FirstRunPage(QScrollArea):
    """Looks at the machine as soon as it is shown. Signals: `demo_requested`, `file_requested`."""

    demo_requested = Signal()
    file_requested = Signal()

    def __init__(
        self, theme: Theme, icons: Icons, machine: MachineService, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._machine = machine
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("First steps"))
        self._inner = _Inner()
        self._inner.setObjectName("page")
        self.strip = MachineStrip(theme, icons, self._inner)
        self.demo_card = WayCard(
            theme,
            icons,
            "play",
            self.tr("Try the tiny demo model now"),
            self.tr(
                "Comes with the app, no download. It does sums, sorts numbers and counts letters, "
                "and shows how thinking looks."
            ),
        )
        self.file_card = WayCard(
            theme,
            icons,
            "folder-open",
            self.tr("Use a file I already have"),
            self.tr("Any GGUF file; it stays where it is. You can also drop one on this window."),
        )
        self._cards = QGridLayout()
        self._arrange(icons)
        self.demo_card.clicked.connect(self.demo_requested)
        self.file_card.clicked.connect(self.file_requested)
        machine.known.connect(self.show_machine)
        if machine.report is not None:
            self.show_machine(machine.report)

    def show_machine(self, report: MachineReport) -> None:
        """Says what was found of this machine."""
        self.strip.show_report(report)

    def showEvent(self, event: QShowEvent) -> None:
        """Begins to look at the machine; Enter takes the first way at once, Tab goes on to the next."""
        super().showEvent(event)
        self.demo_card.setFocus()
        if self._machine.report is None:
            self._machine.look()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stacks what no longer stands side by side."""
        super().resizeEvent(event)
        self._set_narrow(self.viewport().width() - 2 * Space.PAGE < Size.FIRST_RUN_STACKS)

    def _set_narrow(self, narrow: bool) -> None:
        self.strip.set_narrow(narrow)
        self._cards.addWidget(self.demo_card, 0, 0)
        self._cards.addWidget(self.file_card, 1 if narrow else 0, 0 if narrow else 1)
        self._cards.setColumnStretch(0, 1)
        self._cards.setColumnStretch(1, 0 if narrow else 1)

    def _arrange(self, icons: Icons) -> None:
        self._cards.setContentsMargins(0, 0, 0, 0)
        self._cards.setSpacing(Space.M)
        column = QVBoxLayout()
        column.setContentsMargins(0, Space.FIRST_RUN_TOP, 0, Size.CONTROL)
        column.setSpacing(0)
        column.addWidget(Mark(self._theme, self._inner))
        column.addSpacing(Space.HANG)
        column.addWidget(self._title())
        column.addSpacing(Space.S)
        column.addLayout(self._lead())
        column.addSpacing(Space.COLUMN_TOP)
        column.addWidget(self.strip)
        column.addSpacing(Space.COLUMN_TOP)
        column.addLayout(self._cards)
        column.addSpacing(Space.COLUMN_TOP)
        column.addLayout(self._promise(icons))
        column.addStretch(1)
        body = QWidget(self._inner)
        body.setLayout(column)
        body.setMaximumWidth(Size.FIRST_RUN_COLUMN)
        middle = QHBoxLayout(self._inner)
        middle.setContentsMargins(Space.PAGE, 0, Space.PAGE, 0)
        middle.addStretch()
        # The column takes all it may before the margins beside it grow.
        middle.addWidget(body, Size.FIRST_RUN_COLUMN)
        middle.addStretch()
        self._set_narrow(False)
        self.setWidget(self._inner)

    def _title(self) -> Paragraph:
        title = Paragraph(self._theme, Role.FIRST_RUN_TITLE, self._inner)
        title.set_text(self.tr("Which model shall think here?"))
        return title

    def _lead(self) -> QHBoxLayout:
        lead = Paragraph(self._theme, Role.READING, self._inner)
        lead.setProperty("tone", "second")
        lead.set_text(
            self.tr(
                "A model is one large file. Once it is on this machine, you can ask it anything without a network, "
                "and watch how it comes to its answer."
            )
        )
        lead.setMaximumWidth(Size.FIRST_RUN_LEAD)
        row = QHBoxLayout()
        row.addWidget(lead, Size.FIRST_RUN_LEAD)
        row.addStretch()
        return row

    def _promise(self, icons: Icons) -> QHBoxLayout:
        promise = self.tr("Nothing you write leaves this machine. No account, no telemetry.")
        words = Line(self._theme, Role.INTERFACE, promise, self._inner)
        words.setProperty("tone", "second")
        words.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(IconLabel(self._theme, icons, "shield-check", Size.ICON, self._inner, tint="success"))
        row.addWidget(words, 1)
        return row


class _Inner(QWidget):
    """What is scrolled: its height follows from its width, not from the narrowest that it could be."""

    def minimumSizeHint(self) -> QSize:
        """No height of its own, or the page would scroll where all of it can be seen."""
        return QSize(super().minimumSizeHint().width(), 0)
