"""What new conversations begin with."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QLabel, QWidget

from app.services.settings_service import SettingsService
from app.settings import SYSTEM_PROMPT
from app.ui.controls.text_area import TextArea
from app.ui.icons import Icons
from app.ui.settings.catalogue import Section
from app.ui.settings.page import SettingsPage
from app.ui.settings.words import characters
from app.ui.theme import Role, Size, Space, Theme


class SystemPromptPage(SettingsPage):
    """A large field; going back to the default can be undone in it."""

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        settings: SettingsService,
        section: Section,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, icons, settings, section, parent)
        self._row = self.add_row("system_prompt")
        self.area = TextArea(theme, section.title, parent=self)
        self.area.setAccessibleDescription(self._row.entry.about)
        self.area.setPlaceholderText(self.tr("Empty: the model answers as it was made to."))
        self.area.setMinimumHeight(Size.TEXT_AREA)
        self.area.setMaximumHeight(Size.TEXT_AREA_MOST)
        self._row.focus_on(self.area)
        self.count = QLabel(self)
        self.count.setFont(theme.font(Role.LABEL, tabular=True))
        self.count.setProperty("tone", "quiet")
        self.column.addSpacing(Space.L)
        self.fill_with(self.area)
        self.column.addSpacing(Space.XS)
        self.column.addWidget(self.count, 0, Qt.AlignmentFlag.AlignTrailing)
        self.column.addStretch()
        self.area.textChanged.connect(self._on_edited)
        self.bind(self._row, SYSTEM_PROMPT, self._show)
        self.area.document().clearUndoRedoStacks()

    def _show(self, text: str) -> None:
        if text != self.area.toPlainText() and not self._row.problem.text:
            cursor = self.area.textCursor()
            cursor.select(QTextCursor.SelectionType.Document)
            cursor.insertText(text)
        self.count.setText(characters(len(text)))

    def _on_edited(self) -> None:
        text = self.area.toPlainText()
        self.count.setText(characters(len(text)))
        if len(text) > SYSTEM_PROMPT.longest:
            most = characters(SYSTEM_PROMPT.longest)
            self._row.set_problem(
                self.tr("It has more than {most}, and is kept only when it is shorter.").format(most=most)
            )
            return
        self._row.set_problem("")
        self._settings.set(SYSTEM_PROMPT, text)
