"""The export dialog: what, in which format, with or without the thinking, and how that looks."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.services.exchange.export_service import ExportService, Form, Preview, form_named
from app.services.settings_service import SettingsService
from app.settings import EXPORT_FORMAT, EXPORT_THINKING
from app.ui.controls.alignment import align_to_start
from app.ui.controls.buttons import Button
from app.ui.controls.paragraph import Paragraph
from app.ui.controls.segmented_choice import SegmentedChoice
from app.ui.controls.text_area import TextArea
from app.ui.export import words
from app.ui.focus_ring import FocusRing
from app.ui.theme import Role, Size, Space, Theme

_MARGIN: Final = Space.HANG
_ONE, _ALL = "one", "all"


class ExportDialog(QDialog):
    """Shows what an export will be like. It stays open until a file was chosen.

    Signal: `export_requested` with a conversation's id, or nothing for all of them, and the form.
    """

    export_requested = Signal(str, object)

    def __init__(
        self,
        theme: Theme,
        service: ExportService,
        settings: SettingsService,
        conversation_id: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._service = service
        self._settings = settings
        self._conversation_id = conversation_id
        self.setObjectName("dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Export"))
        self.setAccessibleName(self.tr("Export"))
        self._make_choices()
        self._make_preview()
        self._cancel = Button(theme, self.tr("Cancel"), parent=self)
        self._export = Button(theme, self.tr("Export…"), "primary", parent=self)
        self._export.setDefault(True)
        self._cancel.clicked.connect(self.reject)
        self._export.clicked.connect(self._on_export)
        self._arrange()
        self._ring = FocusRing(theme, self)
        service.previewed.connect(self._on_previewed)
        theme.changed.connect(self._dress)
        self._dress()
        self._show_form()

    @property
    def form(self) -> Form:
        """What is chosen now."""
        return form_named(self._settings.get(EXPORT_FORMAT), self._settings.get(EXPORT_THINKING))

    @property
    def buttons(self) -> tuple[Button, Button]:
        """The one that keeps everything as it is and the one that exports."""
        return self._cancel, self._export

    @property
    def note(self) -> str:
        """What is said below the preview."""
        return self._note.text()

    @property
    def conversation_id(self) -> str:
        """The conversation that will be exported; empty for all."""
        return self._conversation_id if self.what.value == _ONE else ""

    def _make_choices(self) -> None:
        scope = {_ONE: self.tr("This conversation"), _ALL: self.tr("All conversations")}
        if not self._conversation_id:
            del scope[_ONE]
        self.what = SegmentedChoice(self._theme, self.tr("What to export"), scope, self)
        self.what.set_value(_ONE if self._conversation_id else _ALL)
        self.what.chosen.connect(lambda _value: self._show_form())
        self.format = SegmentedChoice(self._theme, self.tr("Format"), words.formats(), self)
        self.format.chosen.connect(self._on_format)
        self.thinking = {
            kind: SegmentedChoice(self._theme, self.tr("Thinking"), words.thinking_choices(kind), self)
            for kind in (form_named(name, "").kind for name in words.formats())
        }
        for choice in self.thinking.values():
            choice.chosen.connect(self._on_thinking)
        self._about = Paragraph(self._theme, Role.INTERFACE, self)
        self._about.setProperty("tone", "quiet")

    def _make_preview(self) -> None:
        self.preview = TextArea(self._theme, self.tr("Preview"), Role.CODE, self)
        self.preview.setReadOnly(True)
        self.preview.setMinimumHeight(Size.TEXT_AREA)
        self.preview.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._note = QLabel(self)
        self._note.setFont(self._theme.font(Role.LABEL, tabular=True))
        self._note.setProperty("tone", "quiet")
        align_to_start(self._note)

    def _arrange(self) -> None:
        head = QLabel(self.tr("Export"), self)
        head.setFont(self._theme.font(Role.DIALOG_TITLE))
        align_to_start(head)
        rows = QFormLayout()
        rows.setHorizontalSpacing(Space.L)
        rows.setVerticalSpacing(Space.M)
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        rows.setFormAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop)
        traces = QHBoxLayout()
        traces.setSpacing(0)
        for choice in self.thinking.values():
            traces.addWidget(choice)
        for text, field in (
            (self.tr("What"), self.what),
            (self.tr("Format"), self.format),
            (self.tr("Thinking"), traces),
        ):
            rows.addRow(self._label(text), field)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        column.setSpacing(0)
        column.addWidget(head)
        column.addSpacing(Space.L)
        column.addLayout(rows)
        column.addSpacing(Space.M)
        column.addWidget(self._about)
        column.addSpacing(Space.M)
        column.addWidget(self.preview, 1)
        column.addSpacing(Space.XS)
        column.addWidget(self._note)
        column.addSpacing(Space.L)
        column.addLayout(self._foot())
        self.resize(Size.SURFACE, self.sizeHint().height())

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addStretch(1)
        row.addWidget(self._cancel)
        row.addWidget(self._export)
        return row

    def _label(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setFont(self._theme.font(Role.INTERFACE))
        label.setProperty("tone", "second")
        label.setFixedHeight(Size.CONTROL)
        return label

    def _on_format(self, kind: str) -> None:
        self._settings.set(EXPORT_FORMAT, kind)
        self._show_form()

    def _on_thinking(self, thinking: str) -> None:
        kept = self._settings.get(EXPORT_THINKING)
        # To JSON, the two ways to include it are one: the choice between them is kept for the other formats.
        if self.form.kind != "json" or (thinking == "none") != (kept == "none"):
            self._settings.set(EXPORT_THINKING, thinking)
        self._show_form()

    def _show_form(self) -> None:
        """Shows what is chosen, and asks how it looks."""
        form = self.form
        self.format.set_value(form.kind)
        for kind, choice in self.thinking.items():
            choice.setVisible(kind == form.kind)
            value = form.thinking
            choice.set_value("collapsed" if kind == "json" and value != "none" else value)
        self._about.set_text(words.about(form))
        ids = self._service.exportable()
        shown = self.conversation_id or (ids[0] if ids else "")
        self._export.setEnabled(bool(shown))
        if shown:
            self._service.preview(shown, form)
        else:
            self._show_text("", self.tr("There is no conversation to export yet."))

    def _on_previewed(self, preview: Preview) -> None:
        note = ""
        if preview.cut:
            note = self.tr("The beginning; the file goes on.")
        if not self.conversation_id:
            note = self.tr("The newest conversation; each has a file of its own.")
        self._show_text(preview.text, note)

    def _show_text(self, text: str, note: str) -> None:
        self.preview.setPlainText(text)
        self._note.setText(note)

    def _on_export(self) -> None:
        self.export_requested.emit(self.conversation_id, self.form)

    def _dress(self) -> None:
        self.setStyleSheet(self._theme.stylesheet())
