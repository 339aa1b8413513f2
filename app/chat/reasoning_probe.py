"""Finds how a template marks thinking: by known shapes, by what it writes around earlier thinking, and by traces."""

from dataclasses import dataclass

from app.chat.reasoning_echo import echoes, marks_around
from app.chat.reasoning_marks import Marks, marks_between, pairs_in, signature_in
from app.chat.reasoning_spacing import with_spacing
from app.chat.reasoning_switch import Switch, find_switch
from app.chat.reasoning_traces import marks_of_traces, with_lost_wrapper
from app.chat.reasoning_trials import Trials
from app.chat.template import ChatTemplate, ReasoningField
from app.chat.template_sandbox import Allowance
from app.errors import PromptError

# Looking at a template takes a few dozen renderings of a few words; the seconds allow for a busy machine.
_ALLOWANCE = Allowance(characters=2_000_000, steps=500_000, seconds=3.0, in_all=True)
# What is told of tools and documents is half of many a template, and says nothing about thinking.
_UNGIVEN = ("tools", "documents")


@dataclass(frozen=True)
class Finding:
    """What a template's source tells about its thinking."""

    marks: Marks = Marks()
    switch: Switch = Switch()
    field: ReasoningField | None = None


def examine(source: str) -> Finding:
    """The marks, the switch and the field of a template; of one that does not run, what its source shows."""
    known = signature_in(source)
    try:
        trials = Trials(ChatTemplate(source, allowance=_ALLOWANCE, ungiven=_UNGIVEN))
    except PromptError:
        return Finding(known or _pair_in(source) or Marks())
    echo = next(echoes(trials), None)
    around = marks_around(echo, source) if echo is not None and known is None else None
    marks = known or around or _pair_in(source) or marks_of_traces(trials)
    if marks is None:
        return Finding()
    marks = with_lost_wrapper(marks, trials)
    switch = find_switch(trials, marks)
    return Finding(with_spacing(marks, echo, trials, switch), switch, echo.field if echo else None)


def _pair_in(source: str) -> Marks | None:
    pair = next(iter(pairs_in(source)), None)
    return marks_between(*pair, source) if pair else None
