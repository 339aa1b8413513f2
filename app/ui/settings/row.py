"""One setting on its page: what it is called, what it does, its control, and the way back to the default."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui.announce import announce
from app.ui.controls.alignment import align_to_start
from app.ui.controls.buttons import IconButton
from app.ui.controls.choice_field import ChoiceField
from app.ui.controls.paragraph import Paragraph
from app.ui.controls.segmented_choice import SegmentedChoice
from app.ui.hairline import paint_hairline
from app.ui.icons import Icons
from app.ui.settings.catalogue import Entry
from app.ui.settings.own_number import OwnNumber
from app.ui.theme import Role, Size, Space, Theme

# The share of a line that words take before a stretch behind them takes anything.
_WHOLE: Final = 1000


class SettingRow(QWidget):
    """Words at the start, controls at the end, and between them the way back where there is one to go.

    `compact` rows stand closer together, as in a table.
    """

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        entry: Entry,
        *,
        compact: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.entry = entry
        self._theme = theme
        self._icons = icons
        self._focused: QWidget | None = None
        self.title = QLabel(entry.title, self)
        self.title.setFont(theme.font(Role.CONTROL))
        align_to_start(self.title)
        self.about = Paragraph(theme, Role.INTERFACE, self)
        self.about.setProperty("tone", "quiet")
        self.about.setMaximumWidth(Size.SETTING_WORDS)
        self.about.flow()
        self.set_about(entry.about)
        self.problem = _Problem(theme, icons, self)
        self.reset_button = IconButton(theme, icons, "undo-2", self._reset_words(), parent=self)
        # A control keeps its place when the way back appears beside it.
        keeps = self.reset_button.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)
        self.reset_button.setSizePolicy(keeps)
        self.reset_button.hide()
        self._controls = QHBoxLayout()
        self._controls.setSpacing(Space.S)
        self._arrange(Space.S if compact else Space.L)
        theme.changed.connect(self.update)

    def add_control(self, control: QWidget) -> None:
        """Puts a control at the end. Assistive technology hears the row's words with it."""
        if isinstance(control, (ChoiceField, SegmentedChoice, OwnNumber)):
            control.describe(self.entry.about)
        elif not control.accessibleDescription():
            control.setAccessibleDescription(self.entry.about)
        if self._focused is None:
            self.focus_on(control)
        self._controls.addWidget(control)

    def on_reset(self, reset: Callable[[], None]) -> None:
        """What the way back does."""
        self.reset_button.clicked.connect(reset)

    def set_changed(self, changed: bool) -> None:
        """Shows the way back where something else than the default is chosen."""
        if not changed and self.reset_button.hasFocus():
            self.focusNextChild()
        self.reset_button.setVisible(changed)

    def set_about(self, text: str) -> None:
        """Says something else below the title; nothing takes no room."""
        self.about.set_text(text)
        self.about.setVisible(bool(text))

    def set_problem(self, text: str) -> None:
        """Says what is wrong with what was typed, and says it aloud."""
        self.problem.say(text)
        if text:
            announce(self, text)

    def focus_on(self, control: QWidget) -> None:
        """Names the control that gets the focus when the setting was looked for."""
        self._focused = control

    def focus_control(self) -> None:
        """Puts the focus on the control, or on the first of its parts that takes it."""
        if self._focused is None:
            return
        for one in (self._focused, *self._focused.findChildren(QWidget)):
            if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isEnabled() and not one.isHidden():
                one.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the line below."""
        painter = QPainter(self)
        line = QRectF(0, self.height() - Space.HAIR, self.width(), Space.HAIR)
        paint_hairline(painter, line, self._theme.tokens.border)
        painter.end()

    def _arrange(self, around: int) -> None:
        about = QHBoxLayout()
        about.addWidget(self.about, _WHOLE)
        about.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addLayout(about)
        words.addWidget(self.problem)
        end = QHBoxLayout()
        end.setSpacing(Space.S)
        end.addWidget(self.reset_button)
        end.addLayout(self._controls)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, around, 0, around)
        row.setSpacing(Space.L)
        row.addLayout(words, 1)
        row.addLayout(end)

    def _reset_words(self) -> str:
        return self.tr("Back to the default: {setting}").format(setting=self.entry.title)


class _Problem(QWidget):
    """What is wrong, in words beside a sign; takes no room while nothing is."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._sign = QLabel(self)
        self._sign.setFixedSize(Size.ICON_SMALL, theme.line_height(Role.INTERFACE))
        self._words = Paragraph(theme, Role.LABEL, self)
        self._words.setProperty("tone", "danger")
        self._words.flow()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, Space.XS, 0, 0)
        row.setSpacing(Space.BESIDE_ICON)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1, Qt.AlignmentFlag.AlignVCenter)
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty while nothing is wrong."""
        return self._words.plain_text if not self.isHidden() else ""

    def say(self, text: str) -> None:
        """Says what is wrong, or nothing."""
        self._words.set_text(text)
        self.setVisible(bool(text))

    def _dress(self) -> None:
        ratio = self.devicePixelRatioF()
        color = self._theme.tokens.danger
        self._sign.setPixmap(self._icons.pixmap("circle-alert", Size.ICON_SMALL, color, ratio))
