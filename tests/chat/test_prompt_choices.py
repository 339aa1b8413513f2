"""Every choice of thinking is told to the template, and what the template makes of it is what was chosen."""

from pathlib import Path

from app.chat.prompt import Prompt, build_prompt
from app.chat.reasoning import Splitter
from app.chat.reasoning_format import ReasoningFormat, detect
from app.chat.reasoning_marks import Act
from app.chat.reasoning_tail import state_after
from app.chat.template import ChatTemplate
from app.library.model_file import read_model_file
from tests.chat.turns import reply, system, user

# Switched by the words of the system message, with the same end of the prompt; and channels that name themselves.
_SAME_TAIL = {"ibm-granite-granite-3.3-2B-Instruct", "openai-gpt-oss-120b", "gptoss"}
# One refuses a system message, and two would not be told how to think any more.
_FOLDING = {
    "google-gemma-2-2b-it",
    "ibm-granite-granite-3.3-2B-Instruct",
    "mistralai-Ministral-3-14B-Reasoning-2512",
}
# These show the thinking of every earlier turn; the others drop it once a question follows.
_KEEP_THINKING = {"ByteDance-Seed-OSS", "mistralai-Ministral-3-14B-Reasoning-2512"}


def real_templates(shared: Path) -> list[tuple[str, str]]:
    """Names and sources: those that makers published, and those that model files carry."""
    published = (shared / "data" / "templates").glob("*.jinja")
    carried = (shared / "data" / "zoo").glob("*.gguf")
    return sorted(
        [
            *((path.stem, path.read_text("utf-8")) for path in published),
            *((path.stem, read_model_file(path).chat_template or "") for path in carried),
        ]
    )


def in_each_mode(template: ChatTemplate, fmt: ReasoningFormat) -> dict[str, Prompt]:
    """The prompt of one question for each choice."""
    return {
        choice: build_prompt(template, fmt, [system("Be kind."), user("Hi")], choice)
        for choice in fmt.thinking().choices
    }


def test_the_prompt_of_every_real_template_follows_the_choice(shared: Path) -> None:
    for name, source in real_templates(shared):
        template, fmt = ChatTemplate(source), detect(source)
        prompts = in_each_mode(template, fmt)
        assert len({made.text for made in prompts.values()}) == len(prompts), name
        for choice, made in prompts.items():
            state = state_after(fmt.marks, made.tail)
            expected = {"closed"} if choice == "off" else {"open", "neither"}
            assert state in expected or name in _SAME_TAIL, (name, choice)


def test_every_choice_says_what_switches_thinking_off(shared: Path) -> None:
    """Left unset, a name follows the template, and several templates think, or do not, as nobody asked for."""
    for name, source in real_templates(shared):
        fmt = detect(source)
        said = [set(fmt.variables(choice)) for choice in fmt.thinking().choices]
        assert all(names >= said[0] for names in said), name
        default = fmt.variables(None)
        assert not fmt.thinking().choices or default == fmt.variables(fmt.thinking().default), name


def test_earlier_thinking_is_the_templates_to_show_or_drop(shared: Path) -> None:
    for name, source in real_templates(shared):
        template, fmt = ChatTemplate(source), detect(source)
        shown = build_prompt(template, fmt, [user("Hi"), reply("Yes", "zqhmqz"), user("Sure?")]).text
        assert ("zqhmqz" in shown) == (name in _KEEP_THINKING), name
        assert "Yes" in shown


def test_a_system_prompt_is_in_every_prompt_even_where_the_template_knows_none(shared: Path) -> None:
    for name, source in real_templates(shared):
        made = build_prompt(ChatTemplate(source), detect(source), [system("Be zqkindqz."), user("Hi")])
        assert made.text.count("Be zqkindqz.") == 1, name
        assert made.folded == (name in _FOLDING), name


def test_a_system_prompt_stays_one_where_nothing_is_lost_by_it() -> None:
    source = (
        "{% if messages[0].role == 'system' %}<sys>{{ messages[0].content }}{% set rest = messages[1:] %}{% else %}"
        "{% set rest = messages %}{% if thinking %}<sys>Think first: <think>thoughts</think>{% endif %}{% endif %}"
        "{% for m in rest %}<{{ m.role }}>{{ m.content }}{% endfor %}<bot>"
    )
    on, off = (
        build_prompt(ChatTemplate(source), detect(source), [system("Be kind."), user("Hi")], choice)
        for choice in ("on", "off")
    )
    assert on.text == "<sys>Think first: <think>thoughts</think><user>Be kind.\n\nHi<bot>"
    assert off.text == "<sys>Be kind.<user>Hi<bot>"


def test_an_answer_that_is_gone_on_with_still_loses_its_own_end(shared: Path) -> None:
    """The engine that began the reply is gone, so the prompt writes anew how far it had come."""
    for name, source in real_templates(shared):
        template, fmt = ChatTemplate(source), detect(source)
        ends = fmt.marks.texts(Act.DROP) if fmt.marks else ()
        if not ends:
            continue
        begun = reply("It is be", thinking="Let me see.")
        made = build_prompt(template, fmt, [user("What?"), begun], None, continuing=True)
        splitter = Splitter(fmt, made.tail, thinking=True)
        pieces = [*splitter.feed(f"cause of this.{ends[0]}"), *splitter.finish()]
        said = "".join(piece.text for piece in pieces)
        assert (said, {piece.channel for piece in pieces}) == ("cause of this.", {"answer"}), name
