"""One reply: reads the prompt, draws token after token, tells thinking from answer, and says how it ended."""

import codecs
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.chat.conversation import Channel, FinishReason, Statistics
from app.chat.options import Sampling
from app.chat.reasoning import Piece, Splitter
from app.engine.llama_backend import LlamaModel
from app.engine.token_cache import TokenCache
from app.engine.written_tokens import Written
from app.protocol.engine import Delta, Event, Finished, Prefilling

_DELTA_SECONDS = 0.025
"""Text is sent at most this often: more lines a second cost decode speed, and nobody reads faster."""


@dataclass(frozen=True)
class Markers:
    """The tokens that are a format's markers, and whether every marker is a single token."""

    tokens: frozenset[int]
    all_single: bool

    def special(self, token: int) -> bool | None:
        """What the splitter is told about a token's text (see `Splitter.feed`)."""
        return True if token in self.tokens else self.ordinary

    @property
    def ordinary(self) -> bool | None:
        """What the splitter is told about the text of every other token."""
        return False if self.all_single else None


@dataclass
class _Outlet:
    """Gathers text by channel and sends it as deltas, at most every few hundredths of a second.

    Tokens without a text of their own, as those of markers, go with the text of their channel: at its end with none.
    """

    reply_id: str
    emit: Callable[[Event], None]
    written: Written
    channel: Channel = "answer"
    texts: list[str] = field(default_factory=list)
    tokens: Counter[Channel] = field(default_factory=Counter)
    heard: set[Channel] = field(default_factory=set)
    sent: float = 0.0

    def add(self, channel: Channel, text: str) -> None:
        if channel != self.channel:
            self.send()
            self.channel = channel
        if text:
            self.texts.append(text)
            self.written.shown[channel].append(text)
        if time.monotonic() - self.sent >= _DELTA_SECONDS:
            self.send()

    def send(self) -> None:
        if self.texts or (self.channel in self.heard and self.tokens[self.channel]):
            text, tokens = "".join(self.texts), self.tokens.pop(self.channel, 0)
            self.emit(Delta(self.reply_id, self.channel, "model", text, tokens))
            self.heard.add(self.channel)
            self.texts.clear()
            self.sent = time.monotonic()


@dataclass(frozen=True)
class Order:
    """What is to be generated: the prompt's tokens, how to draw, how many tokens at most.

    `splitter` stands where the prompt ended without the tokens `written` of this reply so far. `tail` is how many
    tokens at the prompt's end the next prompt may lack: those that begin the reply, and those of it; 0 when that is
    not known.
    """

    reply_id: str
    prompt: Sequence[int]
    sampling: Sampling
    max_tokens: int | None
    splitter: Splitter
    markers: Markers
    written: Written
    tail: int = 0


class Generation:
    """One reply of one model. `run` blocks until it ends; `stop` may be called from another thread."""

    def __init__(
        self, model: LlamaModel, cache: TokenCache, order: Order, emit: Callable[[Event], None]
    ) -> None:
        self._model = model
        self._cache = cache
        self._order = order
        self._emit = emit
        self._outlet = _Outlet(order.reply_id, emit, order.written)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._stopping = False
        self._tokens: dict[Channel, int] = {"thinking": 0, "answer": 0}
        self._seconds: dict[Channel, float] = {"thinking": 0.0, "answer": 0.0}
        self._cached = 0
        self._first = 0.0
        self._recall()

    def _recall(self) -> None:
        """Takes splitter and decoder through what was written so far: half markers and half letters go on."""
        written, markers = self._order.written, self._order.markers
        parts: list[Piece] = []
        text = b""
        for token, piece in zip(written.tokens, written.pieces, strict=True):
            if token in markers.tokens:
                parts += self._order.splitter.feed(self._decoder.decode(text), special=markers.ordinary)
                parts += self._order.splitter.feed(self._decoder.decode(piece), special=True)
                text = b""
            elif not self._model.is_control(token):
                text += piece
        parts += self._order.splitter.feed(self._decoder.decode(text), special=markers.ordinary)
        shown = sum(len(text) for texts in written.shown.values() for text in texts)
        if sum(len(part.text) for part in parts) < shown:
            # The reply had come to its end, and what was held back was shown.
            self._order.splitter.finish()

    @property
    def reply_id(self) -> str:
        """The reply that is being generated."""
        return self._order.reply_id

    def stop(self) -> None:
        """Ends the reply after the token at hand, or inside the prompt."""
        self._stopping = True
        self._model.stop()

    def run(self) -> Finished:
        """Generates the reply. Raises EngineError when the backend fails; what was sent stays sent."""
        started = time.monotonic()
        # A stop that came as the last reply ended is not meant for this one; one that came for this one is.
        self._model.resume()
        if self._stopping:
            self._model.stop()
        reason: FinishReason = "stopped"
        try:
            if self._read_prompt():
                reason = self._generate(started)
        finally:
            self._flush(ended=reason == "end")
            self._model.resume()
        return Finished(self._order.reply_id, reason, self._statistics())

    def _read_prompt(self) -> bool:
        prompt = self._order.prompt
        self._cached = self._cache.cut(self._cache.shared(prompt))
        self._report(self._cached)
        return self._cache.read_prompt(prompt, self._report, self._order.tail)

    def _report(self, done: int) -> None:
        self._emit(Prefilling(self._order.reply_id, done, len(self._order.prompt)))

    def _generate(self, started: float) -> FinishReason:
        self._model.set_sampling(self._order.sampling, self._order.prompt)
        before = time.monotonic()
        limit = self._order.max_tokens
        while not self._stopping:
            token = self._model.sample()
            now = time.monotonic()
            self._first = self._first or now - started
            if self._ends(token):
                return "end"
            self._take(token, now - before)
            before = now
            if limit is not None and sum(self._tokens.values()) >= limit:
                return "limit"
            if len(self._cache) >= self._model.context:
                return "context_full"
            self._cache.read_token(token)
        return "stopped"

    def _ends(self, token: int) -> bool:
        """Whether the token ends the reply: not where it ends a thought, which the answer follows.

        Some vocabularies say of such a marker (`<|end|>` of a channel) that it ends everything.
        """
        ends_thought = token in self._order.markers.tokens and self._order.splitter.channel == "thinking"
        return self._model.ends_reply(token) and not ends_thought

    def _take(self, token: int, seconds: float) -> None:
        piece = self._model.piece(token)
        splitter = self._order.splitter
        special = self._order.markers.special(token)
        hidden = special is not True and self._model.is_control(token)
        text = "" if hidden else self._decoder.decode(piece)
        before = splitter.channel
        parts = splitter.feed(text, special=special) if text else ()
        self._order.written.add(token, piece, splitter.channel)
        # The markers of thinking belong to it, those that end it too.
        thinking = "thinking" in (before, splitter.channel)
        channel = parts[-1].channel if parts else ("thinking" if thinking else "answer")
        self._tokens[channel] += 1
        self._seconds[channel] += seconds
        self._outlet.tokens[channel] += 1
        for part in parts:
            self._outlet.add(part.channel, part.text)

    def _flush(self, *, ended: bool) -> None:
        # Half a character is nothing to show; its tokens are drawn anew when the reply goes on.
        self._order.written.drop_unfinished(len(self._decoder.getstate()[0]))
        # Nor is what may be half a marker, unless nothing can follow: the other half comes when the reply goes on.
        for part in self._order.splitter.finish() if ended else ():
            self._outlet.add(part.channel, part.text)
        self._outlet.send()

    def _statistics(self) -> Statistics:
        # The first token comes out of the prompt's own decode: its time is not decode time.
        count = sum(self._tokens.values()) - 1
        seconds = sum(self._seconds.values())
        return Statistics(
            prompt_tokens=len(self._order.prompt),
            cached_tokens=self._cached,
            thinking_tokens=self._tokens["thinking"],
            answer_tokens=self._tokens["answer"],
            thinking_seconds=self._seconds["thinking"],
            answer_seconds=self._seconds["answer"],
            tokens_per_second=count / seconds if count > 0 and seconds > 0 else 0.0,
            time_to_first_token=self._first,
        )
