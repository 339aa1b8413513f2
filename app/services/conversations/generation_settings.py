"""What the settings say about the replies to come."""

from typing import Protocol, TypeVar

from app.chat.options import Capabilities, Sampling
from app.services.conversations.chat_service import GenerationChoices
from app.settings import MAX_TOKENS, MIN_P, REPEAT_PENALTY, SEED, TEMPERATURE, TOP_K, TOP_P, Choice

T = TypeVar("T", str, int, float, bool)


class Chosen(Protocol):
    """Where choices can be read: the settings or their service."""

    def get(self, choice: Choice[T]) -> T:
        """What was chosen, or the default."""


def generation_choices(chosen: Chosen, capabilities: Capabilities | None) -> GenerationChoices:
    """The choices for the model that is loaded: what nobody decided stays as it asks."""
    asked = capabilities.advice.values if capabilities is not None else Sampling()
    numbers = [chosen.get(choice) for choice in (TEMPERATURE, TOP_P, MIN_P, REPEAT_PENALTY)]
    top_k, seed = chosen.get(TOP_K), chosen.get(SEED)
    temperature, top_p, min_p, penalty = numbers
    sampling = Sampling(
        temperature=temperature if temperature >= 0 else asked.temperature,
        top_k=top_k if top_k >= 0 else asked.top_k,
        top_p=top_p if top_p >= 0 else asked.top_p,
        min_p=min_p if min_p >= 0 else asked.min_p,
        repeat_penalty=penalty if penalty >= 0 else asked.repeat_penalty,
        seed=seed if seed >= 0 else asked.seed,
    )
    decided = any(number >= 0 for number in (*numbers, top_k, seed))
    return GenerationChoices(sampling if decided else None, chosen.get(MAX_TOKENS) or None)
