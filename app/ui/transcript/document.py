"""All messages below each other: where each is, what is at a point, and what stays in place when heights change."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint

from app.chat.conversation import Message
from app.ui.theme import Space
from app.ui.transcript.column import Column
from app.ui.transcript.heights import Heights
from app.ui.transcript.items import Item, Part, PartKind, Styles
from app.ui.transcript.measures import Measure
from app.ui.transcript.page import Page
from app.ui.transcript.sections import ThinkingSection
from app.ui.transcript.selection import Position, Selection, joined_passages, selected


@dataclass(frozen=True)
class Change:
    """What became of a conversation: how many messages were shown and are still, from the first on, and before it.

    same: whether any message is still shown.
    """

    same: bool
    common: int
    before: int


class Document:
    """The conversation in one column. Heights and tops are pixels below the top of the whole."""

    def __init__(self, styles: Styles) -> None:
        self.items: list[Item] = []
        self.page = Page()
        self.styles = styles
        self._heights = Heights()
        self._index: dict[str, int] = {}
        self._versions: Mapping[str, tuple[int, int]] = {}
        # Room for something that stands above the first message and moves with it.
        self.banner = 0

    @property
    def head(self) -> int:
        """The room above the first message."""
        return self.page.top + self.banner

    @property
    def height(self) -> int:
        """Of all messages, with the room above the first one."""
        return self.head + self._heights.total

    def index_of(self, message_id: str) -> int | None:
        """Where a message is."""
        return self._index.get(message_id)

    def set_messages(self, messages: Sequence[Message]) -> Change:
        """Shows these messages; those that are already shown keep their state."""
        old = {item.message.id: item for item in self.items}
        ids = list(old)
        self.items, self._heights, self._index = [], Heights(), {}
        for message in messages:
            item = old.get(message.id)
            if item is None or not item.grows_into(message):
                self._append(Item(message, self.styles))
                continue
            if item.message is not message:
                item.update(message)
            self._append(item)
        self._mark_last_reply()
        new = [message.id for message in messages]
        pairs = enumerate(zip(ids, new, strict=False))
        common = next((at for at, (one, other) in pairs if one != other), min(len(ids), len(new)))
        return Change(any(message_id in old for message_id in new), common, len(ids))

    def add(self, message: Message) -> None:
        """Shows one more."""
        self._append(Item(message, self.styles))
        self._mark_last_reply()

    def update(self, message: Message) -> bool:
        """Takes what is new of a message; whether heights changed."""
        index = self._index[message.id]
        item = self.items[index]
        if item.grows_into(message):
            item.update(message)
        else:
            made = Item(message, self.styles)
            made.left_out, made.cut, made.is_last_reply = item.left_out, item.cut, item.is_last_reply
            made.version = item.version
            made.set_page(self.page)
            self.items[index] = made
        return self.measure(index)

    def set_versions(self, versions: Mapping[str, tuple[int, int]]) -> None:
        """Tells which version a message is, from 1, and how many there are; 1 of 1 for those that are not named."""
        self._versions = dict(versions)
        for item in self.items:
            item.version = self._versions.get(item.message.id, (1, 1))

    def set_page(self, page: Page, styles: Styles | None = None) -> None:
        """Sets everything on another page, and in other fonts."""
        self.page = page
        for index, item in enumerate(self.items):
            if styles is not None:
                item.restyle(styles)
            item.set_page(page)
            self.measure(index)
        self.styles = styles or self.styles

    def set_left_out(self, ids: frozenset[str]) -> None:
        """Tells which messages the next prompt leaves out."""
        out = [index for index, item in enumerate(self.items) if item.message.id in ids]
        for index, item in enumerate(self.items):
            item.left_out = item.message.id in ids
            cut = len(out) if out and index == out[-1] else 0
            if cut != item.cut:
                item.cut = cut
                self.measure(index)

    def measure(self, index: int) -> bool:
        """Arranges a message anew; whether its height changed."""
        height = self.items[index].arrange() + (Space.MESSAGE_GAP if index else 0)
        if self._heights[index] == height:
            return False
        self._heights[index] = height
        return True

    def top(self, index: int) -> int:
        """Where a message begins."""
        return self.head + self._heights.top(index) + (Space.MESSAGE_GAP if index else 0)

    def at(self, y: int) -> int:
        """The message at a height, the gap above it included; -1 when there is none at all."""
        return self._heights.at(y - self.head)

    def between(self, top: int, bottom: int) -> Iterator[int]:
        """The messages that lie between two heights; asks anew after each, since laying out moves what follows."""
        index = max(self.at(top), 0)
        while index < len(self.items) and self.top(index) < bottom:
            yield index
            index += 1

    def lay_out(self, top: int, bottom: int) -> bool:
        """Lays out what lies between two heights; whether any height changed by it."""
        changed = False
        for index in self.between(top, bottom):
            y = self.top(index)
            if self.items[index].lay_out(top - y, bottom - y):
                self.measure(index)
                changed = True
        return changed

    def release(self, top: int, bottom: int, laid_out: set[int]) -> set[int]:
        """Forgets layouts outside of two heights; takes and returns the messages that may have any."""
        near = set(self.between(top, bottom))
        for index in laid_out | near:
            if index < len(self.items):
                y = self.top(index)
                self.items[index].release(top - y, bottom - y)
        return near

    def text_at(self, x: int, y: int) -> tuple[int, Part] | None:
        """The message and the part with text that are nearest to a point."""
        index = self.at(y)
        if index < 0:
            return None
        inside = y - self.top(index)
        parts = self.items[index].text_parts()
        if not parts:
            return None
        return index, min(parts, key=lambda part: max(part.top - inside, inside - part.top - part.height, 0))

    def position_at(self, x: int, y: int) -> Position | None:
        """The place in the text nearest to a point."""
        found = self.text_at(x, y)
        if found is None:
            return None
        index, part = found
        origin = self.origin(index, part)
        section = self.items[index].sections[part.section]
        spot = section.passage.realise().spot_at(x - origin.x(), y - origin.y())
        return Position(index, part.section, spot.block, spot.offset)

    def origin(self, index: int, part: Part) -> QPoint:
        """The upper left corner of a part's text, which for a trace may lie above its frame."""
        y = self.top(index) + part.top
        section = self.items[index].sections[part.section]
        if isinstance(section, ThinkingSection):
            return QPoint(self.page.trace_left, y + Measure.RULE_TOP + Measure.TRACE_PAD - section.offset)
        return QPoint(self.page.left, y + (Measure.QUESTION_PAD if part.kind is PartKind.QUESTION else 0))

    @property
    def everything(self) -> tuple[Position, Position]:
        """The first and the last position."""
        return Position(0, 0, 0, 0), Position(len(self.items), 0, 0, 0)

    def selected_text(self, selection: Selection) -> str:
        """What is selected, as it is copied; folded traces are left out, since they are not seen."""
        bounds = selection.bounds
        if bounds is None:
            return ""
        texts = []
        for index in range(bounds[0].message, min(bounds[1].message, len(self.items) - 1) + 1):
            for number, section in enumerate(self.items[index].sections):
                span = selection.span(index, number)
                if span is not None and section.shown:
                    texts.append(selected(section.passage.realise().blocks, span))
        return joined_passages(texts)

    def column(self, position: Position) -> Column | None:
        """The column that a position is in; None for the position behind all."""
        if position.message >= len(self.items):
            return None
        sections = self.items[position.message].sections
        return sections[position.passage].passage.realise() if position.passage < len(sections) else None

    def _append(self, item: Item) -> None:
        item.set_page(self.page)
        item.version = self._versions.get(item.message.id, (1, 1))
        self._index[item.message.id] = len(self.items)
        self.items.append(item)
        self._heights.append(0)
        self.measure(len(self.items) - 1)

    def _mark_last_reply(self) -> None:
        replies = [item for item in self.items if item.is_reply]
        for item in replies:
            item.is_last_reply = item is replies[-1]
