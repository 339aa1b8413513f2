"""Where the view is in the document, and how it stays there while heights change around it."""

from typing import Final

from app.ui.theme import Space
from app.ui.transcript.document import Document, Place
from app.ui.transcript.ending import Ending
from app.ui.transcript.measures import Measure
from app.ui.transcript.page import Page

# Laying out may bring more into sight, which then is laid out too; every round only adds blocks, so few are needed.
_ROUNDS: Final = 12


class Flow:
    """The scroll position of a document.

    value: how far it is scrolled. viewport: the height of what is seen. overlap: how much of that is covered at its
    lower edge. ending: whether it follows the end.
    """

    def __init__(self, document: Document) -> None:
        self.value = 0
        self.viewport = 0
        self.overlap: int = Space.COMPOSER_OVERLAP
        self.ending = Ending()
        self._document = document
        self._place: Place | None = None
        self._sent: int | None = None
        self._laid_out: set[int] = set()

    @property
    def growing(self) -> bool:
        """Whether a reply is being written."""
        items = self._document.items
        return bool(items) and items[-1].streaming

    @property
    def maximum(self) -> int:
        """The last scroll position."""
        below: int = Space.COLUMN_BOTTOM
        if self.growing:
            below = max(below, min(Measure.GROWING_ROOM, self.viewport // Measure.GROWING_SHARE))
        content = self._document.height + below + self.overlap - Space.COMPOSER_OVERLAP
        return self.ending.maximum(content, self.viewport)

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

    def on_page(self, page: Page) -> None:
        """Everything is set on another page."""
        self._document.set_page(page)
        self.ending.reach = 0
        if self.growing and self.ending.follows:
            self._reach_for_question()

    def scroll_to(self, value: int) -> None:
        """The person scrolls."""
        before, self.value = self.value, value
        self.ending.on_scrolled(before, value, self.maximum, self.growing)
        self._place = self._document.place_at(value, value + self.viewport)
        self.settle()

    def follow(self) -> None:
        """Goes to the end and stays with it."""
        self.ending.follows = True
        self.settle()

    def settle(self) -> None:
        """Lays out what is seen and finds the scroll position at which it stays in place."""
        value = self.value
        for _ in range(_ROUNDS):
            if self.ending.follows:
                value = self.maximum
            elif self._place is not None:
                value = self._document.top_of(self._place) - self._place.below
            value = min(max(value, 0), self.maximum)
            if not self._document.lay_out(value, value + self.viewport):
                break
        self.value = value
        self._place = self._document.place_at(value, value + self.viewport)
        top, bottom = value - self.viewport, value + 2 * self.viewport
        self._laid_out = self._document.release(top, bottom, self._laid_out)

    def _reach_for_question(self) -> None:
        """Makes the scroll position reachable at which the last question stands near the top."""
        if self._sent is None:
            return
        top = self._document.top(self._sent)
        self._document.lay_out(top, top + self.viewport)
        position = self._document.top(self._sent) - Measure.SENT_TOP
        self.ending.on_sent(position if self._sent else 0)
