"""What is chosen in the settings reaches the replies, and what is not stays as the model asks."""

from pathlib import Path

from app.chat.options import ChosenSampling
from app.services.conversations.chat_service import GenerationChoices
from app.services.conversations.generation_settings import generation_choices
from app.settings import LANGUAGE, MAX_TOKENS, SEED, TEMPERATURE, TOP_K, Settings


def test_where_nothing_is_chosen_the_model_decides(tmp_path: Path) -> None:
    chosen = generation_choices(Settings(tmp_path / "s.json"))
    assert chosen == GenerationChoices(language=chosen.language)


def test_one_choice_leaves_the_rest_to_the_model(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "s.json")
    settings.set(TEMPERATURE, 0.0)
    settings.set(MAX_TOKENS, 500)
    chosen = generation_choices(settings)
    assert (chosen.sampling, chosen.max_tokens) == (ChosenSampling(temperature=0.0), 500)


def test_zero_is_a_choice(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "s.json")
    settings.set(TOP_K, 0)
    settings.set(SEED, 0)
    assert generation_choices(settings).sampling == ChosenSampling(top_k=0, seed=0)


def test_the_person_s_language_has_its_english_name(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "s.json")
    # The tests' own system speaks English, or none.
    named = [generation_choices(settings).language]
    for code in ("fi", "pt_BR", "zh_CN"):
        settings.set(LANGUAGE, code)
        named.append(generation_choices(settings).language)
    assert named == ["English", "Finnish", "Portuguese", "Chinese"]
