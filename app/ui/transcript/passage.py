"""One run of a message's text: cut into blocks and measured only when someone comes near it."""

from app.markup.stream import Stream
from app.ui.transcript.column import Column
from app.ui.transcript.estimate import right_to_left, rough_line_count
from app.ui.transcript.styles import TextStyle


class Passage:
    """A text that may grow, and its column once it is needed.

    A conversation of a million characters opens at once because of this class: what nobody looks at is a few strings
    and a guess of their height.
    """

    def __init__(self, style: TextStyle) -> None:
        self.column = Column(style)
        self._pieces: list[str] = []
        self._length = 0
        self._stream: Stream | None = None
        self._finished = False
        self._width = 1
        self._rtl: bool | None = None
        self._interface_rtl = False
        self._guess: int | None = None

    @property
    def text(self) -> str:
        """All of it, as it came."""
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    @property
    def length(self) -> int:
        """How many characters there are."""
        return self._length

    @property
    def finished(self) -> bool:
        """Whether nothing can be added any more."""
        return self._finished

    @property
    def rtl(self) -> bool:
        """Whether its first strong letter is written from right to left; as the interface while there is none."""
        return self._interface_rtl if self._rtl is None else self._rtl

    @property
    def height(self) -> int:
        """In pixels; a guess until it is realised."""
        if self._stream is not None:
            return self.column.height
        if self._guess is None:
            style = self.column.style
            lines = sum(rough_line_count(piece, max(self._width / style.unit, 1.0)) for piece in self._pieces)
            self._guess = round(lines) * style.line
        return self._guess

    def add(self, text: str) -> None:
        """Takes more text."""
        if not text:
            return
        self._pieces.append(text)
        self._length += len(text)
        self._guess = None
        if self._rtl is None:
            self._find_direction(text)
        if self._stream is not None:
            self._stream.feed(text)
            self.column.sync(self._stream)

    def finish(self) -> None:
        """The text has ended."""
        if self._finished:
            return
        self._finished = True
        if self._stream is not None:
            self._stream.finish()
            self.column.sync(self._stream)

    def set_page(self, width: int, interface_rtl: bool) -> None:
        """Sets it in another width, and in the interface's direction where it has none of its own."""
        if width != self._width:
            self._guess = None
        self._width, self._interface_rtl = width, interface_rtl
        if self._stream is not None:
            self.column.set_page(width, self.rtl)

    def restyle(self, style: TextStyle) -> None:
        """Sets it in other fonts."""
        self._guess = None
        self.column.restyle(style)

    def realise(self) -> Column:
        """Cuts the text into blocks, if that has not been done."""
        if self._stream is None:
            self._stream = Stream()
            self._stream.feed(self.text)
            if self._finished:
                self._stream.finish()
            self.column.set_page(self._width, self.rtl)
            self.column.sync(self._stream)
        return self.column

    def _find_direction(self, text: str) -> None:
        ltr, rtl = right_to_left(text, otherwise=False), right_to_left(text, otherwise=True)
        if ltr == rtl:
            self._rtl = rtl
            if self._stream is not None:
                self.column.set_page(self._width, self.rtl)
