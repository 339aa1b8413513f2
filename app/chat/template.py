"""Renders a model's chat template in jinja2's sandbox, as Hugging Face does, with limits on what it may cost."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Literal, NoReturn, TypeAlias

import jinja2
from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser

from app.chat.conversation import Turn
from app.chat.template_meter import Allowance, RunawayError, TooLongError
from app.chat.template_names import TemplateNames, reachable
from app.chat.template_sandbox import BoundedSandbox
from app.errors import PromptError

JsonValue: TypeAlias = "bool | int | float | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
ReasoningField = Literal["reasoning_content", "reasoning", "thinking", "parts", "blocks"]

# A template without a model of its own in mind: words that any model has read, and no special tokens.
PLAIN = (
    "{{ bos_token }}"
    "{% for message in messages %}"
    "{% if message.role == 'system' %}{{ message.content }}\n\n"
    "{% elif message.role == 'user' %}User: {{ message.content }}\n\n"
    "{% else %}Assistant: {{ message.content }}{{ eos_token }}\n\n"
    "{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}Assistant:{% endif %}"
)

_SOURCE_LIMIT = 200_000
_REASON_LIMIT = 200
_FORM_LIMIT = 200
_SPACING_LIMIT = 64
_OWN_WORDS = frozenset({"template_refused", "template_failed"})

# What running a foreign template can raise. jinja2 passes Python's own errors through, and a template can provoke
# any of these; SyntaxError comes from Python's compiler when blocks are nested too deeply for it.
_FAULTS = (
    jinja2.TemplateError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    NameError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)


class ChatTemplate:
    """A compiled chat template; `bos` and `eos` are the texts of the model's own tokens.

    Raises PromptError (`template_syntax`, ...) when the source does not compile. `allowance` is what one rendering may
    cost, `now` the clock behind `strftime_now`. `watch` is told before each rendering (True) and after it (False).
    What depends on the variables `ungiven`, which its caller never gives, is left out to compile in less time.
    """

    def __init__(
        self,
        source: str,
        *,
        bos: str = "",
        eos: str = "",
        allowance: Allowance | None = None,
        now: Callable[[], datetime] = datetime.now,
        watch: Callable[[bool], None] = lambda _active: None,
        ungiven: Collection[str] = (),
    ) -> None:
        if len(source) > _SOURCE_LIMIT:
            raise PromptError("template_too_long")
        self._watch = watch
        self._lost: dict[str, bool] = {}
        self._hopeless: PromptError | None = None
        self.source = source
        self._tokens = {"bos_token": bos, "eos_token": eos}
        self._sandbox = _sandbox(allowance or Allowance(), now)
        try:
            self._tree: nodes.Template = self._sandbox.parse(source)
            if ungiven:
                self._tree = reachable(self._tree, ungiven)
            self._template = self._sandbox.from_string(self._sandbox.bounded(self._tree))
        except _FAULTS as error:
            raise _failed(error) from error

    def render(
        self,
        turns: Sequence[Turn],
        *,
        generation: bool = True,
        variables: Mapping[str, JsonValue] | None = None,
        reasoning_field: ReasoningField | None = None,
        typed: bool = False,
    ) -> str:
        """The prompt text for `turns`, ending in the generation prompt if `generation`.

        `reasoning_field` is where the template reads earlier thinking (None: nowhere); `typed` gives every content as
        a list of typed parts instead of a string. Raises the PromptErrors of a template.
        """
        messages = [_message(turn, reasoning_field, typed) for turn in turns]
        try:
            return self.render_messages(messages, generation=generation, variables=variables or {})
        except PromptError as error:
            if error.code in _OWN_WORDS and self.needs_tools:
                raise PromptError("template_tools") from error
            raise

    def render_messages(
        self,
        messages: Sequence[Mapping[str, JsonValue]],
        *,
        generation: bool,
        variables: Mapping[str, JsonValue],
    ) -> str:
        """The prompt text for messages in the form that templates read. Raises the PromptErrors of a template."""
        if self._hopeless is not None:
            raise PromptError(self._hopeless.code)
        # Names that are not set stay unset: some templates fail on `tools=None`, which others ask "is defined".
        context = {**self._tokens, **variables, "messages": messages, "add_generation_prompt": generation}
        self._watch(True)
        try:
            with self._sandbox.running() as meter:
                return meter.joined(self._template.generate(context))
        except _FAULTS as error:
            raise _failed(error) from error
        finally:
            self._watch(False)

    @cached_property
    def uses(self) -> TemplateNames:
        """The names that the template reads, and the words that it compares them with."""
        return TemplateNames(self._tree)

    @property
    def runs_away(self) -> bool:
        """Whether it does not come to an end on a few words; it is not tried again then."""
        return self.folds_system and self._hopeless is not None

    @cached_property
    def folds_system(self) -> bool:
        """Whether the template refuses or loses a system message, so that its text belongs in the first question."""
        return not self._shows(
            _SYSTEM_SENTINEL, [_plain("system", _SYSTEM_SENTINEL), _plain("user", _USER_SENTINEL)]
        )

    def loses_thinking(self, choices: Sequence[Mapping[str, JsonValue]], marks: Collection[str]) -> bool:
        """Whether what a prompt says of how to think is gone where there is a system message.

        Some templates say it in a system message of their own, which any other one replaces. It shows by what
        `choices` of variables change in the prompt, and where they change nothing, by the `marks` that it names.
        """
        key = json.dumps([dict(choice) for choice in choices])
        if key not in self._lost:
            question = _plain("user", _USER_SENTINEL)
            alone = self._each([question], choices)
            told = self._each([_plain("system", _SYSTEM_SENTINEL), question], choices)
            said, still = len(set(alone)), len(set(told))
            if said == 1 and told:
                said, still = (sum(made[0].count(mark) for mark in marks) for made in (alone, told))
            self._lost[key] = bool(told) and still < said
        return self._lost[key]

    def _each(
        self, messages: Sequence[Mapping[str, JsonValue]], choices: Sequence[Mapping[str, JsonValue]]
    ) -> list[str]:
        """The prompts that the variables make of the messages; none where one fails."""
        try:
            return [self.render_messages(messages, generation=True, variables=each) for each in choices]
        except PromptError:
            return []

    @cached_property
    def wants_parts(self) -> bool:
        """Whether the template only understands contents that are lists of typed parts."""
        if self._shows(_USER_SENTINEL, [_plain("user", _USER_SENTINEL)]):
            return False
        parts: list[JsonValue] = [{"type": "text", "text": _USER_SENTINEL}]
        return self._shows(_USER_SENTINEL, [{"role": "user", "content": parts}])

    @cached_property
    def needs_tools(self) -> bool:
        """Whether the template fails on a question alone, and does not when it is given tools too."""
        question = [_plain("user", _USER_SENTINEL)]
        return (
            "tools" in self.uses.read
            and not self._shows(_USER_SENTINEL, question)
            and self._shows(_USER_SENTINEL, question, {"tools": [_TOOL]})
        )

    def _shows(
        self,
        sentinel: str,
        messages: Sequence[Mapping[str, JsonValue]],
        variables: Mapping[str, JsonValue] | None = None,
    ) -> bool:
        try:
            return sentinel in self.render_messages(messages, generation=True, variables=variables or {})
        except PromptError as error:
            if error.code == "template_runaway":
                self._hopeless = error
            return False


_SYSTEM_SENTINEL = "zqsystemqz"
_USER_SENTINEL = "zquserqz"
_TOOL: JsonValue = {
    "type": "function",
    "function": {
        "name": "act",
        "description": "Acts.",
        "parameters": {"type": "object", "properties": {}, "required": []},
    },
}


def _plain(role: str, text: str) -> dict[str, JsonValue]:
    return {"role": role, "content": text}


def _message(turn: Turn, reasoning_field: ReasoningField | None, typed: bool) -> dict[str, JsonValue]:
    """One turn in the form that templates read, with its thinking where this template looks for it."""
    text: list[JsonValue] = [{"type": "text", "text": turn.text}]
    message: dict[str, JsonValue] = {"role": turn.role, "content": text if typed else turn.text}
    if turn.role != "assistant" or not turn.thinking or reasoning_field is None:
        return message
    if reasoning_field == "parts":
        # The two names of the chunk's text are those of the two templates' generations that read chunks.
        message["content"] = [{"type": "thinking", "thinking": turn.thinking, "text": turn.thinking}, *text]
    elif reasoning_field == "blocks":
        blocks: list[JsonValue] = [
            {"type": "thoughts", "text": turn.thinking},
            {"type": "response", "text": turn.text},
        ]
        message["content"] = {"blocks": blocks}
    else:
        message[reasoning_field] = turn.thinking
    return message


class _GenerationTag(Extension):
    """`{% generation %}` marks what a trainer masks; for a prompt it is only its body."""

    tags = {"generation"}  # noqa: RUF012 (jinja2 declares it so)

    def parse(self, parser: Parser) -> list[nodes.Node]:
        """The nodes between the two tags."""
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


def _sandbox(allowance: Allowance, now: Callable[[], datetime]) -> BoundedSandbox:
    # Not optimised: folding constants would run a hostile expression while compiling, before any limit applies.
    sandbox = BoundedSandbox(
        allowance,
        trim_blocks=True,
        lstrip_blocks=True,
        optimized=False,
        extensions=[_GenerationTag, loopcontrols],
    )
    sandbox.filters["tojson"] = _to_json
    sandbox.filters["from_json"] = sandbox.filters["fromjson"] = json.loads
    sandbox.globals["raise_exception"] = _raise_exception
    sandbox.globals["strftime_now"] = lambda form: now().strftime(_short(form, _FORM_LIMIT))
    return sandbox


def _to_json(
    value: object,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    """Plain JSON, unlike jinja2's own filter, which escapes for HTML."""
    # What stands between the values stands there for each of them.
    if isinstance(indent, int) and indent > _SPACING_LIMIT:
        raise TooLongError("it makes too much text")
    for spacing in separators or ():
        _short(spacing, _SPACING_LIMIT)
    return json.dumps(
        value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
    )


def _short(text: str, limit: int) -> str:
    if len(text) > limit:
        raise TooLongError("it makes too much text")
    return text


class _Refused(jinja2.TemplateError):
    """What a template says when it will not do what it is asked."""


def _raise_exception(message: object) -> NoReturn:
    raise _Refused(str(message))


def _failed(error: BaseException) -> PromptError:
    """What became of a template, in our words."""
    for kinds, code in _CODES:
        if isinstance(error, kinds):
            return PromptError(code)
    if isinstance(error, jinja2.TemplateSyntaxError) and not isinstance(error, jinja2.TemplateAssertionError):
        return PromptError("template_syntax", line=error.lineno)
    words = " ".join(str(error).split()) or type(error).__name__
    code = "template_refused" if isinstance(error, _Refused) else "template_failed"
    return PromptError(code, reason=words[:_REASON_LIMIT])


# In this order: the first two are of the third's kind. A range out of bounds is an OverflowError.
_CODES: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    ((RunawayError, RecursionError, OverflowError), "template_runaway"),
    ((TooLongError, MemoryError), "template_too_long"),
    (SecurityError, "template_forbidden"),
)
