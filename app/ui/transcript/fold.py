"""Whether a thinking block is open: it opens and folds by itself, and never against the person's own click."""


class Fold:
    """The state of one thinking block's fold.

    open: whether the trace is shown. tall: whether it has the height of a trace that is being written.
    """

    def __init__(self) -> None:
        self.open = False
        self.tall = False
        self._clicked = False

    def on_thinking(self) -> None:
        """The model thinks: the trace is shown, unless the person has folded it."""
        self.tall = True
        if not self._clicked:
            self.open = True

    def on_answering(self) -> None:
        """The answer has begun: the trace folds, unless the person has opened it."""
        if not self._clicked:
            self.open = False

    def on_clicked(self, live: bool) -> None:
        """The person opens or folds it, and so it stays; `live` while the model thinks there."""
        self._clicked = True
        self.open = not self.open
        if self.open:
            self.tall = live
