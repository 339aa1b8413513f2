"""Splits a reply into thinking and answer while it streams: a small state machine that never takes back a word."""

from dataclasses import dataclass

from app.chat.conversation import Channel
from app.chat.reasoning_format import ReasoningFormat
from app.chat.reasoning_marks import Act, channel_named, quotable
from app.chat.reasoning_scan import Line, Scanner

# A header names a channel in a few words; what runs on for longer was never one.
_HEADER_LIMIT = 100


@dataclass(frozen=True)
class Piece:
    """Some text of one channel."""

    channel: Channel
    text: str


class Splitter:
    """Sorts the text of one reply into channels.

    `prompt_tail` is the end of the prompt, from which follows whether a block is open, closed or neither. `thinking`
    False only keeps a format without openers from starting inside its thinking. Each channel's text comes without
    white space around it; inside, it is exact.
    """

    def __init__(self, fmt: ReasoningFormat, prompt_tail: str, thinking: bool = True) -> None:
        self._marks = fmt.marks
        self._any = Scanner(fmt.marks.acts)
        self._text_only = Scanner([text for text in fmt.marks.acts if text not in fmt.marks.essential])
        self._scanner = self._any
        self._channel: Channel = "answer"
        self._held = ""
        self._label: str | None = None
        self._header: str | None = None
        self._header_ends = False
        self._header_marked = False
        self._loose = ""
        self._gap: dict[Channel, str] = {"thinking": "", "answer": ""}
        self._begun: dict[Channel, bool] = {"thinking": False, "answer": False}
        self._blank = True
        self._wrapped = False
        self._nested = 0
        self._example = False
        self._message_begins = False
        self._spoke: Channel | None = None
        self._line = Line()
        self._certain = True
        self._acted = False
        self._pieces: list[Piece] = []
        self._start(prompt_tail, thinking)

    @property
    def channel(self) -> Channel:
        """The channel that the next ordinary word would belong to, as far as is known."""
        return self._channel

    def feed(self, text: str, *, special: bool | None = None) -> list[Piece]:
        """The pieces that `text` completes.

        `special` is whether the engine saw it as one special token (True), as ordinary tokens in a vocabulary where
        the markers are single tokens (False), or cannot tell (None).
        """
        if not self._marks:
            return [Piece("answer", text)] if text else []
        if special:
            self._scan(final=True)
            self._take_token(text)
        else:
            self._scan_with(self._any if special is None else self._text_only)
            self._held += text
            self._scan(final=False)
        return self._taken()

    def finish(self) -> list[Piece]:
        """The pieces that were held back, now that nothing follows."""
        self._scan(final=True)
        self._end_label()
        if self._header is not None and not self._header_marked:
            self._release_header()
        return self._taken()

    def _start(self, tail: str, thinking: bool) -> None:
        """Reads the prompt's end as if it were the reply's own beginning, then forgets its text."""
        self._held = tail
        self._scan(final=True)
        self._certain = False
        self._pieces.clear()
        self._gap = {"thinking": "", "answer": ""}
        self._begun = {"thinking": False, "answer": False}
        self._header_marked = False
        self._loose = ""
        self._spoke = None
        if self._acted:
            self._begun[self._channel] = not self._blank
        else:
            self._blank = True
            self._line = Line()
            self._channel = "thinking" if self._marks.implicit and thinking else "answer"
            # Without an opener, only the prompt's last letter tells whether the thinking had begun.
            self._begun["thinking"] = self._channel == "thinking" and tail == tail.rstrip()

    def _taken(self) -> list[Piece]:
        pieces, self._pieces = self._pieces, []
        return pieces

    def _scan_with(self, scanner: Scanner) -> None:
        if scanner is not self._scanner:
            self._scan(final=True)
            self._scanner = scanner

    def _scan(self, *, final: bool) -> None:
        """Sorts what is held, up to what could still become a marker (`final`: nothing could)."""
        while self._held:
            found = self._scanner.find(self._held)
            if found is None:
                keep = 0 if final else self._scanner.partial(self._held)
                cut = len(self._held) - keep
                text, self._held = self._held[:cut], self._held[cut:]
                self._take_text(text)
                return
            start, end = found
            text, marker, self._held = self._held[:start], self._held[start:end], self._held[end:]
            self._take_text(text)
            if not final and not self._held and self._depends_on_next(marker):
                self._held = marker
                return
            if self._accepts(marker, self._held[:1]):
                self._act(marker)
            else:
                self._mention(marker)
                self._take_text(marker)

    def _depends_on_next(self, marker: str) -> bool:
        """Whether only the letter after the marker tells if it is a quotation."""
        act = self._marks.acts[marker]
        return act in (Act.CLOSE, Act.DROP) and quotable(marker) and self._line.in_quotes

    def _accepts(self, marker: str, following: str) -> bool:
        """Whether a marker's text is meant as one here, rather than talked about."""
        if self._certain or self._header is not None or not quotable(marker):
            return True
        act = self._marks.acts[marker]
        quoted = self._line.in_quotes and following == self._line.last
        if act is Act.THINK:
            return self._blank if self._channel == "thinking" else self._line.may_begin_block
        if act is Act.CLOSE:
            if self._channel == "thinking":
                return not quoted and not (self._example and self._line.fenced)
            return not self._begun["answer"]
        if act is Act.ANSWER:
            return self._channel == "answer" and not self._begun["answer"]
        return self._wrapped and not quoted and not self._nested

    def _mention(self, marker: str) -> None:
        """What is shown opened is also shown closed: an example in a code fence, a wrapper inside a wrapped answer."""
        act = self._marks.acts[marker]
        if act in (Act.THINK, Act.CLOSE):
            self._example = act is Act.THINK and self._line.fenced
        elif act is Act.ANSWER and self._wrapped:
            self._nested += 1
        elif act is Act.DROP and self._nested:
            self._nested -= 1

    def _take_token(self, text: str) -> None:
        marker = text.strip()
        if marker in self._marks.acts:
            self._act(marker)
        else:
            self._take_text(text)

    def _act(self, marker: str) -> None:
        act = self._marks.acts[marker]
        self._acted = self._header_marked = True
        if act in (Act.HEADER, Act.END_HEADER):
            self._begin_header(act)
        elif act is Act.BODY:
            self._begin_body()
        elif act is Act.THINK:
            self._begin_thinking()
        elif act is not Act.DROP:
            self._begin_answer(wrapped=act is Act.ANSWER or not self._marks.texts(Act.ANSWER))
        elif self._header is None:
            self._wrapped = False

    def _begin_thinking(self) -> None:
        if self._channel == "thinking" and self._header is None and not self._blank:
            return
        self._enter("thinking")
        self._label = "" if self._marks.label else None

    def _begin_answer(self, *, wrapped: bool) -> None:
        self._end_label()
        self._enter("answer")
        self._wrapped = wrapped

    def _begin_header(self, act: Act) -> None:
        self._end_label()
        # A second start inside a header adds to it, except after the header of an end.
        self._header = f"{self._header} " if self._header is not None and not self._header_ends else ""
        self._header_ends = act is Act.END_HEADER
        self._loose = ""
        self._blank = True

    def _begin_body(self) -> None:
        if self._header is not None:
            self._enter("answer" if self._header_ends else channel_named(self._header))

    def _enter(self, channel: Channel) -> None:
        # A header that also names the speaker begins a message of its own, rather than another part of one.
        self._message_begins = len((self._header or "").split()) > 1
        self._nested = 0
        self._example = False
        self._channel = channel
        self._header = None
        self._blank = True
        self._line = Line()

    def _take_text(self, text: str) -> None:
        if not text:
            return
        if self._header is not None:
            self._header += text
            self._loose += text
            if len(self._loose) > _HEADER_LIMIT:
                self._release_header()
            return
        if self._label is not None:
            text = self._without_label(self._label + text)
        self._line.add(text)
        self._emit(text)

    def _release_header(self) -> None:
        """What looked like a header was the reply itself."""
        text, self._loose = self._loose, ""
        self._enter("answer")
        self._take_text(text)

    def _without_label(self, text: str) -> str:
        """A block's first words without the label that belongs to its opener; "" while that is not known."""
        label = self._marks.label + "\n"
        if len(text) < len(label) and label.startswith(text):
            self._label = text
            return ""
        self._label = None
        return text.removeprefix(label)

    def _end_label(self) -> None:
        """The block ends, or the reply does: a label without its line end is still a label."""
        text, self._label = self._label, None
        if text and text != self._marks.label:
            self._emit(text)

    def _emit(self, text: str) -> None:
        """Adds text to the channel, without white space before its first or after its last word."""
        channel = self._channel
        gap = self._gap[channel]
        if self._message_begins and self._spoke == channel and "\n" not in gap:
            gap = "\n\n"
        text = gap + text
        if not self._begun[channel]:
            text = text.lstrip()
        words = text.rstrip()
        self._gap[channel] = text[len(words) :]
        if not words:
            return
        self._begun[channel] = True
        self._blank = self._message_begins = False
        self._spoke = channel
        if self._pieces and self._pieces[-1].channel == channel:
            words = self._pieces.pop().text + words
        self._pieces.append(Piece(channel, words))
