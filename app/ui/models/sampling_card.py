"""The card that shows how the next reply is drawn and who says so, and lets each number be another one here."""

from typing import Final, NamedTuple

import msgspec
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.chat.options import ChosenSampling
from app.services.conversations.choosing import Choosing
from app.settings import MIN_P, REPEAT_PENALTY, SEED, TEMPERATURE, TOP_K, TOP_P
from app.ui.announce import announce
from app.ui.controls.alignment import align_to_start
from app.ui.controls.buttons import Button, IconButton
from app.ui.controls.number_field import NumberField
from app.ui.controls.paragraph import Paragraph
from app.ui.controls.popover import Popover
from app.ui.icons import Icons
from app.ui.models.sampling_words import figure, source_text
from app.ui.settings.catalogue import entries
from app.ui.theme import Role, Size, Space, Theme

_NO_SEED: Final = -1


class _Limits(NamedTuple):
    """What a number may be, the step of the arrow keys, and its decimals (0: it is whole)."""

    least: float
    most: float
    step: float
    decimals: int


_LIMITS: Final = {
    "temperature": _Limits(0, TEMPERATURE.most, 0.05, 2),
    "top_k": _Limits(0, TOP_K.most, 1, 0),
    "top_p": _Limits(0, TOP_P.most, 0.01, 3),
    "min_p": _Limits(0, MIN_P.most, 0.01, 3),
    "repeat_penalty": _Limits(0.5, REPEAT_PENALTY.most, 0.05, 2),
    "presence_penalty": _Limits(0, 2, 0.1, 2),
    "seed": _Limits(0, SEED.most, 1, 0),
}


class SamplingCard(Popover):
    """A row for each number: its name, who says so, the way back, and the field; what is typed counts at once."""

    def __init__(self, theme: Theme, icons: Icons, choosing: Choosing, opener: QWidget) -> None:
        super().__init__(theme, _tr("Sampling"), opener)
        self._choosing = choosing
        self.rows: dict[str, SamplingRow] = {}
        self._title = QLabel(_tr("Sampling"), self.card)
        self._title.setFont(theme.font(Role.CARD_TITLE))
        self.reset_button = Button(theme, _tr("Reset all"), "ghost", compact=True, parent=self.card)
        self._note = QLabel(self.card)
        self._note.setFont(theme.font(Role.LABEL))
        for label in (self._title, self._note):
            align_to_start(label)
        self._arrange(icons)
        self.card.setMinimumWidth(Size.DIALOG)
        self.reset_button.clicked.connect(self._on_reset_all)
        choosing.changed.connect(self._show)
        self._say("")
        self._show()

    @property
    def note(self) -> str:
        """What stands below the title: what the card is about, or what is wrong with what was typed."""
        return self._note.text()

    @property
    def reference(self) -> str:
        """Where the makers' numbers can be read; empty where none of them counts."""
        return self._reference.plain_text

    def _arrange(self, icons: Icons) -> None:
        keeps = self.reset_button.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)
        self.reset_button.setSizePolicy(keeps)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.reset_button)
        table = QGridLayout()
        table.setHorizontalSpacing(Space.S)
        table.setVerticalSpacing(Space.XS)
        table.setColumnStretch(1, 1)
        told = {entry.name: (entry.title, entry.about) for entry in entries()}
        told.setdefault("presence_penalty", _presence())
        for number, name in enumerate(_LIMITS):
            row = SamplingRow(self._theme, icons, name, told[name], self.card)
            row.field.changed.connect(lambda value, name=name: self._on_changed(name, value))
            row.field.problem_changed.connect(lambda problem, name=name: self._on_problem(name, problem))
            row.reset_button.clicked.connect(lambda _checked, name=name: self._on_reset(name))
            for place, widget in enumerate((row.title, row.source, row.reset_button, row.field)):
                table.addWidget(widget, number, place)
            self.rows[name] = row
        self._reference = Paragraph(self._theme, Role.CARD, self.card)
        column = QVBoxLayout(self.card)
        column.setContentsMargins(Space.BLOCK_GAP, Space.S, Space.BLOCK_GAP, Space.M)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._note)
        column.addSpacing(Space.S)
        column.addLayout(table)
        column.addSpacing(Space.S)
        column.addWidget(self._reference)
        self._reference.setProperty("tone", "quiet")
        self._reference.flow()
        # It is for another machine, or for later: it can be copied.
        self._reference.make_selectable()

    def _show(self) -> None:
        now, chosen = self._choosing.sampling_now, self._choosing.choices.sampling
        values, own = msgspec.structs.asdict(now.values), msgspec.structs.asdict(chosen)
        for name, row in self.rows.items():
            row.show_value(values[name], now.sources.get(name), own=own[name] is not None)
        self.reset_button.setVisible(chosen != ChosenSampling())
        published = "published" in now.sources.values() and now.reference
        words = _tr("Published at {address}").format(address=now.reference) if published else ""
        self._reference.set_text(words)
        self._reference.setVisible(bool(words))

    def _on_changed(self, name: str, value: float) -> None:
        number = value if _LIMITS[name].decimals else round(value)
        self._choose({name: None if name == "seed" and number == _NO_SEED else number})

    def _on_reset(self, name: str) -> None:
        row = self.rows[name]
        row.field.setFocus(Qt.FocusReason.TabFocusReason if row.reset_button.hasFocus() else _ELSE)
        self._choose({name: None})
        announce(self.card, row.told)

    def _on_reset_all(self) -> None:
        if self.reset_button.hasFocus():
            next(iter(self.rows.values())).field.setFocus(Qt.FocusReason.TabFocusReason)
        self._choose(dict.fromkeys(_LIMITS, None))
        announce(self.card, _tr("Everything is as it was."))

    def _choose(self, decided: dict[str, float | None]) -> None:
        choices = self._choosing.choices
        sampling = msgspec.structs.replace(choices.sampling, **decided)
        self._choosing.choose(msgspec.structs.replace(choices, sampling=sampling))

    def _on_problem(self, name: str, problem: str) -> None:
        if problem:
            problem = _tr("{setting}: {problem}").format(
                setting=self.rows[name].title.text(), problem=problem
            )
        self._say(problem)

    def _say(self, problem: str) -> None:
        """What is wrong stands where the card says what it is about: nothing moves below it."""
        self._note.setProperty("tone", "danger" if problem else "quiet")
        self._note.style().unpolish(self._note)
        self._note.style().polish(self._note)
        self._note.setText(problem or _tr("For this conversation, from the next reply on."))
        if problem:
            announce(self.card, problem)


_ELSE: Final = Qt.FocusReason.OtherFocusReason


class SamplingRow:
    """One number: `title`, `source`, `reset_button` and `field`, which stand in the card's table."""

    def __init__(self, theme: Theme, icons: Icons, name: str, told: tuple[str, str], card: QWidget) -> None:
        title, self._about = told
        limits = _LIMITS[name]
        self._seed = name == "seed"
        self.title = QLabel(title, card)
        self.title.setFont(theme.font(Role.CONTROL))
        self.title.setToolTip(self._about)
        self.source = QLabel(card)
        self.source.setFont(theme.font(Role.LABEL))
        self.source.setProperty("tone", "quiet")
        for label in (self.title, self.source):
            align_to_start(label)
        back = _tr("Reset: {setting}").format(setting=title)
        self.reset_button = IconButton(theme, icons, "undo-2", back, parent=card)
        keeps = self.reset_button.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)
        self.reset_button.setSizePolicy(keeps)
        self.field = NumberField(
            theme,
            title,
            limits.least,
            limits.most,
            step=limits.step,
            decimals=limits.decimals,
            blank=_NO_SEED if self._seed else None,
            parent=card,
        )
        self.field.setFixedSize(Size.NUMBER_COMPACT, Size.COMPACT)
        if self._seed:
            self.field.setPlaceholderText(_tr("None"))

    @property
    def told(self) -> str:
        """The number and who says so, in one sentence."""
        value = self.field.value
        number = _tr("none") if self._seed and value == _NO_SEED else figure(value)
        return _tr("{setting}: {number}, {source}").format(
            setting=self.title.text(), number=number, source=self.source.text()
        )

    def show_value(self, value: float | None, source: str | None, *, own: bool) -> None:
        """Shows a number, who says so, and the way back where it was chosen here."""
        self.field.set_value(_NO_SEED if value is None else value)
        self.source.setText(source_text(source))
        self.reset_button.setVisible(own)
        # Assistive technology hears with the field what stands beside it.
        self.field.setAccessibleDescription(f"{source_text(source)}. {self._about}")


def _presence() -> tuple[str, str]:
    return _tr("Presence penalty"), _tr("Above 0, words that were written at all come again less often.")


def _tr(text: str) -> str:
    return QCoreApplication.translate("Sampling", text)
