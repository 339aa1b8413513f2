"""Finds how a template marks thinking: known shapes in its source, and what it writes around earlier thinking."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from app.chat.reasoning_marks import Act, Marks, marks_between, pairs_in, signature_in
from app.chat.reasoning_switch import Switch, Trials, find_switch
from app.chat.template import ChatTemplate, JsonValue, ReasoningField
from app.chat.template_sandbox import Allowance
from app.errors import PromptError

# Looking at a template takes a few dozen renderings of a few words; the seconds allow for a busy machine.
_ALLOWANCE = Allowance(characters=2_000_000, steps=500_000, seconds=3.0, in_all=True)

_THOUGHT = "zqthoughtqz"
_ANSWER = "zqanswerqz"
_FIELDS: tuple[tuple[ReasoningField, re.Pattern[str]], ...] = (
    ("reasoning_content", re.compile(r"reasoning_content")),
    ("reasoning", re.compile(r"""\.reasoning\b|['"]reasoning['"]""")),
    ("thinking", re.compile(r"""\.thinking\b|['"]thinking['"]""")),
    ("parts", re.compile(r"""==\s*['"]thinking['"]""")),
    ("blocks", re.compile(r"""\.blocks\b|['"]blocks['"]""")),
)
_FLAG = re.compile(r"think|reason", re.IGNORECASE)
_TAG = r"(<[^<>\s]{1,60}>|\[[^\[\]\s]{1,40}\]|◁[^◁▷\s]{1,40}▷)"
_TAG_BEFORE = re.compile(_TAG + r"\s*$")
_TAG_AFTER = re.compile(r"\s*" + _TAG)
_THINKING_WORD = re.compile(r"think|thought|reason|reflect", re.IGNORECASE)


@dataclass(frozen=True)
class Finding:
    """What a template's source tells about its thinking."""

    marks: Marks = Marks()
    switch: Switch = Switch()
    field: ReasoningField | None = None


@dataclass(frozen=True)
class _Echo:
    """A prompt that shows earlier thinking, and the same prompt without it."""

    field: ReasoningField
    shown: str
    without: str


def examine(source: str) -> Finding:
    """The marks, the switch and the field of a template; of one that does not run, what its source shows."""
    try:
        template = ChatTemplate(source, allowance=_ALLOWANCE)
    except PromptError:
        return Finding(_marks_in(source))
    echo = next(_echoes(template), None)
    marks = signature_in(source) or _marks_around(echo, source) or _marks_in(source)
    if not marks:
        return Finding()
    switch = find_switch(template, marks)
    return Finding(_with_spacing(marks, echo, template, switch), switch, echo.field if echo else None)


def _marks_in(source: str) -> Marks:
    known = signature_in(source)
    if known is not None:
        return known
    pair = next(iter(pairs_in(source)), None)
    return marks_between(*pair, source) if pair else Marks()


def _marks_around(echo: _Echo | None, source: str) -> Marks | None:
    """The tags that the template itself writes around a thought, when they are there for the thought."""
    if echo is None:
        return None
    before, _, after = echo.shown.partition(_THOUGHT)
    opened, closed = _TAG_BEFORE.search(before), _TAG_AFTER.match(after)
    if opened is None or closed is None:
        return None
    opener, closer = opened[1], closed[1]
    there_anyway = echo.shown.count(opener) == echo.without.count(opener)
    if opener == closer or (there_anyway and not _THINKING_WORD.search(opener)):
        return None
    return marks_between(opener, closer, source)


def _echoes(template: ChatTemplate) -> Iterator[_Echo]:
    """Every way in which the template shows thinking that it is given."""
    flags: dict[str, JsonValue] = {name: True for name in template.uses.read if _FLAG.search(name)}
    for field, pattern in _FIELDS:
        if not pattern.search(template.source):
            continue
        for variables in ({}, flags) if flags else ({},):
            for calls in (False, True):
                shown = _told(template, field, _THOUGHT, variables, calls)
                if _THOUGHT in shown:
                    yield _Echo(field, shown, _told(template, field, "", variables, calls))


_CALL: JsonValue = {"id": "call00000", "type": "function", "function": {"name": "act", "arguments": {}}}


def _told(
    template: ChatTemplate,
    field: ReasoningField,
    thought: str,
    variables: Mapping[str, JsonValue],
    calls: bool,
) -> str:
    """A question, an answer, and the thought behind it; "" where the template refuses."""
    reply: dict[str, JsonValue] = {"role": "assistant", "content": "" if calls else _ANSWER}
    if field == "parts":
        reply["content"] = [{"type": "thinking", "thinking": thought}, {"type": "text", "text": _ANSWER}]
    elif field == "blocks":
        reply["content"] = {
            "blocks": [{"type": "thoughts", "text": thought}, {"type": "response", "text": _ANSWER}]
        }
    elif thought:
        reply[field] = thought
    if calls:
        reply["tool_calls"] = [_CALL]
    try:
        return template.render_messages(
            [{"role": "user", "content": "zqquestionqz"}, reply], generation=False, variables=variables
        )
    except PromptError:
        return ""


def _with_spacing(marks: Marks, echo: _Echo | None, template: ChatTemplate, switch: Switch) -> Marks:
    """The marks of tags with the white space that the template itself writes around them."""
    opener, closer = marks.opening.strip(), marks.closing.strip()
    if marks.label or marks.acts.get(opener) is not Act.THINK or marks.acts.get(closer) is not Act.CLOSE:
        return marks
    if echo is not None:
        around = re.search(
            rf"{re.escape(opener)}(\s*){_THOUGHT}(\s*){re.escape(closer)}(\s*){_ANSWER}", echo.shown
        )
        if around is not None:
            return replace(marks, opening=opener + around[1], closing=around[2] + closer + around[3])
    return _spacing_of_prompts(marks, opener, closer, template, switch)


def _spacing_of_prompts(
    marks: Marks, opener: str, closer: str, template: ChatTemplate, switch: Switch
) -> Marks:
    """As the prompt's own end has it, with thinking on and off."""
    trials = Trials(template, marks)
    for setting in switch.settings or (None,):
        prompt = trials.prompt(setting.variables if setting else {}, setting.system if setting else "") or ""
        opened = re.search(rf"{re.escape(opener)}(\s*)$", prompt)
        if opened is not None:
            marks = replace(marks, opening=opener + opened[1])
            if not opened[1]:
                marks = replace(marks, closing=closer)
        empty = re.search(rf"{re.escape(opener)}\s+{re.escape(closer)}(\s+)$", prompt)
        if empty is not None:
            marks = replace(marks, closing=f"\n{closer}{empty[1]}")
    return marks
