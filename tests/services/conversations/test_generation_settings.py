"""What is chosen in the settings reaches the replies, and what is not stays as the model asks."""

from pathlib import Path

from app.chat.options import Sampling
from app.services.conversations.chat_service import GenerationChoices
from app.services.conversations.generation_settings import generation_choices
from app.settings import MAX_TOKENS, SEED, TEMPERATURE, TOP_K, Settings
from tests.doubles.services import capabilities


def test_where_nothing_is_chosen_the_model_decides(tmp_path: Path) -> None:
    assert generation_choices(Settings(tmp_path / "s.json"), capabilities()) == GenerationChoices()


def test_one_choice_leaves_the_rest_to_the_model(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "s.json")
    settings.set(TEMPERATURE, 0.0)
    settings.set(MAX_TOKENS, 500)
    asked = capabilities().advice.values
    chosen = generation_choices(settings, capabilities())
    assert chosen == GenerationChoices(
        Sampling(
            0.0, asked.top_k, asked.top_p, asked.min_p, asked.repeat_penalty, asked.presence_penalty, None
        ),
        500,
    )


def test_zero_is_a_choice(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "s.json")
    settings.set(TOP_K, 0)
    settings.set(SEED, 0)
    sampling = generation_choices(settings, None).sampling
    assert sampling is not None
    assert (sampling.top_k, sampling.seed) == (0, 0)
