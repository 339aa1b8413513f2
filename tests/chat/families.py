"""Small templates of our own, each in the manner of one family, with what must be found out about it."""

from dataclasses import dataclass

from app.chat.options import Thinking


@dataclass(frozen=True)
class Family:
    """A template, what it offers, a reply as its model writes it, and the reply's two channels."""

    source: str
    thinking: Thinking
    reply: str
    thought: str = "so be it"
    answer: str = "Yes."


ALWAYS = Thinking("always", ("on",), "on")
SWITCH = Thinking("switchable", ("off", "on"), "on")

_TURNS = (
    "{% for m in messages %}"
    "{% if m.role == 'assistant' %}<bot>{{ SHOWN }}{{ m.content }}<end>"
    "{% else %}<{{ m.role }}>{{ m.content }}<end>{% endif %}"
    "{% endfor %}"
)


def turns(shown: str = "") -> str:
    """The template of past turns; `shown` writes a reply's thinking."""
    return _TURNS.replace("{{ SHOWN }}", shown)


_SHOWS_TAGS = "{% if m.reasoning_content %}<think>\n{{ m.reasoning_content }}\n</think>\n\n{% endif %}"
_GENERATION = "{% if add_generation_prompt %}<bot>"

FAMILIES: dict[str, Family] = {
    "tags that the prompt opens": Family(
        turns() + _GENERATION + "<think>\n{% endif %}{% set _ = '</think>' %}",
        ALWAYS,
        "so be it\n</think>\n\nYes.",
    ),
    "tags that the model opens, closed by a flag": Family(
        turns(_SHOWS_TAGS)
        + _GENERATION
        + "{% if enable_thinking is defined and not enable_thinking %}<think>\n\n</think>\n\n{% endif %}{% endif %}",
        SWITCH,
        "<think>\nso be it\n</think>\n\nYes.",
    ),
    "a flag that is off by itself": Family(
        turns() + _GENERATION + "{% if thinking %}<think>{% else %}</think>{% endif %}{% endif %}",
        SWITCH,
        "so be it</think>Yes.",
    ),
    "a flag that says the opposite": Family(
        turns()
        + _GENERATION
        + "{% if disable_thinking %}<think></think>{% else %}<think>{% endif %}{% endif %}",
        SWITCH,
        "so be it</think>Yes.",
    ),
    "words in the system message": Family(
        "{% set ns = namespace(on=true) %}{% for m in messages %}"
        "{% if '/no_think' in m.content %}{% set ns.on = false %}{% endif %}{% endfor %}"
        + turns()
        + _GENERATION
        + "{% if ns.on %}<think>\n{% else %}<think></think>{% endif %}{% endif %}",
        SWITCH,
        "so be it\n</think>\nYes.",
    ),
    "a budget of tokens": Family(
        "{% if thinking_budget is not defined %}{% set thinking_budget = -1 %}{% endif %}"
        + turns(
            "{% if m.reasoning_content is defined %}<x:think>{{ m.reasoning_content }}</x:think>{% endif %}"
        )
        + _GENERATION
        + "{% if thinking_budget == 0 %}<x:think>none</x:think>{% endif %}{% endif %}",
        SWITCH,
        "<x:think>so be it</x:think>Yes.",
    ),
    "efforts that are words of the prompt": Family(
        "{% if reasoning_effort is not defined %}{% set reasoning_effort = 'medium' %}{% endif %}"
        "<|start|>system<|message|>Reasoning: {{ reasoning_effort }}. Channels: analysis, final.<|end|>"
        "{% for m in messages %}{% if m.role == 'assistant' %}"
        "{% if m.thinking and loop.last %}"
        "<|start|>assistant<|channel|>analysis<|message|>{{ m.thinking }}<|end|>{% endif %}"
        "<|start|>assistant<|channel|>final<|message|>{{ m.content }}<|end|>"
        "{% else %}<|start|>{{ m.role }}<|message|>{{ m.content }}<|end|>{% endif %}{% endfor %}"
        "{% if add_generation_prompt %}<|start|>assistant{% endif %}",
        Thinking("efforts", ("low", "medium", "high"), "medium"),
        "<|channel|>analysis<|message|>so be it<|end|><|start|>assistant<|channel|>final<|message|>Yes.<|return|>",
    ),
    "efforts, the lowest of which is none": Family(
        "{% set effort = reasoning_effort | default('no_think') %}"
        "{% if effort not in ['no_think', 'low', 'high'] %}{{ raise_exception('no such effort') }}{% endif %}"
        + turns()
        + _GENERATION
        + "<think:open>{% if effort == 'no_think' %}</think:open>{% elif effort == 'low' %}briefly {% endif %}"
        "{% endif %}",
        Thinking("efforts", ("off", "low", "high"), "high"),
        "so be it</think:open>Yes.",
    ),
    "a switch and an effort": Family(
        "{% if thinking is not defined %}{% set thinking = enable_thinking | default(false) %}{% endif %}"
        "{% if thinking and reasoning_effort == 'max' %}Think with all your might. {% endif %}"
        + turns("{{ m.reasoning_content and '<think>' ~ m.reasoning_content ~ '</think>' }}")
        + _GENERATION
        + "{{ '<think>' if thinking else '</think>' }}{% endif %}",
        Thinking("efforts", ("off", "on", "max"), "on"),
        "so be it</think>Yes.",
    ),
    "a mode in words": Family(
        turns()
        + _GENERATION
        + "{% if thinking_mode == 'enabled' %}<mm:think>{% elif thinking_mode == 'disabled' %}</mm:think>{% endif %}"
        "{% endif %}",
        SWITCH,
        "so be it</mm:think>Yes.",
    ),
    "an option in words": Family(
        "{% set option = thinking_option | default('on') %}"
        + turns()
        + _GENERATION
        + "{% if option == 'off' %}<think></think>{% elif option == 'on' %}<think>{% endif %}{% endif %}",
        SWITCH,
        "so be it</think>Yes.",
    ),
    "typed parts": Family(
        "{% for m in messages %}{% if m.role == 'user' %}[INST]{{ m.content }}[/INST]{% else %}"
        "{% if m.content is string %}{{ m.content }}{% else %}{% for part in m.content %}"
        "{% if part['type'] == 'thinking' %}[THINK]{{ part['thinking'] }}[/THINK]"
        "{% else %}{{ part['text'] }}{% endif %}{% endfor %}{% endif %}</s>{% endif %}{% endfor %}",
        ALWAYS,
        "[THINK]so be it[/THINK]Yes.",
    ),
    "blocks": Family(
        "{% for m in messages %}<|{{ m.role }}_start|>"
        "{% if m.content is mapping %}{% for block in m.content.blocks %}"
        "{% if block.type == 'thoughts' %}<|inner_prefix|>{{ block.text }}<|inner_suffix|>"
        "{% else %}{{ block.text }}{% endif %}{% endfor %}"
        "{% else %}{{ m.content }}{% endif %}<|{{ m.role }}_end|>{% endfor %}"
        "{% if add_generation_prompt %}<|assistant_start|>{% endif %}",
        ALWAYS,
        "<|inner_prefix|>so be it<|inner_suffix|>Yes.",
    ),
    "named elements": Family(
        "{% macro tag(name) %}{{ '<|open|>' ~ name ~ '<|sep|>' }}{% endmacro %}"
        "{% macro gat(name) %}{{ '<|close|>' ~ name ~ '<|sep|>' }}{% endmacro %}"
        "{% if thinking is undefined %}{% set thinking = true %}{% endif %}"
        "{% if thinking_effort is undefined %}{% set thinking_effort = 'max' %}{% endif %}"
        "{% if thinking and thinking_effort not in ['low', 'high', 'max'] %}{{ raise_exception('effort') }}{% endif %}"
        "{% if thinking %}thinking_effort={{ thinking_effort }}{% endif %}"
        "{% for m in messages %}{{ tag(m.role) }}{{ m.content }}{{ gat(m.role) }}{% endfor %}"
        "{% if add_generation_prompt %}{{ tag('message') }}{{ tag('think' if thinking else 'response') }}{% endif %}",
        Thinking("efforts", ("off", "low", "high", "max"), "max"),
        "so be it<|close|>think<|sep|><|open|>response<|sep|>Yes.<|close|>response<|sep|><|close|>message<|sep|>",
    ),
    "addressed messages": Family(
        "Strength: {{ reasoning_strength | default('high') }}{# to=self thinks, to=user answers #}"
        "{% for m in messages %}<|start|>{{ m.role }}{% if m.role == 'assistant' %} to=user{% endif %}"
        "<|message|>{{ m.content }}<|eot|>{% endfor %}{% if add_generation_prompt %}<|start|>assistant{% endif %}",
        Thinking("efforts", ("low", "medium", "high"), "high"),
        " to=self<|message|>so be it<|eom|><|start|>assistant to=user<|message|>Yes.<|eot|>",
    ),
    "begun parts": Family(
        "{% set effort = reasoning_effort | default('high') %}"
        "{% for m in messages %}<|begin|>{{ m.role }}"
        "{% if m.reasoning %}<|think|>{{ m.reasoning }}<|end|><|begin|>assistant{% endif %}"
        "<|content|>{{ m.content }}<|end|>{% endfor %}"
        "{% if add_generation_prompt %}<|begin|>assistant"
        "{% if effort in ['low', 'minimal'] %}<|think|><|end|><|begin|>assistant{% endif %}{% endif %}",
        Thinking("efforts", ("minimal", "low", "high"), "high"),
        "<|think|>so be it<|end|><|begin|>assistant<|content|>Yes.<|end|>",
    ),
    "a labelled channel": Family(
        "{% if enable_thinking %}<|turn>system\n<|think|><turn|>{% endif %}"
        "{% for m in messages %}<|turn>{{ m.role }}\n{{ m.content }}<turn|>{% endfor %}"
        "{% if add_generation_prompt %}<|turn>model\n"
        "{% if not enable_thinking %}<|channel>thought\n<channel|>{% endif %}{% endif %}",
        SWITCH,
        "<|channel>thought\nso be it<channel|>Yes.",
    ),
    "wrapped replies": Family(
        turns() + "{# <|START_THINKING|>plan<|END_THINKING|><|START_RESPONSE|>reply<|END_RESPONSE|> #}"
        "<bot>{% if not reasoning %}<|START_THINKING|><|END_THINKING|>{% endif %}",
        SWITCH,
        "<|START_THINKING|>so be it<|END_THINKING|><|START_RESPONSE|>Yes.<|END_RESPONSE|>",
    ),
    "an answer in a tag of its own": Family(
        "{% if thinking %}Think between <think></think>, answer between <response></response>. {% endif %}"
        + turns()
        + _GENERATION
        + "{% endif %}",
        SWITCH,
        "<think>so be it</think>\n<response>Yes.</response>",
    ),
    "sentences": Family(
        "{% if thinking %}Write 'Here is my thought process:' and then 'Here is my response:'. {% endif %}"
        + turns()
        + _GENERATION
        + "{% endif %}",
        SWITCH,
        "Here is my thought process: so be it\n\nHere is my response: Yes.",
    ),
    "a sentence that the prompt begins": Family(
        "{# answers after [BEGIN FINAL RESPONSE] #}"
        + turns()
        + _GENERATION
        + "Here are my reasoning steps:\n{% endif %}",
        ALWAYS,
        "so be it\n[BEGIN FINAL RESPONSE]\nYes.",
    ),
    "no opener at all": Family(
        "Solve it as [BEGIN FINAL RESPONSE] ... [END FINAL RESPONSE]. "
        + turns()
        + _GENERATION
        + "{% endif %}",
        ALWAYS,
        "so be it\n[BEGIN FINAL RESPONSE]\nYes.\n[END FINAL RESPONSE]",
    ),
    "words of thought in tokens": Family(
        turns(
            "{{ '<|begin_of_thought|>' ~ m.reasoning_content ~ '<|end_of_thought|>' if m.reasoning_content }}"
        )
        + _GENERATION
        + "{% endif %}",
        ALWAYS,
        "<|begin_of_thought|>so be it<|end_of_thought|>Yes.",
    ),
    "marks that nobody has seen before": Family(
        turns(
            "{% if m.reasoning_content %}<|a:begin_musing|>{{ m.reasoning_content }}<|a:end_musing|>{% endif %}"
        )
        + _GENERATION
        + "{% if not muse_reasoning %}<|a:begin_musing|><|a:end_musing|>{% endif %}{% endif %}",
        SWITCH,
        "<|a:begin_musing|>so be it<|a:end_musing|>Yes.",
    ),
    "an effort that is none": Family(
        turns() + _GENERATION + "<think>{% if reasoning_effort == 'none' %}</think>{% endif %}{% endif %}",
        SWITCH,
        "so be it</think>Yes.",
    ),
    "a model that does not think": Family(
        turns() + _GENERATION + "{% endif %}",
        Thinking(),
        "so be it. Yes.",
        thought="",
        answer="so be it. Yes.",
    ),
}
