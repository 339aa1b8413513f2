"""Where the view is in the document, and how it stays there while heights change around it."""

from typing import Final

from app.ui.theme import Space
from app.ui.transcript.document import Document
from app.ui.transcript.ending import Ending
from app.ui.transcript.items import PartKind, Styles
from app.ui.transcript.measures import Measure
from app.ui.transcript.page import Page
from app.ui.transcript.places import Place, Places

# Laying out may bring more into sight, which then is laid out too; every round only adds blocks, so few are needed.
_ROUNDS: Final = 12
# So many pixels above the view are laid out to find a place again to the pixel; beyond that their height is guessed.
_FARTHEST: Final = 20_000


class Flow:
    """The scroll position of a document.

    value: how far it is scrolled. viewport: the height of what is seen. overlap: how much of that is covered at its
    lower edge. ending: whether it follows the end. places: finds what stays where it is.
    """

    def __init__(self, document: Document) -> None:
        self.value = 0
        self.viewport = 0
        self.overlap: int = Space.COMPOSER_OVERLAP
        self.ending = Ending()
        self.places = Places(document)
        self._document = document
        self._place: Place | None = None
        self._sent: int | None = None
        self._laid_out: set[int] = set()

    @property
    def growing(self) -> bool:
        """Whether a reply is being written, or will be."""
        items = self._document.items
        return bool(items) and items[-1].pending

    @property
    def maximum(self) -> int:
        """The last scroll position."""
        below: int = Space.COLUMN_BOTTOM
        if self.growing:
            below = max(below, min(Measure.GROWING_ROOM, self.viewport // Measure.GROWING_SHARE))
        content = self._document.height + below + self.overlap - Space.COMPOSER_OVERLAP
        return self.ending.maximum(content, self.viewport)

    @property
    def reading(self) -> tuple[int, int] | None:
        """The message at the view's upper edge, and how far its top is above that; None at the end."""
        if self.ending.follows or not self._document.items:
            return None
        if self.viewport <= 0 and self._place is not None:
            return self._place.message, -self._place.below
        index = self._document.at(self.value)
        return index, self.value - self._document.top(index)

    @property
    def end_is_seen(self) -> bool:
        """Whether the last line can be seen."""
        return self._document.height <= self.value + self.viewport - self.overlap

    def on_opened(self) -> None:
        """Another conversation is shown, from its end."""
        self.ending.on_opened()
        self._place = None
        self._sent = None
        self._laid_out = set()

    def on_branch(self, common: int) -> None:
        """Another branch is shown, of which so many messages were shown before: those stay where they are."""
        self._sent = None
        if self._place is None or self._place.message >= common:
            self._place = Place(common, PartKind.MESSAGE, -1, -1, Measure.SENT_TOP)
        self.hold(self._place)

    def hold(self, place: Place) -> None:
        """Goes where something is as far below the view's upper edge as `place` says, even near the end."""
        self._place, self.ending.follows = place, False
        for _ in range(_ROUNDS):
            value = max(self.places.top_of(place) - place.below, 0)
            self.ending.reach = value
            if not self._lay_out_from(place, value):
                break
        self.settle()
        self.ending.follows = self.value >= self.maximum

    def go_to(self, place: Place) -> None:
        """Goes where a person was reading; before the first layout, as soon as there is one."""
        self._place, self._sent = place, None
        self.ending.follows, self.ending.reach = False, 0
        self.settle()

    def on_sent(self) -> None:
        """The last question comes near the top, with room below it for what grows."""
        items = self._document.items
        questions = [index for index, item in enumerate(items) if not item.is_reply]
        self._sent = questions[-1] if questions else None
        self._reach_for_question()

    def on_changing(self) -> None:
        """Heights are about to change: what is seen stays where it is."""
        self.ending.on_changed(self.value)

    def on_viewport(self, height: int) -> None:
        """The view has another height: more room shows more text, not more emptiness."""
        if not self.growing:
            self.ending.reach = max(self.ending.reach - max(height - self.viewport, 0), 0)
        self.viewport = height

    def on_page(self, page: Page, styles: Styles | None = None) -> None:
        """Everything is set on another page, perhaps in other fonts; the line that is read stays where it is."""
        place = self._place
        line = None if place is None or self.ending.follows else self.places.line_at_top(place)
        before = self._document.page
        self._document.set_page(page, styles)
        if place is not None and line is not None:
            self._place = self.places.place_of_line(place, *line)
        same = (page.width, page.narrow, page.reading) == (before.width, before.narrow, before.reading)
        self.ending.reach = max(self.ending.reach + page.top - before.top, 0) if same else 0
        if self.growing and self.ending.follows:
            self._reach_for_question()

    def scroll_to(self, value: int) -> None:
        """The person scrolls."""
        before, self.value = self.value, value
        self.ending.on_scrolled(before, value, self.maximum, self.growing)
        # The top is the top, whatever heights are found out below it.
        self._place = self.places.place_at(value, value + self.viewport) if value > 0 else None
        self.settle()

    def follow(self) -> None:
        """Goes to the end and stays with it."""
        self.ending.follows = True
        self.settle()

    def settle(self) -> None:
        """Lays out what is seen and finds the scroll position at which it stays in place."""
        if self.viewport <= 0:
            return
        value = self.value
        for _ in range(_ROUNDS):
            if self.ending.follows:
                value = self.maximum
            elif self._place is not None:
                value = self.places.top_of(self._place) - self._place.below
            value = min(max(value, 0), self.maximum)
            if not self._lay_out_from(self._place, value):
                break
        self.value = value
        self._place = self.places.place_at(value, value + self.viewport)
        top, bottom = value - self.viewport, value + 2 * self.viewport
        self._laid_out = self._document.release(top, bottom, self._laid_out)

    def _lay_out_from(self, place: Place | None, value: int) -> bool:
        """Lays out what is seen, and above it what lies between it and a message's top; whether a height changed."""
        top = value
        if place is not None and place.kind is PartKind.MESSAGE and not self.ending.follows:
            top = min(max(self.places.top_of(place), value - _FARTHEST), value)
        return self._document.lay_out(top, value + self.viewport)

    def _reach_for_question(self) -> None:
        """Makes the scroll position reachable at which the last question stands near the top."""
        if self._sent is None:
            return
        top = self._document.top(self._sent)
        self._document.lay_out(top, top + self.viewport)
        position = self._document.top(self._sent) - Measure.SENT_TOP
        self.ending.on_sent(position if self._sent else 0)
