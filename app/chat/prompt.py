"""Makes a prompt of a conversation: the template's text, what its end says, and what each turn of it costs."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import msgspec

from app.chat.conversation import Role, Text, Turn
from app.chat.reasoning_format import ReasoningFormat
from app.chat.reasoning_marks import Marks
from app.chat.reasoning_scan import Scanner
from app.chat.reasoning_tail import state_after
from app.chat.template import ChatTemplate
from app.errors import PromptError

# So much of what a reply has said already tells a Splitter where on its line the reply goes on.
_TAIL_LETTERS = 80


@dataclass(frozen=True)
class Prompt:
    """What the engine reads, and `tail`, the end of it that tells a Splitter where it starts.

    `folded` says that the template knows no system message, so that its text leads the first question.
    """

    text: str
    tail: str
    folded: bool = False


@dataclass(frozen=True)
class TurnTokens:
    """What one turn adds to a prompt, in tokens, the template's own words around it included."""

    id: str
    role: Role
    tokens: int


def build_prompt(
    template: ChatTemplate,
    fmt: ReasoningFormat,
    turns: Sequence[Turn],
    thinking: str | None = None,
    continuing: bool = False,
) -> Prompt:
    """The prompt for a reply to `turns`, or, `continuing`, for going on with the reply that is the last of them.

    Raises PromptError (`prompt_empty` without a question, `template_failed`) and ChoiceError for a `thinking` that
    the format does not have.
    """
    asked, reply = _asked(turns, continuing)
    text = _rendered(template, fmt, asked, thinking)
    tail = _generation_tail(template, fmt, text, asked[-1], thinking)
    folded = template.folds_system and asked[0].role == "system"
    if reply is None or not (reply.text or reply.thinking):
        return Prompt(text, tail, folded)
    return Prompt(text + _written(fmt.marks, tail, reply), _tail_within(fmt.marks, tail, reply), folded)


def message_spans(
    template: ChatTemplate,
    fmt: ReasoningFormat,
    turns: Sequence[Turn],
    thinking: str | None,
    count: Callable[[str], int],
    continuing: bool = False,
) -> tuple[TurnTokens, ...]:
    """What each turn costs, in the order of `turns`; 0 for one that the template leaves out.

    One rendering with a place holder for each text; `count` gives the tokens of a text and is asked for each turn's
    text and for the words around it, so it pays to remember its answers. Raises as `build_prompt` does.
    """
    asked, reply = _asked(turns, continuing)
    held = [_placeholder(index, turn) for index, turn in enumerate(asked)]
    pieces = _PLACEHOLDER.split(_rendered(template, fmt, held, thinking))
    tokens = [0] * len(asked)
    index = 0
    # The pattern has two groups, so the pieces come as: words around, number, kind, words around, ...
    for around, number, kind in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=False):
        index = int(number)
        said = asked[index].thinking if kind == "thought" else asked[index].text
        tokens[index] += count(around) + count(said)
    tokens[-1] += count(pieces[-1])
    costs = {turn.id: cost for turn, cost in zip(asked, tokens, strict=True)}
    if reply is not None:
        costs[reply.id] = count(reply.thinking) + count(reply.text)
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


def _rendered(
    template: ChatTemplate, fmt: ReasoningFormat, turns: Sequence[Turn], thinking: str | None
) -> str:
    """The template's text for the turns; where it wants question and answer in turn, they are made to be."""
    ready = _with_system_line(turns, fmt.system_line(thinking))
    if template.folds_system:
        ready = _folded(ready)
    variables = fmt.variables(thinking)
    try:
        return template.render(
            ready, variables=variables, reasoning_field=fmt.field, typed=template.wants_parts
        )
    except PromptError:
        merged = _merged(ready)
        if len(merged) == len(ready):
            raise
    return template.render(merged, variables=variables, reasoning_field=fmt.field, typed=template.wants_parts)


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


def _generation_tail(
    template: ChatTemplate, fmt: ReasoningFormat, text: str, last: Turn, thinking: str | None
) -> str:
    """What the template writes after the last question.

    It is looked for in a prompt of one known question, because a person's own text may hold markers.
    """
    question = _placeholder(0, Turn(last.id, "user", last.parts))
    known = _rendered(template, fmt, [question], thinking)
    tail = known.rpartition(question.text)[2]
    if text.endswith(tail):
        return tail
    return text.rpartition(last.text.strip())[2]


def _written(marks: Marks, tail: str, reply: Turn) -> str:
    """What the model had written of the reply, from the prompt's end on."""
    state = state_after(marks, tail)
    if not marks:
        return reply.text
    if reply.thinking:
        opening = "" if state == "open" else marks.opening
        answer = marks.closing + reply.text if reply.text else ""
        return opening + reply.thinking + answer
    before = {"open": marks.closing.lstrip(), "neither": marks.answering, "closed": ""}
    return before[state] + reply.text


def _tail_within(marks: Marks, tail: str, reply: Turn) -> str:
    """A tail that says: in the middle of this channel, after these words."""
    if not marks:
        return ""
    mark, said = (marks.closing, reply.text) if reply.text else (marks.opening, reply.thinking)
    end = said[-_TAIL_LETTERS:]
    scanner = Scanner(marks.acts)
    # Markers that the reply only talks about must not be taken for its own.
    while (found := scanner.find(end)) is not None:
        end = end[found[1] :]
    return tail + mark + end


_PLACEHOLDER = re.compile(r"zq(\d+)(said|thought)qz")


def _placeholder(index: int, turn: Turn) -> Turn:
    thought = f"zq{index}thoughtqz" if turn.thinking else ""
    return msgspec.structs.replace(turn, parts=(Text(f"zq{index}saidqz"),), thinking=thought)
