"""Which marks a model thinks between and how its thinking is switched, found from its own chat template."""

from dataclasses import dataclass

from app.chat.options import Thinking, ThinkingKind
from app.chat.reasoning_marks import Marks, marks_between
from app.chat.reasoning_probe import examine
from app.chat.reasoning_switch import Setting, Switch
from app.chat.template import JsonValue, ReasoningField
from app.errors import ChoiceError


@dataclass(frozen=True)
class ReasoningFormat:
    """How one template thinks: its marks, its switch, and the field in which it reads earlier thinking (or None)."""

    marks: Marks = Marks()
    switch: Switch = Switch()
    field: ReasoningField | None = None

    @classmethod
    def from_markers(cls, opener: str, closer: str) -> "ReasoningFormat":
        """The format of two markers alone; an empty opener means that thinking begins by itself."""
        return cls(marks=marks_between(opener, closer))

    def thinking(self) -> Thinking:
        """What can be chosen, for a menu."""
        if not self.marks:
            return Thinking()
        if not self.switch.settings:
            return Thinking("always", ("on",), "on")
        kind: ThinkingKind = "switchable" if set(self.switch.names) == {"off", "on"} else "efforts"
        return Thinking(kind, self.switch.names, self.switch.default)

    def variables(self, choice: str | None) -> dict[str, JsonValue]:
        """What the template is given for a choice, None being the default.

        Raises ChoiceError `thinking_choice` (`choice`, `choices`) for one that it does not have.
        """
        return dict(self._setting(choice).variables)

    def system_line(self, choice: str | None) -> str:
        """A line for the system message, in templates that are switched by words; else empty. Raises as above."""
        return self._setting(choice).system

    @property
    def markers(self) -> tuple[str, ...]:
        """The texts to look up as single tokens of the vocabulary."""
        return self.marks.essential

    def _setting(self, choice: str | None) -> Setting:
        offered = self.thinking()
        name = offered.default if choice is None else choice
        if choice is not None and name not in offered.choices:
            raise ChoiceError("thinking_choice", choice=choice, choices=", ".join(offered.choices))
        return self.switch.setting(name)


def detect(template: str) -> ReasoningFormat:
    """The format of a chat template; one that does not run is judged by its source alone. Never raises."""
    finding = examine(template)
    return ReasoningFormat(finding.marks, finding.switch, finding.field)
