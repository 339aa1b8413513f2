"""How a template's thinking is switched: its variables are tried, and what they change is kept."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.chat.reasoning_marks import Marks
from app.chat.reasoning_tail import TailState, state_after
from app.chat.template import ChatTemplate, JsonValue
from app.errors import PromptError

Variables = Mapping[str, JsonValue]


@dataclass(frozen=True)
class Setting:
    """One choice: what the template is given for it, and a line for the system message where words switch."""

    name: str
    variables: Variables
    system: str = ""


@dataclass(frozen=True)
class Switch:
    """Every choice that a template has, in the order of a menu; none where nothing can be switched."""

    settings: tuple[Setting, ...] = ()
    default: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The choices."""
        return tuple(setting.name for setting in self.settings)

    def setting(self, name: str) -> Setting:
        """The choice of that name; one that changes nothing when there is none."""
        return next((setting for setting in self.settings if setting.name == name), Setting(name, {}))


_ABOUT_THINKING = re.compile(r"think|reason|effort|budget|strength", re.IGNORECASE)
_MEASURE = re.compile(r"effort|strength|level|budget", re.IGNORECASE)
_OFF_WORDS = frozenset({"none", "off", "disabled", "disable", "no", "no_think", "nothink", "false"})
_ON_WORDS = frozenset({"on", "enabled", "enable", "yes", "true", "think"})
_STRENGTHS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
_WORD_SWITCHES = (("/no_think", "/think"), ("/nothink", "/think"))
_QUESTION = "zqquestionqz"
_FREE_WORD = "zqwordqz"


class Trials:
    """Renders one question under different variables, and reads what the prompt's end then says."""

    def __init__(self, template: ChatTemplate, marks: Marks) -> None:
        self._template = template
        self._marks = marks

    def prompt(self, variables: Variables, system: str = "") -> str | None:
        """The prompt; None where the template refuses."""
        messages = [{"role": "system", "content": system}] if system else []
        messages.append({"role": "user", "content": _QUESTION})
        try:
            return self._template.render_messages(messages, generation=True, variables=variables)
        except PromptError:
            return None

    def state(self, prompt: str) -> TailState:
        """What the end of a prompt says."""
        return state_after(self._marks, prompt.rpartition(_QUESTION)[2])


def find_switch(template: ChatTemplate, marks: Marks) -> Switch:
    """The switch of a template that thinks between `marks`; an empty one when nothing makes a difference."""
    trials = Trials(template, marks)
    names = sorted(name for name in template.uses.read if _ABOUT_THINKING.search(name))
    worded = {name: template.uses.words(name) for name in names}
    flags = [name for name in names if not worded[name] and not _MEASURE.search(name)]
    on, off = _flags(trials, flags)
    budget = _budget(trials, names) if not off else None
    if budget is not None:
        on, off = budget
    efforts = _efforts(trials, worded, on)
    if off or efforts:
        return _assembled(trials, on, off, efforts)
    return _word_switch(trials, template.source)


def _flags(trials: Trials, names: Sequence[str]) -> tuple[Variables, Variables]:
    """All names that, true or false, change the prompt of a first question: together they are the switch."""
    on: dict[str, JsonValue] = {}
    off: dict[str, JsonValue] = {}
    for name in names:
        true, false = trials.prompt({name: True}), trials.prompt({name: False})
        if true is None or false is None or true == false:
            continue
        inverted = trials.state(true) == "closed" != trials.state(false)
        on[name], off[name] = not inverted, inverted
    return on, off


def _budget(trials: Trials, names: Sequence[str]) -> tuple[Variables, Variables] | None:
    """A number of tokens to think for, of which none closes the block."""
    for name in names:
        closed = trials.prompt({name: 0}) if "budget" in name else None
        if closed is None or trials.state(closed) != "closed":
            continue
        unset = trials.prompt({})
        unlimited = {name: -1} if trials.prompt({name: -1}) == unset else {}
        if unset is not None and trials.state(unset) != "closed":
            return unlimited, {name: 0}
    return None


@dataclass(frozen=True)
class _Efforts:
    """One variable of words: the prompt for each, and the word that the template takes by itself (or "")."""

    variable: str
    prompts: Mapping[str, str]
    usual: str


def _efforts(trials: Trials, worded: Mapping[str, Sequence[str]], on: Variables) -> _Efforts | None:
    """The variable whose words make the most difference while thinking is on."""
    found: list[_Efforts] = []
    unset = trials.prompt(on)
    for name, words in worded.items():
        if name in on:
            continue
        free = trials.prompt({**on, name: _FREE_WORD})
        usual_words = ("low", "medium", "high") if free is not None and _FREE_WORD in free else ()
        tried = {word: trials.prompt({**on, name: word}) for word in dict.fromkeys((*words, *usual_words))}
        prompts = {word: prompt for word, prompt in tried.items() if prompt is not None}
        if len({*prompts.values(), unset}) > 1:
            usual = next((word for word in prompts if prompts[word] == unset), "")
            found.append(_Efforts(name, prompts, usual))
    return max(found, key=lambda efforts: len(set(efforts.prompts.values())), default=None)


def _assembled(trials: Trials, on: Variables, off: Variables, efforts: _Efforts | None) -> Switch:
    """One menu of a switch, of efforts, or of both."""
    if efforts is None:
        return Switch((Setting("off", off), Setting("on", on)), "on")
    words = sorted(efforts.prompts, key=_strength)
    settings = [Setting(_menu_name(word), {**on, efforts.variable: word}) for word in words]
    # A flag that switches off is surer than a word that does.
    offs = [Setting("off", off)] if off else [setting for setting in settings if setting.name == "off"][:1]
    thinking = [setting for setting in settings if setting.name != "off"]
    names = [setting.name for setting in thinking]
    if "on" not in names and not efforts.usual and (off or not names):
        # What the template does by itself is none of its words.
        thinking.insert(0, Setting("on", on))
        names.insert(0, "on")
    return Switch((*offs, *thinking), _default(names, efforts, trials))


def _menu_name(word: str) -> str:
    """A template's word as a choice: on and off have many names, an effort keeps its own."""
    if word in _OFF_WORDS:
        return "off"
    return "on" if word in _ON_WORDS else word


def _default(names: Sequence[str], efforts: _Efforts, trials: Trials) -> str:
    """The template's own choice if it thinks, else a middle one."""
    usual = _menu_name(efforts.usual) if efforts.usual else "on"
    thinks = usual in names and trials.state(efforts.prompts.get(efforts.usual, "")) != "closed"
    if thinks:
        return usual
    return next((name for name in ("on", "medium", "high") if name in names), names[-1] if names else "off")


def _strength(word: str) -> int:
    return _STRENGTHS.index(word) if word in _STRENGTHS else len(_STRENGTHS)


def _word_switch(trials: Trials, source: str) -> Switch:
    """Words in the system message that open or close the block."""
    for off, on in _WORD_SWITCHES:
        if off not in source:
            continue
        closed, opened = trials.prompt({}, off), trials.prompt({}, on)
        if closed is None or opened is None:
            continue
        if trials.state(closed) == "closed" != trials.state(opened):
            return Switch((Setting("off", {}, off), Setting("on", {}, on)), "on")
    return Switch()
