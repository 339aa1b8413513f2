"""Keeps messages, their place in the view and their controls in step; the view only passes events on to it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, QRect, QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from app.chat.conversation import Message
from app.chat.conversation import Place as ReadingPlace
from app.ui.icons import Icons
from app.ui.theme import Space, Theme
from app.ui.transcript.document import Change, Document
from app.ui.transcript.flow import Flow
from app.ui.transcript.folding import Folding
from app.ui.transcript.items import Item, PartKind, Styles
from app.ui.transcript.measures import Measure
from app.ui.transcript.page import Page
from app.ui.transcript.painting import Painting
from app.ui.transcript.places import Place
from app.ui.transcript.sections import ThinkingSection
from app.ui.transcript.selection import Selection
from app.ui.transcript.spots import Key, Spots
from app.ui.transcript.styles import reading_style, trace_style
from app.ui.transcript.tools import Tools


class Stage(QObject):
    """The transcript without its scroll bars and events.

    Signals: `moved` when scroll position or range may have changed and all must be repainted; `dirty(QRect)` when only
    a part of the viewport must be; `follows_changed(bool)` when the view begins or ceases to stay with the end.
    """

    moved = Signal()
    dirty = Signal(QRect)
    follows_changed = Signal(bool)

    def __init__(self, theme: Theme, icons: Icons, viewport: QWidget) -> None:
        super().__init__(viewport)
        self.document = Document(Styles(reading_style(theme), trace_style(theme)))
        self.flow = Flow(self.document)
        self.selection = Selection()
        self.tools = Tools(theme, icons, viewport)
        self.tools.focused.connect(self._on_control_focused)
        self._folding = Folding(theme, self._on_folding, self)
        self._theme = theme
        self._painting = Painting(theme, self.document, self.selection)
        self._spots = Spots(theme, self.document)
        self._room = 0
        self._follows = True
        self._prefills: dict[str, tuple[int, int]] = {}
        self._stepping: Place | None = None
        self._focused: Key | None = None
        self._reading = QTimer(self)
        self._reading.setSingleShot(True)
        self._reading.setInterval(Measure.READING_AFTER)
        self._reading.timeout.connect(self._on_reading_takes_long)
        self._ticks = QTimer(self)
        self._ticks.setInterval(Measure.TICK)
        self._ticks.timeout.connect(lambda: self.refresh(repaint=False))

    def set_messages(self, messages: Sequence[Message]) -> None:
        """Shows other messages, another branch of them, or the same ones with a few changed."""
        self._focused = None
        focused, shown = self.tools.focused_key, [item.message.id for item in self.document.items]
        self.tools.reset()
        self._prefills.clear()
        change = self.document.set_messages(messages)
        for item in self.document.items:
            self._open(item)
        self._go_where(change)
        self.refresh()
        if focused is not None and (change.same or focused.message == change.common):
            index = self.document.index_of(shown[focused.message])
            self._focused = replace(focused, message=change.common if index is None else index)
            self.tools.focus(self._focused)

    def _go_where(self, change: Change) -> None:
        """Finds what to show after the messages became others."""
        step, self._stepping = self._stepping, None
        stepped = step is not None and step.message == change.common and change.before > change.common
        if change.common < change.before or not change.same:
            self.selection.clear()
        if step is not None and stepped and change.common < len(self.document.items):
            self.flow.hold(step)
        elif not change.same:
            self.flow.on_opened()
        elif change.common < len(self.document.items) and self.document.items[-1].pending:
            # Asked anew in another branch: as if the question had just been sent.
            self.flow.on_sent()
        elif change.common < change.before:
            self.flow.on_branch(change.common)

    def set_versions(self, versions: Mapping[str, tuple[int, int]]) -> None:
        """Tells which version a message is, from 1, and how many there are."""
        self.document.set_versions(versions)
        self.refresh()
        focused, self._focused = self._focused, None
        if focused is not None:
            # The button to the next version is there only now.
            self.tools.focus(focused)

    def mark_step(self, index: int | None) -> None:
        """The person goes to another version of a message, and what they clicked shall stay; or they have gone."""
        if index is None:
            self._stepping = None
            return
        item = self.document.items[index]
        kind = PartKind.TOOLS if item.is_reply else PartKind.QUESTION
        part = next(part for part in item.parts if part.kind is kind)
        below = self.document.top(index) + part.top - self.flow.value
        self._stepping = Place(index, kind, part.section, -1, below)

    def place(self) -> ReadingPlace | None:
        """Where the person reads; None at the end."""
        at = self.flow.reading
        return None if at is None else ReadingPlace(self.document.items[at[0]].message.id, at[1])

    def go_to(self, place: ReadingPlace) -> bool:
        """Goes where the person was reading; False if that message is not there."""
        index = self.document.index_of(place.message)
        if index is not None:
            self.flow.go_to(Place(index, PartKind.MESSAGE, -1, -1, -place.offset))
            self.refresh()
        return index is not None

    def set_banner(self, height: int) -> None:
        """Keeps so much room above the first message."""
        if height != self.document.banner:
            self.flow.on_changing()
            at_top = self.flow.value <= 0
            self.document.banner = height
            if at_top and not self.flow.ending.follows:
                # Who reads at the top sees it; elsewhere it comes above what is read.
                self.flow.scroll_to(0)
            self.refresh()

    def add(self, message: Message) -> None:
        """Shows one more message, near the top if it was just sent or is about to be written."""
        self.document.add(message)
        self._open(self.document.items[-1])
        if message.role == "user" or self.document.items[-1].pending:
            self.flow.on_sent()
        self.refresh()

    def update(self, message: Message) -> bool:
        """Takes what is new of a message; whether a reply has ended by it."""
        index = self.document.index_of(message.id)
        if index is None:
            return False
        before = self.document.items[index]
        told, pending = before.message.state, before.pending
        value, height = self.flow.value, self.document.height
        self.flow.on_changing()
        changed = self.document.update(message)
        item = self.document.items[index]
        if item.sections:
            item.prefill = None
            self._prefills.pop(message.id, None)
        if item is not before:
            self._open(item)
            if item.streaming:
                # Answered anew: as if the question had just been sent.
                self.flow.on_sent()
        for section in item.thinking:
            self._folding.move(section)
        same = not changed and item is before and told == message.state
        self.refresh(repaint=False)
        if same and (value, height) == (self.flow.value, self.document.height):
            self.dirty.emit(self._growing_area(index))
        else:
            self.moved.emit()
        return pending and not item.pending

    def set_prefill(self, message_id: str, done: int, total: int) -> None:
        """Tells how much of a reply's prompt has been read, in tokens; shown once it has taken a while."""
        index = self.document.index_of(message_id)
        if index is None or self.document.items[index].sections:
            return
        first = message_id not in self._prefills
        self._prefills[message_id] = (done, total)
        item = self.document.items[index]
        if item.prefill is not None:
            item.prefill = (done, total)
            self.refresh()
        elif first:
            self._reading.start()

    def set_left_out(self, ids: frozenset[str]) -> None:
        """Tells which messages the next prompt leaves out."""
        self.flow.on_changing()
        self.document.set_left_out(ids)
        self.refresh()

    def set_page(self, page: Page, viewport: int, room: int) -> None:
        """The view has another size; `room` is where its text area ends."""
        self.flow.on_viewport(viewport)
        self._room = room
        if page.reading != self.document.page.reading:
            self.flow.on_page(page, Styles(reading_style(self._theme), trace_style(self._theme)))
        elif page != self.document.page:
            self.flow.on_page(page)
        self.refresh()

    def set_overlap(self, overlap: int) -> None:
        """So much of the view's lower edge is covered."""
        self.flow.overlap = overlap
        self.refresh()

    def scroll_to(self, value: int) -> None:
        """The person scrolls."""
        self.flow.scroll_to(value)
        self.refresh()

    def jump_to_end(self) -> None:
        """Goes to the end and stays with it."""
        self.flow.follow()
        self.refresh()

    def click_fold(self, index: int, section: ThinkingSection) -> None:
        """The person opens or folds a trace."""
        self.flow.on_changing()
        section.click()
        section.follows = section.live
        section.offset = section.offset if section.live else 0
        self._folding.move(section)
        self.document.measure(index)
        self.refresh()

    def refresh(self, *, repaint: bool = True) -> None:
        """Settles everything after a change."""
        self.flow.settle()
        top, bottom = self.flow.value - self.flow.viewport // 2, self.flow.value + self.flow.viewport * 3 // 2
        self.tools.place(self._spots.between(top, bottom, self._room), self.flow.value, self.document.items)
        if self.flow.ending.follows != self._follows:
            self._follows = self.flow.ending.follows
            self.follows_changed.emit(self._follows)
        live = bool(self.document.items) and any(section.live for section in self.document.items[-1].thinking)
        if live != self._ticks.isActive():
            self._ticks.start() if live else self._ticks.stop()
        if repaint:
            self.moved.emit()

    def draw(self, painter: QPainter, area: QRect, ratio: float) -> None:
        """Draws what is seen through a part of the viewport."""
        self._painting.draw(painter, area, self.flow.value, ratio)

    def _open(self, item: Item) -> None:
        """Traces of a message that is new to the view are where they belong at once."""
        for section in item.thinking:
            self._folding.move(section, at_once=True)
        index = self.document.index_of(item.message.id)
        if item.thinking and index is not None:
            self.document.measure(index)

    def _growing_area(self, index: int) -> QRect:
        """Where a message can have changed that only grew."""
        top = self.document.top(index) + self.document.items[index].growing_from - self.flow.value
        height = max(self.flow.viewport - top, 0)
        return QRect(0, top, self._room + Measure.BAR, height)

    def _on_control_focused(self, control: QWidget) -> None:
        """Brings a control into sight that the keyboard came to."""
        top, bottom = control.y(), control.y() + control.height()
        lowest = self.flow.viewport - self.flow.overlap - Space.M
        beyond = min(top - Space.M, 0) or max(bottom - lowest, 0)
        if beyond:
            self.scroll_to(min(max(self.flow.value + beyond, 0), self.flow.maximum))

    def _on_folding(self) -> None:
        self.flow.on_changing()
        for index in self.document.between(self.flow.value, self.flow.value + self.flow.viewport):
            self.document.measure(index)
        self.refresh()

    def _on_reading_takes_long(self) -> None:
        for message_id, prefill in self._prefills.items():
            index = self.document.index_of(message_id)
            if index is not None and not self.document.items[index].sections:
                self.document.items[index].prefill = prefill
        self.refresh()
