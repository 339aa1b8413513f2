"""Templates with marks that nobody uses, each in another place: what is found must come from the template alone."""

from tests.chat.families import ALWAYS, SWITCH, Family, turns

_GENERATION = "{% if add_generation_prompt %}<bot>"

INVENTED: dict[str, Family] = {
    "opened by the prompt alone": Family(
        turns() + _GENERATION + "<cogito>\n{% endif %}", ALWAYS, "so be it\n</cogito>\n\nYes."
    ),
    "opened by the prompt, split from the history": Family(
        "{% for m in messages %}{% if m.role == 'assistant' %}<bot>"
        "{{ m.content.split('<~ruminated~>')[-1] }}<end>"
        "{% else %}<{{ m.role }}>{{ m.content }}<end>{% endif %}{% endfor %}"
        + _GENERATION
        + "<~ruminating~>{% endif %}",
        ALWAYS,
        "so be it<~ruminated~>Yes.",
    ),
    "a block that the prompt closes": Family(
        turns()
        + _GENERATION
        + "{% if not enable_thinking %}<|mill:begin_grind:mill|>\n\n<|mill:end_grind:mill|>{% endif %}{% endif %}",
        SWITCH,
        "<|mill:begin_grind:mill|>so be it<|mill:end_grind:mill|>Yes.",
    ),
    "a closer alone, by a flag that does not speak of thinking": Family(
        turns() + _GENERATION + "{% if not slowly %}[/BROOD]{% else %}[BROOD]{% endif %}{% endif %}",
        SWITCH,
        "so be it[/BROOD]Yes.",
    ),
    "taken out of the history, without an opener in the template": Family(
        "{% for m in messages %}{% set words = m.content %}"
        "{% if m.role == 'assistant' and '</ponder>' in words %}"
        "{% set words = words.split('</ponder>') | last %}{% endif %}"
        "<{{ m.role }}>{{ words }}<end>{% endfor %}" + _GENERATION + "{% endif %}",
        ALWAYS,
        "<ponder>\nso be it\n</ponder>\nYes.",
    ),
    "taken out of the history, block by block": Family(
        "{% macro without(text) %}{% for part in text.split('<mull|>') %}"
        "{{ part.split('<|mull>')[0] }}{% endfor %}{% endmacro %}"
        "{% for m in messages %}<{{ m.role }}>"
        "{{ without(m.content) if m.role == 'assistant' else m.content }}<end>{% endfor %}"
        + _GENERATION
        + "{% endif %}",
        ALWAYS,
        "<|mull>so be it<mull|>Yes.",
    ),
    "typed messages, the history without them": Family(
        "{% for m in messages %}<|message_{{ m.role }}|>"
        "{% if m.role == 'assistant' %}<|content_plain|>{{ m.content.split('<|end_block|>')[-1] }}<|end_block|>"
        "{% else %}{{ m.content }}<|end_turn|>{% endif %}{% endfor %}"
        "{% if add_generation_prompt %}<|message_assistant|>{% endif %}{# or <|content_thinking|> #}",
        ALWAYS,
        "<|content_thinking|>so be it<|end_block|><|message_assistant|><|content_plain|>Yes.<|end_block|>",
    ),
    "typed messages, all of them told": Family(
        "{% for m in messages %}"
        "{% if m.role == 'assistant' %}"
        "{% if m.reasoning %}<|by_model|><|of_musing|>{{ m.reasoning }}<|over|>{% endif %}"
        "<|by_model|><|of_saying|>{{ m.content }}<|over|>"
        "{% else %}<|by_{{ m.role }}|>{{ m.content }}<|over|>{% endif %}{% endfor %}"
        "{% if add_generation_prompt %}<|by_model|>{% endif %}",
        ALWAYS,
        "<|of_musing|>so be it<|over|><|by_model|><|of_saying|>Yes.<|over|>",
    ),
    "rare brackets": Family(
        turns("{% if m.thinking %}⟨deliberatio⟩{{ m.thinking }}⟨/deliberatio⟩{% endif %}")
        + _GENERATION
        + "{% endif %}",
        ALWAYS,
        "⟨deliberatio⟩so be it⟨/deliberatio⟩Yes.",
    ),
    "headings in words": Family(
        turns(
            "{% if m.reasoning_content %}## What I weigh:\n{{ m.reasoning_content }}\n## What I say:\n{% endif %}"
        )
        + _GENERATION
        + "{% endif %}",
        ALWAYS,
        "## What I weigh:\nso be it\n## What I say:\nYes.",
    ),
    "an answer in a wrapper that is told": Family(
        turns(
            "{% if m.reasoning_content %}<brood>{{ m.reasoning_content }}</brood>"
            "<verdict>{{ m.content }}</verdict>{% set m = {'content': ''} %}{% endif %}"
        )
        + _GENERATION
        + "{% endif %}",
        ALWAYS,
        "<brood>so be it</brood><verdict>Yes.</verdict>",
    ),
    "a word of its own in the system message": Family(
        "{% set ns = namespace(deep=true) %}{% for m in messages %}"
        "{% if m.role == 'system' and 'hush now' in m.content %}{% set ns.deep = false %}{% endif %}{% endfor %}"
        + turns()
        + _GENERATION
        + "{% if ns.deep %}<dwell>{% else %}<dwell>\n</dwell>{% endif %}{% endif %}",
        SWITCH,
        "so be it</dwell>Yes.",
    ),
    "a mode in its own words": Family(
        turns()
        + _GENERATION
        + "{% if mode == 'deep' %}<sift>{% elif mode == 'quick' %}</sift>{% endif %}{% endif %}",
        SWITCH,
        "so be it</sift>Yes.",
    ),
}

PLAIN_SPEAKERS: dict[str, str] = {
    "roles in tags": turns() + _GENERATION + "{% endif %}",
    "roles in control tags": "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}<|assistant|>",
    "an answer begins with a tag in a prompt alone": turns() + _GENERATION + "<answer>{% endif %}",
    "tool calls are taken out of the history": (
        "{% for m in messages %}<{{ m.role }}>{{ m.content.split('</tool_call>')[-1] }}<end>{% endfor %}<bot>"
    ),
    "a role's tag is taken out of the history": (
        "{% for m in messages %}<|{{ m.role }}|>{{ m.content.split('<|assistant|>')[-1] }}<|end|>{% endfor %}"
        "<|assistant|>"
    ),
    "system words that it looks for": (
        "{% for m in messages %}{% if 'json' in m.content %}<|json|>{% endif %}<{{ m.role }}>{{ m.content }}<end>"
        "{% endfor %}<bot>"
    ),
    "a prompt for tools": turns() + "{% if tools %}<tools>{{ tools }}</tools>{% endif %}<bot>",
    "pictures in brackets": (
        "{% for m in messages %}[INST]{% if m.image %}[IMG]{% endif %}{{ m.content }}[/INST]{% endfor %}"
    ),
}
