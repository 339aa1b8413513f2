"""A reply while it grows: text arrives in deltas and becomes segments, with tokens and seconds for each."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

import msgspec

from app.chat.conversation import Author, Channel, FinishReason, Message, ReplyState, Segment, Statistics
from app.chat.options import Sampling


class _Growing(msgspec.Struct):
    channel: Channel
    author: Author
    texts: list[str]
    tokens: int
    seconds: float

    def segment(self) -> Segment:
        if len(self.texts) > 1:
            self.texts[:] = ["".join(self.texts)]
        return Segment(self.channel, self.author, self.texts[0], self.tokens, self.seconds)


def merged(one: Statistics, more: Statistics) -> Statistics:
    """The statistics of a reply that was continued: tokens and seconds added up, the speed that of both together."""
    timed = [(s.thinking_tokens + s.answer_tokens, s.tokens_per_second) for s in (one, more)]
    timed = [(tokens, speed) for tokens, speed in timed if tokens and speed > 0]
    seconds = sum(tokens / speed for tokens, speed in timed)
    speed = sum(tokens for tokens, _speed in timed) / seconds if seconds else 0.0
    return Statistics(
        prompt_tokens=one.prompt_tokens or more.prompt_tokens,
        cached_tokens=one.cached_tokens if one.prompt_tokens else more.cached_tokens,
        thinking_tokens=one.thinking_tokens + more.thinking_tokens,
        answer_tokens=one.answer_tokens + more.answer_tokens,
        thinking_seconds=one.thinking_seconds + more.thinking_seconds,
        answer_seconds=one.answer_seconds + more.answer_seconds,
        tokens_per_second=speed,
        time_to_first_token=one.time_to_first_token or more.time_to_first_token,
    )


def estimated(
    segments: Iterable[Segment], old: Statistics | None, prompt_tokens: int = 0
) -> Statistics | None:
    """The statistics of a reply whose engine had no last word, from what it wrote; `old` are those of its beginning.

    What the text does not tell stays 0. None where nothing was written.
    """
    tokens: Counter[Channel] = Counter()
    seconds: defaultdict[Channel, float] = defaultdict(float)
    for segment in segments:
        if segment.author == "model":
            tokens[segment.channel] += segment.tokens
            seconds[segment.channel] += segment.seconds
    total, spent = sum(tokens.values()), sum(seconds.values())
    if not total:
        return old
    known = old or Statistics(prompt_tokens=prompt_tokens)
    return msgspec.structs.replace(
        known,
        thinking_tokens=tokens["thinking"],
        answer_tokens=tokens["answer"],
        thinking_seconds=seconds["thinking"],
        answer_seconds=seconds["answer"],
        tokens_per_second=total / spent if spent else 0.0,
    )


class GrowingReply:
    """Collects the deltas of one reply. `clock` gives seconds; a pause of the model counts to the open segment."""

    def __init__(self, message: Message, clock: Callable[[], float] = time.monotonic) -> None:
        self._message = message
        self._clock = clock
        self._before = list(message.segments)
        self._segments: list[_Growing] = []
        self._fresh: list[_Growing] = []
        self._since = 0.0
        self._prompt_tokens = 0

    @property
    def id(self) -> str:
        """The message's id."""
        return self._message.id

    def written_by(self, model: str) -> None:
        """The name of the model, once it is loaded; a reply that another one began keeps that one's."""
        if not self._message.segments:
            self._message = msgspec.structs.replace(self._message, model=model)

    def sampled_with(self, sampling: Sampling) -> None:
        """The reply is drawn with these numbers, whoever decided on them."""
        options = self._message.options
        if options is not None and not self._message.segments:
            options = msgspec.structs.replace(options, sampling=sampling)
            self._message = msgspec.structs.replace(self._message, options=options)

    def stream(self, model: str) -> None:
        """Its turn has come: it waits no longer for others, and `model` writes it."""
        self._message = msgspec.structs.replace(self._message, state="streaming")
        self.written_by(model)

    def wait(self) -> None:
        """It waits for its turn again."""
        self._message = msgspec.structs.replace(self._message, state="queued")

    def begin(self, prompt_tokens: int = 0) -> None:
        """The prompt is read, of so many tokens: from now on seconds count to what is written."""
        self._since = self._clock()
        self._prompt_tokens = prompt_tokens

    def add(self, channel: Channel, author: Author, text: str, tokens: int) -> None:
        """Appends a delta."""
        now = self._clock()
        spent = now - self._since if self._since else 0.0
        self._since = now
        last = self._segments[-1] if self._segments else self._resumed(channel, author)
        if last is None or (last.channel, last.author) != (channel, author):
            last = _Growing(channel, author, [], 0, 0.0)
        if not self._segments or self._segments[-1] is not last:
            self._segments.append(last)
        last.texts.append(text)
        last.tokens += tokens
        last.seconds += spent
        self._note(channel, author, text, tokens, spent)

    def _note(self, channel: Channel, author: Author, text: str, tokens: int, seconds: float) -> None:
        """Keeps what is new apart, so that storing it does not go through what is stored already."""
        last = self._fresh[-1] if self._fresh else None
        if last is None or (last.channel, last.author) != (channel, author):
            last = _Growing(channel, author, [], 0, 0.0)
            self._fresh.append(last)
        last.texts.append(text)
        last.tokens += tokens
        last.seconds += seconds

    def taken(self) -> tuple[Segment, ...]:
        """What was written since this was asked last; tokens and seconds are those of the new text alone."""
        fresh, self._fresh = self._fresh, []
        return tuple(growing.segment() for growing in fresh)

    def _resumed(self, channel: Channel, author: Author) -> _Growing | None:
        """The last segment of what was written before, opened again when the text goes on in it."""
        if not self._before or (self._before[-1].channel, self._before[-1].author) != (channel, author):
            return None
        old = self._before.pop()
        return _Growing(channel, author, [old.text], old.tokens, old.seconds)

    def message(self) -> Message:
        """The reply as it is now, streaming or queued."""
        return msgspec.structs.replace(self._message, segments=self._now(), reason=None)

    def ended(
        self, reason: FinishReason, statistics: Statistics | None, *, switched: bool = False
    ) -> Message:
        """The reply at its end; one that was stopped because its model was `switched` counts as interrupted.

        Without `statistics` they are estimated from the text.
        """
        state: ReplyState = "interrupted" if switched or reason == "interrupted" else "finished"
        old, segments = self._message.statistics, self._now()
        if statistics is None:
            statistics = estimated(segments, old, self._prompt_tokens) if self._segments else old
        elif old is not None:
            statistics = merged(old, statistics)
        return msgspec.structs.replace(
            self._message, segments=segments, state=state, reason=reason, statistics=statistics
        )

    def _now(self) -> tuple[Segment, ...]:
        return (*self._before, *(growing.segment() for growing in self._segments))
