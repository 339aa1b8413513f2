"""Renders short conversations with one template, each once, to see what its variables change."""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import islice

import msgspec

from app.chat.template import ChatTemplate, JsonValue
from app.errors import PromptError

Variables = Mapping[str, JsonValue]
Message = Mapping[str, JsonValue]

QUESTION = "zqquestionqz"
THOUGHT = "zqthoughtqz"
ANSWER = "zqanswerqz"
_NEXT_QUESTION = "zqnextquestionqz"

_STANDARD = frozenset(
    {
        "messages",
        "tools",
        "documents",
        "add_generation_prompt",
        "continue_final_message",
        "bos_token",
        "eos_token",
        "loop",
        "true",
        "false",
        "none",
        "True",
        "False",
        "None",
        "namespace",
        "not",
        "in",
    }
)
_TEXT = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
_NAME = re.compile(r"(?<![.\w])[A-Za-z_]\w*")
_TEST = re.compile(r"\bis (?:not )?\w+")
_CONDITION = re.compile(r"(?:\b(?:if|not|and|or|else) |=)(?= ?\(?([A-Za-z_]\w*)(?! ?[.(\[]|\w))")
_WORDED = re.compile(
    r"(?<![.\w])([A-Za-z_]\w*)(?= ?(?:[=!]=|not in\b|in\b|\]|\.|\| ?(?:d|default) ?\( ?'|\| ?(?:lower|string|trim)))"
    r"|(?:= ?|\bin )([A-Za-z_]\w*)|\(([A-Za-z_]\w*)(?= ?[),])"
)
_INNER = re.compile(r"\bfor ([\w ,]{1,120}?) in\b|\bmacro \w+ ?\(([^)]{0,500})\)")
_NAMES_TRIED = 16
_WORDS_TRIED = 24


class Trials:
    """What a template makes of a question, of a reply to it, and of different variables."""

    def __init__(self, template: ChatTemplate) -> None:
        self._template = template
        self._rendered: dict[bytes, str | None] = {}
        self._words: dict[str, tuple[str, ...]] = {}

    @property
    def source(self) -> str:
        """The template's source."""
        return self._template.source

    @cached_property
    def _code(self) -> str:
        """The template's statements, one a line, without the texts in them."""
        return "\n".join(
            " ".join(_TEXT.sub("''", part.partition(end)[0]).split())
            for begin, end in (("{%", "%}"), ("{{", "}}"))
            for part in self.source.split(begin)[1:]
        )

    @cached_property
    def names(self) -> Mapping[str, int]:
        """The names in the template's statements, the caller's variables among them, and where each first stands."""
        first: dict[str, int] = {}
        for match in _NAME.finditer(self._code):
            first.setdefault(match.group(), match.start())
        return first

    @cached_property
    def conditions(self) -> tuple[str, ...]:
        """The variables that a caller may set to decide something, as far as the source asks for them so."""
        asked = dict.fromkeys(_CONDITION.findall(_TEST.sub("", self._code)))
        names = (name for name in asked if name not in _STANDARD and self.is_open(name))
        return tuple(islice(names, _NAMES_TRIED))

    def about(self, pattern: re.Pattern[str]) -> tuple[str, ...]:
        """The variables that a caller may set and whose names match, in the alphabet's order."""
        names = (name for name in sorted(self.names) if pattern.search(name) and self.is_open(name))
        return tuple(islice(names, _NAMES_TRIED))

    @cached_property
    def _inner(self) -> frozenset[str]:
        """The names of loops and of what macros are given."""
        lists = [match[1] or match[2] for match in _INNER.finditer(self._code)]
        return frozenset(name for names in lists for name in re.findall(r"\w+", names))

    @cached_property
    def _worded(self) -> frozenset[str]:
        return frozenset(name for match in _WORDED.finditer(self._code) for name in match.groups() if name)

    def words(self, name: str) -> tuple[str, ...]:
        """The words that a variable is compared with or defaults to."""
        if name not in self._words:
            # The search for them takes its time, and most variables are only asked whether they are set.
            words = self._template.uses.words(name) if name in self._worded else ()
            self._words[name] = words[:_WORDS_TRIED]
        return self._words[name]

    def is_open(self, name: str) -> bool:
        """Whether a name can be the caller's: not one that the template sets or defines before it asks for it."""
        at = self.names.get(name)
        if at is None or name in self._inner or self._code.endswith("macro ", 0, at):
            return False
        if not self._code.endswith("set ", 0, at):
            return True
        ends = self._code.find("\n", at)
        return name in _NAME.findall(self._code[at + len(name) : ends if ends >= 0 else None])

    def prompt(self, variables: Variables, system: str = "") -> str | None:
        """The prompt of one question; None where the template refuses."""
        messages: list[Message] = [{"role": "system", "content": system}] if system else []
        return self._render([*messages, {"role": "user", "content": QUESTION}], variables, generation=True)

    def tail(self, variables: Variables, system: str = "") -> str | None:
        """What stands after the question in its prompt."""
        prompt = self.prompt(variables, system)
        return None if prompt is None else self.after_question(prompt)

    def told(self, reply: Message, variables: Variables) -> str:
        """A question and the reply to it; "" where the template refuses."""
        messages: list[Message] = [{"role": "user", "content": QUESTION}, reply]
        return self._render(messages, variables, generation=False) or ""

    def remembered(self, content: str) -> str:
        """What is left of a reply of these words once another question follows; "" where the template refuses."""
        messages: list[Message] = [
            {"role": "user", "content": QUESTION},
            {"role": "assistant", "content": content},
            {"role": "user", "content": _NEXT_QUESTION},
        ]
        shown = self._render(messages, {}, generation=True) or ""
        return self.after_question(shown).partition(_NEXT_QUESTION)[0]

    def before_answer(self) -> str | None:
        """What stands between a question and the answer to it in a talk that goes on; None if neither is to be seen."""
        shown = self.remembered(ANSWER)
        return shown.partition(ANSWER)[0] if ANSWER in shown else None

    def _render(self, messages: Sequence[Message], variables: Variables, *, generation: bool) -> str | None:
        key = msgspec.json.encode((messages, variables, generation), order="sorted")
        if key not in self._rendered:
            try:
                text = self._template.render_messages(messages, generation=generation, variables=variables)
            except PromptError:
                text = None
            self._rendered[key] = text
        return self._rendered[key]

    @staticmethod
    def after_question(prompt: str) -> str:
        """A prompt from the end of its question on."""
        return prompt.rpartition(QUESTION)[2]
