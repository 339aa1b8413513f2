"""The composer: the field, a line that warns, and one button that sends or stops."""

from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui.announce import announce
from app.ui.composer.editor import MessageEdit, below_text
from app.ui.controls.buttons import PaintedButton
from app.ui.controls.margins import set_margins
from app.ui.focus_ring import FOCUS_FRAME, FOCUS_RADIUS
from app.ui.icons import Icons
from app.ui.theme import Motion, Radius, Role, Size, Space, Theme

if TYPE_CHECKING:
    from app.ui.composer.edit_row import EditRow

HintTone = Literal["quiet", "warning"]

# The icon of a hint: nothing is told by colour alone.
_HINT_ICONS: Final = {"quiet": "info", "warning": "triangle-alert"}


class Composer(QFrame):
    """Where a message is written. The text stays until `sent` is called.

    Signals: `send_requested(text)`, `stop_requested`, `draft_changed(text)` a moment after the last key; while an
    earlier question is edited, `edit_sent(text)` in place of the first and nothing of the last, and `edit_cancelled`;
    `edit_last_requested` when the person wants to edit the last question.
    """

    send_requested = Signal(str)
    stop_requested = Signal()
    draft_changed = Signal(str)
    edit_sent = Signal(str)
    edit_cancelled = Signal()
    edit_last_requested = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._obstacle = ""
        self._answering = False
        self._kept: str | None = None
        self._edit_row: EditRow | None = None
        self._replacing = False
        self._max_height = 0
        self.setObjectName("composer")
        self.setProperty(FOCUS_RADIUS, Radius.COMPOSER)
        self.editor = MessageEdit(theme, self)
        self.editor.setAccessibleName(self.tr("Message"))
        self.editor.setProperty(FOCUS_FRAME, self)
        self.editor.setProperty(FOCUS_RADIUS, Radius.COMPOSER)
        self.button = SendButton(theme, icons, self)
        self._hint_icon = QLabel(self)
        self._hint = QLabel(self)
        self._hint.setFont(theme.font(Role.LABEL, tabular=True))
        self._hint_tone: HintTone = "quiet"
        self._hint.setProperty("tone", self._hint_tone)
        self._debounce = QTimer(self)
        self._debounce.setSingleShot(True)
        self._debounce.setInterval(Motion.DRAFT)
        self._text = QHBoxLayout()
        self._column = QVBoxLayout(self)
        self._arrange()
        self.editor.submitted.connect(self._on_submitted)
        self.editor.changed.connect(self._on_changed)
        self.editor.escaped.connect(self.cancel_edit)
        self.editor.raised.connect(self.edit_last_requested)
        self.button.clicked.connect(self._on_clicked)
        self._debounce.timeout.connect(lambda: self.draft_changed.emit(self.editor.text))
        theme.changed.connect(self._paint_hint)
        theme.reading_changed.connect(self._space_text)
        self.set_hint("")
        self._refresh()

    @property
    def editing(self) -> bool:
        """Whether an earlier question is written anew."""
        return self._kept is not None

    @property
    def draft(self) -> str:
        """What is written and not sent; while a question is edited, what was written before."""
        return self.editor.text if self._kept is None else self._kept

    def set_draft(self, text: str) -> None:
        """Holds what stands unsent in another conversation, without a word about it; ends editing.

        What was typed in the last moment has perhaps not been told yet: ask `draft` before.
        """
        self._debounce.stop()
        self._end_edit()
        self._replace(text)

    def begin_edit(self, text: str) -> None:
        """Lets the person write a question anew; what was written before comes back afterwards."""
        if self._kept is None:
            self._kept = self.editor.text
            if self._debounce.isActive():
                self._debounce.stop()
                self.draft_changed.emit(self._kept)
        self.editor.takes_escape = True
        self._show_edit_row()
        self._replace(text)
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def cancel_edit(self) -> None:
        """Gives up editing: what was written before is there again."""
        if self._kept is not None:
            self._restore()
            self.edit_cancelled.emit()

    def sent(self) -> None:
        """The message was taken: empties the field. Undo brings the text back. After editing the draft comes back."""
        if self._kept is not None:
            self._restore()
        else:
            self.editor.take()

    def set_answering(self, answering: bool) -> None:
        """Offers Stop instead of Send."""
        self._answering = answering
        self._refresh()

    def set_obstacle(self, reason: str) -> None:
        """Why nothing can be sent now, as a sentence; empty when it can."""
        self._obstacle = reason
        self._refresh()

    def set_hint(self, text: str, tone: HintTone = "quiet") -> None:
        """Says something under the text; empty says nothing."""
        if tone != self._hint_tone:
            self._hint_tone = tone
            self._hint.setProperty("tone", tone)
            self._hint.style().unpolish(self._hint)
            self._hint.style().polish(self._hint)
        self._hint.setText(text)
        self._hint.setVisible(bool(text))
        self._hint_icon.setVisible(bool(text))
        self._paint_hint()

    @property
    def hint(self) -> str:
        """What stands under the text."""
        return self._hint.text()

    def set_max_height(self, height: int) -> None:
        """Grows to `height` pixels in all, then scrolls."""
        self._max_height = height
        around = Space.COMPOSER_TOP + Space.COMPOSER_TEXT_BOTTOM + Size.SEND + Space.S + 2 * Space.HAIR
        if self._edit_row is not None and self.editing:
            around += self._edit_row.height()
        self.editor.set_max_height(height - around)

    def event(self, event: QEvent) -> bool:
        """Draws the hint's icon anew for a screen of another scale."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._paint_hint()
        return super().event(event)

    def add_tool(self, tool: QWidget) -> None:
        """Puts something at the start of the row below the text; its words, not its box, meet the text's edge."""
        tool.setParent(self)
        self._tools.insertWidget(0, tool)
        set_margins(self._tools, Space.S + Space.XXS, 0, Space.S - Space.HAIR, Space.S)
        # Assistive technology reads them in the order in which they lie upon each other.
        self.button.raise_()
        self.setTabOrder(self.editor, tool)
        self.setTabOrder(tool, self.button)

    def _arrange(self) -> None:
        tools = self._tools = QHBoxLayout()
        set_margins(tools, Space.HANG - Space.HAIR, 0, Space.S - Space.HAIR, Space.S)
        tools.setSpacing(Space.BESIDE_ICON)
        tools.addWidget(self._hint_icon)
        tools.addWidget(self._hint)
        tools.addStretch()
        tools.addWidget(self.button)
        self._text.addWidget(self.editor)
        self._space_text()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addLayout(self._text)
        self._column.addLayout(tools)

    def _space_text(self) -> None:
        edge, shift = Space.HANG - Space.HAIR, below_text(self._theme)
        top = max((Space.XS if self.editing else Space.COMPOSER_TOP) - shift, 0)
        self._text.setContentsMargins(edge, top, edge, Space.COMPOSER_TEXT_BOTTOM + shift)

    def _show_edit_row(self) -> None:
        if self._edit_row is None:
            # Made when it is first needed: the first window shows none.
            from app.ui.composer.edit_row import EditRow

            self._edit_row = EditRow(self._theme, self._icons, self)
            self._edit_row.cancelled.connect(self.cancel_edit)
            self._column.insertWidget(0, self._edit_row)
            self.setTabOrder(self._edit_row.cancel, self.editor)
        self._edit_row.show()
        self._space_text()
        self.set_max_height(self._max_height)
        announce(self.editor, self._edit_row.words.text())

    def _replace(self, text: str) -> None:
        self._replacing = True
        self.editor.replace(text)
        self._replacing = False

    def _restore(self) -> None:
        kept = self._kept or ""
        self._end_edit()
        self._replace(kept)

    def _end_edit(self) -> None:
        self._kept = None
        self.editor.takes_escape = False
        if self._edit_row is not None and not self._edit_row.isHidden():
            if self._edit_row.cancel.hasFocus():
                self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
            self._edit_row.hide()
            self._space_text()
            self.set_max_height(self._max_height)

    def _refresh(self) -> None:
        empty = not self.editor.text.strip()
        self.editor.set_hint(
            self.tr("Write the next message") if self._answering else self.tr("Write a message")
        )
        if self._answering:
            self.button.offer_stop(self.tr("Stop"))
        else:
            reason = self._obstacle or (self.tr("There is nothing to send yet.") if empty else "")
            self.button.offer_send(self.tr("Send"), reason)

    def _paint_hint(self) -> None:
        tokens = self._theme.tokens
        color = tokens.warning if self._hint_tone == "warning" else tokens.muted
        ratio = self.devicePixelRatioF()
        icon = self._icons.pixmap(_HINT_ICONS[self._hint_tone], Size.ICON_SMALL, color, ratio)
        self._hint_icon.setPixmap(icon)

    def _on_changed(self) -> None:
        self._refresh()
        if not self._replacing and not self.editing:
            self._debounce.start()

    def _on_submitted(self) -> None:
        # With an obstacle it asks all the same: the answer is a notice that says what to do.
        if self.editor.text.strip():
            (self.edit_sent if self.editing else self.send_requested).emit(self.editor.text)

    def _on_clicked(self) -> None:
        if self._answering:
            self.stop_requested.emit()
        else:
            self._on_submitted()


class SendButton(PaintedButton):
    """Sends, or stops while a reply grows; filled with the accent when it can send."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(theme, icons, "arrow-up", parent)
        self._stops = False
        self.setFixedSize(Size.SEND, Size.SEND)
        self.set_radius(Radius.SEND)

    def offer_send(self, name: str, obstacle: str) -> None:
        """Is Send, disabled when there is an obstacle, which the tooltip tells."""
        self._stops = False
        self.set_icon("arrow-up")
        self._offer(name, obstacle)

    def offer_stop(self, name: str) -> None:
        """Is Stop."""
        self._stops = True
        self.set_icon("square", Size.ICON_SMALL)
        self._offer(name, "")

    def _offer(self, name: str, obstacle: str) -> None:
        self.setAccessibleName(name)
        self.setAccessibleDescription(obstacle)
        self.setToolTip(obstacle or name)
        self.setEnabled(not obstacle)

    def fill(self) -> QColor:
        """The accent to send, the raised surface to stop, the track while it cannot."""
        tokens = self._theme.tokens
        if not self.isEnabled():
            return tokens.track
        if self._stops:
            return super().fill() or tokens.raised
        if self.isDown():
            return tokens.accent_pressed
        return tokens.accent_hover if self.underMouse() else tokens.accent

    def ink(self) -> QColor:
        """What is readable on the fill."""
        tokens = self._theme.tokens
        if not self.isEnabled():
            return tokens.muted
        return tokens.text if self._stops else tokens.on_accent

    def line(self) -> QColor | None:
        """An outline for Stop alone."""
        return self._theme.tokens.border_control if self._stops and self.isEnabled() else None
