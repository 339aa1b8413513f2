"""Makes a prompt of a conversation: the template's text, what its end says, and what each turn of it costs."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile

import msgspec

from app.chat.conversation import Channel, Role, Segment, Text, Turn
from app.chat.guarded_text import Guard, Pen
from app.chat.reasoning_format import ReasoningFormat
from app.chat.reasoning_marks import Act, Marks
from app.chat.reasoning_scan import Scanner
from app.chat.reasoning_tail import state_after
from app.chat.template import ChatTemplate
from app.errors import PromptError

# So much of what a reply has said already tells a Splitter where on its line the reply goes on.
_TAIL_LETTERS = 80

THINK_IN = (
    "Think in {language}, the language of the person who asks: write all of your reasoning in {language}."
)
"""The line of the system message for models that drift into another language while they think."""


@dataclass(frozen=True)
class Prompt:
    """What the engine reads, and `tail`, the end of it that tells a Splitter where it starts.

    `folded` says that the template takes no system message, so that its text leads the first question. What stands
    before and after each of the positions `cuts` is to be tokenised apart: there a control text is only talked about.
    `replies` are the positions where earlier replies begin, `asked` is the one where the last turn has been said: the
    template begins the reply there.
    """

    text: str
    tail: str
    asked: int = 0
    folded: bool = False
    cuts: tuple[int, ...] = ()
    replies: tuple[int, ...] = ()


@dataclass(frozen=True)
class TurnTokens:
    """What one turn adds to a prompt, in tokens, the template's own words around it included."""

    id: str
    role: Role
    tokens: int


def guard_for(template: ChatTemplate, fmt: ReasoningFormat, controls: Iterable[str] = ()) -> Guard:
    """What must stay text where people and replies say it; `controls` are those of the model's vocabulary.

    Words that switch (`/no_think`) are hidden from the template alone: whether thinking is on is chosen in the menu,
    and a question that only mentions the word must not change that. The model reads the word as it stands; one that
    has learned to follow it does so, which is what somebody who types it on purpose expects.
    """
    return Guard([*fmt.marks.acts, *controls], template.uses.sought)


def folds_system(template: ChatTemplate, fmt: ReasoningFormat, thinking: str | None = None) -> bool:
    """Whether a system text leads the first question, since as a system message it would be lost or refused.

    Or would have the template say nothing of how to think any more.
    """
    if template.folds_system:
        return True
    offered = fmt.thinking()
    if (thinking or offered.default) == "off":
        return False
    choices = [fmt.variables(choice) for choice in offered.choices]
    return template.loses_thinking(choices, fmt.marks.acts)


def build_prompt(
    template: ChatTemplate,
    fmt: ReasoningFormat,
    turns: Sequence[Turn],
    thinking: str | None = None,
    continuing: bool = False,
    *,
    think_in: str = "",
    guard: Guard | None = None,
) -> Prompt:
    """The prompt for a reply to `turns`, or, `continuing`, for going on with the reply that is the last of them.

    `think_in` is the English name of the language to think in, or empty. Nothing that `guard` knows (None: what the
    template and the format know) does anything where a turn says it.

    Raises PromptError (`prompt_empty` without a question, those of a template) and ChoiceError for a `thinking` that
    the format does not have.
    """
    asked, reply = _asked(turns, continuing)
    pen = Pen(guard or guard_for(template, fmt), _texts(template, turns))
    line = _system_line(fmt, thinking, think_in)
    marked = _rendered(template, fmt, [_guarded(turn, pen) for turn in asked], thinking, line, pen.ended)
    shown = pen.read(marked)
    known = shown.end is not None
    tail = shown.text[shown.end :] if known else _tail_of_another(template, fmt, shown.text, thinking, line)
    folded = folds_system(template, fmt, thinking) and (asked[0].role == "system" or bool(line))
    said = _said(reply, pen.text) if reply is not None else ()
    if reply is None or not said:
        return Prompt(shown.text, tail, len(shown.text) - len(tail), folded, shown.cuts, shown.replies)
    whole = pen.read(marked + _written(fmt.marks, tail, said))
    inside = _tail_within(fmt.marks, tail, reply)
    return Prompt(whole.text, inside, len(shown.text) - len(tail), folded, whole.cuts, whole.replies)


def message_spans(
    template: ChatTemplate,
    fmt: ReasoningFormat,
    turns: Sequence[Turn],
    thinking: str | None,
    count: Callable[[str], int],
    continuing: bool = False,
    *,
    think_in: str = "",
    guard: Guard | None = None,
) -> tuple[TurnTokens, ...]:
    """What each turn costs, in the order of `turns`; 0 for one that the template leaves out.

    One rendering with a place holder for each text; `count` gives the tokens of a text and is asked for each turn's
    text and for the words around it, so it pays to remember its answers. Raises as `build_prompt` does.
    """
    asked, reply = _asked(turns, continuing)
    guarding = guard or guard_for(template, fmt)

    def cost(said: str) -> int:
        return sum(map(count, guarding.pieces(said)))

    held = [_placeholder(index, turn) for index, turn in enumerate(asked)]
    line = _system_line(fmt, thinking, think_in)
    pieces = _PLACEHOLDER.split(_rendered(template, fmt, held, thinking, line))
    tokens = [0] * len(asked)
    index = 0
    # The pattern has two groups, so the pieces come as: words around, number, kind, words around, ...
    for around, number, kind in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=False):
        index = int(number)
        said = asked[index].thinking if kind == "thought" else asked[index].text
        tokens[index] += count(around) + cost(said)
    tokens[-1] += count(pieces[-1])
    costs = {turn.id: cost for turn, cost in zip(asked, tokens, strict=True)}
    if reply is not None:
        costs[reply.id] = cost(reply.thinking) + cost(reply.text)
    return tuple(TurnTokens(turn.id, turn.role, costs.get(turn.id, 0)) for turn in turns)


def plan(turns: Sequence[TurnTokens], budget: int) -> tuple[str, ...]:
    """The ids of the turns to leave out so that the rest fits `budget` tokens, oldest first.

    A question goes together with what answered it. The system prompt and the last question stay, even where they
    alone are more than the budget. What goes, goes by quarters of the budget: were it one exchange at a time, each
    further question would move the beginning of the prompt, and a KV cache could keep nothing of it.
    """
    excess = sum(turn.tokens for turn in turns) - budget
    step = max(1, budget // 4)
    wanted = -(-excess // step) * step
    left_out: list[str] = []
    for exchange in _exchanges(turns)[:-1]:
        if wanted <= 0:
            break
        left_out.extend(turn.id for turn in exchange)
        wanted -= sum(turn.tokens for turn in exchange)
    return tuple(left_out)


def _exchanges(turns: Iterable[TurnTokens]) -> list[list[TurnTokens]]:
    """Each question with its replies."""
    exchanges: list[list[TurnTokens]] = []
    for turn in turns:
        if turn.role == "user" or not exchanges:
            exchanges.append([])
        if turn.role != "system":
            exchanges[-1].append(turn)
    return exchanges


def _asked(turns: Sequence[Turn], continuing: bool) -> tuple[list[Turn], Turn | None]:
    """The turns to render, and the reply to go on with.

    A reply without an answer (stopped, or failed) is not rendered: templates take it for a tool call or refuse it.
    """
    reply = turns[-1] if continuing and turns and turns[-1].role == "assistant" else None
    before = turns[:-1] if reply is not None else turns
    asked = [turn for turn in before if turn.role != "assistant" or turn.text.strip()]
    if not any(turn.role == "user" and turn.text.strip() for turn in asked):
        raise PromptError("prompt_empty")
    return asked, reply


def _texts(template: ChatTemplate, turns: Sequence[Turn]) -> Iterator[str]:
    """Everything that a prompt of these turns can be made of."""
    yield template.source
    for turn in turns:
        yield turn.text
        yield turn.thinking


def _guarded(turn: Turn, pen: Pen) -> Turn:
    text = pen.reply(turn.text) if turn.role == "assistant" else pen.text(turn.text)
    return msgspec.structs.replace(turn, parts=(Text(text),), thinking=pen.text(turn.thinking))


def _system_line(fmt: ReasoningFormat, thinking: str | None, think_in: str) -> str:
    """What the system message is to say of how to think; ours, and so not guarded."""
    lines = [fmt.system_line(thinking)]
    choice = thinking or fmt.thinking().default
    if think_in and fmt.marks and choice != "off":
        lines.append(THINK_IN.format(language=think_in))
    return "\n\n".join(filter(None, lines))


def _rendered(
    template: ChatTemplate,
    fmt: ReasoningFormat,
    turns: Sequence[Turn],
    thinking: str | None,
    line: str,
    ended: Callable[[str], str] = str,
) -> str:
    """The template's text for the turns; where it wants question and answer in turn, they are made to be.

    `ended` marks the last turn's text, whichever that comes to be.
    """
    ready = _with_system_line(turns, line)
    if folds_system(template, fmt, thinking):
        ready = _folded(ready)
    variables = fmt.variables(thinking)

    def made(ready: Sequence[Turn]) -> str:
        last = _saying(ready[-1], ended(ready[-1].text))
        return template.render(
            [*ready[:-1], last], variables=variables, reasoning_field=fmt.field, typed=template.wants_parts
        )

    try:
        return made(ready)
    except PromptError as error:
        merged = _merged(ready)
        if len(merged) == len(ready) or error.code == "template_runaway":
            raise
    return made(merged)


def _with_system_line(turns: Sequence[Turn], line: str) -> list[Turn]:
    if not line:
        return list(turns)
    if turns[0].role != "system":
        return [Turn("system", "system", (Text(line),)), *turns]
    return [_saying(turns[0], f"{turns[0].text}\n\n{line}"), *turns[1:]]


def _folded(turns: Sequence[Turn]) -> list[Turn]:
    """The turns with every system text put before the first question."""
    system = [turn.text for turn in turns if turn.role == "system"]
    rest = [turn for turn in turns if turn.role != "system"]
    first = next(index for index, turn in enumerate(rest) if turn.role == "user")
    rest[first] = _saying(rest[first], "\n\n".join([*system, rest[first].text]))
    return rest


def _merged(turns: Sequence[Turn]) -> list[Turn]:
    """The turns with neighbours of one role as one turn."""
    merged: list[Turn] = []
    for turn in turns:
        if merged and merged[-1].role == turn.role:
            merged[-1] = _saying(merged[-1], f"{merged[-1].text}\n\n{turn.text}")
        else:
            merged.append(turn)
    return merged


def _saying(turn: Turn, text: str) -> Turn:
    return msgspec.structs.replace(turn, parts=(Text(text),))


def _tail_of_another(
    template: ChatTemplate, fmt: ReasoningFormat, text: str, thinking: str | None, line: str
) -> str:
    """What the template writes after the last question where it does not show the question as it is.

    That is what the prompt has in common with the end of one of a known question: never a person's own words.
    """
    question = _placeholder(0, Turn("", "user", ()))
    known = _rendered(template, fmt, [question], thinking, line).rpartition(question.text)[2]
    same = takewhile(
        lambda letters: letters[0] == letters[1], zip(reversed(text), reversed(known), strict=False)
    )
    return known[len(known) - sum(1 for _ in same) :]


# What a reply has said, by channel, in order, its neighbours joined.
_Said = Sequence[tuple[Channel, str]]


def _said(reply: Turn, made: Callable[[str], str] = str) -> _Said:
    """What the reply has said so far; `made` of each text."""
    segments: Iterable[Segment] = reply.segments or (
        Segment("thinking", "model", reply.thinking),
        Segment("answer", "model", reply.text),
    )
    joined = (
        (channel, "".join(segment.text for segment in run))
        for channel, run in groupby(segments, lambda segment: segment.channel)
    )
    return [(channel, made(text)) for channel, text in joined if text]


def _written(marks: Marks, tail: str, said: _Said) -> str:
    """What the model had written of the reply, from the prompt's end on."""
    if not marks:
        return "".join(text for channel, text in said if channel == "answer")
    state = state_after(marks, tail)
    first, text = said[0]
    if first == "thinking":
        written = "" if state == "open" else marks.opening
    else:
        written = {"open": marks.closing.lstrip(), "neither": marks.answering, "closed": ""}[state]
    written += text
    for channel, text in said[1:]:
        # The white space between two runs of a channel is that of the markers between them.
        written += (marks.closing if channel == "answer" else _opening_again(marks)) + text.lstrip()
    return written


def _opening_again(marks: Marks) -> str:
    """What a model writes where it thinks again after an answer."""
    if marks.answering and marks.texts(Act.HEADER):
        # The end of thinking names the channel that follows: it ends an answer too.
        return marks.closing.removesuffix(marks.answering) + marks.opening
    ends = marks.texts(Act.DROP) if marks.answering else ()
    return (ends[0] if ends else "\n\n") + marks.opening


def _tail_within(marks: Marks, tail: str, reply: Turn) -> str:
    """A tail that says: in the middle of this channel, after these words."""
    if not marks:
        return ""
    channel, text = _said(reply)[-1]
    mark = marks.closing if channel == "answer" else marks.opening
    end = text[-_TAIL_LETTERS:]
    scanner = Scanner(marks.acts)
    # Markers that the reply only talks about must not be taken for its own.
    while (found := scanner.find(end)) is not None:
        end = end[found[1] :]
    return tail + mark + end


_PLACEHOLDER = re.compile(r"zq(\d+)(said|thought)qz")


def _placeholder(index: int, turn: Turn) -> Turn:
    thought = f"zq{index}thoughtqz" if turn.thinking else ""
    return msgspec.structs.replace(turn, parts=(Text(f"zq{index}saidqz"),), thinking=thought)
