"""What the transcript's buttons do: copy, fold, go on, answer again."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from app.markup.blocks import piece_text
from app.ui.icons import Icons
from app.ui.theme import Theme
from app.ui.transcript.buttons import ToolButton
from app.ui.transcript.sections import ThinkingSection
from app.ui.transcript.selection import joined_passages
from app.ui.transcript.spots import ControlKind, Key
from app.ui.transcript.stage import Stage

_COPIES = (
    ControlKind.COPY,
    ControlKind.COPY_WHOLE,
    ControlKind.COPY_ANSWER,
    ControlKind.COPY_THINKING,
    ControlKind.COPY_CODE,
)
_STEPS = {ControlKind.PREVIOUS_VERSION: -1, ControlKind.NEXT_VERSION: 1}


class Actions(QObject):
    """Answers the controls of a stage.

    Signals: `continue_requested(str)`, `regenerate_requested(str)`, `edit_requested(str)` with a message's id, and
    `version_requested(str, int)` with how many versions to go on.
    """

    continue_requested = Signal(str)
    regenerate_requested = Signal(str)
    edit_requested = Signal(str)
    version_requested = Signal(str, int)

    def __init__(self, stage: Stage, theme: Theme, icons: Icons, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._stage = stage
        stage.tools.clicked.connect(self._on_clicked)
        stage.tools.scrolled.connect(self._on_scrolled)

    def copy_selection(self) -> None:
        """Copies what is selected, if anything is."""
        text = self._stage.document.selected_text(self._stage.selection)
        if text:
            QGuiApplication.clipboard().setText(text)

    def offer_selection(self) -> None:
        """Gives what is selected to the middle mouse button, where the system knows that."""
        clipboard = QGuiApplication.clipboard()
        if clipboard.supportsSelection():
            text = self._stage.document.selected_text(self._stage.selection)
            if text:
                clipboard.setText(text, clipboard.Mode.Selection)

    def select_all(self) -> None:
        """Selects the whole conversation."""
        self._stage.selection.select(*self._stage.document.everything)
        self._stage.moved.emit()

    def _on_clicked(self, key: Key) -> None:
        item = self._stage.document.items[key.message]
        if key.kind is ControlKind.THINKING:
            section = item.sections[key.section]
            assert isinstance(section, ThinkingSection)
            self._stage.click_fold(key.message, section)
        elif key.kind is ControlKind.CONTINUE:
            self.continue_requested.emit(item.message.id)
        elif key.kind is ControlKind.REGENERATE:
            self.regenerate_requested.emit(item.message.id)
        elif key.kind is ControlKind.EDIT:
            self.edit_requested.emit(item.message.id)
        elif key.kind is ControlKind.DETAILS:
            self._open_details(key)
        elif key.kind in _STEPS:
            # What was clicked stays below the pointer.
            self._stage.mark_step(key.message)
            self.version_requested.emit(item.message.id, _STEPS[key.kind])
            self._stage.mark_step(None)
        elif key.kind in _COPIES:
            QGuiApplication.clipboard().setText(self._text(key))
            button = self._stage.tools.widget(key)
            if isinstance(button, ToolButton):
                button.show_done()

    def _open_details(self, key: Key) -> None:
        # The first window is there before anyone asks for them.
        from app.ui.transcript.details_card import open_details

        button = self._stage.tools.widget(key)
        if button is not None:
            open_details(self._theme, self._icons, self._stage.document.items[key.message].message, button)

    def _text(self, key: Key) -> str:
        """What a Copy button copies: the text as it came, with its Markdown."""
        item = self._stage.document.items[key.message]
        if key.kind is ControlKind.COPY_ANSWER:
            return item.message.answer
        if key.kind is ControlKind.COPY_CODE:
            return piece_text(item.sections[key.section].passage.column.blocks, key.block)
        if key.kind is ControlKind.COPY_THINKING:
            return item.sections[key.section].passage.text
        if key.kind is ControlKind.COPY_WHOLE:
            return joined_passages(section.passage.text for section in item.sections)
        return item.message.text

    def _on_scrolled(self, key: Key, value: int) -> None:
        section = self._stage.document.items[key.message].sections[key.section]
        if key.kind is ControlKind.TRACE_BAR and isinstance(section, ThinkingSection):
            section.scroll_to(value)
        else:
            section.passage.column.scroll(key.block, value)
        self._stage.refresh()
