"""The marks around thinking: which texts open and close it, known by their shape and never by a model's name."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from app.chat.conversation import Channel


class Act(Enum):
    """What a marker does where it occurs."""

    THINK = auto()  # thinking begins
    CLOSE = auto()  # thinking, or whatever a channel held, ends: the answer follows
    ANSWER = auto()  # the answer begins inside a wrapper of its own
    DROP = auto()  # the wrapper ends, or a word for machines
    HEADER = auto()  # words follow that name the next channel
    END_HEADER = auto()  # words follow that name the channel that ends
    BODY = auto()  # the header is over: its words say what follows


@dataclass(frozen=True)
class Marks:
    """How one kind of template marks thinking.

    `acts` says what each marker does; `essential` are those that a vocabulary should hold as single tokens. `opening`
    begins thinking as the model would write it, `closing` ends it and begins the answer, `answering` begins an answer
    where nothing was thought. `label` is a word that may follow an opener and belongs to it. `implicit`: thinking
    begins without any opener.
    """

    acts: Mapping[str, Act] = field(default_factory=dict)
    essential: tuple[str, ...] = ()
    opening: str = ""
    closing: str = ""
    answering: str = ""
    label: str = ""
    implicit: bool = False

    def __bool__(self) -> bool:
        """Whether there is thinking at all."""
        return bool(self.acts)

    def texts(self, *acts: Act) -> tuple[str, ...]:
        """The markers that do one of `acts`."""
        return tuple(text for text, act in self.acts.items() if act in acts)


def quotable(marker: str) -> bool:
    """Whether people and models write such a text as text: `<think>` they do, `<|channel|>` they do not."""
    return not any(letter in _CONTROL_LETTERS for letter in marker)


_CONTROL_LETTERS = "|｜▁◁▷"
_THINKING_WORDS = frozenset({"analysis", "think", "thinking", "thought", "thoughts", "reasoning", "to=self"})
_ANSWER_WORDS = frozenset({"final", "response", "answer", "text", "to=user"})


def channel_named(header: str) -> Channel:
    """The channel that a header's words name: the last word that says it, tool calls counting as thinking."""
    words = header.split()
    for word in reversed(words):
        if word in _THINKING_WORDS:
            return "thinking"
        if word in _ANSWER_WORDS:
            return "answer"
    calls = any(word.startswith("to=") and word != "to=assistant" for word in words)
    return "thinking" if calls else "answer"


@dataclass(frozen=True)
class _Signature:
    """Marks that are known by texts which occur together: all of `signs` in a source, or `opener` in a pair."""

    signs: tuple[str, ...]
    opener: str
    marks: Marks


_MESSAGE_ACTS = {
    "<|start|>": Act.HEADER,
    "<|channel|>": Act.HEADER,
    "<|message|>": Act.BODY,
    "<|end|>": Act.CLOSE,
    "<|return|>": Act.CLOSE,
    "<|call|>": Act.CLOSE,
    "<|eom|>": Act.CLOSE,
    "<|eot|>": Act.CLOSE,
    "<|constrain|>": Act.DROP,
}

_SIGNATURES = (
    _Signature(
        signs=("<|channel|>", "<|message|>", "analysis"),
        opener="<|channel|>",
        marks=Marks(
            acts=_MESSAGE_ACTS,
            essential=("<|start|>", "<|channel|>", "<|message|>", "<|end|>"),
            opening="<|channel|>analysis<|message|>",
            closing="<|end|><|start|>assistant<|channel|>final<|message|>",
            answering="<|channel|>final<|message|>",
        ),
    ),
    _Signature(
        signs=("to=self", "<|message|>"),
        opener="to=self<|message|>",
        marks=Marks(
            acts=_MESSAGE_ACTS,
            essential=("<|start|>", "<|message|>", "<|eom|>"),
            opening=" to=self<|message|>",
            closing="<|eom|><|start|>assistant to=user<|message|>",
            answering=" to=user<|message|>",
        ),
    ),
    _Signature(
        signs=("<|open|>", "<|close|>", "<|sep|>", "think"),
        opener="<|open|>",
        marks=Marks(
            acts={"<|open|>": Act.HEADER, "<|close|>": Act.END_HEADER, "<|sep|>": Act.BODY},
            essential=("<|open|>", "<|close|>", "<|sep|>"),
            opening="<|open|>think<|sep|>",
            closing="<|close|>think<|sep|><|open|>response<|sep|>",
            answering="<|open|>response<|sep|>",
        ),
    ),
    _Signature(
        signs=("<|think|>", "<|content|>", "<|begin|>", "<|end|>"),
        opener="<|think|>",
        marks=Marks(
            acts={
                "<|begin|>": Act.HEADER,
                "<|think|>": Act.THINK,
                "<|content|>": Act.ANSWER,
                "<|end|>": Act.CLOSE,
            },
            essential=("<|begin|>", "<|think|>", "<|content|>", "<|end|>"),
            opening="<|think|>",
            closing="<|end|><|begin|>assistant<|content|>",
            answering="<|content|>",
        ),
    ),
    _Signature(
        signs=("<|channel>", "<channel|>"),
        opener="<|channel>",
        marks=Marks(
            acts={"<|channel>": Act.THINK, "<channel|>": Act.CLOSE},
            essential=("<|channel>", "<channel|>"),
            opening="<|channel>thought\n",
            closing="<channel|>",
            label="thought",
        ),
    ),
    _Signature(
        signs=("Here is my thought process:", "Here is my response:"),
        opener="Here is my thought process:",
        marks=Marks(
            acts={
                "Here is my thought process:": Act.THINK,
                "Here's my thought process:": Act.THINK,
                "Here is my response:": Act.CLOSE,
                "Here's my response:": Act.CLOSE,
            },
            opening="Here is my thought process:",
            closing="Here is my response:",
        ),
    ),
    _Signature(
        signs=("Here are my reasoning steps:", "[BEGIN FINAL RESPONSE]"),
        opener="Here are my reasoning steps:",
        marks=Marks(
            acts={
                "Here are my reasoning steps:": Act.THINK,
                "[BEGIN FINAL RESPONSE]": Act.CLOSE,
                "[END FINAL RESPONSE]": Act.DROP,
            },
            opening="Here are my reasoning steps:\n",
            closing="\n[BEGIN FINAL RESPONSE]\n",
        ),
    ),
    _Signature(
        signs=("[BEGIN FINAL RESPONSE]",),
        opener="\0",
        marks=Marks(
            acts={"[BEGIN FINAL RESPONSE]": Act.CLOSE, "[END FINAL RESPONSE]": Act.DROP},
            closing="\n[BEGIN FINAL RESPONSE]\n",
            implicit=True,
        ),
    ),
)

# Words between which a tag's name may stand: <seed:think>, <think:opensource>, [THINK], <|begin_of_thought|>.
_NAME = r"(?:think(?:ing)?|thoughts?|reason(?:ing)?|reflection)"
_PAIRS = (
    (re.compile(rf"</((?:\w+[:|])?{_NAME}(?:[:_]\w+)?)>"), "<{}>", "</{}>"),
    (re.compile(rf"\[/((?:\w+_)?{_NAME.upper()}(?:_\w+)?)\]"), "[{}]", "[/{}]"),
    (re.compile(rf"◁/({_NAME})▷"), "◁{}▷", "◁/{}▷"),
    (re.compile(rf"<[|]END_({_NAME.upper()})[|]>"), "<|START_{}|>", "<|END_{}|>"),
    (re.compile(rf"<[|](?:end)_(of_{_NAME}|{_NAME})[|]>"), "<|begin_{}|>", "<|end_{}|>"),
    (re.compile(rf"<[|]/({_NAME})[|]>"), "<|{}|>", "<|/{}|>"),
    (re.compile(r"<[|]inner_(suffix)[|]>"), "<|inner_prefix|>", "<|inner_suffix|>"),
)
WRAPPERS = tuple(
    (f"<{name}>", f"</{name}>") for name in ("response", "answer", "final_answer", "final", "output", "reply")
)
# So far from a thinking tag, other tags are no longer told in the same breath.
_BREATH = 200
_CONTROL_WRAPPERS = (("<|START_RESPONSE|>", "<|END_RESPONSE|>"), ("<|START_TEXT|>", "<|END_TEXT|>"))


def marks_between(opener: str, closer: str, source: str = "") -> Marks:
    """The marks of an opener and a closer; `source` is the template that may also wrap its answers.

    An empty opener means that thinking begins by itself.
    """
    opener, closer = opener.strip(), closer.strip()
    for signature in _SIGNATURES:
        ends = signature.marks.texts(Act.CLOSE, Act.END_HEADER)
        if signature.opener in opener and any(end in closer for end in ends):
            return signature.marks
    acts: dict[str, Act] = {}
    if opener:
        acts[opener] = Act.THINK
    if closer:
        acts[closer] = Act.CLOSE
    for other_opener, other_closer in pairs_in(source):
        if opener and (other_opener.startswith(opener[:-1]) or opener.startswith(other_opener[:-1])):
            acts |= {other_opener: Act.THINK, other_closer: Act.CLOSE}
    wrapper = _wrapper(opener, closer, source)
    if wrapper:
        acts |= {wrapper[0]: Act.ANSWER, wrapper[1]: Act.DROP}
    essential = tuple(acts)[:2]
    marks = Marks(
        acts=acts, essential=essential, opening=opener, closing=closer, implicit=not opener and bool(closer)
    )
    if opener.startswith("<|START_"):
        acts |= {begin: Act.ANSWER for begin, _ in _CONTROL_WRAPPERS} | {
            end: Act.DROP for _, end in _CONTROL_WRAPPERS
        }
        begin = "<|START_TEXT|>" if "<|START_TEXT|>" in source else "<|START_RESPONSE|>"
        return replace(marks, closing=closer + begin, answering=begin)
    if not quotable(closer):
        return marks
    # The answer's tag belongs to what ends the thinking alone: a model that was told not to think writes neither.
    return replace(marks, opening=opener + "\n", closing=f"\n{closer}\n\n{wrapper[0] if wrapper else ''}")


def _wrapper(opener: str, closer: str, source: str) -> tuple[str, str] | None:
    """The tags of an answer that the template's own words name beside those of the thinking, if any.

    Elsewhere in the source the same tags may hold a tool's results, and in an answer be its own.
    """
    if not quotable(opener):
        return None
    for begin, end in WRAPPERS:
        if end not in source:
            continue
        for match in re.finditer(re.escape(begin), source):
            # Between the two may stand words, and no statement of the template.
            words = re.split(r"[{}]", source[max(0, match.start() - _BREATH) : match.start()])[-1]
            if closer in words or (opener and opener in words):
                return begin, end
    return None


def signature_in(source: str) -> Marks | None:
    """The marks whose signature is in a template's source; None when no signature is."""
    for signature in _SIGNATURES:
        if all(sign in source for sign in signature.signs):
            return signature.marks
    return None


def pairs_in(source: str) -> Iterable[tuple[str, str]]:
    """Openers and closers whose closer is in a template's source, the likeliest first."""
    for pattern, opener, closer in _PAIRS:
        for name in dict.fromkeys(pattern.findall(source)):
            yield opener.format(name), closer.format(name)
