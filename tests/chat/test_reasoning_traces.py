"""Marks of any name and shape are found wherever a template gives them away."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.chat.reasoning import Splitter
from app.chat.reasoning_format import detect
from app.chat.reasoning_marks import Act
from app.chat.reasoning_tail import state_after
from app.chat.reasoning_traces import marks_of_traces
from app.chat.reasoning_trials import Trials
from app.chat.template import ChatTemplate
from tests.chat.families import turns

# How tags are built from a name; the second of each closes the first.
SHAPES = (
    ("<{}>", "</{}>"),
    ("[{}]", "[/{}]"),
    ("◁{}▷", "◁/{}▷"),
    ("⟨{}⟩", "⟨/{}⟩"),
    ("<|{}|>", "<|/{}|>"),
    ("<|{}|>", "<|end_{}|>"),
    ("<|begin_{}|>", "<|end_{}|>"),
    ("<|start-of-{}|>", "<|end-of-{}|>"),
    ("<|x:open_{}:x|>", "<|x:close_{}:x|>"),
    ("<|{}>", "<{}|>"),
    ("<ns:{}>", "</ns:{}>"),
    ("<{}_prefix>", "<{}_suffix>"),
)


def prompt_ends(end: str = "") -> str:
    """The part of a template that begins a reply."""
    return "{% if add_generation_prompt %}<bot>" + end + "{% endif %}"


STRIPPED = (
    "{% for m in messages %}{% set said = m.content %}{% if m.role == 'assistant' %}"
    "{% set said = said.split('CLOSER')[-1].lstrip() %}{% endif %}<{{ m.role }}>{{ said }}<end>{% endfor %}"
)
# Where a template writes its marks, and whether its prompt's end opens the block by itself.
PLACES = {
    "the prompt opens, the history is stripped": (STRIPPED + prompt_ends("OPENER\n"), True),
    "the prompt opens or closes by a flag": (
        turns() + prompt_ends("{{ 'OPENER' if thinking else 'OPENER\n\nCLOSER' }}"),
        False,
    ),
    "the prompt closes by a flag": (
        turns() + prompt_ends("{% if enable_thinking is false %}OPENER\nCLOSER\n{% endif %}"),
        False,
    ),
    "the prompt closes by a flag of another name": (
        turns() + prompt_ends("{{ 'OPENER' if slowly else 'OPENERCLOSER' }}"),
        False,
    ),
    "the history shows it": (
        turns("{% if m.reasoning_content %}OPENER{{ m.reasoning_content }}CLOSER\n{% endif %}")
        + prompt_ends(),
        False,
    ),
    "the prompt opens, the history keeps an empty block": (
        turns("OPENER\n\nCLOSER\n") + prompt_ends("OPENER\n"),
        True,
    ),
    "the history closes what the prompt opens": (turns("CLOSER") + prompt_ends("OPENER"), True),
    "the history is stripped": (STRIPPED + prompt_ends() + "{# OPENER #}", False),
}
NAMES = st.text("bcdfgklmnprstvwxz", min_size=4, max_size=9)


@settings(max_examples=80, deadline=None)
@given(NAMES, st.sampled_from(SHAPES), st.sampled_from(sorted(PLACES)), st.booleans())
def test_a_name_that_nobody_uses(name: str, shape: tuple[str, str], place: str, loud: bool) -> None:
    opener, closer = (part.format(name.upper() if loud else name) for part in shape)
    source, opened = PLACES[place]
    source = source.replace("OPENER", opener).replace("CLOSER", closer)
    fmt = detect(source)
    tail = Trials(ChatTemplate(source)).tail(fmt.variables(None)) or ""
    opened = opened or state_after(fmt.marks, tail) == "open"
    splitter = Splitter(fmt, tail)
    reply = f"{'' if opened else opener}so be it{closer}Yes."
    pieces = [piece for letter in reply for piece in splitter.feed(letter)] + splitter.finish()
    told = {"thinking": "", "answer": ""}
    for piece in pieces:
        told[piece.channel] += piece.text
    assert told == {"thinking": "so be it", "answer": "Yes."}
    assert fmt.thinking().choices == (("off", "on") if "flag" in place else ("on",))


@pytest.mark.parametrize(
    "source",
    [
        turns() + prompt_ends(),
        turns() + prompt_ends("<|sep|>"),
        turns() + prompt_ends("<answer>"),
        STRIPPED.replace("CLOSER", "</tool_call>") + prompt_ends(),
        STRIPPED.replace("CLOSER", "<|assistant|>") + prompt_ends(),
        "{{ raise_exception('no') }}<cogito>",
    ],
)
def test_what_leaves_no_trace(source: str) -> None:
    assert marks_of_traces(Trials(ChatTemplate(source))) is None


@pytest.mark.parametrize(
    ("history", "wrapped"),
    [
        ("{{ m.content.split('<answer>')[-1].split('</answer>')[0] }}", True),
        (
            "{{ m.content.split('</think>')[-1] }}{% if m.results %}<answer>{{ m.results }}</answer>{% endif %}",
            False,
        ),
    ],
)
def test_a_wrapper_is_known_by_being_taken_away(history: str, wrapped: bool) -> None:
    fmt = detect(
        "{% for m in messages %}<{{ m.role }}>" + history + "<end>{% endfor %}<bot>"
        "{% if enable_thinking is false %}<think>\n\n</think>\n{% endif %}"
    )
    assert fmt.marks.texts(Act.ANSWER) == (("<answer>",) if wrapped else ())
