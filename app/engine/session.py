"""A loaded model: its template, its format, what stands in its cache, and the replies that it wrote."""

import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.chat.conversation import Turn
from app.chat.options import Capabilities, GenerateOptions
from app.chat.prompt import Prompt, TurnTokens, build_prompt, guard_for, message_spans, plan
from app.chat.reasoning import Splitter
from app.chat.reasoning_format import ReasoningFormat
from app.chat.template import ChatTemplate
from app.engine.generation import Generation, Markers, Order
from app.engine.llama_backend import LlamaModel
from app.engine.token_cache import TokenCache
from app.engine.written_tokens import Speller, Written, runs
from app.errors import PromptError
from app.protocol.engine import LEAST_ROOM, Event, Generate, Plan, Planned

_REMEMBERED_REPLIES = 256
"""Replies whose tokens are kept."""

_REMEMBERED_TOKENS = 500_000
"""Tokens that are kept in all; each takes about a hundred bytes."""

_REMEMBERED_COUNTS = 4096

_TEXTUAL = re.compile(
    r"\s+|\w+|</?(?:a|b|blockquote|body|br|caption|code|dd|div|dl|dt|em|h[1-6]|head|hr|html|i|img|li|ol|p|pre|s|span|"
    r"strong|sub|sup|table|tbody|td|tfoot|th|thead|title|tr|u|ul)\s?/?>"
)
"""White space, words and HTML: some vocabularies have them as single tokens, and people mean them as they are."""


@dataclass(frozen=True)
class Voice:
    """How a model is spoken to: its chat template and its reasoning format."""

    template: ChatTemplate
    format: ReasoningFormat


class Session:
    """One loaded model and everything that lasts between its replies."""

    def __init__(self, model: LlamaModel, voice: Voice, capabilities: Capabilities) -> None:
        self._model = model
        self._voice = voice
        self.capabilities = capabilities
        self._cache = TokenCache(model)
        self._written: OrderedDict[str, Written] = OrderedDict()
        self._counts: dict[int, int] = {}
        self._markers = self._find_markers()
        self._guard = guard_for(voice.template, voice.format, self._controls())
        self._speller = Speller(model.tokenize, model.piece)

    def _find_markers(self) -> Markers:
        spelled = [self._model.tokenize(marker) for marker in self._voice.format.markers]
        singles = frozenset(tokens[0] for tokens in spelled if len(tokens) == 1)
        return Markers(singles, bool(spelled) and all(len(tokens) == 1 for tokens in spelled))

    def _controls(self) -> Iterator[str]:
        """Texts that the vocabulary takes for more than text, but for those that makers added as words of a text."""
        model, source = self._model, self._voice.template.source
        own = {model.bos, model.eos}
        for text in model.controls:
            if text in own or text in source or not _TEXTUAL.fullmatch(text) or self._is_control(text):
                yield text

    def _is_control(self, text: str) -> bool:
        tokens = self._model.tokenize(text)
        return len(tokens) == 1 and self._model.is_control(tokens[0])

    # Prompts

    def planned(self, request: Plan) -> Planned:
        """What the next prompt takes, in tokens, and what it leaves out. Raises PromptError."""
        spans = self._spans(request.messages, request.options, continuing=False)
        left_out = plan(spans, self._budget(request.options))
        total = sum(span.tokens for span in spans if span.id not in left_out)
        counts = {span.id: span.tokens for span in spans}
        return Planned(request.plan_id, total, counts, left_out, self._model.context)

    def _spans(
        self, turns: Sequence[Turn], options: GenerateOptions, *, continuing: bool
    ) -> tuple[TurnTokens, ...]:
        voice = self._voice
        return message_spans(
            voice.template,
            voice.format,
            turns,
            options.thinking,
            self._count,
            continuing,
            think_in=options.think_in,
            guard=self._guard,
        )

    def _count(self, text: str) -> int:
        """Tokens of a text; remembered, because the next plan asks for the same texts again."""
        key = hash(text)
        known = self._counts.get(key)
        if known is None:
            if len(self._counts) >= _REMEMBERED_COUNTS:
                self._counts.clear()
            known = self._counts[key] = len(self._model.tokenize(text))
        return known

    def _fitting(self, request: Generate) -> list[Turn]:
        spans = self._spans(request.messages, request.options, continuing=request.continuing)
        left_out = plan(spans, self._budget(request.options))
        return [turn for turn in request.messages if turn.id not in left_out]

    def _budget(self, options: GenerateOptions) -> int:
        """Tokens that a prompt may take: a quarter of the context, or what the reply asks for, stays free."""
        reply = min(options.max_tokens or self._model.context // 4, self._model.context // 2)
        return self._model.context - max(reply, LEAST_ROOM)

    def _prompt_tokens(self, prompt: Prompt, turns: Sequence[Turn]) -> list[int]:
        """The prompt's tokens, with the model's own tokens wherever an earlier reply of this model stands in it."""
        answers: list[tuple[str, Sequence[int]]] = []
        for turn in turns:
            written = self._written.get(turn.id)
            text = turn.text.strip()
            spelled = written.spelling(text) if written and turn.role == "assistant" else None
            if spelled:
                answers.append((text, spelled))
        return self._speller.tokens(runs(prompt.text, answers, prompt.replies, prompt.cuts))

    def _after(self, prompt: Prompt, tokens: Sequence[int]) -> int:
        """How many of the prompt's tokens come after the last question."""
        # Some vocabularies add spaces.
        wanted = len("".join(prompt.text[prompt.asked :].split(" ")).encode("utf-8", "surrogatepass"))
        count = 0
        for token in reversed(tokens):
            if wanted <= 0:
                break
            wanted -= len(self._model.piece(token).replace(b" ", b""))
            count += 1
        return count

    # Replies

    def generation(self, request: Generate, emit: Callable[[Event], None]) -> Generation:
        """The reply that is asked for, ready to run. Raises PromptError or ChoiceError."""
        options = request.options
        make = self._continued if request.continuing else self._asked
        prompt, tokens = make(request.messages, options)
        if len(tokens) > self._budget(options):
            prompt, tokens = make(self._fitting(request), options)
        if not tokens:
            raise PromptError("template_failed", reason="it makes an empty prompt")
        if len(tokens) + LEAST_ROOM > self._model.context:
            raise PromptError("context_full", needed=len(tokens) + LEAST_ROOM, context=self._model.context)
        written = self._writing(request.reply_id, request.continuing)
        order = Order(
            reply_id=request.reply_id,
            prompt=tokens,
            sampling=options.sampling or self.capabilities.advised(options.thinking).values,
            max_tokens=options.max_tokens,
            splitter=Splitter(self._voice.format, prompt.tail, thinking=options.thinking != "off"),
            markers=self._markers,
            written=written,
            tail=self._after(prompt, tokens[: len(tokens) - len(written.tokens)]) + len(written.tokens),
        )
        return Generation(self._model, self._cache, order, emit)

    def _asked(self, turns: Sequence[Turn], options: GenerateOptions) -> tuple[Prompt, list[int]]:
        prompt = self._prompt(turns, options)
        return prompt, self._prompt_tokens(prompt, turns)

    def _prompt(self, turns: Sequence[Turn], options: GenerateOptions, *, continuing: bool = False) -> Prompt:
        return build_prompt(
            self._voice.template,
            self._voice.format,
            turns,
            options.thinking,
            continuing,
            think_in=options.think_in,
            guard=self._guard,
        )

    def _continued(self, turns: Sequence[Turn], options: GenerateOptions) -> tuple[Prompt, list[int]]:
        """A prompt that ends inside the last turn's reply, with the very tokens that the model wrote of it."""
        reply = turns[-1]
        written = self._written.get(reply.id)
        if written is not None and written.says(reply.thinking, reply.text):
            prompt, tokens = self._asked(turns[:-1], options)
            return prompt, [*tokens, *written.tokens]
        self._written.pop(reply.id, None)
        prompt = self._prompt(turns, options, continuing=True)
        return prompt, self._prompt_tokens(prompt, turns[:-1])

    def _writing(self, reply_id: str, continuing: bool) -> Written:
        """Where the reply's tokens are remembered from now on."""
        written = self._written.pop(reply_id, Written()) if continuing else Written()
        self._written[reply_id] = written
        kept = sum(len(each.tokens) for each in self._written.values())
        while len(self._written) > _REMEMBERED_REPLIES or (
            kept > _REMEMBERED_TOKENS and len(self._written) > 1
        ):
            kept -= len(self._written.popitem(last=False)[1].tokens)
        return written

    def close(self) -> None:
        """Gives the model's memory back."""
        self._model.close()
