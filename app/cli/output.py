"""What `ask` prints: words on standard output as they come, or one JSON object a line; progress on a terminal only."""

import json
from typing import NamedTuple, Protocol, TextIO

import msgspec

from app.chat.conversation import Channel
from app.protocol.engine import Finished
from app.services.models.sampling_now import SamplingNow
from app.services.words.messages import notice

_DIM, _PLAIN = "\x1b[2m", "\x1b[0m"
_CLEAR_LINE = "\r\x1b[K"
_COMMANDS = {code: "\ufffd" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n\r"}
"""What a terminal could take for a command: a model's text, or a stranger's file, must not move its cursor."""


def shown(text: str, stream: TextIO) -> str:
    """The text as it may go to the stream: exact, or, on a terminal, without what is no letter."""
    return text.translate(_COMMANDS) if stream.isatty() else text


class Ended(NamedTuple):
    """How a reply of a model ended and how it was drawn; `conversation` is its id where it is stored."""

    finished: Finished
    model: str
    sampling: SamplingNow | None = None
    conversation: str = ""


class Writer(Protocol):
    """Takes what a question brings, in order."""

    def text(self, channel: Channel, text: str) -> None:
        """More text of one channel."""

    def progress(self, words: str) -> None:
        """What is going on before the first word; "" when it is over."""

    def notice(self, code: str) -> None:
        """Something to tell once."""

    def end(self, ended: Ended | None, /) -> None:
        """The reply is over; None when it failed."""


class _Terminal:
    """Progress and notices on standard error."""

    def __init__(self, errors: TextIO) -> None:
        self._errors = errors
        self._shown = False

    def progress(self, words: str) -> None:
        """Shows or clears the progress line, on a terminal only."""
        if self._errors.isatty() and (words or self._shown):
            self._errors.write(_CLEAR_LINE + shown(words, self._errors))
            self._errors.flush()
            self._shown = bool(words)

    def notice(self, code: str) -> None:
        """Prints a notice in words."""
        self.progress("")
        self._errors.write(notice(code).text + "\n")


class PlainWriter(_Terminal):
    """Text as it comes: the answer, with the thinking before it when it is asked for (dim on a terminal)."""

    def __init__(self, output: TextIO, errors: TextIO, *, show_thinking: bool) -> None:
        super().__init__(errors)
        self._output = output
        self._show_thinking = show_thinking
        self._channel: Channel | None = None
        self._blank = True

    def text(self, channel: Channel, text: str) -> None:
        """Prints the text if its channel is shown; white space before the first word is dropped."""
        if channel == "thinking" and not self._show_thinking:
            return
        if channel != self._channel:
            self._change(channel)
        text = text.lstrip() if self._blank else text
        if text:
            self.progress("")
            self._output.write(shown(text, self._output))
            self._output.flush()
            self._blank = False

    def _change(self, channel: Channel) -> None:
        if self._channel is not None:
            self._close_channel()
            self._output.write("\n\n")
        self._channel = channel
        self._blank = True
        if channel == "thinking" and self._output.isatty():
            self._output.write(_DIM)

    def _close_channel(self) -> None:
        if self._channel == "thinking" and self._output.isatty():
            self._output.write(_PLAIN)

    def end(self, _ended: Ended | None) -> None:
        """Ends the last line."""
        self.progress("")
        self._close_channel()
        if self._channel is not None:
            self._output.write("\n")
        self._output.flush()


class JsonWriter(_Terminal):
    """One object a line: each run of thinking or answer once it is whole, then `done` with the statistics."""

    def __init__(self, output: TextIO, errors: TextIO) -> None:
        super().__init__(errors)
        self._output = output
        self._channel: Channel | None = None
        self._texts: list[str] = []

    def text(self, channel: Channel, text: str) -> None:
        """Gathers the text; a change of channel completes the run before."""
        if channel != self._channel:
            self._complete()
            self._channel = channel
        self._texts.append(text)

    def _complete(self) -> None:
        whole = "".join(self._texts).strip()
        self._texts.clear()
        if whole and self._channel is not None:
            self._print({self._channel: whole})

    def end(self, ended: Ended | None) -> None:
        """Completes the last run, and says how the reply ended, how it was drawn and where it is stored."""
        self.progress("")
        self._complete()
        if ended is not None:
            statistics = msgspec.to_builtins(ended.finished.statistics)
            done = {"reason": ended.finished.reason, "model": ended.model, **statistics}
            if ended.sampling is not None:
                done.update(_sampling(ended.sampling))
            if ended.conversation:
                done["conversation"] = ended.conversation
            self._print({"done": done})

    def _print(self, value: dict[str, object]) -> None:
        self._output.write(json.dumps(value, ensure_ascii=False) + "\n")
        self._output.flush()


def _sampling(sampling: SamplingNow) -> dict[str, object]:
    """The numbers, who said each of them, and the page where the model's makers do."""
    sources = {
        name: "command" if origin == "conversation" else origin for name, origin in sampling.sources.items()
    }
    values = {"sampling": msgspec.to_builtins(sampling.values), "sampling_from": sources}
    return {**values, "sampling_page": sampling.reference} if sampling.reference else values
