"""What is seen first in a document, and where it is after heights have changed: so that it can stay where it was."""

from dataclasses import dataclass, replace

from app.ui.transcript.document import Document
from app.ui.transcript.items import Part, PartKind
from app.ui.transcript.measures import Measure
from app.ui.transcript.selection import Spot


@dataclass(frozen=True)
class Place:
    """Something that is seen, and how far its top is below the view's; `block` is -1 for what is not a block."""

    message: int
    kind: PartKind
    section: int
    block: int
    below: int


class Places:
    """Finds places in a document, and finds them again."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def place_at(self, top: int, bottom: int) -> Place | None:
        """What is the first to be seen between two heights; by preference something whose height is certain."""
        rough: Place | None = None
        for index in self._document.between(top, bottom):
            y = self._document.top(index)
            for part in self._document.items[index].parts:
                if y + part.top + part.height <= top or part.kind is PartKind.GAP:
                    continue
                place = self._place_in(index, part, top, bottom)
                if place is not None:
                    return place
                rough = rough or Place(index, part.kind, part.section, -1, y + part.top - top)
        return rough

    def _place_in(self, index: int, part: Part, top: int, bottom: int) -> Place | None:
        y = self._document.top(index) + part.top
        if part.kind not in (PartKind.QUESTION, PartKind.ANSWER):
            return Place(index, part.kind, part.section, -1, y - top)
        column = self._document.items[index].sections[part.section].passage.column
        y += Measure.QUESTION_PAD if part.kind is PartKind.QUESTION else 0
        block = max(column.at(top - y), 0)
        while block < len(column.blocks) and y + column.top(block) < bottom:
            if column.is_exact(block):
                return Place(index, part.kind, part.section, block, y + column.top(block) - top)
            block += 1
        return None

    def top_of(self, place: Place) -> int:
        """Where something is now; where its header or its message is, if it has gone."""
        if place.message >= len(self._document.items):
            return self._document.height
        item = self._document.items[place.message]
        y = self._document.top(place.message)
        for part in item.parts:
            if (part.kind, part.section) == (place.kind, place.section):
                inside = Measure.QUESTION_PAD if part.kind is PartKind.QUESTION else 0
                column = item.sections[part.section].passage.column if place.block >= 0 else None
                return y + part.top + (inside + column.top(place.block) if column else 0)
        headers = [
            part for part in item.parts if (part.kind, part.section) == (PartKind.HEADER, place.section)
        ]
        return y + headers[0].top if headers else y

    def line_at_top(self, place: Place) -> tuple[Spot, int] | None:
        """The text at the view's upper edge, and how far its line's top is below it, where a block crosses that."""
        if place.block < 0 or place.below >= 0 or place.message >= len(self._document.items):
            return None
        column = self._document.items[place.message].sections[place.section].passage.column
        y = column.top(place.block) - place.below
        spot = column.spot_at(0, y)
        return spot, round(column.rect_of(spot).top()) - y

    def place_of_line(self, place: Place, spot: Spot, below: int) -> Place:
        """The place at which a line, now set in another way, is so far below the view's upper edge."""
        column = self._document.items[place.message].sections[place.section].passage.realise()
        line = round(column.rect_of(spot).top())
        return replace(place, block=spot.block, below=below - line + column.top(spot.block))
