"""How a reply is sampled, and who decided each number of it."""

from typing import Literal, NamedTuple

from app.chat.options import ChosenSampling, Sampling, SamplingAdvice, SamplingSource

SamplingOrigin = SamplingSource | Literal["settings", "conversation"]


class SamplingNow(NamedTuple):
    """How a reply is sampled: `values`, where each is from by its name, and where that can be read.

    A seed that nobody chose has no source: each reply has another one. `reference` is an address, or empty.
    """

    values: Sampling
    sources: dict[str, SamplingOrigin]
    reference: str


def sampling_now(
    advice: SamplingAdvice, settings: ChosenSampling, conversation: ChosenSampling
) -> SamplingNow:
    """What was chosen for the conversation, over what was chosen for all, over what the model asks for."""
    own, general = conversation.decided(), settings.decided()
    sources: dict[str, SamplingOrigin] = {}
    for name in Sampling.__struct_fields__:
        if name in own:
            sources[name] = "conversation"
        elif name in general:
            sources[name] = "settings"
        elif name != "seed":
            sources[name] = advice.source(name)
    values = conversation.over(settings.over(advice.values))
    return SamplingNow(values, sources, advice.reference)
