"""The bar in the header: which model and where it runs, how full its context is, how hard it thinks."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.chat.options import Thinking
from app.services.conversations.chat_service import ContextUse
from app.services.models.engine_service import EngineState
from app.ui.controls.progress import LoadingRing, ThinBar
from app.ui.controls.segment import Segment, Words
from app.ui.icons import Icons
from app.ui.models.words import in_order, percent, placement_text, thinking_text, waiting_text
from app.ui.theme import Role, Size, Space, Theme

if TYPE_CHECKING:
    from app.ui.controls.menu import Menu


class ThinkingChoice(NamedTuple):
    """How hard the next reply thinks, None as the model does by itself; whether in the person's language.

    `waits` is what was chosen for the conversation, where the model does not have that.
    """

    now: str | None = None
    waits: str = ""
    own_language: bool = False


class ModelBar(QFrame):
    """Shows the engine's state and offers what can be done with it.

    Signals: `load_requested` (a file is to be chosen), `demo_requested`, `unload_requested`, `cancel_requested` (of a
    load), `thinking_chosen` with one of the model's choices, `own_language_chosen` with whether it is to think in the
    person's language.
    """

    load_requested = Signal()
    demo_requested = Signal()
    unload_requested = Signal()
    cancel_requested = Signal()
    thinking_chosen = Signal(str)
    own_language_chosen = Signal(bool)

    def __init__(
        self, theme: Theme, icons: Icons, demo: Path, load_keys: QKeySequence, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._demo = str(demo)
        self._load_keys = load_keys
        self._state = EngineState()
        self._thinking = ThinkingChoice()
        self._menu: Menu | None = None
        self.setObjectName("modelBar")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(Size.CONTROL)
        self.model = Segment(theme, icons, self.tr("Model"), self)
        self.ring = LoadingRing(theme, self.tr("Loading"), parent=self.model)
        self.context = ContextGauge(theme, self)
        self.thinking = Segment(theme, icons, self.tr("Thinking effort"), self)
        self._dividers = [_divider(self), _divider(self)]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for widget in (self.model, self._dividers[0], self.context, self._dividers[1], self.thinking):
            row.addWidget(widget)
        self.model.opened.connect(self._open_models)
        self.thinking.opened.connect(self._open_thinking)
        self.set_state(EngineState())
        self.set_context(ContextUse(0, 0))

    @property
    def menu(self) -> "Menu | None":
        """The menu that was opened last."""
        return self._menu

    def set_state(self, state: EngineState) -> None:
        """Shows which model there is and what it can do."""
        self._state = state
        loading = state.phase == "loading"
        self.ring.setVisible(loading)
        self.model.set_lead(self.ring.width() if loading else 0)
        self.model.set_words(*self._model_words())
        self.model.setToolTip(state.path or self.tr("Choose a model"))
        self._show_thinking()
        self._show_dividers()

    def set_context(self, use: ContextUse) -> None:
        """Shows how full the context is; nothing while that is not known."""
        self.context.setVisible(use.context > 0)
        self.context.set_use(use)
        self._show_dividers()

    def set_thinking(self, choice: ThinkingChoice) -> None:
        """Shows how hard the next reply thinks."""
        self._thinking = choice
        self._show_thinking()

    def set_narrow(self, narrow: bool) -> None:
        """Leaves out the labels of the context and of where the model runs, as small windows want it."""
        self.context.set_labelled(not narrow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the ring before the model's name."""
        super().resizeEvent(event)
        top = (self.model.height() - self.ring.height()) // 2
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = self.model.width() - Space.BAR_PADDING - self.ring.width() if rtl else Space.BAR_PADDING
        self.ring.move(left, top)

    def _model_words(self) -> tuple[Words, ...]:
        state = self._state
        name = Words(state.name, gives_way=True, limit=Size.MODEL_NAME)
        if state.phase == "empty":
            return (Words(self.tr("No model"), "quiet"),)
        if state.phase == "loading":
            return name, Words(percent(state.share), "quiet")
        if state.phase == "failed" or state.capabilities is None:
            return name, Words(self.tr("not running"), "quiet", gives_way=True)
        if state.phase == "resting":
            return name, Words(self.tr("resting"), "quiet", gives_way=True)
        return name, Words(placement_text(state.capabilities.placement), "quiet", gives_way=True)

    def _offered(self) -> Thinking | None:
        """How the model thinks, or None when it does not."""
        thinking = self._state.capabilities.thinking if self._state.capabilities is not None else None
        if thinking is None or thinking.kind == "none":
            return None
        return thinking if thinking.kind == "always" or thinking.choices else None

    def _current(self, thinking: Thinking) -> str:
        chosen = self._thinking.now
        return chosen if chosen is not None and chosen in thinking.choices else thinking.default

    def _show_thinking(self) -> None:
        offered = self._offered()
        self.thinking.setVisible(offered is not None)
        if offered is not None:
            always = offered.kind == "always"
            # What cannot be set is not called a setting.
            self.thinking.setAccessibleName(
                self.tr("Always thinks") if always else self.tr("Thinking effort")
            )
            said = self.tr("Always") if always else thinking_text(self._current(offered))
            self.thinking.set_words(Words(self.tr("Thinking"), "quiet"), Words(said))
            waits = waiting_text(self._thinking.waits) if self._thinking.waits else ""
            self.thinking.setToolTip(waits)
            if waits:
                self.thinking.setAccessibleDescription(f"{self.thinking.words}. {waits}")
        self._show_dividers()

    def _show_dividers(self) -> None:
        self._dividers[0].setVisible(self.context.isVisibleTo(self))
        self._dividers[1].setVisible(self.thinking.isVisibleTo(self))

    def _open_models(self) -> None:
        menu = self._new_menu(self.tr("Model"))
        if self._state.phase == "loading":
            menu.add(self.tr("Stop loading"), self.cancel_requested.emit, icon="x")
            menu.addSeparator()
        menu.add(
            self.tr("Load another model file…") if self._state.path else self.tr("Load a model file…"),
            self.load_requested.emit,
            icon="folder-open",
            keys=self._load_keys,
        )
        current = self._state.path == self._demo and self._state.phase != "failed"
        demo = menu.add(
            self.tr("Demo model (tiny)"), self.demo_requested.emit, icon="check" if current else "box"
        )
        demo.setEnabled(not current)
        if self._state.phase in ("ready", "answering", "resting", "failed"):
            menu.addSeparator()
            menu.add(self.tr("Unload"), self.unload_requested.emit, icon="x")
        menu.open_below(self.model)

    def _open_thinking(self) -> None:
        offered = self._offered()
        if offered is None:
            return
        menu = self._new_menu(self.thinking.accessibleName())
        if offered.kind == "always":
            menu.add_words(self.tr("This model always thinks; that cannot be switched off."))
        else:
            choices = {choice: thinking_text(choice) for choice in in_order(offered.choices)}
            menu.add_choices(choices, self._current(offered), self.thinking_chosen.emit)
        if self._thinking.waits:
            menu.add_words(waiting_text(self._thinking.waits))
        menu.addSeparator()
        menu.add_switch(
            self.tr("Think in my language"),
            self.tr("Adds a line to the prompt, for models that drift into another."),
            self._thinking.own_language,
            self.own_language_chosen.emit,
        )
        menu.open_below(self.thinking, at_end=True)

    def _new_menu(self, name: str) -> "Menu":
        from app.ui.controls.menu import Menu

        if self._menu is not None:
            self._menu.deleteLater()
        self._menu = Menu(self._theme, self._icons, name, self)
        return self._menu


class ContextGauge(QWidget):
    """How much of the context the conversation takes: a label, a bar and per cent."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = QLabel(self.tr("Context"), self)
        self._label.setFont(theme.font(Role.INTERFACE))
        self._label.setProperty("tone", "quiet")
        self.bar = ThinBar(theme, self.tr("Context"), self)
        self.bar.setFixedWidth(Size.GAUGE)
        self._number = QLabel(self)
        self._number.setFont(theme.font(Role.CONTROL, tabular=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.BAR_PADDING, 0, Space.BAR_PADDING, 0)
        row.setSpacing(Space.S)
        for widget in (self._label, self.bar, self._number):
            row.addWidget(widget)

    @property
    def text(self) -> str:
        """The per cent that it shows."""
        return self._number.text()

    def set_use(self, use: ContextUse) -> None:
        """Shows tokens of the next prompt against what the context holds."""
        share = use.tokens / use.context if use.context else 0.0
        self.bar.set_share(share)
        self._number.setText(percent(share))
        self.bar.setAccessibleName(self.tr("Context: {percent} used").format(percent=percent(share)))
        locale = QLocale()
        self.setToolTip(
            self.tr("{tokens} of {context} tokens").format(
                tokens=locale.toString(use.tokens), context=locale.toString(use.context)
            )
        )

    def set_labelled(self, labelled: bool) -> None:
        """Shows or leaves out the word before the bar."""
        self._label.setVisible(labelled)


def _divider(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setObjectName("divider")
    line.setFixedWidth(Space.HAIR)
    return line
