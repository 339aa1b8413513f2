"""The text field of the composer: plain text, Enter sends, Shift and Enter break the line."""

from typing import Final

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QInputMethodEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QTextEdit, QWidget

from app.ui.theme import Role, Size, Space, Theme

_SENDS: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class MessageEdit(QTextEdit):
    """Grows with its text up to `set_max_height`, then scrolls.

    Signals: `submitted` when Enter asks to send, `changed` when the text is another one, `escaped` when Esc was pressed
    while `takes_escape`, `raised` when Up was pressed in the empty field.
    """

    submitted = Signal()
    escaped = Signal()
    raised = Signal()
    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._line = theme.reading_line(Role.READING)
        self._room = 0
        self._max_height = self._line
        self.takes_escape = False
        self._composing = False
        # A label, because asking Qt for the viewport to paint on makes the classes of all its widgets, at the start.
        self._hint = QLabel(self)
        self._hint.setProperty("tone", "quiet")
        self._hint.setFont(theme.reading_font(Role.READING))
        self._hint.setAlignment(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeading)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._plain = ""
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFont(theme.reading_font(Role.READING))
        self.document().setDocumentMargin(0)
        # As `_space_lines` does, without its classes; Qt takes an empty paragraph only when it is told that it is one.
        self.setHtml(f'<p style="-qt-paragraph-type:empty;margin:0;line-height:{self._line}px"><br/></p>')
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._direct()
        self.textChanged.connect(self._on_text_changed)
        theme.reading_changed.connect(self._on_reading_changed)
        self._fit()

    @property
    def text(self) -> str:
        """What is written, as typed."""
        return self.toPlainText()

    @property
    def composing(self) -> bool:
        """Whether an input method has text that is not decided yet."""
        return self._composing

    def set_hint(self, hint: str) -> None:
        """What an empty field says."""
        self._hint.setText(hint)
        self.setAccessibleDescription(hint)

    def set_max_height(self, height: int) -> None:
        """Scrolls beyond `height` pixels, whole lines of it."""
        self._room = height
        lines = max(1, height // self._line)
        self._max_height = lines * self._line
        self._fit()

    def take(self) -> str:
        """Empties the field and returns what was in it; undo brings it back."""
        text = self.text
        from PySide6.QtGui import QTextCursor

        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.removeSelectedText()
        self.setTextCursor(cursor)
        return text

    def replace(self, text: str) -> None:
        """Holds another text, with the cursor at its end; undo does not bring back what was there before."""
        self.setPlainText(text)
        self.document().clearUndoRedoStacks()
        cursor = self.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def event(self, event: QEvent) -> bool:
        """Keeps Esc for itself while it takes it: the window knows it as a shortcut, too."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self.takes_escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Sends or breaks the line; neither while an input method composes, whose Enter only decides its text."""
        if event.key() not in _SENDS:
            self._press_other(event)
        elif self._composing:
            event.accept()
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.textCursor().insertBlock()
            self.ensureCursorVisible()
        else:
            event.accept()
            self.submitted.emit()

    def _press_other(self, event: QKeyEvent) -> None:
        alone = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if event.key() == Qt.Key.Key_Escape and self.takes_escape and not self._composing:
            self.escaped.emit()
        elif event.key() == Qt.Key.Key_Up and alone and self.document().isEmpty() and not self._composing:
            self.raised.emit()
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Notes whether something is being composed."""
        super().inputMethodEvent(event)
        self._composing = bool(event.preeditString())
        self._show_hint()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Text only; files are for the window."""
        return source.hasText() and not source.hasUrls()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Pastes as plain text."""
        self.write(source.text())

    def write(self, text: str) -> None:
        """Writes where the cursor is, in place of what is selected."""
        self.textCursor().insertText(text.replace("\r\n", "\n").replace("\r", "\n"))
        self.ensureCursorVisible()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Leaves files to the window."""
        if event.mimeData().hasUrls():
            event.ignore()
        else:
            super().dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Leaves files to the window."""
        if event.mimeData().hasUrls():
            event.ignore()
        else:
            super().dragMoveEvent(event)

    def sizeHint(self) -> QSize:
        """As wide as its place."""
        return QSize(Size.COLUMN, self.height())

    def minimumSizeHint(self) -> QSize:
        """One line."""
        return QSize(Size.ICON_BUTTON, self._line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the hint on the first line."""
        super().resizeEvent(event)
        self._hint.setGeometry(0, 0, self.width(), self._line)

    def _space_lines(self) -> None:
        # A new block takes over the format of the one that it was broken from; only a text that replaces all loses it.
        from PySide6.QtGui import QTextBlockFormat, QTextCursor

        block = QTextBlockFormat()
        block.setLineHeight(self._line, QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.joinPreviousEditBlock()
        cursor.mergeBlockFormat(block)
        cursor.endEditBlock()

    def _on_reading_changed(self) -> None:
        self._line = self._theme.reading_line(Role.READING)
        for widget in (self, self._hint):
            widget.setFont(self._theme.reading_font(Role.READING))
        self._space_lines()
        self._hint.setGeometry(0, 0, self.width(), self._line)
        self.set_max_height(self._room)

    def _on_text_changed(self) -> None:
        if self.document().firstBlock().blockFormat().lineHeight() != self._line:
            self._space_lines()
        # Also told for a change of format or of composed text, which is not yet written.
        if self.text != self._plain:
            self._plain = self.text
            self._show_hint()
            self._direct()
            self.changed.emit()

    def _show_hint(self) -> None:
        self._hint.setVisible(self.document().isEmpty() and not self._composing)

    def _direct(self) -> None:
        """A text goes as its first strong letter does, an empty field as the window."""
        option = self.document().defaultTextOption()
        empty = self.document().isEmpty()
        wanted = self.layoutDirection() if empty else Qt.LayoutDirection.LayoutDirectionAuto
        if option.textDirection() != wanted:
            option.setTextDirection(wanted)
            self.document().setDefaultTextOption(option)

    def _fit(self) -> None:
        wanted = round(self.document().size().height())
        height = min(max(wanted, self._line), self._max_height)
        scrolls = wanted > self._max_height
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if scrolls else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(policy)
        if height != self.height():
            self.setFixedHeight(height)
            self.ensureCursorVisible()


def below_text(theme: Theme) -> int:
    """Pixels by which a line's glyphs stand lower than its middle: Qt adds a fixed line's room above them only."""
    return theme.reading.scaled(Space.XS - Space.HAIR)
