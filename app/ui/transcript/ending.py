"""How the view stays with the end of a conversation that grows, and how it lets go."""

from typing import Final

# So near to the end, in pixels, counts as at the end: scroll wheels do not always land on the pixel.
_NEAR: Final = 4


class Ending:
    """Decides where the view may scroll to and whether it follows the end.

    follows: whether the view goes down with the text; until the person scrolls up, and again when they come back.
    reach: a scroll position that stays reachable although the text ends above it. So a question that was sent can stand
        near the top with room below it, and nothing moves when a block folds or a reply ends.
    """

    def __init__(self) -> None:
        self.follows = True
        self.reach = 0

    def maximum(self, content: int, viewport: int) -> int:
        """The last scroll position of a content of this height in a viewport of this height."""
        return max(content - viewport, self.reach, 0)

    def on_opened(self) -> None:
        """Another conversation is shown: from its end."""
        self.follows, self.reach = True, 0

    def on_sent(self, position: int) -> None:
        """A question was sent that should stand at this scroll position."""
        self.follows, self.reach = True, max(0, position)

    def on_changed(self, value: int) -> None:
        """The content is about to change: what is on the screen stays where it is, even if the content shrinks."""
        if self.follows:
            self.reach = max(self.reach, value)

    def on_scrolled(self, before: int, value: int, maximum: int, growing: bool) -> None:
        """The person has scrolled; `growing` while a reply is being written."""
        self.follows = value >= maximum - _NEAR and (value >= before or self.follows)
        if value < before and not growing:
            self.reach = min(self.reach, value)
