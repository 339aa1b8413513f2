"""The white space that a template writes around its marks, so that what is continued looks as the model wrote it."""

import re
from dataclasses import replace

from app.chat.reasoning_echo import Echo
from app.chat.reasoning_marks import Act, Marks
from app.chat.reasoning_switch import Switch
from app.chat.reasoning_trials import ANSWER, THOUGHT, Trials


def with_spacing(marks: Marks, echo: Echo | None, trials: Trials, switch: Switch) -> Marks:
    """The marks of tags with the template's own white space, from wherever the template shows it."""
    opener, closer = marks.opening.strip(), marks.closing.strip()
    if marks.label or marks.acts.get(opener) is not Act.THINK or marks.acts.get(closer) is not Act.CLOSE:
        return marks
    if echo is not None:
        around = re.search(
            rf"{re.escape(opener)}(\s*){THOUGHT}(\s*){re.escape(closer)}(\s*){ANSWER}", echo.shown
        )
        if around is not None:
            return replace(marks, opening=opener + around[1], closing=around[2] + closer + around[3])
    marks = _as_remembered(marks, opener, closer, trials)
    for setting in switch.settings:
        marks = _as_prompted(marks, opener, closer, trials.prompt(setting.variables, setting.system))
    return marks if switch.settings else _as_prompted(marks, opener, closer, trials.prompt({}))


def _as_remembered(marks: Marks, opener: str, closer: str, trials: Trials) -> Marks:
    """As the empty block before an earlier answer has it."""
    empty = re.search(rf"{re.escape(opener)}(\s*){re.escape(closer)}(\s*){ANSWER}", trials.remembered(ANSWER))
    if empty is None:
        return marks
    line = "\n" if empty[1] else ""
    return replace(marks, opening=opener + line, closing=f"{line}{closer}{empty[2]}")


def _as_prompted(marks: Marks, opener: str, closer: str, prompt: str | None) -> Marks:
    """As the prompt's own end has it, with thinking on or off."""
    opened = re.search(rf"{re.escape(opener)}(\s*)$", prompt or "")
    if opened is not None:
        marks = replace(marks, opening=opener + opened[1])
        if not opened[1]:
            marks = replace(marks, closing=closer)
    empty = re.search(rf"{re.escape(opener)}\s+{re.escape(closer)}(\s+)$", prompt or "")
    if empty is not None:
        marks = replace(marks, closing=f"\n{closer}{empty[1]}")
    return marks
