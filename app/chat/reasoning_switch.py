"""How a template's thinking is switched: its variables are tried, and what they change is kept."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.chat.reasoning_marks import Marks
from app.chat.reasoning_tail import TailState, state_after
from app.chat.reasoning_trials import Trials, Variables
from app.chat.template import JsonValue


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
_MEASURE_WORD = re.compile(r"_?(?:reasoning|thinking|effort|strength|level|budget)_?", re.IGNORECASE)
_OFF_WORDS = frozenset({"none", "off", "disabled", "disable", "no", "no_think", "nothink", "false"})
_ON_WORDS = frozenset({"on", "enabled", "enable", "yes", "true", "think"})
_STRENGTHS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
_FREE_WORD = "zqwordqz"
_USUAL = ("medium", "high", "low")
# Some models are switched by words that their template need not understand: it only says one of them by itself.
_SPOKEN_SWITCHES = (("detailed thinking off", "detailed thinking on"),)
_OPPOSITES = {"/no_think": "/think", "/nothink": "/think"}
_SOUGHT_WORDS = re.compile(r"""(['"])((?:(?!\1)[^\n]){2,40})\1\s+(?:not\s+)?in\b""")
_WORDS_TRIED = 12


def find_switch(trials: Trials, marks: Marks) -> Switch:
    """The switch of a template that thinks between `marks`; an empty one when nothing makes a difference."""
    return _Search(trials, marks).switch()


def sought_words(source: str) -> tuple[str, ...]:
    """The words that a template looks for in what it is told, tags left out."""
    found = dict.fromkeys(match[2] for match in _SOUGHT_WORDS.finditer(source))
    return tuple(word for word in found if word.strip() and not word.startswith(("<", "[")))[:_WORDS_TRIED]


@dataclass(frozen=True)
class _Efforts:
    """One variable of words: the prompt for each, and the word that the template takes by itself (or "")."""

    variable: str
    prompts: Mapping[str, str]
    usual: str


class _Search:
    """Looks for everything that switches one template."""

    def __init__(self, trials: Trials, marks: Marks) -> None:
        self._trials = trials
        self._marks = marks
        self._names = trials.about(_ABOUT_THINKING)
        self._worded = {name: trials.words(name) for name in self._names}

    def switch(self) -> Switch:
        """The whole menu."""
        on, off = self._flags()
        budget = self._budget() if not off else None
        if budget is not None:
            on, off = budget
        efforts = self._efforts(on)
        if off or efforts:
            return self._with_measures(self._assembled(on, off, efforts), on)
        words = self._words()
        return words if words.settings else self._with_measures(Switch(), on)

    def _state(self, variables: Variables, system: str = "") -> TailState | None:
        tail = self._trials.tail(variables, system)
        return None if tail is None else state_after(self._marks, tail)

    def _flags(self) -> tuple[Variables, Variables]:
        """All names that, true or false, change the prompt of a first question: together they are the switch."""
        on: dict[str, JsonValue] = {}
        off: dict[str, JsonValue] = {}
        about = [name for name in self._names if not self._worded[name] and not _MEASURE.search(name)]
        for name in about:
            true, false = self._trials.prompt({name: True}), self._trials.prompt({name: False})
            if true is not None and false is not None and true != false:
                inverted = self._state({name: True}) == "closed" != self._state({name: False})
                on[name], off[name] = not inverted, inverted
        for name in self._trials.conditions:
            if not _ABOUT_THINKING.search(name):
                self._shown_by_state(name, on, off)
        return on, off

    def _shown_by_state(self, name: str, on: dict[str, JsonValue], off: dict[str, JsonValue]) -> None:
        """A name that does not speak of thinking may still switch it, and shows that at the prompt's end."""
        values: tuple[bool | str, ...] = self._trials.words(name) or (True, False)
        states = {value: state for value in values if (state := self._state({name: value})) is not None}
        thinking = next((value for value, state in states.items() if state == "open"), None)
        silent = next((value for value, state in states.items() if state == "closed"), None)
        others = [value for value in states if value not in (thinking, silent)]
        if (thinking is None and silent is None) or len(set(states.values())) < 2:
            return
        on[name] = thinking if thinking is not None else others[0]
        off[name] = silent if silent is not None else others[0]

    def _budget(self) -> tuple[Variables, Variables] | None:
        """A number of tokens to think for, of which none closes the block."""
        for name in self._names:
            if "budget" not in name or self._state({name: 0}) != "closed":
                continue
            unset = self._trials.prompt({})
            if unset is None or self._state({}) == "closed":
                continue
            usual = (-1, *(int(digits) for digits in self._numbers(name)))
            same: Iterator[Variables] = (
                {name: number} for number in usual if self._trials.prompt({name: number}) == unset
            )
            return next(same, {}), {name: 0}
        return None

    def _numbers(self, name: str) -> Sequence[str]:
        """The numbers that a name is set to, or defaults to."""
        return re.findall(
            rf"\b{re.escape(name)}\s*(?:=|\|\s*d(?:efault)?\()\s*(\d{{1,9}})\b", self._trials.source
        )

    def _efforts(self, on: Variables) -> _Efforts | None:
        """The variable whose words make the most difference while thinking is on."""
        found: list[_Efforts] = []
        prompt = self._trials.prompt
        unset = prompt(on)
        for name, words in self._worded.items():
            if name in on:
                continue
            free = prompt({**on, name: _FREE_WORD})
            usual_words = ("low", "medium", "high") if free is not None and _FREE_WORD in free else ()
            tried = {word: prompt({**on, name: word}) for word in dict.fromkeys((*words, *usual_words))}
            prompts = {word: text for word, text in tried.items() if text is not None}
            if len({*prompts.values(), unset}) > 1:
                usual = next((word for word in prompts if prompts[word] == unset), "")
                found.append(_Efforts(name, prompts, usual))
        return max(found, key=lambda efforts: len(set(efforts.prompts.values())), default=None)

    def _assembled(self, on: Variables, off: Variables, efforts: _Efforts | None) -> Switch:
        """One menu of a switch, of efforts, or of both."""
        if efforts is None:
            return Switch((Setting("off", off), Setting("on", on)), "on")
        off = self._with_usual(off, efforts.variable) if off else off
        words = sorted(efforts.prompts, key=_strength)
        settings = [Setting(_menu_name(word), {**on, efforts.variable: word}) for word in words]
        # A flag that switches off is surer than a word that does.
        offs = (
            [Setting("off", off)] if off else [setting for setting in settings if setting.name == "off"][:1]
        )
        thinking = [setting for setting in settings if setting.name != "off"]
        names = [setting.name for setting in thinking]
        if "on" not in names and not efforts.usual and (off or not names):
            # What the template does by itself is none of its words.
            thinking.insert(0, Setting("on", self._with_usual(on, efforts.variable)))
            names.insert(0, "on")
        return Switch((*offs, *thinking), self._default(names, efforts))

    def _with_usual(self, variables: Variables, effort: str) -> Variables:
        """The variables with an effort that changes nothing, where there is one, so that none is left to chance."""
        unset = self._trials.prompt(variables)
        explicit: Iterator[Variables] = ({**variables, effort: word} for word in _USUAL)
        return next((each for each in explicit if self._trials.prompt(each) == unset), variables)

    def _default(self, names: Sequence[str], efforts: _Efforts) -> str:
        """The template's own choice if it thinks, else a middle one."""
        usual = _menu_name(efforts.usual) if efforts.usual else "on"
        tail = self._trials.after_question(efforts.prompts.get(efforts.usual, ""))
        if usual in names and state_after(self._marks, tail) != "closed":
            return usual
        return next(
            (name for name in ("on", "medium", "high") if name in names), names[-1] if names else "off"
        )

    def _with_measures(self, switch: Switch, on: Variables) -> Switch:
        """The menu with each flag that asks for an effort by its own name, such as `low_effort`."""
        for name in self._names:
            effort = _MEASURE_WORD.sub("", name)
            if not _MEASURE.search(name) or self._worded[name] or not effort or effort in switch.names:
                continue
            true, false = self._trials.prompt({**on, name: True}), self._trials.prompt({**on, name: False})
            if true is None or true == false or self._state({**on, name: True}) == "closed":
                continue
            given = switch.settings or (Setting("on", on),)
            settings = [replace(each, variables={**each.variables, name: False}) for each in given]
            at = len(settings) - 1 if _strength(effort) < _strength("medium") else len(settings)
            settings.insert(at, Setting(effort, {**on, name: True}))
            switch = Switch(tuple(settings), switch.default or "on")
        return switch

    def _words(self) -> Switch:
        """Words in the system message that open or close the block, or that the model itself obeys."""
        usual = self._state({})
        states = {word: self._state({}, word) for word in sought_words(self._trials.source)}
        closing = next((word for word, state in states.items() if state == "closed" != usual), "")
        opening = next((word for word, state in states.items() if state not in ("closed", None)), "")
        if closing:
            return _worded(closing, _opposite(closing, states) or opening or _OPPOSITES.get(closing, ""))
        if usual == "closed" and opening:
            return _worded(_opposite(opening, states), opening)
        for off, on in _SPOKEN_SWITCHES:
            if off in self._trials.source or on in self._trials.source:
                return _worded(off, on)
        return Switch()


def _worded(off: str, on: str) -> Switch:
    return Switch((Setting("off", {}, off), Setting("on", {}, on)), "on")


def _opposite(word: str, states: Mapping[str, TailState | None]) -> str:
    """The word, of those that do something else, which is most like this one."""
    others = [other for other in states if states[other] not in (states[word], None) and other != word]
    return max(
        others, key=lambda other: len(set(other) & set(word)) - abs(len(other) - len(word)), default=""
    )


def _menu_name(word: str) -> str:
    """A template's word as a choice: on and off have many names, an effort keeps its own."""
    if word in _OFF_WORDS:
        return "off"
    return "on" if word in _ON_WORDS else word


def _strength(word: str) -> int:
    return _STRENGTHS.index(word) if word in _STRENGTHS else len(_STRENGTHS)
