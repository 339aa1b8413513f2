"""The controls of the messages near the viewport: real widgets, used again for other messages as the view moves."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QScrollBar, QWidget

from app.ui.controls.buttons import Button
from app.ui.controls.progress import ThinBar
from app.ui.icons import Icons
from app.ui.theme import Size, Theme
from app.ui.transcript import words
from app.ui.transcript.buttons import ThinkingHeader, ToolButton, VersionLabel
from app.ui.transcript.items import Item
from app.ui.transcript.sections import ThinkingSection
from app.ui.transcript.spots import ControlKind, Key, Spot

_TOOLS: Final[dict[ControlKind, tuple[str, Callable[[], str], Callable[[], str], int]]] = {
    ControlKind.COPY: ("copy", words.copy, words.copy, Size.ICON),
    ControlKind.COPY_WHOLE: ("layers", words.copy, words.copy_whole, Size.ICON),
    ControlKind.COPY_ANSWER: ("copy", words.copy_answer, words.copy_answer, Size.ICON),
    ControlKind.COPY_THINKING: ("copy", words.copy_thinking, words.copy_thinking, Size.ICON),
    ControlKind.COPY_CODE: ("copy", words.copy_code, words.copy_code, Size.ICON_SMALL),
    ControlKind.REGENERATE: ("refresh-cw", words.regenerate, words.regenerate, Size.ICON),
    ControlKind.EDIT: ("pencil", words.edit, words.edit, Size.ICON),
    ControlKind.DETAILS: ("info", words.details, words.details, Size.ICON),
    ControlKind.PREVIOUS_VERSION: (
        "chevron-left",
        words.previous_version,
        words.previous_version,
        Size.ICON_SMALL,
    ),
    ControlKind.NEXT_VERSION: ("chevron-right", words.next_version, words.next_version, Size.ICON_SMALL),
}
_STEPS: Final[dict[ControlKind, Callable[[], str]]] = {
    ControlKind.PREVIOUS_VERSION: words.is_first_version,
    ControlKind.NEXT_VERSION: words.is_last_version,
}
_RESTING: Final = (
    ControlKind.COPY,
    ControlKind.COPY_WHOLE,
    ControlKind.COPY_ANSWER,
    ControlKind.REGENERATE,
    ControlKind.EDIT,
    ControlKind.DETAILS,
    ControlKind.VERSION,
    *_STEPS,
)
_SCROLL_KEYS: Final[dict[int, QAbstractSlider.SliderAction]] = {
    Qt.Key.Key_Up: QAbstractSlider.SliderAction.SliderSingleStepSub,
    Qt.Key.Key_Down: QAbstractSlider.SliderAction.SliderSingleStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
}
_STEP_KEYS: Final = (Qt.Key.Key_Left, Qt.Key.Key_Right)
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Tools(QObject):
    """Shows controls where they belong.

    Signals: `clicked(Key)`; `scrolled(Key, int)` when a trace's or a code block's bar was moved; `focused(QWidget)`
    when the keyboard came to a control, which then should be seen.
    """

    clicked = Signal(object)
    scrolled = Signal(object, int)
    focused = Signal(QWidget)

    def __init__(self, theme: Theme, icons: Icons, viewport: QWidget) -> None:
        super().__init__(viewport)
        self._theme = theme
        self._icons = icons
        self._viewport = viewport
        self._used: dict[Key, QWidget] = {}
        self._keys: dict[QWidget, Key] = {}
        self._spare: dict[type[QWidget], list[QWidget]] = {}
        self._hovered = -1
        self._last = -1

    def widget(self, key: Key) -> QWidget | None:
        """The widget of a control, if it is near the viewport."""
        return self._used.get(key)

    @property
    def keys(self) -> list[Key]:
        """The controls that exist now, in the order of reading."""
        return list(self._used)

    def of_message(self, message: int) -> list[QWidget]:
        """The widgets of one message, in the order of reading."""
        return [widget for key, widget in self._used.items() if key.message == message]

    def set_hovered(self, message: int) -> None:
        """The pointer is over that message, or over none (-1)."""
        if message != self._hovered:
            self._hovered = message
            self._show_tools()

    @property
    def focused_key(self) -> Key | None:
        """The control that has the focus."""
        return next((key for key, widget in self._used.items() if widget.hasFocus()), None)

    def focus(self, key: Key) -> None:
        """Gives a control the focus that it had; one that can do nothing now leaves it to its neighbour."""
        widget = self._used.get(key)
        if widget is not None and not widget.isEnabled():
            other = next((kind for kind in _STEPS if kind is not key.kind), key.kind)
            widget = self._used.get(replace(key, kind=other))
        if widget is not None:
            # As the keyboard gave it: a click leaves the focus where it is.
            widget.setFocus(Qt.FocusReason.TabFocusReason)

    def reset(self) -> None:
        """Other messages are shown: no control keeps its meaning."""
        for key in list(self._used):
            self._give_back(key)
        self._hovered = -1

    def place(self, spots: Sequence[Spot], shift: int, items: Sequence[Item]) -> None:
        """Shows these controls and no others; `shift` is how far the view is scrolled."""
        wanted = {spot.key: spot for spot in spots}
        changed = list(wanted) != list(self._used)
        for key in [key for key in self._used if key not in wanted]:
            self._give_back(key)
        used: dict[Key, QWidget] = {}
        for key, spot in wanted.items():
            widget = self._used.get(key) or self._take(key)
            self._dress(widget, key, items[key.message])
            _put(widget, spot, shift)
            used[key] = widget
        self._used = used
        if changed:
            self._order()
        self._last = next(
            (index for index in range(len(items) - 1, -1, -1) if items[index].is_last_reply), -1
        )
        self._show_tools()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter presses a button as Space does; the arrows scroll the trace whose header has the focus."""
        if isinstance(watched, Button) and event.type() == QEvent.Type.FocusIn:
            self._on_focus_changed(watched)
        if not isinstance(event, QKeyEvent) or not isinstance(watched, QAbstractButton):
            return False
        if event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() in _ENTER and not event.isAutoRepeat():
            watched.click()
            return True
        if event.key() in _STEP_KEYS and event.modifiers() == Qt.KeyboardModifier.AltModifier:
            return self._step_from(watched, event.key())
        return event.key() in _SCROLL_KEYS and self._scroll_from(watched, event)

    def _step_from(self, button: QAbstractButton, key: int) -> bool:
        """Goes to the version before or after, from any button of a message that has several."""
        forwards = (key == Qt.Key.Key_Right) == (button.layoutDirection() == Qt.LayoutDirection.LeftToRight)
        kind = ControlKind.NEXT_VERSION if forwards else ControlKind.PREVIOUS_VERSION
        step = self._used.get(Key(self._keys[button].message, kind))
        if isinstance(step, QAbstractButton):
            step.click()
        return step is not None

    def _scroll_from(self, button: QAbstractButton, event: QKeyEvent) -> bool:
        """Scrolls the trace that a button belongs to, else the conversation; by itself it would move the focus."""
        bar = self._used.get(replace(self._keys[button], kind=ControlKind.TRACE_BAR))
        if not isinstance(bar, QScrollBar) or not _scrolled_by(bar, event.key()):
            QCoreApplication.sendEvent(self._viewport.parentWidget() or self._viewport, event)
        return True

    def _take(self, key: Key) -> QWidget:
        kind = _WIDGETS[key.kind]
        spare = self._spare.get(kind)
        widget = spare.pop() if spare else self._make(kind)
        self._keys[widget] = key
        self._used[key] = widget
        tool = _TOOLS.get(key.kind)
        if isinstance(widget, ToolButton) and tool is not None:
            icon, name, tip, size = tool
            widget.set_tool(icon, name(), tip(), size)
            widget.setFixedWidth(Size.VERSION_STEP if key.kind in _STEPS else Size.ICON_BUTTON)
            widget.setEnabled(True)
        return widget

    def _make(self, kind: type[QWidget]) -> QWidget:
        widget: QWidget
        if kind is ToolButton:
            widget = ToolButton(self._theme, self._icons, self._viewport)
        elif kind is ThinkingHeader:
            widget = ThinkingHeader(self._theme, self._icons, self._viewport)
        elif kind is Button:
            widget = Button(self._theme, words.go_on(), "ghost", compact=True, parent=self._viewport)
        elif kind is VersionLabel:
            widget = VersionLabel(self._theme, self._viewport)
        elif kind is QScrollBar:
            widget = QScrollBar(self._viewport)
        else:
            widget = ThinBar(self._theme, words.reading(), self._viewport)
        self._connect(widget)
        return widget

    def _connect(self, widget: QWidget) -> None:
        if isinstance(widget, QAbstractButton):
            widget.installEventFilter(self)
            widget.clicked.connect(lambda: self._on_clicked(widget))
        if isinstance(widget, ThinkingHeader):
            # Assistive technology toggles a button without clicking it.
            widget.toggled.connect(lambda: self._on_clicked(widget))
        if isinstance(widget, ToolButton | ThinkingHeader):
            widget.focus_changed.connect(lambda: self._on_focus_changed(widget))
        if isinstance(widget, QScrollBar):
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            widget.valueChanged.connect(lambda value: self._on_scrolled(widget, value))

    def _give_back(self, key: Key) -> None:
        widget = self._used.pop(key)
        if widget.hasFocus():
            parent = self._viewport.parentWidget()
            (parent or self._viewport).setFocus(Qt.FocusReason.OtherFocusReason)
        widget.hide()
        del self._keys[widget]
        self._spare.setdefault(type(widget), []).append(widget)

    def _dress(self, widget: QWidget, key: Key, item: Item) -> None:
        section = item.sections[key.section] if key.section >= 0 else None
        if isinstance(widget, ThinkingHeader) and isinstance(section, ThinkingSection):
            text = (section.word, section.figures)
            widget.set_state(text, section.live, section.fold.open, item.left_out)
        elif isinstance(widget, ThinBar) and item.prefill is not None:
            widget.set_share(item.prefill[0] / max(item.prefill[1], 1))
        elif isinstance(widget, VersionLabel):
            widget.set_version(*item.version)
        elif isinstance(widget, ToolButton) and key.kind in _STEPS:
            self._dress_step(widget, key.kind, item.version)
        elif isinstance(widget, QScrollBar) and section is not None:
            widget.blockSignals(True)
            if key.kind is ControlKind.TRACE_BAR and isinstance(section, ThinkingSection):
                widget.setOrientation(Qt.Orientation.Vertical)
                widget.setAccessibleName(words.scroll_thinking())
                _set_bar(
                    widget, section.maximum, section.frame, section.offset, section.passage.column.style.line
                )
            else:
                column = section.passage.column
                at = column.scrolled(key.block)
                widget.setOrientation(Qt.Orientation.Horizontal)
                widget.setAccessibleName(words.scroll_code())
                _set_bar(widget, column.overflow(key.block), widget.width(), at, column.style.line)
            widget.blockSignals(False)

    def _dress_step(self, button: ToolButton, kind: ControlKind, version: tuple[int, int]) -> None:
        name = _TOOLS[kind][1]()
        at_end = version[0] == (1 if kind is ControlKind.PREVIOUS_VERSION else version[1])
        button.setEnabled(not at_end)
        button.setToolTip(_STEPS[kind]() if at_end else name)
        button.setAccessibleDescription(words.version_of(*version))

    def _order(self) -> None:
        """Tab visits the controls in the order of reading, after the view itself."""
        before = self._viewport.parentWidget() or self._viewport
        for widget in self._used.values():
            if widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
                QWidget.setTabOrder(before, widget)
                before = widget

    def _show_tools(self) -> None:
        focused = {key.message for key, widget in self._used.items() if widget.hasFocus()}
        for key, widget in self._used.items():
            if isinstance(widget, ToolButton | VersionLabel):
                looked_at = key.message in (self._hovered, self._last) or key.message in focused
                widget.set_shown(looked_at or key.kind not in _RESTING)

    def _on_clicked(self, widget: QWidget) -> None:
        self.clicked.emit(self._keys[widget])

    def _on_scrolled(self, widget: QWidget, value: int) -> None:
        self.scrolled.emit(self._keys[widget], value)

    def _on_focus_changed(self, widget: QWidget) -> None:
        self._show_tools()
        if widget.hasFocus():
            self.focused.emit(widget)


def _scrolled_by(bar: QScrollBar, key: int) -> bool:
    """Whether a key moved a bar."""
    action = _SCROLL_KEYS.get(key)
    before = bar.value()
    if action is not None:
        bar.triggerAction(action)
    return bar.value() != before


def _set_bar(bar: QScrollBar, maximum: int, page: int, value: int, step: int) -> None:
    bar.setRange(0, maximum)
    bar.setPageStep(page)
    bar.setSingleStep(step)
    bar.setValue(value)


def _put(widget: QWidget, spot: Spot, shift: int) -> None:
    rect = spot.rect.translated(0, -shift)
    if not rect.width():
        width = widget.sizeHint().width()
        width = width if spot.most is None else min(width, spot.most)
        rtl = widget.layoutDirection() == Qt.LayoutDirection.RightToLeft
        # A rectangle without width stands at the start of its widget, or at its end.
        left = rect.left() - width if rtl != spot.at_end else rect.left()
        rect = QRect(left, rect.top(), width, rect.height())
    if widget.geometry() != rect:
        widget.setGeometry(rect)
    if widget.isHidden():
        widget.show()


_WIDGETS: Final[dict[ControlKind, type[QWidget]]] = {
    ControlKind.THINKING: ThinkingHeader,
    ControlKind.CONTINUE: Button,
    ControlKind.TRACE_BAR: QScrollBar,
    ControlKind.CODE_BAR: QScrollBar,
    ControlKind.READING_BAR: ThinBar,
    ControlKind.VERSION: VersionLabel,
    **dict.fromkeys(_TOOLS, ToolButton),
}
